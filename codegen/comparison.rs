//! Generates the comparison of a description with an existing policy: the fields of both, those that can be changed, and
//! the change.

use quote::quote;
use serde_json::Value;

use super::At;
use super::fields::returned;
use super::names::type_name;
use super::properties::{Property, properties};
use super::spec::{named, operations};

/// Generates `pairs` and `described_parts`.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let Resource { create: (create_name, create), modify: (modify_name, modify), record: (record_name, record) } =
        resource(spec)?;
    let described = properties(spec, create_name, create)?;
    let existing = properties(spec, record_name, record)?;
    let changeable = properties(spec, modify_name, modify)?;
    let has = |properties: &[Property<'_>], name: &str| properties.iter().any(|property| property.name == name);
    let (mut pairs, mut variants) = (Vec::new(), Vec::new());
    for property in described.iter().filter(|it| is_comparable(it) && has(&existing, &it.name)) {
        let variant = type_name(&property.name, &property.pointer)?;
        let (modifiable, text) = (has(&changeable, &property.name), text(property.target));
        let (value, other) = (property.of("described"), property.of("existing"));
        pairs.push(quote!(Pair {
            field: Field::#variant,
            modifiable: #modifiable,
            described: #value.map(#text),
            existing: #other.map(#text),
        }));
        variants.push((&property.name, variant));
    }
    let mut changes = Vec::new();
    for part in changeable.iter().filter(|part| part.around.is_none()) {
        let (name, field) = (&part.name, &part.field);
        let Some(source) = described.iter().find(|property| property.name == *name) else { continue };
        let of_part = variants.iter().filter(|(variant, _)| {
            variant.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        let of_part = of_part.map(|(_, variant)| variant);
        let change = match (named(spec, part.schema), named(spec, source.schema)) {
            // An object of another type: what both types have of it.
            (Some((to, _)), Some((from, _))) if part.is_object() && to != from => {
                let to = type_name(to, &part.pointer)?;
                let members = changeable.iter().filter(|it| it.around.as_ref() == Some(field));
                let members = members.filter(|it| has(&described, &it.name)).map(|it| &it.field);
                quote!(changes.#field = described.#field.as_ref().map(|part| {
                    let mut changed = types::#to::default();
                    #(changed.#members.clone_from(&part.#members);)*
                    changed
                }))
            }
            _ => quote!(changes.#field.clone_from(&described.#field)),
        };
        changes.push(quote! {
            if fields.iter().any(|field| matches!(field, #(Field::#of_part)|*)) {
                #change;
            }
        });
    }
    let [create, modify, record] =
        [create_name, modify_name, record_name].map(|name| type_name(name, "/components/schemas"));
    let (create, modify, record) = (create?, modify?, record?);
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
    .map_err(|error| At::new("/paths", format!("the properties cannot become Rust names: {error}")))
}

/// Whether the property has one value, which can be both described and read.
fn is_comparable(property: &Property<'_>) -> bool {
    let is_mark = |mark: &str| property.schema[mark] == true;
    let is_link = property.name.split('.').any(|part| part.starts_with('_'));
    !(property.is_object() || is_link || is_mark("readOnly") || is_mark("writeOnly"))
}

/// Generates the expression that turns a value into text. Nested lists and objects use `Debug`, which shows no secret.
fn text(schema: &Value) -> syn::Expr {
    if schema["type"] == "array" || schema["type"] == "object" {
        syn::parse_quote!(|value| format!("{value:?}"))
    } else {
        syn::parse_quote!(ToString::to_string)
    }
}

/// The schemas of a resource, each with its name.
struct Resource<'a> {
    create: (&'a str, &'a Value),
    modify: (&'a str, &'a Value),
    record: (&'a str, &'a Value),
}

/// Returns the one resource that can be created and changed.
fn resource(spec: &Value) -> Result<Resource<'_>, At> {
    let at = |path: &str, method: &str| operations(spec).find(|it| it.path == path && it.method == method);
    let mut resources = operations(spec).filter(|operation| operation.method == "patch").filter_map(|modify| {
        let (collection, _) = modify.path.rsplit_once("/{")?;
        Some(Resource {
            create: named(spec, at(collection, "post")?.body())?,
            modify: named(spec, modify.body())?,
            record: returned(spec, at(modify.path, "get")?.value)?,
        })
    });
    match (resources.next(), resources.next()) {
        (Some(resource), None) => Ok(resource),
        _ => {
            let cause = "one resource has to have both a `post` and, at a path of its own, a `patch` and a `get`, with \
                         bodies of named schemas";
            Err(At::new("/paths", cause))
        }
    }
}
