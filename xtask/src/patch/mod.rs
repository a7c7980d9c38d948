//! Changes to a YAML document that leave every other byte as it was: comments, order, quoting, blank lines.
//!
//! `tree` finds the byte ranges of the parts. `change` and `arrange` cut out or replace only the ranges that an edit is
//! about. The result is read again and compared with what was meant. A text that this module does not understand is an
//! error, and never becomes another document.
//!
//! No library edits the text: yaml-edit 0.3.6 fails 8 of 24 edits of the tests. The library keeps comments of removed parts,
//! and puts an item below the comment of the next one. Quotes change, dates stay bare, and each level is indented by 2.
//! The parser is the one that reads the document, so that both agree.
//!
//! # Comments
//! A removed part takes along the comment behind it, the comments within it, and the deeper comment lines after it. A comment
//! line above the part stays, since it may be about more than one entry. Review notices a stale comment, but not a lost one.
//! A new entry goes right behind the one before it, above the comments of the next one. The first entry of a collection
//! goes below the comments at its head.

mod arrange;
mod change;
mod order;
mod text;
mod tree;
mod work;
mod write;

use serde_json::Value;
use thiserror::Error;

use crate::document::{Document, join};

/// One change to a YAML document. Pointers are JSON pointers (RFC 6901) into the document before all edits. A null counts as
/// a mapping or a sequence that is not there.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Sets the value of a member of a mapping or of an item of a sequence. A member that is not there is added, with the
    /// mappings on the way. The equal parts of a collection keep their text.
    Put {
        /// The member or item.
        pointer: String,
        /// The new value.
        value: Value,
    },
    /// Takes out a member of a mapping or an item of a sequence.
    Remove {
        /// The member or item.
        pointer: String,
    },
    /// Adds an item to a sequence, which is made if it is not there. An order of the items is kept if they are numbers, or
    /// two or more strings. Without an order, the item goes to the end.
    Insert {
        /// The sequence.
        pointer: String,
        /// The new item.
        value: Value,
    },
}

/// Edits that cannot be made, or a text that they cannot be made in.
#[derive(Debug, Error)]
pub enum PatchError {
    /// The text is not one YAML document.
    #[error("line {line}, column {column}: {cause}")]
    Unreadable {
        /// The line, counted from 1.
        line: u64,
        /// The column in characters, counted from 1.
        column: u64,
        /// Why.
        cause: String,
    },
    /// An edit does not fit the document, or another edit, or would change something else than it says.
    #[error("{}: {cause}", named(.pointer))]
    Unfit {
        /// The place that the edit names.
        pointer: String,
        /// Why.
        cause: String,
    },
}

impl PatchError {
    fn unfit(pointer: &str, cause: impl Into<String>) -> Self {
        Self::Unfit { pointer: pointer.to_owned(), cause: cause.into() }
    }
}

fn named(pointer: &str) -> &str {
    if pointer.is_empty() { "the document" } else { pointer }
}

/// The YAML document `text` with `edits` made, everything else byte for byte as it was. Edits that are equal count once.
///
/// # Errors
/// If `text` is not one YAML document, or if an edit does not fit the text or another edit. Also if the module cannot change
/// a form of the text, such as keys with `?`, or a tag on the part to replace.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, PatchError> {
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let old = read(body)?;
    let work = work::Work::gather(edits)?;
    let (out, meant) = change::change(body, &old, &work)?;
    let astray = |pointer: &str, cause| {
        PatchError::unfit(pointer, format!("the edited text would not say what was meant: {cause}"))
    };
    // The tree sees the text to its end, which the reader of values does not.
    let got = tree::read(&out).and_then(|_| read(&out));
    let got = got.map_err(|error| astray("", error.to_string()))?;
    match difference(&got, &meant, "") {
        None => Ok(format!("{mark}{out}")),
        Some((pointer, cause)) => Err(astray(&pointer, cause)),
    }
}

fn read(text: &str) -> Result<Value, PatchError> {
    let document = Document::parse(text).map_err(|unreadable| PatchError::Unreadable {
        line: unreadable.place.line,
        column: unreadable.place.column,
        cause: unreadable.cause,
    })?;
    Ok(document.value)
}

impl Edit {
    /// The pointer of the part that it is about.
    pub fn pointer(&self) -> &str {
        match self {
            Self::Put { pointer, .. } | Self::Remove { pointer } | Self::Insert { pointer, .. } => pointer,
        }
    }
}

/// The first place where `got` is not `meant`, and how.
fn difference(got: &Value, meant: &Value, pointer: &str) -> Option<(String, String)> {
    if got == meant {
        return None;
    }
    match (got, meant) {
        (Value::Object(got), Value::Object(meant)) => meant.keys().chain(got.keys()).find_map(|key| {
            let pointer = join(pointer, key);
            match (got.get(key), meant.get(key)) {
                (Some(got), Some(meant)) => difference(got, meant, &pointer),
                (None, _) => Some((pointer, "it would be missing".to_owned())),
                (_, None) => Some((pointer, "it would be there".to_owned())),
            }
        }),
        (Value::Array(got), Value::Array(meant)) if got.len() == meant.len() => {
            let mut pairs = got.iter().zip(meant).enumerate();
            pairs.find_map(|(index, (got, meant))| difference(got, meant, &join(pointer, &index.to_string())))
        }
        _ => Some((pointer.to_owned(), format!("{:.60} instead of {:.60}", got.to_string(), meant.to_string()))),
    }
}
