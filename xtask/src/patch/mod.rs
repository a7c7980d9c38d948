//! Changes to a YAML document that leave every other byte as it was: comments, order, quoting, blank lines.
//!
//! `tree` finds the byte ranges of the parts. `change` and `arrange` cut out or replace only the ranges that an edit is
//! about. The result is read again and compared with the expected content. A text that this module does not understand is an
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

use crate::document::{Document, Unreadable, join};
pub(crate) use work::Work;

/// One change to a YAML document. Pointers are JSON pointers (RFC 6901) into the document before all edits. A null counts as
/// a mapping or a sequence that is not there.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Sets the value of a member of a mapping or of an item of a sequence. A member that is not there is added, with the
    /// mappings on the way. The equal parts of a collection keep their text.
    Put(String, Value),
    /// Takes out a member of a mapping or an item of a sequence.
    Remove(String),
    /// Adds an item to a sequence, which is made if it is not there. An order of the items is kept if they are numbers, or
    /// two or more strings. Without an order, the item goes to the end.
    Insert(String, Value),
}

/// Edits that cannot be made, or a text that they cannot be made in.
#[derive(Debug, Error)]
#[error("{at}: {cause}")]
pub struct PatchError {
    /// The place in the text, or the pointer of the part.
    at: String,
    cause: String,
}

impl PatchError {
    /// An edit does not fit the document, or another edit, or would change something else than it says.
    fn unfit(pointer: &str, cause: impl Into<String>) -> Self {
        let at = if pointer.is_empty() { "the document" } else { pointer };
        Self { at: at.to_owned(), cause: cause.into() }
    }
}

impl From<Unreadable> for PatchError {
    fn from(Unreadable { place, cause }: Unreadable) -> Self {
        Self { at: format!("line {}, column {}", place.line, place.column), cause }
    }
}

/// The YAML document `text` with `edits` made, everything else byte for byte as it was. Edits that are equal count once.
///
/// # Errors
/// If `text` is not one YAML document, or if an edit does not fit the text or another edit. Also if the module cannot change
/// a form of the text, such as keys with `?`, or a tag on the part to replace.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, PatchError> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = &text[..text.len() - body.len()];
    let old = Document::parse(body)?.value;
    let mut work = Work::default();
    edits.iter().try_for_each(|edit| work.add(edit))?;
    let (out, meant) = change::change(body, &old, &work)?;
    let astray = |pointer: &str, cause| {
        PatchError::unfit(pointer, format!("the edited text would not say what was expected: {cause}"))
    };
    let got = Document::parse(&out).map_err(|error| astray("", PatchError::from(error).to_string()))?;
    match difference(Some(&got.value), Some(&meant), "") {
        None => Ok(format!("{mark}{out}")),
        Some((pointer, cause)) => Err(astray(&pointer, cause)),
    }
}

impl Edit {
    /// The pointer of the part that it is about.
    pub fn pointer(&self) -> &str {
        match self {
            Self::Put(pointer, _) | Self::Remove(pointer) | Self::Insert(pointer, _) => pointer,
        }
    }
}

/// The first place where `got` is not `meant`, and how.
fn difference(got: Option<&Value>, meant: Option<&Value>, pointer: &str) -> Option<(String, String)> {
    let cause = match (got, meant) {
        _ if got == meant => return None,
        (None, _) => "it would be missing".to_owned(),
        (_, None) => "it would be there".to_owned(),
        (Some(Value::Object(got)), Some(Value::Object(meant))) => {
            let part = |key: &String| difference(got.get(key), meant.get(key), &join(pointer, key));
            return meant.keys().chain(got.keys()).find_map(part);
        }
        (Some(Value::Array(got)), Some(Value::Array(meant))) if got.len() == meant.len() => {
            let part = |item: usize| difference(got.get(item), meant.get(item), &format!("{pointer}/{item}"));
            return (0..got.len()).find_map(part);
        }
        (Some(got), Some(meant)) => format!("{:.60} instead of {:.60}", got.to_string(), meant.to_string()),
    };
    Some((pointer.to_owned(), cause))
}
