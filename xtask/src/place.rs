//! Places in files, and files that cannot be read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::iter::successors;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

use crate::document::{self, Document, Place};

/// The tokens of a JSON pointer, without their escapes.
pub(crate) fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let unescaped = |token: &str| token.replace("~1", "/").replace("~0", "~");
    // Most tokens have no escape, and a copy of each costs a third of a comparison.
    pointer
        .split('/')
        .skip(1)
        .map(move |token| if token.contains('~') { unescaped(token).into() } else { token.into() })
}

/// Appends one token to a JSON pointer.
pub fn join(pointer: &str, token: &str) -> String {
    document::join(pointer, token)
}

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Location")]
pub struct At {
    /// The file, as the program was told to find it.
    pub file: String,
    /// The line.
    #[schemars(range(min = 1))]
    pub line: u64,
    /// The column, in characters.
    #[schemars(range(min = 1))]
    pub column: u64,
    /// The JSON pointer of the part, or of where it should be.
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
pub struct Source {
    /// The file, as messages name it.
    pub file: String,
    pub(crate) document: Document,
    /// The file and line of each part by its pointer, if the parts were read from pages.
    pages: Option<BTreeMap<String, (String, u64)>>,
}

impl Source {
    /// Reads a file's text.
    ///
    /// # Errors
    /// If the text is not YAML.
    pub fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        let file = file.to_owned();
        match Document::parse(text) {
            Ok(document) => Ok(Self { file, document, pages: None }),
            Err(document::Unreadable { place: Place { line, column }, cause }) => {
                Err(Unreadable { at: At { file, line, column, pointer: String::new() }, cause })
            }
        }
    }

    /// Gives the content.
    pub fn content(&self) -> &Value {
        &self.document.value
    }

    /// Gives the content, to be changed. Places stay the places in the file.
    pub fn content_mut(&mut self) -> &mut Value {
        &mut self.document.value
    }

    /// The same with the places of the pages that its parts were read from.
    pub(crate) fn with_places(self, places: BTreeMap<String, (String, u64)>) -> Self {
        Self { pages: Some(places), ..self }
    }

    /// The place of what `pointer` names, or of the nearest part around it.
    pub fn at(&self, pointer: &str) -> At {
        let pointer = pointer.to_owned();
        if let Some(pages) = &self.pages {
            let mut around = successors(Some(pointer.as_str()), |inner| inner.rfind('/').map(|end| &inner[..end]));
            let found = around.find_map(|pointer| pages.get(pointer)).cloned();
            let (file, line) = found.unwrap_or_else(|| (self.file.clone(), 1));
            return At { file, line, column: 1, pointer };
        }
        let Place { line, column } = self.document.place(&pointer);
        At { file: self.file.clone(), line, column, pointer }
    }

    /// Says that the part at `pointer` is not what it should be.
    pub fn unreadable(&self, pointer: &str, cause: impl Into<String>) -> Unreadable {
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
