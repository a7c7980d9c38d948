//! Schemas, as far as the comparison looks into them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::join;
use crate::place::{Source, Unreadable, tokens};

use super::Fingerprint;
use super::part::{Kind, LIMITS, Limits, MARKS, Part, Said};

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
    pub fields: BTreeMap<String, Part>,
}

impl Schema {
    /// Where a property would be added.
    pub fn properties(&self) -> String {
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

/// The types whose values have no parts.
const SCALARS: [&str; 4] = ["boolean", "integer", "number", "string"];

/// Why a schema cannot be read within those around it: it is one of them, or they are more than any sane document has.
fn endless(around: &[String], pointer: &str) -> Option<&'static str> {
    if around.iter().any(|other| other == pointer) {
        return Some("a schema that refers to itself");
    }
    (around.len() >= 64).then_some("a schema that is made of more than 64 others")
}

/// Collects the object schemas that are met.
pub(super) struct Schemas<'s> {
    pub(super) source: &'s Source,
    found: BTreeMap<String, Option<Schema>>,
    /// The pointers of objects that are still to be read. Schemas refer to each other as deep as a file is long.
    ahead: Vec<String>,
}

impl<'s> Schemas<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        Self { source, found: BTreeMap::new(), ahead: Vec::new() }
    }

    pub(super) fn finish(mut self) -> Result<BTreeMap<String, Schema>, Unreadable> {
        while let Some(pointer) = self.ahead.pop() {
            let schema = self.object(&pointer)?;
            self.found.insert(pointer, Some(schema));
        }
        Ok(self.found.into_iter().filter_map(|(pointer, schema)| Some((pointer, schema?))).collect())
    }

    /// The kind of the schema at `pointer`. Objects below it are collected.
    pub(super) fn kind(&mut self, pointer: &str) -> Result<Kind, Unreadable> {
        let source = self.source;
        let (mut used, mut around, mut lists) = (pointer.to_owned(), Vec::new(), 0);
        let kind = loop {
            let pointer = source.follow(&used)?;
            let schema = source.value(&pointer);
            if !schema.is_object() {
                return Err(source.unreadable(&pointer, "expected a schema"));
            }
            let (parts, has_properties) = (parts(source, &pointer)?, schema.get("properties").is_some());
            let only = parts.first().filter(|_| parts.len() == 1 && !has_properties);
            let of = if only.is_none() { source.text(&join(&pointer, "type"))? } else { None };
            let inside = match (only, of) {
                (Some(only), _) => only.clone(),
                (_, Some("array")) => {
                    lists += 1;
                    join(&pointer, "items")
                }
                _ if of == Some("object") || has_properties || !parts.is_empty() => {
                    if !self.found.contains_key(&pointer) {
                        self.found.insert(pointer.clone(), None);
                        self.ahead.push(pointer.clone());
                    }
                    break Kind::Object(pointer);
                }
                (_, Some(scalar)) if SCALARS.contains(&scalar) => break Kind::Scalar(scalar.to_owned()),
                (_, Some(other)) => {
                    let cause = format!("`{other}` is not a type: expected {}, array or object", SCALARS.join(", "));
                    return Err(source.unreadable(&join(&pointer, "type"), cause));
                }
                (_, None) => {
                    let instead = ["oneOf", "anyOf", "not"].into_iter().find(|word| schema.get(word).is_some());
                    break instead.map_or_else(Kind::default, |word| Kind::Scalar(word.to_owned()));
                }
            };
            if let Some(cause) = endless(&around, &pointer) {
                return Err(source.unreadable(&inside, cause));
            }
            around.push(pointer);
            used = inside;
        };
        Ok((0..lists).fold(kind, |kind, _| Kind::Array(Box::new(kind))))
    }

    fn object(&mut self, pointer: &str) -> Result<Schema, Unreadable> {
        let source = self.source;
        let mut fields = BTreeMap::new();
        // The properties of the schema itself count before those of the schemas that it is made of.
        for (part, _) in Words::of(source, pointer)?.0.iter().rev() {
            for (property, name, _) in source.members(&join(part, "properties"))? {
                fields.insert(name.clone(), self.field(property, name)?);
            }
        }
        let mut documented_as = Vec::new();
        for (item, _) in source.items(&join(pointer, "x-ontap-documented-as"))? {
            documented_as.extend(source.text(&item)?.map(|name| (name.to_owned(), item.clone())));
        }
        let (name, said) = (name(pointer), Said::read(source, pointer)?);
        Ok(Schema { pointer: pointer.to_owned(), name, documented_as, said, fields })
    }

    fn field(&mut self, pointer: String, name: String) -> Result<Part, Unreadable> {
        let (kind, words) = (self.kind(&pointer)?, Words::of(self.source, &pointer)?);
        let is_marked = |mark: &&str| words.get(mark).is_some_and(|(_, value)| *value == true);
        let (limits, marks) = (words.limits(), MARKS.into_iter().filter(is_marked).collect());
        let mut said = Said::read(self.source, &pointer)?;
        if said.fingerprint.is_none()
            && kind.object().is_none()
            && let Some((at, _)) = words.get("x-ontap-fingerprint")
        {
            said.fingerprint = Fingerprint::read(self.source, &at)?;
        }
        let (used, schema) = (pointer.clone(), pointer.clone());
        Ok(Part { name, used, pointer, schema, kind, limits, said, marks, ..Part::default() })
    }
}

/// The pointers of the schemas that the schema at `pointer` is made of: those in its `allOf`, and the one beside null in its
/// `anyOf`.
fn parts(source: &Source, pointer: &str) -> Result<Vec<String>, Unreadable> {
    let mut parts: Vec<String> = source.items(&join(pointer, "allOf"))?.into_iter().map(|(part, _)| part).collect();
    if let [one, other] = source.items(&join(pointer, "anyOf"))?.as_slice() {
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
    pub(super) fn of(source: &'s Source, pointer: &str) -> Result<Self, Unreadable> {
        let mut words = Self(Vec::new());
        words.collect(source, pointer, &mut Vec::new())?;
        Ok(words)
    }

    fn collect(&mut self, source: &'s Source, used: &str, around: &mut Vec<String>) -> Result<(), Unreadable> {
        let pointer = source.follow(used)?;
        if let Some(cause) = endless(around, &pointer) {
            return Err(source.unreadable(used, cause));
        }
        self.0.push((pointer.clone(), source.value(&pointer)));
        let parts = parts(source, &pointer)?;
        around.push(pointer);
        parts.iter().rev().try_for_each(|part| self.collect(source, part, around))?;
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
    let words: Vec<Cow<'_, str>> = tokens(pointer).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
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
