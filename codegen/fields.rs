//! `Field`, a variant for each field that records have.

use quote::quote;
use serde_json::Value;

use super::At;
use super::document::join;
use super::names::type_name;
use super::open_enums::{Known, open_enum};
use super::releases::{Release, first, introduced, release};
use super::spec::{Operation, named, operations, target};

/// Generates the enum: the fields of all records, and which of them those of an operation have.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let mut all: Vec<(Known, Release)> = Vec::new();
    let (mut owners, mut own, mut own_releases) = (Vec::new(), Vec::new(), Vec::new());
    for operation in operations(spec) {
        let fields = of(spec, &operation)?;
        let variants = fields.iter().map(|(known, _)| type_name(&known.text, &known.pointer));
        let variants = variants.collect::<Result<Vec<_>, _>>()?;
        own.push(quote!(const { &[#(Self::#variants),*] }));
        let releases = fields.iter().map(|(Known { text, .. }, since)| {
            let since = release(*since);
            quote!((#text, #since))
        });
        own_releases.push(quote!(const { &[#(#releases),*] }));
        owners.push(type_name(operation.id(), &operation.pointer)?);
        for (known, since) in fields {
            match all.iter_mut().find(|(other, _)| other.text == known.text) {
                Some((_, earliest)) => *earliest = since.min(*earliest),
                None => all.push((known, since)),
            }
        }
    }
    let description = "A field of the records that ONTAP returns, by its dotted name; an object stands for all its \
                       members. A field that several kinds of records have is described as the first of them has it.";
    let (known, releases): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let field = type_name("field", "/paths")?;
    let open_enum = open_enum(&field, description, &known)?;
    let names = known.iter().map(|known| &known.text);
    let releases = releases.into_iter().map(release);
    Ok(syn::parse_quote! {
        #open_enum

        impl #field {
            /// The release of ONTAP that brought the field: the earliest, for one of several kinds of records. None for a
            /// field that the spec does not have.
            #[must_use]
            pub fn introduced(&self) -> Option<Release> {
                match self.as_str() { #(#names => Some(#releases),)* _ => None }
            }

            /// The fields that the records of an operation have, in the order of the spec. None for an operation that
            /// returns no records that can be asked for by field.
            #[must_use]
            pub fn of(operation: Operation) -> &'static [Self] {
                match operation { #(Operation::#owners => #own,)* }
            }

            /// The names of the fields that the records of an operation have, and since when those have them.
            pub(crate) fn since(operation: Operation) -> &'static [(&'static str, Release)] {
                match operation { #(Operation::#owners => #own_releases,)* }
            }
        }
    })
}

/// Returns the fields of the records of an operation, with the release that brought each; none if the operation does not
/// take `fields`.
pub(crate) fn of(spec: &Value, operation: &Operation<'_>) -> Result<Vec<(Known, Release)>, At> {
    let mut fields = Vec::new();
    if !operation.parameters().any(|(_, parameter)| target(spec, parameter)["name"] == "fields") {
        return Ok(fields);
    }
    let Some((name, record)) = returned(spec, operation.value) else {
        let cause = "it takes `fields`, but its response holds no records of a named schema";
        return Err(At::new(&operation.pointer, cause));
    };
    let pointer = join("/components/schemas", name);
    let around = Around { pointer, prefix: String::new(), since: first(operation)? };
    members(spec, record, &around, &mut vec![name], &mut fields)?;
    Ok(fields)
}

/// The schema of what an operation returns, with its name: of its records, if it returns a list.
pub(crate) fn returned<'a>(spec: &'a Value, operation: &'a Value) -> Option<(&'a str, &'a Value)> {
    let responses = operation["responses"].as_object()?;
    let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    let (name, body) = named(spec, &target(spec, response)["content"]["application/json"]["schema"])?;
    match body["properties"].get("records") {
        Some(records) => named(spec, &records["items"]),
        None => Some((name, body)),
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
                return Err(At::new(pointer, format!("`{schema}` contains itself, so that its fields have no end")));
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
