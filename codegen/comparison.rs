//! How a description of a policy is held against a policy that exists: the fields that both can have, which of them can
//! be changed, and the change that makes the one like the other.

use quote::quote;
use serde_json::Value;

use super::At;
use super::document::join;
use super::fields;
use super::names::{field_name, type_name};
use super::spec::{named, operations};

/// Generates `pairs` and `described_parts`.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let (pointer, record_name, record) = fields::record(spec)?;
    let (create_name, create) = body(spec, "post")?;
    let (modify_name, modify) = body(spec, "patch")?;
    let (mut pairs, mut changes) = (Vec::new(), Vec::new());
    let properties = join(&join("/components/schemas", create_name), "properties");
    for (property, schema) in create["properties"].as_object().into_iter().flatten() {
        if schema["writeOnly"] == true || record["properties"].get(property).is_none() {
            continue;
        }
        let pointer = join(&properties, property);
        let part = field_name(property, &pointer)?;
        let modifiable = modify["properties"].get(property).is_some();
        let object = named(spec, schema).map_or(schema, |(_, target)| target);
        let mut variants = Vec::new();
        if let Some(members) = object["properties"].as_object() {
            let comparable = |name: &str, member: &Value| {
                !name.starts_with('_') && member["readOnly"] != true && member["writeOnly"] != true
            };
            for (name, _) in members.iter().filter(|(name, member)| comparable(name, member)) {
                let member = field_name(name, &pointer)?;
                let variant = type_name(&format!("{property}.{name}"), &pointer)?;
                let text = text(spec, &members[name]);
                pairs.push(quote!(Pair {
                    field: Field::#variant,
                    modifiable: #modifiable,
                    described: described.#part.as_ref().and_then(|part| part.#member.as_ref()).map(#text),
                    existing: existing.#part.as_ref().and_then(|part| part.#member.as_ref()).map(#text),
                }));
                variants.push(variant);
            }
        } else {
            let variant = type_name(property, &pointer)?;
            let text = text(spec, schema);
            pairs.push(quote!(Pair {
                field: Field::#variant,
                modifiable: #modifiable,
                described: described.#part.as_ref().map(#text),
                existing: existing.#part.as_ref().map(#text),
            }));
            variants.push(variant);
        }
        if modifiable {
            changes.push(quote! {
                if fields.iter().any(|field| matches!(field, #(Field::#variants)|*)) {
                    changes.#part.clone_from(&described.#part);
                }
            });
        }
    }
    let create = type_name(create_name, &properties)?;
    let modify = type_name(modify_name, &properties)?;
    let record = type_name(record_name, &pointer)?;
    syn::parse2(quote! {
        /// All fields that both can have, in the order of the spec; an object is its members.
        fn pairs(described: &types::#create, existing: &types::#record) -> Vec<Pair> {
            vec![#(#pairs),*]
        }

        /// A change of these fields to what is described. An object goes as a whole, as far as it is described, since
        /// its members belong together.
        fn described_parts(described: &types::#create, fields: &[Field]) -> types::#modify {
            let mut changes = types::#modify::default();
            #(#changes)*
            changes
        }
    })
    .map_err(|error| At::new(properties, format!("the properties do not make Rust names: {error}")))
}

/// What makes a text of a value. Lists and objects within objects have but one: that of `Debug`, which shows no secret.
fn text(spec: &Value, schema: &Value) -> syn::Expr {
    let resolved = named(spec, schema).map_or(schema, |(_, target)| target);
    if resolved["type"] == "array" || resolved["type"] == "object" {
        syn::parse_quote!(|value| format!("{value:?}"))
    } else {
        syn::parse_quote!(ToString::to_string)
    }
}

/// The schema of the body of the one operation with this method.
fn body<'a>(spec: &'a Value, method: &str) -> Result<(&'a str, &'a Value), At> {
    let mut bodies = operations(spec)
        .filter(|operation| operation.method == method)
        .filter_map(|operation| named(spec, operation.body()));
    match (bodies.next(), bodies.next()) {
        (Some(body), None) => Ok(body),
        _ => Err(At::new("/paths", format!("one operation has to be a `{method}` with a body of a named schema"))),
    }
}
