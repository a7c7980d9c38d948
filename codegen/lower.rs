//! Rewrites the schemas into a form that progenitor takes. Each limit of progenitor 0.15.1 and typify 0.8 has a function.
//! If a limit falls, its function can go.

use serde_json::{Map, Value, json};

use super::spec::only_part;

/// The spec after all lowerings. The generator makes the types alone: it gets the schemas, and no operations.
pub(crate) fn lowered(spec: &Value) -> Value {
    let mut lowered = json!({
        "openapi": spec["openapi"],
        "info": spec["info"],
        "paths": {},
        "components": { "schemas": spec["components"]["schemas"] },
    });
    // Lists of queries are no types: their setters take any list.
    if let Some(schemas) = lowered["components"]["schemas"].as_object_mut() {
        schemas.retain(|_, schema| schema["type"] != "array");
    }
    take_null_for_nothing(&mut lowered);
    loosen(&mut lowered);
    drop_defaults(&mut lowered);
    lowered
}

/// progenitor makes a type of its own of a choice between a type and null. Drop the null: every field that has such a
/// choice can be missing, and the client reads null as missing.
fn take_null_for_nothing(spec: &mut Value) {
    each_object(spec, &mut |object| {
        let Some(choice) = object.remove("anyOf") else { return };
        let choice = json!({ "anyOf": choice });
        let (key, parts) = match only_part(&choice) {
            Some(only) => ("allOf", json!([only])),
            None => ("anyOf", choice["anyOf"].clone()),
        };
        object.insert(key.into(), parts);
    });
}

/// progenitor makes types of lengths, patterns, bounds, formats and lists of numbers. One unforeseen value in one record
/// would fail the whole page. Drop them: `requests` checks request bodies.
fn loosen(spec: &mut Value) {
    const LIMITS: [&str; 10] = [
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
    ];
    each_object(spec, &mut |object| {
        if object.get("type").is_some_and(Value::is_string) {
            let is_integer = object["type"] == "integer";
            object.retain(|key, _| !LIMITS.contains(&key.as_str()) && (key != "enum" || !is_integer));
        }
    });
}

/// progenitor always sends a property that has a default. Drop the default: ONTAP applies it.
fn drop_defaults(spec: &mut Value) {
    each_object(spec, &mut |object| {
        if object.get("type").is_some_and(Value::is_string) {
            object.remove("default");
        }
    });
}

/// Calls `visit` on every object of the document that can be part of a schema or hold one, outermost first. Examples
/// are data, in which `type` and `content` would mean something else.
fn each_object(node: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match node {
        Value::Object(object) => {
            visit(object);
            for (key, value) in object.iter_mut() {
                if !matches!(key.as_str(), "example" | "examples") {
                    each_object(value, visit);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, visit)),
        _ => {}
    }
}
