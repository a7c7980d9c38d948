//! Schemas, as far as the comparison looks into them.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::document::join;
use crate::place::Unreadable;

use super::Said;
use super::reader::Reader;

/// The kind of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A type of JSON that is neither object nor array, or what stands there instead of a type.
    Scalar(String),
    /// The object whose schema has this pointer.
    Object(String),
    /// Several of one kind.
    Array(Box<Kind>),
}

/// The type; of an array with what it holds, as in `array[string]`.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(name) => f.write_str(name),
            Self::Object(_) => f.write_str("object"),
            Self::Array(of) => write!(f, "array[{of}]"),
        }
    }
}

impl Kind {
    /// The pointer of the object's schema, if the value is an object or a list of objects.
    pub(crate) fn object(&self) -> Option<&str> {
        match self {
            Self::Object(pointer) => Some(pointer),
            Self::Array(inner) => inner.object(),
            Self::Scalar(_) => None,
        }
    }
}

/// A default and limits, under their OpenAPI names, each with its pointer.
pub type Limits = BTreeMap<&'static str, (Value, String)>;

/// The schema of an object.
#[derive(Debug)]
pub struct Schema {
    /// Its pointer.
    pub pointer: String,
    /// The name in findings: of a component, the component's.
    pub name: String,
    /// The names that the vendor's reference has for the object, each with its pointer.
    pub documented_as: Vec<(String, String)>,
    /// Its marks.
    pub said: Said,
    /// Its properties.
    pub fields: BTreeMap<String, Field>,
}

impl Schema {
    /// Where a property would be added.
    pub(crate) fn properties(&self) -> String {
        join(&self.pointer, "properties")
    }

    /// Whether the vendor's reference has the name `definition` for the object.
    pub(crate) fn stands_for(&self, definition: &str) -> bool {
        self.documented_as.iter().any(|(name, _)| name == definition)
    }

    /// The name that a facts file has for the object, which has at most one there.
    pub(crate) fn definition(&self) -> Option<&str> {
        self.documented_as.first().map(|(name, _)| name.as_str())
    }
}

/// A property.
#[derive(Debug)]
pub struct Field {
    /// Its pointer.
    pub pointer: String,
    /// The kind of its values.
    pub kind: Kind,
    /// Its default and limits.
    pub limits: Limits,
    /// Its marks.
    pub said: Said,
    /// The marks that say which way its values go.
    marks: Vec<&'static str>,
}

/// The way that the values of a body go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To ONTAP, which makes an object of them.
    Create,
    /// To ONTAP, which changes an object.
    Modify,
    /// From ONTAP.
    Return,
}

impl Field {
    /// Whether the marks of the property let its values go this way.
    pub(crate) fn goes(&self, way: Way) -> bool {
        let stops: &[&str] = match way {
            Way::Create => &["readOnly", "x-ntap-readOnly"],
            Way::Modify => &["readOnly", "x-ntap-readOnly", "x-ntap-readCreate", "x-ntap-createOnly"],
            Way::Return => &["writeOnly", "x-ntap-createOnly"],
        };
        !self.marks.iter().any(|mark| stops.contains(mark))
    }
}

/// The names of the marks that say which way values go.
const MARKS: [&str; 5] = ["readOnly", "writeOnly", "x-ntap-readOnly", "x-ntap-readCreate", "x-ntap-createOnly"];

/// The types whose values have no parts.
const SCALARS: [&str; 4] = ["boolean", "integer", "number", "string"];

/// Why a schema cannot be read within those around it: it is one of them, or they are more than any sane document has.
fn endless(around: &[String], pointer: &str) -> Option<&'static str> {
    if around.iter().any(|other| other == pointer) {
        return Some("a schema that is made of itself");
    }
    (around.len() >= 64).then_some("a schema that is made of more than 64 others")
}

/// The names of [`Limits`].
pub const LIMITS: [&str; 5] = ["default", "minimum", "maximum", "minLength", "maxLength"];

/// Collects the object schemas that are met.
pub(super) struct Schemas<'r, 's> {
    reader: &'r Reader<'s>,
    found: BTreeMap<String, Option<Schema>>,
    /// The pointers of objects that are still to be read. Schemas refer to each other as deep as a file is long.
    ahead: Vec<String>,
    /// The schemas around the one that is being read, of which it is an item or a part.
    around: Vec<String>,
}

impl<'r, 's> Schemas<'r, 's> {
    pub(super) fn new(reader: &'r Reader<'s>) -> Self {
        Self { reader, found: BTreeMap::new(), ahead: Vec::new(), around: Vec::new() }
    }

    pub(super) fn finish(mut self) -> Result<BTreeMap<String, Schema>, Unreadable> {
        while let Some(pointer) = self.ahead.pop() {
            let schema = self.object(&pointer)?;
            self.found.insert(pointer, Some(schema));
        }
        Ok(self.found.into_iter().filter_map(|(pointer, schema)| schema.map(|schema| (pointer, schema))).collect())
    }

    /// The kind of the schema at `pointer`. Objects below it are collected.
    pub(super) fn kind(&mut self, pointer: &str) -> Result<Kind, Unreadable> {
        let reader = self.reader;
        let pointer = reader.follow(pointer)?;
        let schema = reader.value(&pointer);
        if !schema.is_object() {
            return Err(reader.unreadable(&pointer, "expected a schema"));
        }
        let parts = parts(reader, &pointer)?;
        if let [only] = parts.as_slice()
            && schema.get("properties").is_none()
        {
            return self.inner(&pointer, only);
        }
        let of = reader.text(&join(&pointer, "type"))?;
        let is_object = of == Some("object") || schema.get("properties").is_some();
        match of {
            Some("array") => Ok(Kind::Array(Box::new(self.inner(&pointer, &join(&pointer, "items"))?))),
            _ if is_object || !parts.is_empty() => {
                if !self.found.contains_key(&pointer) {
                    self.found.insert(pointer.clone(), None);
                    self.ahead.push(pointer.clone());
                }
                Ok(Kind::Object(pointer))
            }
            Some(scalar) if SCALARS.contains(&scalar) => Ok(Kind::Scalar(scalar.to_owned())),
            Some(other) => {
                let cause = format!("`{other}` is not a type: expected {}, array or object", SCALARS.join(", "));
                Err(reader.unreadable(&join(&pointer, "type"), cause))
            }
            None => {
                let instead = ["oneOf", "anyOf", "not"].into_iter().find(|word| schema.get(word).is_some());
                Ok(Kind::Scalar(instead.unwrap_or("anything").to_owned()))
            }
        }
    }

    /// The kind of the schema at `inside`, of which the one at `pointer` consists.
    fn inner(&mut self, pointer: &str, inside: &str) -> Result<Kind, Unreadable> {
        if let Some(cause) = endless(&self.around, pointer) {
            return Err(self.reader.unreadable(inside, cause));
        }
        self.around.push(pointer.to_owned());
        let kind = self.kind(inside);
        self.around.pop();
        kind
    }

    fn object(&mut self, pointer: &str) -> Result<Schema, Unreadable> {
        let reader = self.reader;
        let mut fields = BTreeMap::new();
        self.fields(pointer, &mut fields, &mut Vec::new())?;
        let list = join(pointer, "x-ontap-documented-as");
        let mut documented_as = Vec::new();
        for (item, _) in reader.items(&list)? {
            documented_as.extend(reader.text(&item)?.map(|name| (name.to_owned(), item.clone())));
        }
        let (name, said) = (name(pointer), reader.said(pointer)?);
        Ok(Schema { pointer: pointer.to_owned(), name, documented_as, said, fields })
    }

    fn fields(
        &mut self,
        pointer: &str,
        fields: &mut BTreeMap<String, Field>,
        around: &mut Vec<String>,
    ) -> Result<(), Unreadable> {
        let reader = self.reader;
        around.push(pointer.to_owned());
        for part in parts(reader, pointer)? {
            let target = reader.follow(&part)?;
            if let Some(cause) = endless(around, &target) {
                return Err(reader.unreadable(&part, cause));
            }
            self.fields(&target, fields, around)?;
        }
        around.pop();
        for (property, name, _) in reader.members(&join(pointer, "properties"))? {
            let (kind, words) = (self.kind(&property)?, Words::of(reader, &property)?);
            let is_marked = |mark: &&str| words.get(mark).is_some_and(|(_, value)| *value == true);
            let (limits, marks) = (words.limits(), MARKS.into_iter().filter(is_marked).collect());
            let mut said = reader.said(&property)?;
            if said.fingerprint.is_none()
                && kind.object().is_none()
                && let Some((at, _)) = words.get("x-ontap-fingerprint")
            {
                said.fingerprint = reader.fingerprint(&at)?;
            }
            let field = Field { said, pointer: property, kind, limits, marks };
            fields.insert(name, field);
        }
        Ok(())
    }
}

/// The pointers of the schemas that the schema at `pointer` is made of: those in its `allOf`, and the one beside null in its
/// `anyOf`.
fn parts(reader: &Reader<'_>, pointer: &str) -> Result<Vec<String>, Unreadable> {
    let mut parts: Vec<String> = reader.items(&join(pointer, "allOf"))?.into_iter().map(|(part, _)| part).collect();
    if let [one, other] = reader.items(&join(pointer, "anyOf"))?.as_slice() {
        match (is_null(one.1), is_null(other.1)) {
            (false, true) => parts.push(one.0.clone()),
            (true, false) => parts.push(other.0.clone()),
            _ => {}
        }
    }
    Ok(parts)
}

/// Whether a schema lets null through and nothing else, which takes a list of values in OpenAPI 3.0.
fn is_null(schema: &Value) -> bool {
    schema["enum"].as_array().is_some_and(|values| matches!(values.as_slice(), [Value::Null]))
}

/// The members of a schema, and then of the schemas that it is made of. The first member of a name counts.
pub(super) struct Words<'s>(Vec<(String, &'s Value)>);

impl<'s> Words<'s> {
    /// Collects the members of the schema at `pointer`.
    pub(super) fn of(reader: &Reader<'s>, pointer: &str) -> Result<Self, Unreadable> {
        let mut words = Self(Vec::new());
        words.collect(reader, pointer, &mut Vec::new())?;
        Ok(words)
    }

    fn collect(&mut self, reader: &Reader<'s>, used: &str, around: &mut Vec<String>) -> Result<(), Unreadable> {
        let pointer = reader.follow(used)?;
        if let Some(cause) = endless(around, &pointer) {
            return Err(reader.unreadable(used, cause));
        }
        self.0.push((pointer.clone(), reader.value(&pointer)));
        let parts = parts(reader, &pointer)?;
        around.push(pointer);
        parts.iter().rev().try_for_each(|part| self.collect(reader, part, around))?;
        around.pop();
        Ok(())
    }

    /// The member `name`, with its pointer.
    pub(super) fn get(&self, name: &str) -> Option<(String, &'s Value)> {
        self.0.iter().find_map(|(pointer, schema)| Some((join(pointer, name), schema.get(name)?)))
    }

    pub(super) fn limits(&self) -> Limits {
        let limit = |name: &'static str| self.get(name).map(|(at, value)| (name, (value.clone(), at)));
        LIMITS.into_iter().filter_map(limit).collect()
    }
}

/// The name of the schema at `pointer` in findings: `a.b` for property `b` of the component `a`; elsewhere after the
/// operation or component around it.
fn name(pointer: &str) -> String {
    let words: Vec<String> =
        pointer.split('/').skip(1).map(|word| word.replace("~1", "/").replace("~0", "~")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (owner, below) = match words.as_slice() {
        ["components", "schemas", name, below @ ..] => ((*name).to_owned(), below),
        ["paths", path, method, "requestBody", "content", _, "schema", below @ ..] => {
            (format!("{} {path} request", method.to_uppercase()), below)
        }
        ["paths", path, method, "responses", status, "content", _, "schema", below @ ..] => {
            (format!("{} {path} {status}", method.to_uppercase()), below)
        }
        ["components", kind, name, "content", _, "schema", below @ ..] => (format!("components.{kind}.{name}"), below),
        other => (other.join("."), [].as_slice()),
    };
    let below = below.iter().filter(|word| !["properties", "items"].contains(*word));
    std::iter::once(owner.as_str()).chain(below.copied()).collect::<Vec<_>>().join(".")
}
