//! Strict reading of what users write: request bodies, and their members.

use quote::quote;
use serde_json::Value;

use super::At;
use super::document::join;
use super::names::{field_name, type_name};
use super::spec::{components, named, request_bodies};

/// Members that hold a number as text. A file of policies may have the number.
pub(crate) const NUMBERS: [&str; 3] = ["netmask", "port", "protocol"];

/// Whether a schema is that of a reference: an object with a name and a UUID. A file of policies may have the name alone.
pub(crate) fn is_reference(schema: &Value) -> bool {
    ["name", "uuid"].iter().all(|property| schema["properties"].get(property).is_some())
}

/// The schemas that users write, by name: bodies, and the objects in them.
pub(crate) fn members(spec: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let of_bodies = |name: &str| {
        request_bodies(spec)
            .flat_map(|(_, body)| body["properties"].as_object().into_iter().flatten())
            .any(|(_, property)| object(spec, property).is_some_and(|(member, _)| member == name))
    };
    components(spec, "schemas").filter(move |(_, name, _)| of_bodies(name)).map(|(_, name, schema)| (name, schema))
}

/// The named object that a property holds.
fn object<'a>(spec: &'a Value, property: &'a Value) -> Option<(&'a str, &'a Value)> {
    named(spec, property).filter(|(_, schema)| schema["properties"].is_object())
}

/// Generates `impl Written` and a strict `Deserialize` for all of them.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let mut items: Vec<syn::Item> = Vec::new();
    for (name, schema) in request_bodies(spec).chain(members(spec)) {
        let ident = type_name(name, "/components/schemas")?;
        items.push(written(spec, name, schema)?);
        items.push(syn::parse_quote! {
            impl<'de> Deserialize<'de> for types::#ident {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserializer.deserialize_map(Members { is_open: false, of: PhantomData })
                }
            }
        });
    }
    Ok(syn::parse_quote!(#(#items)*))
}

fn written(spec: &Value, name: &str, schema: &Value) -> Result<syn::Item, At> {
    let pointer = join("/components/schemas", name);
    let ident = type_name(name, &pointer)?;
    let (mut names, mut arms) = (Vec::new(), Vec::new());
    for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
        let field = field_name(property, &join(&pointer, property))?;
        let wrapper = match object(spec, schema) {
            Some((_, object)) if is_reference(object) => quote!(::<Reference<_>>()?.0),
            Some(_) if schema["readOnly"] != true && !property.starts_with('_') => quote!(::<Part<_>>()?.0),
            None if NUMBERS.contains(&property.as_str()) => quote!(::<Number>()?.0),
            _ => quote!(()?),
        };
        names.push(property);
        arms.push(quote!(#property => self.#field = members.next_value #wrapper));
    }
    Ok(syn::parse_quote! {
        impl Written for types::#ident {
            const NAMES: &'static [&'static str] = &[#(#names),*];

            fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, members: &mut A) -> Result<(), A::Error> {
                match name {
                    #(#arms,)*
                    _ => return Err(A::Error::unknown_field(name, Self::NAMES)),
                }
                Ok(())
            }
        }
    })
}
