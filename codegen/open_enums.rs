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
        let list = join(&pointer, "enum");
        let values = values.into_iter().enumerate().map(|(index, value)| Known {
            text: value.to_owned(),
            doc: format!("`{value}`"),
            pointer: join(&list, &index.to_string()),
        });
        let description = schema["description"].as_str().unwrap_or(name);
        items.push(open_enum(&ident, description, &values.collect::<Vec<_>>())?);
    }
    Ok(syn::parse_quote!(#(#items)*))
}

/// A value that an open enum names.
pub(crate) struct Known {
    pub(crate) text: String,
    pub(crate) doc: String,
    pub(crate) pointer: String,
}

/// An enum with a variant for each of the values, and one for all others.
pub(crate) fn open_enum(ident: &syn::Ident, description: &str, values: &[Known]) -> Result<syn::File, At> {
    let mut names = Variants::beside(&["Other"]);
    let variants = values.iter().map(|value| names.add(&value.text, &value.pointer)).collect::<Result<Vec<_>, _>>()?;
    let docs = values.iter().map(|value| &value.doc);
    let values: Vec<_> = values.iter().map(|value| &value.text).collect();
    syn::parse2(quote! {
        #[doc = #description]
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    })
    .map_err(|error| At::new("/components/schemas", format!("`{ident}` cannot become a Rust enum: {error}")))
}
