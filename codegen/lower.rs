//! Rewrites the spec into what progenitor can take. One function for each of its limits (seen with progenitor 0.15.1
//! and typify 0.8), so that one can be dropped when its limit falls.

use serde_json::{Map, Value, json};

use super::At;
use super::spec::{only_part, operations};

/// Applies all lowerings.
pub(crate) fn lower(spec: &mut Value) -> Result<(), At> {
    keep_one_media_type(spec);
    take_null_for_nothing(spec);
    split_default_response(spec)?;
    loosen_bodies_and_queries(spec);
    drop_defaults(spec);
    Ok(())
}

/// The generator refuses media types that it does not know, and of those it knows, an operation may have one. HAL
/// bodies have the same schema, and the client asks for plain JSON.
fn keep_one_media_type(spec: &mut Value) {
    each_object(spec, &mut |object| {
        if let Some(Value::Object(content)) = object.get_mut("content")
            && content.contains_key("application/json")
        {
            content.retain(|media_type, _| media_type == "application/json");
        }
    });
}

/// A choice between a type and null becomes a type of its own around both. Every field that has one can be missing,
/// and the client reads null as that.
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

/// A success and a `default` with another body, or with a body where the success has none, trip an assertion in the
/// generator, which counts `default` among the successes. So `default` becomes the two ranges of errors, and the one
/// success the range of successes, lest an unforeseen 2xx were an error.
fn split_default_response(spec: &mut Value) -> Result<(), At> {
    let successes: Vec<_> = operations(spec)
        .map(|operation| {
            let responses = operation.value["responses"].as_object();
            let mut statuses = responses.into_iter().flatten().map(|(status, _)| status).filter(|s| s.starts_with('2'));
            match (statuses.next(), statuses.next()) {
                (Some(status), None) => Ok((format!("{}/responses", operation.pointer), status.clone())),
                _ => Err(At::new(
                    format!("{}/responses", operation.pointer),
                    format!(
                        "`{}` needs one response of success; the generator cannot tell several apart",
                        operation.id()
                    ),
                )),
            }
        })
        .collect::<Result<_, _>>()?;
    for (pointer, success) in successes {
        let Some(Value::Object(responses)) = spec.pointer_mut(&pointer) else { continue };
        let mut lowered = Map::new();
        for (status, response) in std::mem::take(responses) {
            if status == success {
                lowered.insert("2XX".into(), response);
            } else if status == "default" {
                lowered.insert("4XX".into(), response.clone());
                lowered.insert("5XX".into(), response);
            } else {
                lowered.insert(status, response);
            }
        }
        *responses = lowered;
    }
    Ok(())
}

/// Lengths, patterns, bounds and formats become types that refuse a value when it is decoded: one unforeseen value in
/// one record would fail the whole page, and a filter could not hold an operator. They stay on path parameters, where
/// `..` and the empty string would name another resource; for request bodies there is `requests`.
fn loosen_bodies_and_queries(spec: &mut Value) {
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
        if object.get("in").is_some_and(|place| place == "path") {
            // Out of reach of the branch below: parameters are visited before their schemas.
            if let Some(Value::Object(schema)) = object.get_mut("schema") {
                schema.insert(KEEP.into(), true.into());
            }
        } else if object.remove(KEEP).is_none() && object.get("type").is_some_and(Value::is_string) {
            for limit in LIMITS {
                object.remove(limit);
            }
        }
    });
}

/// Marks a schema that keeps its limits, while the document is walked.
const KEEP: &str = "x-keep-limits";

/// A property with a default becomes a field that is always sent, and a parameter with one is sent too: the server's
/// defaults are the server's to apply.
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
