//! Schemas, as far as the comparison looks into them.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::document::join;
use crate::place::{At, Unreadable};

use super::Reader;

/// What a value can be.
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

/// A default and limits, under their OpenAPI names, with their places.
pub type Limits = BTreeMap<&'static str, (Value, At)>;

/// The schema of an object.
#[derive(Debug)]
pub struct Schema {
    /// What findings call it: a component by its name.
    pub name: String,
    /// The definitions of the reference page that it stands for, each with its place.
    pub documented_as: Vec<(String, At)>,
    /// Its properties.
    pub fields: BTreeMap<String, Field>,
    /// Where a property would be added.
    pub fields_at: At,
    /// Where it is.
    pub at: At,
}

/// A property.
#[derive(Debug)]
pub struct Field {
    /// Where it is.
    pub at: At,
    /// What it can be.
    pub kind: Kind,
    /// Its default and limits.
    pub limits: Limits,
    /// The release in which it first appeared.
    pub introduced: Option<String>,
}

const MADE_OF_ITSELF: &str = "a schema that is made of itself";

/// The names of [`Limits`].
pub const LIMITS: [&str; 5] = ["default", "minimum", "maximum", "minLength", "maxLength"];

/// Collects the object schemas that are met.
pub(crate) struct Schemas<'r, 's> {
    reader: &'r Reader<'s>,
    found: BTreeMap<String, Option<Schema>>,
    /// The schemas around the one that is being read, of which it is an item or a part.
    around: Vec<String>,
}

impl<'r, 's> Schemas<'r, 's> {
    pub(crate) fn new(reader: &'r Reader<'s>) -> Self {
        Self { reader, found: BTreeMap::new(), around: Vec::new() }
    }

    pub(crate) fn finish(self) -> BTreeMap<String, Schema> {
        self.found.into_iter().filter_map(|(pointer, schema)| schema.map(|schema| (pointer, schema))).collect()
    }

    /// The kind of the schema at `pointer`. Objects below it are collected.
    pub(crate) fn kind(&mut self, pointer: &str) -> Result<Kind, Unreadable> {
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
                self.collect(&pointer)?;
                Ok(Kind::Object(pointer))
            }
            Some(scalar) => Ok(Kind::Scalar(scalar.to_owned())),
            None => {
                let instead = ["oneOf", "anyOf", "not"].into_iter().find(|word| schema.get(word).is_some());
                Ok(Kind::Scalar(instead.unwrap_or("anything").to_owned()))
            }
        }
    }

    /// The kind of the schema at `inside`, of which the one at `pointer` consists.
    fn inner(&mut self, pointer: &str, inside: &str) -> Result<Kind, Unreadable> {
        if self.around.iter().any(|other| other == pointer) {
            return Err(self.reader.unreadable(inside, MADE_OF_ITSELF));
        }
        self.around.push(pointer.to_owned());
        let kind = self.kind(inside);
        self.around.pop();
        kind
    }

    fn collect(&mut self, pointer: &str) -> Result<(), Unreadable> {
        if self.found.contains_key(pointer) {
            return Ok(());
        }
        // Taken before its fields are read, so that a schema can hold itself.
        self.found.insert(pointer.to_owned(), None);
        let reader = self.reader;
        let mut fields = BTreeMap::new();
        self.fields(pointer, &mut fields, &mut Vec::new())?;
        let list = join(pointer, "x-ontap-documented-as");
        let mut documented_as = Vec::new();
        for (item, _) in reader.items(&list)? {
            documented_as.extend(reader.text(&item)?.map(|name| (name.to_owned(), reader.at(&item))));
        }
        let schema = Schema {
            name: name(pointer),
            documented_as,
            fields,
            fields_at: reader.at(&join(pointer, "properties")),
            at: reader.at(pointer),
        };
        self.found.insert(pointer.to_owned(), Some(schema));
        Ok(())
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
            if around.contains(&target) {
                return Err(reader.unreadable(&part, MADE_OF_ITSELF));
            }
            self.fields(&target, fields, around)?;
        }
        around.pop();
        for (property, name, _) in reader.members(&join(pointer, "properties"))? {
            let field = Field {
                at: reader.at(&property),
                kind: self.kind(&property)?,
                limits: limits(reader, &property)?,
                introduced: reader.text(&join(&property, "x-ntap-introduced"))?.map(str::to_owned),
            };
            fields.insert(name, field);
        }
        Ok(())
    }
}

/// The pointers of what the schema at `pointer` is made of: the parts of its `allOf`, and what its `anyOf` has beside
/// null, which stands for no value at all.
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

/// The limits of the schema at `pointer`.
pub(crate) fn limits(reader: &Reader<'_>, pointer: &str) -> Result<Limits, Unreadable> {
    let mut all = Limits::new();
    for name in LIMITS {
        if let Some((at, value)) = keyword(reader, pointer, name)? {
            all.insert(name, (value.clone(), reader.at(&at)));
        }
    }
    Ok(all)
}

/// What the schema at `pointer` says under `name`, and where: its own word before that of the schemas it is made of, of
/// which the last has it.
pub(crate) fn keyword<'s>(
    reader: &Reader<'s>,
    pointer: &str,
    name: &str,
) -> Result<Option<(String, &'s Value)>, Unreadable> {
    keyword_within(reader, pointer, name, &mut Vec::new())
}

fn keyword_within<'s>(
    reader: &Reader<'s>,
    used: &str,
    name: &str,
    around: &mut Vec<String>,
) -> Result<Option<(String, &'s Value)>, Unreadable> {
    let pointer = reader.follow(used)?;
    if around.contains(&pointer) {
        return Err(reader.unreadable(used, MADE_OF_ITSELF));
    }
    if let Some(value) = reader.value(&pointer).get(name) {
        return Ok(Some((join(&pointer, name), value)));
    }
    let mut found = None;
    around.push(pointer.clone());
    for part in parts(reader, &pointer)? {
        found = keyword_within(reader, &part, name, around)?.or(found);
    }
    around.pop();
    Ok(found)
}

/// What findings call the schema at `pointer`: `a.b` for property `b` of the component `a`; elsewhere after the operation
/// or component it is in.
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
