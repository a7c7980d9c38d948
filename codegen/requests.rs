//! Checks of request bodies: lengths of values, lists of numbers, secret members, and members that only ONTAP sets.

use std::collections::BTreeSet;

use quote::quote;
use serde_json::Value;

use super::At;
use super::document::join;
use super::names::type_name;
use super::properties::properties;
use super::releases::{fields, first};
use super::spec::{components, is_secret, named, operations, target};

/// On a schema with limits of length: ONTAP's code for a value beyond them.
pub(crate) const LENGTH_CODE: &str = "x-ontap-length-error-code";

/// Generates `impl RequestBody` and `impl Body` for each request body, and the list of secret members.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let mut items = Vec::new();
    for operation in operations(spec) {
        let Some((name, body)) = named(spec, operation.body()) else { continue };
        let ident = type_name(name, "/components/schemas")?;
        let properties = properties(spec, name, body)?;
        let mut checks = Vec::new();
        for property in &properties {
            let (name, value, schema) = (&property.name, property.of("self"), property.target);
            let bound = |limit: &str| schema[limit].as_u64().and_then(|bound| usize::try_from(bound).ok());
            let (minimum, maximum) = (bound("minLength").unwrap_or(0), bound("maxLength").unwrap_or(usize::MAX));
            if (minimum, maximum) != (0, usize::MAX) {
                let code = schema[LENGTH_CODE].as_u64().map(|code| code.to_string());
                let code = code.map_or(quote!(None), |code| quote!(Some(#code)));
                checks.push(quote!(if let Some(value) = #value {
                    within(#name, value, #minimum, #maximum, #code)?;
                }));
            }
            let listed = schema["enum"].as_array().filter(|_| schema["type"] == "integer").into_iter().flatten();
            let listed: Option<Vec<_>> = listed.map(Value::as_i64).collect();
            let not_numbers =
                || At::new(join(&property.pointer, "enum"), "the values of an integer have to be whole numbers");
            let listed = listed.ok_or_else(not_numbers)?;
            if !listed.is_empty() {
                checks.push(quote!(if let Some(value) = #value {
                    one_of(#name, *value, &[#(#listed),*])?;
                }));
            }
        }
        let secrets: Vec<_> = properties.iter().filter(|it| is_secret(it.target)).map(|it| it.of("self")).collect();
        let count = secrets.len();
        let mut drops = Vec::new();
        for part in properties.iter().filter(|property| property.is_object() && property.around.is_none()) {
            let field = &part.field;
            let members = properties.iter().filter(|it| it.around.as_ref() == Some(field));
            let members: Vec<_> = members.filter(|it| it.schema["readOnly"] == true).map(|it| &it.field).collect();
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

                fn secrets(&self) -> Vec<&SecretKey> {
                    let secrets: [Option<&SecretKey>; #count] = [#(#secrets),*];
                    secrets.into_iter().flatten().collect()
                }
            }

            impl Body for types::#ident {
                fn has(&self, field: &str) -> bool {
                    [#((#names, #given)),*].contains(&(field, true))
                }
            }
        });
    }
    let schemas = components(spec, "schemas").flat_map(|(_, _, schema)| schema["properties"].as_object());
    let secrets: BTreeSet<_> =
        schemas.flatten().filter(|(_, property)| property["writeOnly"] == true).map(|(name, _)| name).collect();
    let secrets = secrets.into_iter();
    let (default, longest) = return_timeout(spec)?;
    syn::parse2(quote! {
        /// The `return_timeout` of a list that asks for none, in seconds.
        pub(crate) const DEFAULT_RETURN_TIMEOUT: u64 = #default;
        /// The longest `return_timeout`, in seconds.
        pub(crate) const LONGEST_RETURN_TIMEOUT: u64 = #longest;
        /// The members of request bodies, and of objects in them, that may be sent and are never returned.
        const SECRETS: &[&str] = &[#(#secrets),*];
        #(#items)*
    })
    .map_err(|error| {
        At::new("/components/schemas", format!("the properties of a request cannot become Rust names: {error}"))
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
