//! What the spec lists, as flat tables: its error codes, its fields and its parameters.

mod codes;
mod fields;
mod parameters;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::facts::Facts;
use crate::place::Unreadable;
use crate::spec::Spec;
use crate::workspace;

/// The tables.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "The catalogue that `cargo xtask export --format json` writes")]
pub struct Catalogue {
    /// The release of ONTAP that the spec describes.
    pub release: String,
    /// The error codes, by number.
    pub codes: Vec<ErrorCode>,
    /// The fields of a policy, by name.
    pub fields: Vec<Field>,
    /// The parameters of the operations, by name.
    pub parameters: Vec<Parameter>,
}

/// An error code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorCode {
    /// The number.
    pub code: u64,
    /// What programs call it; it never changes.
    pub name: String,
    /// What it means, in a sentence.
    pub summary: String,
    /// What can be done about it, in a sentence.
    pub remedy: String,
    /// The operations that it is documented for, such as `POST /security/ipsec/policies`.
    pub operations: Vec<String>,
    /// The first release whose reference lists it, of those that the project has read; ONTAP can have had it before.
    pub release: Option<String>,
}

/// A field of a policy that holds a value: of an object within the policy, its members are listed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Field {
    /// The names on the way to it, joined by dots, as filters and `fields` have them.
    pub name: String,
    /// What it holds.
    pub r#type: String,
    /// What its text looks like, such as `uuid`, by OpenAPI's names.
    pub format: Option<String>,
    /// The values that this release knows; later ones can add to them.
    pub values: Vec<String>,
    /// The smallest number of characters that is taken.
    pub min_length: Option<Value>,
    /// The largest number of characters that is taken.
    pub max_length: Option<Value>,
    /// What it is.
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
    /// What it holds.
    pub r#type: String,
    /// What its text looks like, such as `uuid`, by OpenAPI's names.
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
    /// What it is.
    pub description: String,
    /// The release of ONTAP that brought it.
    pub release: Option<String>,
    /// The operations that take it.
    pub operations: Vec<String>,
}

impl Catalogue {
    /// Makes the tables of the spec; when a code was first documented is asked of `documented`.
    ///
    /// # Errors
    /// If a part of the spec is not as OpenAPI has it.
    pub fn new(spec: &Spec, documented: &[Facts]) -> Result<Self, Unreadable> {
        Ok(Self {
            release: spec.value("/info/version").as_str().unwrap_or_default().to_owned(),
            codes: codes::list(spec, documented),
            fields: fields::list(spec)?,
            parameters: parameters::list(spec)?,
        })
    }
}

/// The earlier of two releases, of which each can be unknown.
fn earlier(one: Option<&str>, other: Option<&str>) -> Option<String> {
    let both = [one, other].into_iter().flatten();
    both.min_by_key(|release| workspace::release(release)).map(str::to_owned)
}

/// The later of two releases, of which each can be unknown.
fn later(one: Option<&str>, other: Option<&str>) -> Option<String> {
    let both = [one, other].into_iter().flatten();
    both.max_by_key(|release| workspace::release(release)).map(str::to_owned)
}
