//! Reads parts of a document by their pointers.

use serde_json::{Map, Value};

use crate::document::join;
use crate::place::{Source, Unreadable};

use super::{Fingerprint, Said};

/// Reads parts of the document by their pointers.
pub(super) struct Reader<'s> {
    pub(super) source: &'s Source,
}

impl<'s> Reader<'s> {
    pub(super) fn unreadable(&self, pointer: &str, cause: impl Into<String>) -> Unreadable {
        self.source.unreadable(pointer, cause)
    }

    /// The value at `pointer`; null if there is nothing.
    pub(super) fn value(&self, pointer: &str) -> &'s Value {
        self.source.document.value.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The pointer that `pointer` leads to when `$ref`s are followed.
    pub(super) fn follow(&self, pointer: &str) -> Result<String, Unreadable> {
        let mut at = pointer.to_owned();
        // More steps than any sane document takes; it ends references that go in circles.
        for _ in 0..64 {
            let Some(target) = self.value(&at).get("$ref") else { return Ok(at) };
            let reference = join(&at, "$ref");
            let local = target.as_str().and_then(|target| target.strip_prefix('#'));
            match local {
                Some(local) if !self.value(local).is_null() => at = local.to_owned(),
                _ => return Err(self.unreadable(&reference, format!("{target} is not in this document"))),
            }
        }
        Err(self.unreadable(pointer, "a reference that leads back to itself"))
    }

    /// The members of the mapping at `pointer`: the pointer, the name and the value of each. Null counts as empty.
    pub(super) fn members(&self, pointer: &str) -> Result<Vec<(String, String, &'s Value)>, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(Vec::new()),
            Value::Object(map) => Ok(named(pointer, map)),
            _ => Err(self.unreadable(pointer, "expected a mapping")),
        }
    }

    /// The items of the list at `pointer`, with their pointers. Null counts as empty.
    pub(super) fn items(&self, pointer: &str) -> Result<Vec<(String, &'s Value)>, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(Vec::new()),
            Value::Array(items) => {
                Ok((0..).zip(items).map(|(index, item)| (join(pointer, &format!("{index}")), item)).collect())
            }
            _ => Err(self.unreadable(pointer, "expected a list")),
        }
    }

    /// The text at `pointer`, if something is there.
    pub(super) fn text(&self, pointer: &str) -> Result<Option<&'s str>, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            _ => Err(self.unreadable(pointer, "expected text; put it in quotes if it looks like a number")),
        }
    }

    /// Reads the marks of the part at `pointer`.
    pub(super) fn said(&self, pointer: &str) -> Result<Said, Unreadable> {
        Ok(Said {
            introduced: self.text(&join(pointer, "x-ntap-introduced"))?.map(str::to_owned),
            fingerprint: self.fingerprint(&join(pointer, "x-ontap-fingerprint"))?,
            cut: self.flag(&join(pointer, "x-ontap-cut"))?,
        })
    }

    /// The fingerprint at `pointer`, if something is there.
    pub(super) fn fingerprint(&self, pointer: &str) -> Result<Option<Fingerprint>, Unreadable> {
        let read = |text: &str| Fingerprint::try_from(text.to_owned()).map_err(|cause| self.unreadable(pointer, cause));
        self.text(pointer)?.map(read).transpose()
    }

    /// The yes or no at `pointer`; no if nothing is there.
    pub(super) fn flag(&self, pointer: &str) -> Result<bool, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(false),
            Value::Bool(flag) => Ok(*flag),
            _ => Err(self.unreadable(pointer, "expected `true` or `false`")),
        }
    }

    /// The texts in the list at `pointer`.
    pub(super) fn texts(&self, pointer: &str) -> Result<Vec<String>, Unreadable> {
        let mut texts = Vec::new();
        for (pointer, _) in self.items(pointer)? {
            texts.extend(self.text(&pointer)?.map(str::to_owned));
        }
        Ok(texts)
    }
}

fn named<'s>(pointer: &str, map: &'s Map<String, Value>) -> Vec<(String, String, &'s Value)> {
    map.iter().map(|(name, value)| (join(pointer, name), name.clone(), value)).collect()
}
