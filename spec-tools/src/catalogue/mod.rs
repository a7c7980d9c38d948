//! Flat tables of the parts of the spec: its error codes, its fields and its parameters.

mod rows;
mod uses;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use xtask::openapi::Document;
use xtask::place::Unreadable;

pub(crate) use uses::{Use, list as uses, resource};

/// The tables.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "The catalogue that `cargo spec export --format json` writes")]
pub struct Catalogue {
    /// The release of ONTAP that the spec describes.
    pub release: String,
    /// The error codes, by number.
    pub codes: Vec<ErrorCode>,
    /// The fields of all resources, by resource and name.
    pub fields: Vec<Field>,
    /// The parameters of the operations, by name.
    pub parameters: Vec<Parameter>,
}

/// An error code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorCode {
    /// The number.
    pub code: u64,
    /// The name for programs, which never changes.
    pub name: String,
    /// The meaning, in a sentence.
    pub summary: String,
    /// The way out, in a sentence.
    pub remedy: String,
    /// The operations that it is documented for, such as `POST /security/ipsec/policies`.
    pub operations: Vec<String>,
    /// The first release whose reference lists it, of those that the project has read; ONTAP can have had it before.
    pub release: Option<String>,
}

/// A field of a resource that holds a value: of an object within it, its members are listed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Field {
    /// The path of the collection or singleton that has the field, such as `/security/ipsec/policies`.
    pub resource: String,
    /// The names on the way to it, joined by dots, as filters and `fields` have them.
    pub name: String,
    /// The type of the value.
    pub r#type: String,
    /// The OpenAPI format of its text, such as `uuid`.
    pub format: Option<String>,
    /// The values that this release knows; later ones can add to them.
    pub values: Vec<String>,
    /// The smallest number of characters that is taken.
    pub min_length: Option<Value>,
    /// The largest number of characters that is taken.
    pub max_length: Option<Value>,
    /// The description.
    pub description: String,
    /// The release of ONTAP that brought it.
    pub release: Option<String>,
    /// The release since which it can be given at create; none if it cannot.
    pub create: Option<String>,
    /// The release since which it can be changed; none if it cannot.
    pub modify: Option<String>,
    /// The release since which it is returned; none if it is not.
    pub read: Option<String>,
    /// The release since which a list can be filtered by it; none if it cannot.
    pub filter: Option<String>,
}

/// A parameter. Where operations have one alike, it is listed once.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it goes: `query` or `path`.
    pub r#in: String,
    /// The type of the value.
    pub r#type: String,
    /// The OpenAPI format of its text, such as `uuid`.
    pub format: Option<String>,
    /// Whether it has to be given.
    pub required: bool,
    /// The value that stands for none.
    pub default: Option<Value>,
    /// The smallest number.
    pub minimum: Option<Value>,
    /// The largest number.
    pub maximum: Option<Value>,
    /// The smallest number of characters.
    pub min_length: Option<Value>,
    /// The largest number of characters.
    pub max_length: Option<Value>,
    /// The description.
    pub description: String,
    /// The release of ONTAP that brought it.
    pub release: Option<String>,
    /// The operations that take it.
    pub operations: Vec<String>,
}

impl Catalogue {
    /// Makes the tables of the spec; `documented` tells when a code was first documented.
    ///
    /// # Errors
    /// If a part of the spec is not as OpenAPI has it.
    pub fn new(spec: &Document, documented: &[Document]) -> Result<Self, Unreadable> {
        Ok(Self {
            release: spec.release().to_owned(),
            codes: rows::codes(spec, documented),
            fields: rows::fields(spec)?,
            parameters: rows::parameters(spec)?,
        })
    }
}

impl Field {
    /// Gives the release since which this can be done with the field; none if it cannot.
    pub(crate) fn since(&self, one: Use) -> Option<&str> {
        [&self.create, &self.modify, &self.read, &self.filter][one as usize].as_deref()
    }
}
