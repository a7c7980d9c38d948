//! The members of a schema that say what a value is.

use serde_json::{Map, Value, json};

use crate::document::join;
use crate::facts::{self, Of};
use crate::patch::Edit;

use super::schemas::Schemas;
use super::{put, remove};

/// The members that say what a value is.
const SHAPE: [&str; 11] = [
    "$ref",
    "type",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "properties",
    "required",
    "additionalProperties",
    "x-ontap-documented-as",
];

/// The members that only make sense for some types, with those.
const ONLY_FOR: [(&str, &[&str]); 7] = [
    ("enum", &["string"]),
    ("format", &["string"]),
    ("pattern", &["string"]),
    ("minLength", &["string"]),
    ("maxLength", &["string"]),
    ("minimum", &["integer"]),
    ("maximum", &["integer"]),
];

/// What a value of the documented type is, if the type names no definition.
pub(super) fn scalar_shape(of: &facts::Type) -> Map<String, Value> {
    let name = match &of.of {
        Of::Scalar(name) => name.as_str(),
        Of::Definition(_) => "object",
    };
    let shape = if of.array { json!({ "type": "array", "items": { "type": name } }) } else { json!({ "type": name }) };
    members(shape)
}

/// What a value of the documented type is.
pub(super) fn shape(of: &facts::Type, schemas: &Schemas<'_>) -> Map<String, Value> {
    let Some(target) = super::definition(of).and_then(|definition| schemas.target(definition)) else {
        return scalar_shape(of);
    };
    let reference = json!({ "$ref": format!("#{target}") });
    // A description beside a `$ref` would not count, so that a single object is wrapped.
    members(if of.array { json!({ "type": "array", "items": reference }) } else { json!({ "allOf": [reference] }) })
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The changes that make the schema `node`, at `pointer`, one of this shape. What else it says stays, as far as it can be
/// said of such values.
pub(super) fn reshaped(node: &Value, pointer: &str, shape: &Map<String, Value>) -> Vec<Edit> {
    let of = shape.get("type").and_then(Value::as_str).unwrap_or_default();
    let misfits = ONLY_FOR.iter().filter(|(_, types)| !types.contains(&of)).map(|(name, _)| *name);
    let misfit_default = match &node["default"] {
        Value::Bool(_) => of != "boolean",
        Value::Number(_) => of != "integer",
        Value::String(_) => of != "string",
        _ => true,
    };
    let misfits = misfits.chain(misfit_default.then_some("default"));
    let old = SHAPE.into_iter().chain(misfits).filter(|name| node.get(*name).is_some() && !shape.contains_key(*name));
    let removed = old.map(|name| remove(&join(pointer, name)));
    let new = shape.iter().map(|(name, value)| put(join(pointer, name), value.clone()));
    removed.chain(new).collect()
}
