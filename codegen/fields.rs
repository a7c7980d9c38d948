//! `Field`, a variant for each field that a record of the lists has.

use serde_json::Value;

use super::At;
use super::document::join;
use super::names::type_name;
use super::open_enums::{Known, open_enum};
use super::spec::{Operation, components, named, operations, target};

/// Generates the enum.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let (pointer, _, record) = record(spec)?;
    let mut fields = Vec::new();
    members(spec, record, &pointer, "", &mut Vec::new(), &mut fields)?;
    let description =
        "A field of an IPsec policy that ONTAP returns, by its dotted name; an object stands for all its members.";
    open_enum(&type_name("field", &pointer)?, description, &fields)
}

/// The schema of the records that can be asked for by field, with its pointer and its name: there may be one.
pub(crate) fn record(spec: &Value) -> Result<(String, &str, &Value), At> {
    let mut found: Option<&str> = None;
    for operation in operations(spec).filter(|operation| takes_fields(spec, operation)) {
        let Some(name) = returned(spec, operation.value) else {
            return Err(At::new(
                operation.pointer,
                "it takes `fields`, but its answer holds no records of a named schema",
            ));
        };
        if let Some(other) = found.replace(name)
            && other != name
        {
            let cause = format!("its records are of `{name}`, those of another operation of `{other}`");
            return Err(At::new(operation.pointer, cause));
        }
    }
    components(spec, "schemas")
        .find(|(_, name, _)| found == Some(name))
        .ok_or_else(|| At::new("/paths", "no operation takes `fields`"))
}

fn takes_fields(spec: &Value, operation: &Operation<'_>) -> bool {
    operation.parameters().any(|(_, parameter)| target(spec, parameter)["name"] == "fields")
}

/// The name of the schema of what an operation returns: of its records, if it returns a list.
fn returned<'a>(spec: &'a Value, operation: &'a Value) -> Option<&'a str> {
    let responses = operation["responses"].as_object()?;
    let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    let (name, body) = named(spec, &target(spec, response)["content"]["application/json"]["schema"])?;
    match body["properties"].get("records") {
        Some(records) => named(spec, &records["items"]).map(|(name, _)| name),
        None => Some(name),
    }
}

/// Adds the members of an object, and theirs. Links come and go with the media type and are no fields; what is only
/// ever written cannot be asked for.
fn members<'a>(
    spec: &'a Value,
    object: &'a Value,
    pointer: &str,
    prefix: &str,
    around: &mut Vec<&'a str>,
    fields: &mut Vec<Known>,
) -> Result<(), At> {
    let properties = join(pointer, "properties");
    for (name, property) in object["properties"].as_object().into_iter().flatten() {
        if name.starts_with('_') || property["writeOnly"] == true {
            continue;
        }
        let (pointer, field) = (join(&properties, name), format!("{prefix}{name}"));
        let doc = match property["description"].as_str() {
            Some(description) => format!("`{field}`: {description}"),
            None => format!("`{field}`."),
        };
        let below = format!("{field}.");
        fields.push(Known { text: field, doc, pointer: pointer.clone() });
        match named(spec, property) {
            Some((schema, _)) if around.contains(&schema) => {
                return Err(At::new(pointer, format!("`{schema}` holds itself, so that its fields have no end")));
            }
            Some((schema, body)) => {
                around.push(schema);
                members(spec, body, &join("/components/schemas", schema), &below, around, fields)?;
                around.pop();
            }
            None => members(spec, property, &pointer, &below, around, fields)?,
        }
    }
    Ok(())
}
