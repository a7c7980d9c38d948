//! Checks of request bodies: lengths of values, secret members, and members that only ONTAP sets.

use std::collections::BTreeSet;

use quote::quote;
use serde_json::Value;

use super::At;
use super::document::join;
use super::names::{field_name, type_name};
use super::releases::{fields, first};
use super::spec::{components, named, operations, target};

/// On a schema with limits of length: ONTAP's code for a value beyond them.
pub(crate) const LENGTH_CODE: &str = "x-ontap-length-error-code";

/// Generates `impl RequestBody` and `impl Body` for each request body, and the list of secret fields.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let mut items = Vec::new();
    for operation in operations(spec) {
        let Some((name, body)) = named(spec, operation.body()) else { continue };
        let pointer = join("/components/schemas", name);
        let ident = type_name(name, &pointer)?;
        let properties = join(&pointer, "properties");
        let (mut checks, mut drops) = (Vec::new(), Vec::new());
        for (property, schema) in body["properties"].as_object().into_iter().flatten() {
            let field = field_name(property, &join(&properties, property))?;
            let resolved = named(spec, schema).map_or(schema, |(_, target)| target);
            let bound = |limit: &str| resolved[limit].as_u64().and_then(|bound| usize::try_from(bound).ok());
            let (minimum, maximum) = (bound("minLength").unwrap_or(0), bound("maxLength").unwrap_or(usize::MAX));
            if (minimum, maximum) != (0, usize::MAX) {
                let code = resolved[LENGTH_CODE].as_u64().map(|code| code.to_string());
                let code = code.map_or(quote!(None), |code| quote!(Some(#code)));
                checks.push(quote! {
                    if let Some(value) = &self.#field {
                        within(#property, value, #minimum, #maximum, #code)?;
                    }
                });
            }
            let members = resolved["properties"].as_object().into_iter().flatten();
            let read_only = members.filter(|(_, member)| member["readOnly"] == true);
            let members: Vec<_> =
                read_only.map(|(member, _)| field_name(member, &pointer)).collect::<Result<_, _>>()?;
            if !members.is_empty() {
                drops.push(quote! {
                    if let Some(part) = &mut self.#field {
                        #(part.#members = None;)*
                        if *part == Default::default() {
                            self.#field = None;
                        }
                    }
                });
            }
        }
        let (mut names, mut given) = (Vec::new(), Vec::new());
        for field in fields(spec, &operation, first(&operation)?)? {
            names.push(field.name);
            given.push(field.given);
        }
        let mutable = if drops.is_empty() { quote!() } else { quote!(mut) };
        items.push(quote! {
            impl RequestBody for types::#ident {
                fn check(&self) -> Result<()> {
                    #(#checks)*
                    self.rules()
                }

                fn without_read_only(#mutable self) -> Self {
                    #(#drops)*
                    self
                }
            }

            impl Body for types::#ident {
                fn has(&self, field: &str) -> bool {
                    match field {
                        #(#names => #given,)*
                        _ => false,
                    }
                }
            }
        });
    }
    let secrets = components(spec, "schemas")
        .flat_map(|(pointer, _, schema)| {
            let properties = schema["properties"].as_object().into_iter().flatten();
            properties.map(move |(name, property)| (pointer.clone(), name, property))
        })
        .filter(|(_, _, property)| property["writeOnly"] == true)
        .map(|(pointer, name, _)| field_name(name, &pointer))
        .collect::<Result<BTreeSet<_>, _>>()?;
    let secrets: Vec<_> = secrets.into_iter().collect();
    let (default, longest) = return_timeout(spec)?;
    syn::parse2(quote! {
        /// The `return_timeout` of a list that asks for none, in seconds.
        pub(crate) const DEFAULT_RETURN_TIMEOUT: u64 = #default;
        /// The longest `return_timeout`, in seconds.
        pub(crate) const LONGEST_RETURN_TIMEOUT: u64 = #longest;
        /// The members of a request body that may be sent and are never returned.
        #[derive(Default, serde::Deserialize)]
        #[serde(default)]
        pub(crate) struct Secrets {
            #(#secrets: Option<SecretKey>,)*
        }

        impl Secrets {
            pub(crate) fn into_keys(self) -> impl Iterator<Item = SecretKey> {
                [#(self.#secrets),*].into_iter().flatten()
            }
        }
        #(#items)*
    })
    .map_err(|error| {
        At::new("/components/schemas", format!("the properties of a request do not make Rust names: {error}"))
    })
}

/// How long ONTAP collects records unless told otherwise, and how long it may be told to, in seconds.
fn return_timeout(spec: &Value) -> Result<(u64, u64), At> {
    let parameters = operations(spec).flat_map(|operation| operation.parameters());
    parameters
        .map(|(_, parameter)| target(spec, parameter))
        .filter(|parameter| parameter["name"] == "return_timeout")
        .find_map(|parameter| {
            Some((parameter["schema"]["default"].as_u64()?, parameter["schema"]["maximum"].as_u64()?))
        })
        .ok_or_else(|| At::new("/paths", "no operation has a `return_timeout` with a default and a maximum"))
}
