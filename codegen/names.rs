//! Rust names for what the spec names.

use std::collections::HashMap;

use heck::{ToPascalCase, ToSnakeCase};
use syn::Ident;

use super::At;

/// The variants of one enum.
pub(crate) struct Variants {
    used: HashMap<String, String>,
}

impl Variants {
    /// Names the variants of an enum that has those in `own` as well.
    pub(crate) fn beside(own: &[&str]) -> Self {
        Self { used: own.iter().map(|name| ((*name).to_owned(), "a variant for all others".to_owned())).collect() }
    }

    /// The variant for `text`, which stands at `pointer`.
    pub(crate) fn add(&mut self, text: &str, pointer: &str) -> Result<Ident, At> {
        let ident = type_name(text, pointer)?;
        match self.used.insert(ident.to_string(), format!("`{text}`")) {
            Some(first) => Err(At::new(pointer, format!("`{text}` becomes the Rust name `{ident}`, as {first} does"))),
            None => Ok(ident),
        }
    }
}

/// The type of a schema, and the variant for a value.
pub(crate) fn type_name(text: &str, pointer: &str) -> Result<Ident, At> {
    ident(text, &text.to_pascal_case(), pointer)
}

/// The field of a property.
pub(crate) fn field_name(text: &str, pointer: &str) -> Result<Ident, At> {
    ident(text, &text.to_snake_case(), pointer)
}

/// A word of Rust's gets an underscore, as progenitor writes it.
fn ident(text: &str, name: &str, pointer: &str) -> Result<Ident, At> {
    let ident = syn::parse_str(name).or_else(|_| syn::parse_str(&format!("{name}_")));
    ident.map_err(|_| At::new(pointer, format!("`{text}` cannot become a Rust name")))
}
