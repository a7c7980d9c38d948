//! Enums that keep values they do not know.

use quote::quote;
use serde_json::Value;

use super::At;
use super::document::join;
use super::names::{Variants, type_name};
use super::spec::components;

/// Whether a schema is a string of which the known values are listed.
pub(crate) fn is_enum(schema: &Value) -> bool {
    schema["type"] == "string" && schema.get("enum").is_some()
}

/// Generates one enum for each such schema in `components`.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let mut items = Vec::new();
    for (pointer, name, schema) in components(spec, "schemas").filter(|(_, _, schema)| is_enum(schema)) {
        let ident = type_name(name, &pointer)?;
        let listed = schema["enum"].as_array().map(Vec::as_slice).unwrap_or_default();
        let values: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
        if values.len() != listed.len() || values.is_empty() {
            return Err(At::new(join(&pointer, "enum"), "the known values have to be strings, one at least"));
        }
        let (mut names, list) = (Variants::beside(&["Other"]), join(&pointer, "enum"));
        let variants =
            values.iter().enumerate().map(|(index, value)| names.add(value, &join(&list, &index.to_string())));
        let variants = variants.collect::<Result<Vec<_>, _>>()?;
        let description = schema["description"].as_str().unwrap_or(name);
        let docs = values.iter().map(|value| format!("`{value}`"));
        items.push(quote! {
            #[doc = #description]
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[non_exhaustive]
            pub enum #ident {
                #(#[doc = #docs] #variants,)*
                /// A value that this release of the crate does not know, as ONTAP gave it.
                Other(String),
            }

            impl #ident {
                /// The values that the spec names.
                pub const KNOWN: &'static [&'static str] = &[#(#values),*];

                /// The value as ONTAP writes it.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    match self {
                        #(Self::#variants => #values,)*
                        Self::Other(value) => value,
                    }
                }
            }

            impl From<&str> for #ident {
                fn from(value: &str) -> Self {
                    match value {
                        #(#values => Self::#variants,)*
                        other => Self::Other(other.to_owned()),
                    }
                }
            }

            open_enum!(#ident);
        });
    }
    syn::parse2(quote!(#(#items)*))
        .map_err(|error| At::new("/components/schemas", format!("an enum's values do not make Rust names: {error}")))
}
