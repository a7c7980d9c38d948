//! Checks the spec before anything is generated. Without these checks, the generator would panic on some faults, and
//! generate other code on others.

use std::collections::{HashMap, HashSet};

use heck::ToKebabCase;
use openapiv3::{Components, OpenAPI, PathItem, ReferenceOr, Schema};
use serde_json::Value;

use super::At;
use super::document::join;
use super::requests::LENGTH_CODE;
use super::spec::{METHODS, components, is_secret, named, operations, read, target};

/// Checks the spec.
pub(crate) fn check(spec: &Value) -> Result<(), At> {
    references_resolve(spec, spec, "")?;
    is_openapi(spec)?;
    keys_are_known(spec)?;
    operations_are_named(spec)?;
    operations_fail_in_words(spec)?;
    media_types_agree(spec, "")?;
    parameters_agree_with_path(spec)?;
    for (pointer, _, schema) in components(spec, "schemas") {
        schema_is_sound(spec, schema, &pointer)?;
        is_not_made_of_itself(spec, schema, &pointer, &mut Vec::new())?;
    }
    secrets_are_secret(spec)?;
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
    for (pointer, _, schema) in components(spec, "schemas") {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            read::<ReferenceOr<Schema>>(property, &join(&join(&pointer, "properties"), name))?;
        }
        read::<ReferenceOr<Schema>>(schema, &pointer)?;
    }
    if let Some(components) = spec.get("components") {
        read::<Components>(components, "/components")?;
    }
    for operation in operations(spec) {
        for (pointer, parameter) in operation.parameters() {
            read::<ReferenceOr<openapiv3::Parameter>>(parameter, &pointer)?;
        }
        read::<openapiv3::Operation>(operation.value, &operation.pointer)?;
    }
    for (path, item) in spec["paths"].as_object().into_iter().flatten() {
        read::<ReferenceOr<PathItem>>(item, &join("/paths", path))?;
    }
    read::<OpenAPI>(spec, "").map(drop)
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

/// A key that OpenAPI does not have is a slip that would go unnoticed: the part behind it would be missing.
fn keys_are_known(spec: &Value) -> Result<(), At> {
    const PATH_ITEM: [&str; 4] = ["summary", "description", "servers", "parameters"];
    const OPERATION: [&str; 11] = [
        "operationId",
        "tags",
        "summary",
        "description",
        "externalDocs",
        "parameters",
        "requestBody",
        "responses",
        "deprecated",
        "security",
        "servers",
    ];
    const OPERATION_EXTENSIONS: [&str; 3] = ["x-ntap-introduced", "x-ontap-commands", "x-ontap-error-codes"];
    const BODY: [&str; 4] = ["$ref", "description", "content", "required"];
    for (path, item) in spec["paths"].as_object().into_iter().flatten() {
        let known: Vec<&str> = METHODS.into_iter().chain(PATH_ITEM).collect();
        has_only(item, &join("/paths", path), &known)?;
    }
    for operation in operations(spec) {
        let known: Vec<&str> = OPERATION.into_iter().chain(OPERATION_EXTENSIONS).collect();
        has_only(operation.value, &operation.pointer, &known)?;
        if let Some(body) = operation.value.get("requestBody") {
            has_only(body, &join(&operation.pointer, "requestBody"), &BODY)?;
        }
    }
    Ok(())
}

/// Extensions are known too where they start with the prefixes of this document.
fn has_only(value: &Value, pointer: &str, known: &[&str]) -> Result<(), At> {
    let keys = value.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    let foreign = |key: &str| key.starts_with("x-") && !key.starts_with("x-ontap-") && !key.starts_with("x-ntap-");
    for key in keys {
        if !known.contains(&key) && !foreign(key) {
            return Err(At::new(join(pointer, key), format!("`{key}` is not a key that can stand here")));
        }
    }
    Ok(())
}

/// Without a `default`, clients of other languages have no type for an error's body.
fn operations_fail_in_words(spec: &Value) -> Result<(), At> {
    for operation in operations(spec) {
        if operation.value["responses"].get("default").is_none() {
            let cause = format!("`{}` needs a `default` response, for its errors", operation.id());
            return Err(At::new(join(&operation.pointer, "responses"), cause));
        }
    }
    Ok(())
}

/// Only one of a body's media types is compiled and compared with the page; the others have to be the same.
fn media_types_agree(node: &Value, pointer: &str) -> Result<(), At> {
    for (key, value) in node.as_object().into_iter().flatten() {
        let pointer = join(pointer, key);
        if key == "content" {
            let compiled = &value["application/json"]["schema"];
            let mut others = value.as_object().into_iter().flatten();
            if let Some((name, _)) = others.find(|(_, other)| other["schema"] != *compiled) {
                let cause = "its schema has to be that of application/json";
                return Err(At::new(join(&pointer, name), cause));
            }
        } else if !matches!(key.as_str(), "example" | "examples" | "properties") {
            media_types_agree(value, &pointer)?;
        }
    }
    Ok(())
}

/// A path parameter that is any string could be `..` or empty, and so name another resource.
fn parameters_agree_with_path(spec: &Value) -> Result<(), At> {
    for operation in operations(spec) {
        let mut seen = HashSet::new();
        let mut in_path = HashSet::new();
        for (pointer, parameter) in operation.parameters() {
            let parameter = target(spec, parameter);
            let (name, place) = (&parameter["name"], &parameter["in"]);
            if !seen.insert((name.as_str(), place.as_str())) {
                return Err(At::new(pointer, format!("the {place} parameter {name} stands twice")));
            }
            schema_is_sound(spec, &parameter["schema"], &join(&pointer, "schema"))?;
            if place == "path" {
                if parameter["schema"].get("format").is_none() {
                    let cause = format!("the path parameter {name} needs a `format`, or any text could stand there");
                    return Err(At::new(pointer, cause));
                }
                in_path.extend(name.as_str());
            }
        }
        let named: HashSet<&str> =
            operation.path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
        if let Some(name) = named.symmetric_difference(&in_path).next() {
            let cause = format!("`{name}` has to be both in the path and a path parameter of `{}`", operation.id());
            return Err(At::new(operation.pointer, cause));
        }
    }
    Ok(())
}

/// The generator takes a schema of an unknown type for one that allows anything. References are not followed: each schema
/// has its turn.
fn schema_is_sound(spec: &Value, schema: &Value, pointer: &str) -> Result<(), At> {
    const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "object", "array"];
    const KEYS: [&str; 33] = [
        "$ref",
        "type",
        "format",
        "title",
        "description",
        "default",
        "example",
        "enum",
        "nullable",
        "readOnly",
        "writeOnly",
        "deprecated",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "x-ntap-introduced",
        "x-ntap-readCreate",
        "x-ntap-createOnly",
        "x-ntap-readOnly",
    ];
    let known: Vec<&str> = KEYS.into_iter().chain(["x-ontap-documented-as", LENGTH_CODE]).collect();
    has_only(schema, pointer, &known)?;
    if let Some(code) = schema.get(LENGTH_CODE) {
        let pointer = join(pointer, LENGTH_CODE);
        if spec["components"]["x-ontap-error-codes"].get(code.to_string()).is_none() {
            return Err(At::new(pointer, format!("error code {code} is not in the catalogue")));
        }
        if schema.get("minLength").or(schema.get("maxLength")).is_none() {
            return Err(At::new(pointer, "a code for lengths needs `minLength` or `maxLength` beside it"));
        }
    }
    match &schema["type"] {
        Value::Null => {}
        Value::String(name) if TYPES.contains(&name.as_str()) => {}
        other => {
            let known = TYPES.join(", ");
            return Err(At::new(join(pointer, "type"), format!("{other} is not a type of OpenAPI 3.0 ({known})")));
        }
    }
    for (least, most) in [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")] {
        if let (Some(low), Some(high)) = (schema[least].as_f64(), schema[most].as_f64())
            && low > high
        {
            return Err(At::new(join(pointer, least), format!("`{least}` is above `{most}`")));
        }
    }
    if let Some(items) = schema.get("items") {
        schema_is_sound(spec, items, &join(pointer, "items"))?;
    }
    let properties = join(pointer, "properties");
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        schema_is_sound(spec, property, &join(&properties, name))?;
    }
    for (index, part) in schema["allOf"].as_array().into_iter().flatten().enumerate() {
        schema_is_sound(spec, part, &join(&join(pointer, "allOf"), &index.to_string()))?;
    }
    Ok(())
}

/// The generator goes round in such a circle for ever. A property that holds its own schema is no circle.
fn is_not_made_of_itself<'a>(
    spec: &'a Value,
    schema: &'a Value,
    pointer: &str,
    around: &mut Vec<&'a str>,
) -> Result<(), At> {
    for (index, part) in schema["allOf"].as_array().into_iter().flatten().enumerate() {
        let pointer = join(&join(pointer, "allOf"), &index.to_string());
        match part["$ref"].as_str() {
            Some(reference) if around.contains(&reference) => {
                return Err(At::new(pointer, format!("`{reference}` refers to itself")));
            }
            Some(reference) => {
                around.push(reference);
                is_not_made_of_itself(spec, target(spec, part), &pointer, around)?;
                around.pop();
            }
            None => is_not_made_of_itself(spec, part, &pointer, around)?,
        }
    }
    Ok(())
}

/// Secrets that are sent and never returned must not show. They need a type that hides them, and only a schema with a
/// name has one.
fn secrets_are_secret(spec: &Value) -> Result<(), At> {
    for (pointer, _, schema) in components(spec, "schemas") {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let of_secret = named(spec, property).is_some_and(|(_, target)| is_secret(target));
            let marks = [of_secret, property["writeOnly"] == true, property["x-ntap-createOnly"] == true];
            if is_secret(property) || (marks.contains(&true) && marks.contains(&false)) {
                let cause = format!(
                    "`{name}` has to be all of: of a schema of its own with `format: password`, `writeOnly` and \
                     `x-ntap-createOnly`, or none"
                );
                return Err(At::new(join(&join(&pointer, "properties"), name), cause));
            }
        }
    }
    Ok(())
}

fn catalogue_is_complete(spec: &Value) -> Result<(), At> {
    let mut names = HashMap::new();
    for (pointer, code, entry) in components(spec, "x-ontap-error-codes") {
        // Rust reads numbers with a sign or with zeros before them as well.
        if !code.parse::<u64>().is_ok_and(|number| number.to_string() == code) {
            return Err(At::new(pointer, format!("`{code}` is not an error code: ONTAP's are whole numbers")));
        }
        if entry["name"].as_str().is_none_or(str::is_empty) {
            return Err(At::new(pointer, format!("error code {code} has no `name`")));
        }
        // They may be empty: a new code has no words yet, and is to be met all the same.
        if let Some(member) = ["summary", "remedy"].into_iter().find(|member| !entry[member].is_string()) {
            return Err(At::new(pointer, format!("error code {code} has no `{member}`")));
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
        if operation.value.get("x-ontap-error-codes").is_some_and(|codes| !codes.is_array()) {
            return Err(At::new(join(&operation.pointer, "x-ontap-error-codes"), "the error codes have to be a list"));
        }
        let mut seen = HashSet::new();
        for (pointer, code) in operation.codes() {
            if !seen.insert(code) {
                return Err(At::new(pointer, "the error code stands twice in one list"));
            }
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
