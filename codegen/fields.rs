//! `Field`, a variant for each field that a record of the lists has.

use serde_json::Value;

use super::At;
use super::document::join;
use super::names::type_name;
use super::open_enums::{Known, open_enum};
use super::releases::{Release, first, introduced, release};
use super::spec::{Operation, components, named, operations, target};

/// Generates the enum.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let (pointer, _, record) = record(spec)?;
    let since = operations(spec)
        .filter(|operation| takes_fields(spec, operation))
        .map(|operation| first(&operation))
        .collect::<Result<Vec<_>, _>>()?;
    let around = Around { pointer, prefix: String::new(), since: since.into_iter().min().unwrap_or_default() };
    let mut fields = Vec::new();
    members(spec, record, &around, &mut Vec::new(), &mut fields)?;
    let description =
        "A field of an IPsec policy that ONTAP returns, by its dotted name; an object stands for all its members.";
    let (known, releases): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
    let field = type_name("field", &around.pointer)?;
    let open_enum = open_enum(&field, description, &known)?;
    let names = known.iter().map(|known| &known.text);
    let releases = releases.into_iter().map(release);
    Ok(syn::parse_quote! {
        #open_enum

        impl #field {
            /// The release of ONTAP that brought the field. None for a field that the spec does not have.
            #[must_use]
            pub fn introduced(&self) -> Option<Release> {
                match self.as_str() { #(#names => Some(#releases),)* _ => None }
            }
        }
    })
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

/// The object that holds some fields.
struct Around {
    pointer: String,
    prefix: String,
    since: Release,
}

/// Adds the members of an object, and theirs. Links come and go with the media type and are no fields; what is only
/// ever written cannot be asked for.
fn members<'a>(
    spec: &'a Value,
    object: &'a Value,
    around: &Around,
    schemas: &mut Vec<&'a str>,
    fields: &mut Vec<(Known, Release)>,
) -> Result<(), At> {
    let properties = join(&around.pointer, "properties");
    for (name, property) in object["properties"].as_object().into_iter().flatten() {
        if name.starts_with('_') || property["writeOnly"] == true {
            continue;
        }
        let (pointer, text) = (join(&properties, name), format!("{}{name}", around.prefix));
        let doc = match property["description"].as_str() {
            Some(description) => format!("`{text}`: {description}"),
            None => format!("`{text}`."),
        };
        let since = introduced(property, &pointer)?.unwrap_or_default().max(around.since);
        let prefix = format!("{text}.");
        fields.push((Known { text, doc, pointer: pointer.clone() }, since));
        match named(spec, property) {
            Some((schema, _)) if schemas.contains(&schema) => {
                return Err(At::new(pointer, format!("`{schema}` holds itself, so that its fields have no end")));
            }
            Some((schema, body)) => {
                schemas.push(schema);
                let below = Around { pointer: join("/components/schemas", schema), prefix, since };
                members(spec, body, &below, schemas, fields)?;
                schemas.pop();
            }
            None => members(spec, property, &Around { pointer, prefix, since }, schemas, fields)?,
        }
    }
    Ok(())
}
