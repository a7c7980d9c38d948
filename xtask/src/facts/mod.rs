//! What the vendor's page says, without the page's words.

mod documented;
mod fingerprint;
mod origin;
mod yaml;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::document::join;

pub use documented::Documented;
pub use fingerprint::{Fingerprint, digest};
pub use origin::Origin;
pub(crate) use yaml::quoted;
pub use yaml::write;

/// The facts of one release.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The release of ONTAP.
    pub release: String,
    /// The pages that the facts were read from.
    pub pages: Vec<Page>,
    /// The operations, by method and path, such as `GET /security/ipsec/policies`.
    pub operations: BTreeMap<String, Operation>,
}

/// A page of the vendor's reference.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The name of its file.
    pub file: String,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// One operation. All lists are sorted, so that another order on the page makes no difference.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The release in which it first appeared.
    pub introduced: String,
    /// The fingerprint of what the page says of it.
    pub fingerprint: Option<Fingerprint>,
    /// The ONTAP CLI commands that do the same.
    pub commands: Vec<String>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The members of the request body, if it takes one.
    pub request: Option<Vec<Field>>,
    /// The HTTP status of success.
    pub status: u16,
    /// The members of the body of success; none if it has no body.
    pub response: Vec<Field>,
    /// The headers of success.
    pub headers: Vec<Header>,
    /// The members of an error's body.
    pub error: Vec<Field>,
    /// Its own error codes.
    pub error_codes: Vec<ErrorCode>,
    /// The objects that its fields name. Where the page gives one name to several, the key of each has the names of its
    /// fields in parentheses: `_links(self)` and `_links(next,self)`.
    pub definitions: BTreeMap<String, Definition>,
    /// Where it was read.
    #[serde(skip)]
    pub origin: Origin,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it goes: `query` or `path`.
    pub r#in: String,
    /// Its type.
    pub r#type: Type,
    /// Whether it has to be given.
    pub required: bool,
    /// What is said of its values.
    #[serde(default)]
    pub limits: Limits,
    /// The release in which it first appeared, if that is not the operation's.
    #[serde(default)]
    pub introduced: Option<String>,
    /// The fingerprint of its description.
    #[serde(default)]
    pub fingerprint: Option<Fingerprint>,
    /// Whether the page breaks off in the middle of its description.
    #[serde(default)]
    pub cut: bool,
    /// Where it was read.
    #[serde(skip)]
    pub origin: Origin,
}

/// A member of a body or of a definition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub r#type: Type,
    /// What is said of its values.
    #[serde(default)]
    pub limits: Limits,
    /// The release in which it first appeared, if that is not the operation's.
    #[serde(default)]
    pub introduced: Option<String>,
    /// The fingerprint of its description.
    #[serde(default)]
    pub fingerprint: Option<Fingerprint>,
    /// Whether the page breaks off in the middle of its description.
    #[serde(default)]
    pub cut: bool,
    /// Where it was read.
    #[serde(skip)]
    pub origin: Origin,
}

/// A header of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its type.
    pub r#type: Type,
    /// The fingerprint of its description.
    #[serde(default)]
    pub fingerprint: Option<Fingerprint>,
    /// Where it was read.
    #[serde(skip)]
    pub origin: Origin,
}

/// An error code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// The number.
    pub code: u64,
    /// The fingerprint of its description.
    #[serde(default)]
    pub fingerprint: Option<Fingerprint>,
    /// Where it was read.
    #[serde(skip)]
    pub origin: Origin,
}

/// An object that fields name as their type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The fingerprint of its description.
    #[serde(default)]
    pub fingerprint: Option<Fingerprint>,
    /// Its members.
    pub fields: Vec<Field>,
    /// Where it was read.
    #[serde(skip)]
    pub origin: Origin,
}

/// What is said of the values of a parameter or field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The value that stands for none.
    pub default: Option<serde_json::Value>,
    /// The smallest number.
    pub minimum: Option<i64>,
    /// The largest number.
    pub maximum: Option<i64>,
    /// The smallest number of characters.
    #[serde(rename = "minLength")]
    pub min_length: Option<i64>,
    /// The largest number of characters.
    #[serde(rename = "maxLength")]
    pub max_length: Option<i64>,
}

impl Limits {
    /// Each limit that is given, under the name that OpenAPI has for it.
    pub fn named(&self) -> Vec<(&'static str, serde_json::Value)> {
        [
            ("default", self.default.clone()),
            ("minimum", self.minimum.map(Into::into)),
            ("maximum", self.maximum.map(Into::into)),
            ("minLength", self.min_length.map(Into::into)),
            ("maxLength", self.max_length.map(Into::into)),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)))
        .collect()
    }
}

/// The types that a page has for values that are not objects.
pub const SCALARS: [&str; 3] = ["boolean", "integer", "string"];

/// A documented type. Written `string`, `array[string]`, `#svm` or `array[#records]`, where `#` marks the name of a
/// definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Type {
    /// Whether there can be several.
    pub array: bool,
    /// What each is.
    pub of: Of,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// One of [`SCALARS`].
    Scalar(String),
    /// The object whose definition has this key.
    Definition(String),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mark, name) = match &self.of {
            Of::Scalar(name) => ("", name),
            Of::Definition(key) => ("#", key),
        };
        if self.array { write!(f, "array[{mark}{name}]") } else { write!(f, "{mark}{name}") }
    }
}

impl TryFrom<String> for Type {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let inner = text.strip_prefix("array[").and_then(|rest| rest.strip_suffix(']'));
        let name = inner.unwrap_or(&text);
        let of = match name.strip_prefix('#') {
            Some(key) if !key.is_empty() => Of::Definition(key.to_owned()),
            None if SCALARS.contains(&name) => Of::Scalar(name.to_owned()),
            _ => {
                return Err(format!(
                    "`{text}` is not a type: expected {}, #DEFINITION or array[...]",
                    SCALARS.join(", ")
                ));
            }
        };
        Ok(Self { array: inner.is_some(), of })
    }
}

impl JsonSchema for Type {
    fn schema_name() -> Cow<'static, str> {
        "Type".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let one = format!("(?:{}|#.+)", SCALARS.join("|"));
        json_schema!({
            "description": "A type; `#` marks the name of a definition.",
            "type": "string",
            "pattern": format!(r"^(?:{one}|array\[{one}\])$"),
        })
    }
}

/// The name that the page gives to the definition with this key: without the marks that tell namesakes apart.
pub fn definition_name(key: &str) -> &str {
    key.split_once('(').map_or(key, |(name, _)| name)
}

impl Operation {
    /// All lists of fields, with their pointers; `pointer` is that of the operation.
    pub(crate) fn tables(&self, pointer: &str) -> Vec<(String, &[Field])> {
        let bodies =
            [("request", self.request.as_ref()), ("response", Some(&self.response)), ("error", Some(&self.error))];
        let bodies = bodies
            .into_iter()
            .filter_map(|(name, fields)| fields.map(|fields| (join(pointer, name), fields.as_slice())));
        let definitions = self
            .definitions
            .iter()
            .map(|(key, definition)| (definition_pointer(pointer, key), definition.fields.as_slice()));
        bodies.chain(definitions).collect()
    }
}

/// The pointer of a definition's fields; `operation` is the operation's.
pub(crate) fn definition_pointer(operation: &str, key: &str) -> String {
    join(&join(&join(operation, "definitions"), key), "fields")
}
