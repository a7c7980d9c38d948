//! Places in files, and files that cannot be read.

use std::fmt;

use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::document::{Document, join};

/// A place in a file; line and column are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The file, as the user would name it.
    pub file: String,
    /// The line.
    pub line: u64,
    /// The column, in characters.
    pub column: u64,
    /// What was looked for: the JSON pointer (RFC 6901) of a part that is there, or of one that should be and would stand
    /// near by.
    pub pointer: String,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A YAML file that is not what it should be.
#[derive(Debug, Error)]
#[error("{at}: {cause}")]
pub struct Unreadable {
    /// Where.
    pub at: At,
    /// Why, and what was expected.
    pub cause: String,
}

/// A YAML file with the places of its parts.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) file: String,
    pub(crate) document: Document,
}

impl Source {
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        let document = Document::parse(text).map_err(|unreadable| Unreadable {
            at: At {
                file: file.to_owned(),
                line: unreadable.place.line,
                column: unreadable.place.column,
                pointer: String::new(),
            },
            cause: unreadable.cause,
        })?;
        Ok(Self { file: file.to_owned(), document })
    }

    /// The place of what `pointer` names, or of the nearest part around it.
    pub(crate) fn at(&self, pointer: &str) -> At {
        let place = self.document.place(pointer);
        At { file: self.file.clone(), line: place.line, column: place.column, pointer: pointer.to_owned() }
    }

    pub(crate) fn unreadable(&self, pointer: &str, cause: impl Into<String>) -> Unreadable {
        Unreadable { at: self.at(pointer), cause: cause.into() }
    }

    /// The whole file as a `T`; a misfit is reported at its own line.
    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        serde_path_to_error::deserialize(&self.document.value).map_err(|error| {
            let pointer = error.path().iter().fold(String::new(), |pointer, segment| match segment {
                serde_path_to_error::Segment::Seq { index } => join(&pointer, &index.to_string()),
                serde_path_to_error::Segment::Map { key } => join(&pointer, key),
                _ => pointer,
            });
            self.unreadable(&pointer, error.inner().to_string())
        })
    }
}
