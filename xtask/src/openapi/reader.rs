//! Reads parts of a document by their pointers.

use std::borrow::Cow;

use serde_json::Value;

use crate::document::join;
use crate::place::{Source, Unreadable, tokens};

fn below<'v>(value: &'v Value, token: Cow<'_, str>) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(token.as_ref()),
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    }
}

impl Source {
    /// The value at `pointer`; null if there is nothing.
    pub(super) fn value(&self, pointer: &str) -> &Value {
        tokens(pointer).try_fold(&self.document.value, below).unwrap_or(&Value::Null)
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
    pub(super) fn members(&self, pointer: &str) -> Result<Vec<(String, String, &Value)>, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(Vec::new()),
            Value::Object(map) => {
                Ok(map.iter().map(|(name, value)| (join(pointer, name), name.clone(), value)).collect())
            }
            _ => Err(self.unreadable(pointer, "expected a mapping")),
        }
    }

    /// The items of the list at `pointer`, with their pointers. Null counts as empty.
    pub(super) fn items(&self, pointer: &str) -> Result<Vec<(String, &Value)>, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(Vec::new()),
            Value::Array(items) => {
                Ok((0..).zip(items).map(|(index, item)| (join(pointer, &format!("{index}")), item)).collect())
            }
            _ => Err(self.unreadable(pointer, "expected a list")),
        }
    }

    /// The text at `pointer`, if something is there.
    pub(super) fn text(&self, pointer: &str) -> Result<Option<&str>, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            _ => Err(self.unreadable(pointer, "expected text; put it in quotes if it looks like a number")),
        }
    }

    /// The yes or no at `pointer`; no if nothing is there.
    pub(super) fn flag(&self, pointer: &str) -> Result<bool, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(false),
            Value::Bool(flag) => Ok(*flag),
            _ => Err(self.unreadable(pointer, "expected `true` or `false`")),
        }
    }
}
