//! What has to hold in the spec before anything is generated from it: the faults that the generator would answer with a
//! panic or, worse, with other code.

use std::collections::HashMap;

use heck::ToKebabCase;
use openapiv3::{Components, OpenAPI, PathItem, ReferenceOr, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::At;
use super::document::join;

/// The methods that a path item can have.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation of the spec, as JSON.
pub(crate) struct Operation<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) pointer: String,
    pub(crate) value: &'a Value,
}

impl<'a> Operation<'a> {
    /// The `operationId`, which [`check`] has made sure of.
    pub(crate) fn id(&self) -> &'a str {
        self.value["operationId"].as_str().unwrap_or_default()
    }

    /// The error codes documented for it, with their pointers.
    pub(crate) fn codes(&self) -> impl Iterator<Item = (String, Option<u64>)> + use<'a> {
        let list = join(&self.pointer, "x-ontap-error-codes");
        let codes = self.value["x-ontap-error-codes"].as_array();
        codes
            .into_iter()
            .flatten()
            .enumerate()
            .map(move |(index, code)| (join(&list, &index.to_string()), code.as_u64()))
    }
}

/// All operations, in the order of the document.
pub(crate) fn operations(spec: &Value) -> impl Iterator<Item = Operation<'_>> {
    spec["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
        item.as_object()
            .into_iter()
            .flatten()
            .filter(|(method, _)| METHODS.contains(&method.as_str()))
            .map(move |(method, value)| Operation { path, method, pointer: join(&join("/paths", path), method), value })
    })
}

/// The entries of the map at `/components/<kind>`, with their pointers.
pub(crate) fn components<'a>(spec: &'a Value, kind: &str) -> impl Iterator<Item = (String, &'a str, &'a Value)> {
    let root = join("/components", kind);
    let map = spec["components"][kind].as_object();
    map.into_iter().flatten().map(move |(name, value)| (join(&root, name), name.as_str(), value))
}

/// Checks the spec.
pub(crate) fn check(spec: &Value) -> Result<(), At> {
    references_resolve(spec, spec, "")?;
    is_openapi(spec)?;
    operations_are_named(spec)?;
    for (pointer, _, schema) in components(spec, "schemas") {
        types_are_known(schema, &pointer)?;
    }
    catalogue_is_complete(spec)?;
    codes_are_in_catalogue(spec)
}

fn references_resolve(spec: &Value, node: &Value, pointer: &str) -> Result<(), At> {
    match node {
        Value::Object(map) => {
            if let Some(Value::String(target)) = map.get("$ref") {
                let found = target.strip_prefix('#').and_then(|local| spec.pointer(local));
                if found.is_none() {
                    let cause = format!("`{target}` is not in this document");
                    return Err(At::new(join(pointer, "$ref"), cause));
                }
            }
            map.iter().try_for_each(|(key, value)| references_resolve(spec, value, &join(pointer, key)))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| references_resolve(spec, item, &join(pointer, &index.to_string()))),
        _ => Ok(()),
    }
}

/// Reads the parts before the whole, so that the place of a fault is that of the part.
fn is_openapi(spec: &Value) -> Result<(), At> {
    let read = |value: &Value, pointer: &str| read::<OpenAPI>(value, pointer).map(drop);
    for (pointer, _, schema) in components(spec, "schemas") {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            self::read::<ReferenceOr<Schema>>(property, &join(&join(&pointer, "properties"), name))?;
        }
        self::read::<ReferenceOr<Schema>>(schema, &pointer)?;
    }
    if let Some(components) = spec.get("components") {
        self::read::<Components>(components, "/components")?;
    }
    for operation in operations(spec) {
        for (index, parameter) in operation.value["parameters"].as_array().into_iter().flatten().enumerate() {
            let pointer = join(&join(&operation.pointer, "parameters"), &index.to_string());
            self::read::<ReferenceOr<openapiv3::Parameter>>(parameter, &pointer)?;
        }
        self::read::<openapiv3::Operation>(operation.value, &operation.pointer)?;
    }
    for (path, item) in spec["paths"].as_object().into_iter().flatten() {
        self::read::<ReferenceOr<PathItem>>(item, &join("/paths", path))?;
    }
    read(spec, "")
}

/// `value` as a part of an OpenAPI document.
pub(crate) fn read<T: DeserializeOwned>(value: &Value, pointer: &str) -> Result<T, At> {
    serde_json::from_value(value.clone()).map_err(|error| At::new(pointer, format!("not OpenAPI 3.0: {error}")))
}

fn operations_are_named(spec: &Value) -> Result<(), At> {
    let mut seen = HashMap::new();
    for operation in operations(spec) {
        let Some(id) = operation.value["operationId"].as_str() else {
            return Err(At::new(
                operation.pointer,
                "the operation has no `operationId`; the client's method is named after it",
            ));
        };
        if let Some(first) = seen.insert(id, format!("{} {}", operation.method, operation.path)) {
            let pointer = join(&operation.pointer, "operationId");
            return Err(At::new(pointer, format!("`{id}` is already the operationId of `{first}`")));
        }
    }
    if seen.is_empty() {
        return Err(At::new("/paths", "the document has no operations"));
    }
    Ok(())
}

/// The generator takes a schema of an unknown type for one that allows anything.
fn types_are_known(schema: &Value, pointer: &str) -> Result<(), At> {
    const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "object", "array"];
    match &schema["type"] {
        Value::Null => {}
        Value::String(name) if TYPES.contains(&name.as_str()) => {}
        other => {
            let known = TYPES.join(", ");
            return Err(At::new(join(pointer, "type"), format!("{other} is not a type of OpenAPI 3.0 ({known})")));
        }
    }
    if let Some(items) = schema.get("items") {
        types_are_known(items, &join(pointer, "items"))?;
    }
    let properties = join(pointer, "properties");
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        types_are_known(property, &join(&properties, name))?;
    }
    Ok(())
}

fn catalogue_is_complete(spec: &Value) -> Result<(), At> {
    let mut names = HashMap::new();
    for (pointer, code, entry) in components(spec, "x-ontap-error-codes") {
        if code.parse::<u64>().is_err() {
            return Err(At::new(pointer, format!("`{code}` is not an error code: ONTAP's are whole numbers")));
        }
        for member in ["name", "summary"] {
            if entry[member].as_str().is_none_or(str::is_empty) {
                return Err(At::new(pointer, format!("error code {code} has no `{member}`")));
            }
        }
        let name = entry["name"].as_str().unwrap_or_default();
        if name.to_kebab_case() != name {
            return Err(At::new(join(&pointer, "name"), format!("`{name}` is not in kebab-case")));
        }
        if let Some(first) = names.insert(name, code) {
            return Err(At::new(join(&pointer, "name"), format!("`{name}` is already the name of {first}")));
        }
    }
    Ok(())
}

fn codes_are_in_catalogue(spec: &Value) -> Result<(), At> {
    let catalogue = &spec["components"]["x-ontap-error-codes"];
    for operation in operations(spec) {
        for (pointer, code) in operation.codes() {
            let Some(code) = code else {
                return Err(At::new(pointer, "an error code has to be a whole number"));
            };
            if catalogue.get(code.to_string()).is_none() {
                let cause = format!("error code {code} is not in the catalogue, components.x-ontap-error-codes");
                return Err(At::new(pointer, cause));
            }
        }
    }
    Ok(())
}
