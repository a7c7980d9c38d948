//! For programs: what their documents have in common.

use schemars::JsonSchema;
use serde::Serialize;

use crate::place::At;

/// What a change means to a caller of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A call that was right before can fail, or mean something else.
    Breaking,
    /// A call that was right before still is.
    Compatible,
    /// Only the words for people read differently.
    Wording,
}

/// A place in a file; line and column are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line.
    pub line: u64,
    /// The column, in characters.
    pub column: u64,
}

impl From<super::Class> for Class {
    fn from(class: super::Class) -> Self {
        match class {
            super::Class::Breaking => Self::Breaking,
            super::Class::Compatible => Self::Compatible,
            super::Class::Wording => Self::Wording,
        }
    }
}

impl From<&At> for Place {
    fn from(at: &At) -> Self {
        Self { file: at.file.clone(), line: at.line, column: at.column }
    }
}
