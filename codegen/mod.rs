//! Compiles `spec/ontap-ipsec.yaml` into Rust. Used by build.rs, and by the tests of what it refuses.

mod check;
mod comparison;
mod document;
mod error_codes;
mod fields;
mod lower;
mod names;
mod open_enums;
mod operations;
mod properties;
mod releases;
mod requests;
mod spec;
mod types;
mod written;

use std::fmt;

use document::{Document, Place};

/// One generated file.
pub(crate) struct Generated {
    /// Its name in OUT_DIR.
    pub(crate) name: &'static str,
    /// Its text, formatted.
    pub(crate) text: String,
}

/// A fault of the spec, with its place.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Where.
    pub(crate) place: Place,
    /// The cause, and the way out.
    pub(crate) cause: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.cause)
    }
}

/// A fault whose place is still a JSON pointer into the document.
struct At {
    pointer: String,
    cause: String,
}

impl At {
    fn new(pointer: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), cause: cause.into() }
    }

    fn locate(self, document: &Document) -> Fault {
        Fault { place: document.place(&self.pointer), cause: self.cause }
    }
}

/// Compiles the spec. With `json_schema`, the types derive `schemars::JsonSchema`.
///
/// # Errors
/// If the text is not YAML, not an OpenAPI document, contradicts itself, or is beyond the generator.
pub(crate) fn compile(spec: &str, json_schema: bool) -> Result<Vec<Generated>, Fault> {
    let document =
        Document::parse(spec).map_err(|unreadable| Fault { place: unreadable.place, cause: unreadable.cause })?;
    let faults = |at: At| at.locate(&document);
    check::check(&document.value).map_err(faults)?;

    let files = [
        ("blocking.rs", operations::generate_blocking(&document.value).map_err(faults)?),
        ("comparison.rs", comparison::generate(&document.value).map_err(faults)?),
        ("error_codes.rs", error_codes::generate(&document.value).map_err(faults)?),
        ("fields.rs", fields::generate(&document.value).map_err(faults)?),
        ("open_enums.rs", open_enums::generate(&document.value).map_err(faults)?),
        ("operations.rs", operations::generate(&document.value).map_err(faults)?),
        ("requests.rs", requests::generate(&document.value).map_err(faults)?),
        ("types.rs", types::generate(&document.value, json_schema).map_err(faults)?),
        ("written.rs", written::generate(&document.value).map_err(faults)?),
    ];
    Ok(files.into_iter().map(|(name, file)| Generated { name, text: prettyplease::unparse(&file) }).collect())
}
