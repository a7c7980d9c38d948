//! Edits, sorted by the places that they speak of.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Edit, PatchError, order};
use crate::document::join;

/// The deepest place. Real documents are not deeper, and the walks over a document use the stack.
const DEEPEST: usize = 256;

/// The work at one place and below it.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) put: Option<Value>,
    pub(super) remove: bool,
    pub(super) inserts: Vec<Value>,
    /// Before which of the old items the new ones go, if not into their order.
    pub(super) before: Option<usize>,
    pub(super) below: BTreeMap<String, Work>,
    /// Which of the edits was the first to name this place: new members come in that order.
    pub(super) rank: usize,
}

impl Work {
    /// Sorts `edits` and refuses those that contradict each other.
    pub(super) fn gather(edits: &[Edit]) -> Result<Self, PatchError> {
        let mut root = Self::default();
        for (rank, edit) in edits.iter().enumerate() {
            let pointer = edit.pointer();
            let mut work = &mut root;
            for token in tokens(pointer)? {
                work = work.below.entry(token).or_insert_with(|| Self { rank, ..Self::default() });
            }
            match edit {
                Edit::Remove { .. } => work.remove = true,
                Edit::Insert { value, .. } if work.inserts.contains(value) => {}
                Edit::Insert { value, .. } => work.inserts.push(value.clone()),
                Edit::Put { value, .. } => {
                    if work.put.replace(value.clone()).is_some_and(|other| other != *value) {
                        return Err(PatchError::unfit(pointer, "is to have two different values"));
                    }
                }
            }
        }
        if root.put.is_some() || root.remove {
            return Err(PatchError::unfit("", "only a member or an item can be put or removed"));
        }
        root.check("")?;
        Ok(root)
    }

    /// The parts below, in the order of the edits that first named them.
    pub(super) fn ranked(&self) -> Vec<(&String, &Self)> {
        let mut below: Vec<_> = self.below.iter().collect();
        below.sort_by_key(|(_, work)| work.rank);
        below
    }

    /// Finds the edits that make `old` into `new` part by part, if both are filled collections of one kind.
    pub(super) fn between(old: &Value, new: &Value) -> Option<Self> {
        let mut work = Self::default();
        match (old, new) {
            (Value::Object(before), Value::Object(after)) if !before.is_empty() && !after.is_empty() => {
                let gone = before.keys().filter(|key| !after.contains_key(*key));
                work.below = gone.map(|key| (key.clone(), Self { remove: true, ..Self::default() })).collect();
                let there = after.iter().enumerate();
                work.below.extend(there.map(|(rank, (key, new))| (key.clone(), Self::put(new, rank))));
            }
            (Value::Array(before), Value::Array(after)) if !before.is_empty() && !after.is_empty() => {
                let start = before.iter().zip(after).take_while(|(old, new)| old == new).count();
                let (old, new) = (&before[start..], &after[start..]);
                let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
                let (old, new) = (old.len() - end, &new[..new.len() - end]);
                work.before = Some(start + old);
                work.inserts.extend(new.iter().skip(old).cloned());
                work.below.extend((0..old).map(|place| {
                    let gone = Self { remove: true, ..Self::default() };
                    ((start + place).to_string(), new.get(place).map_or(gone, |new| Self::put(new, place)))
                }));
            }
            _ => return None,
        }
        Some(work)
    }

    fn put(value: &Value, rank: usize) -> Self {
        Self { put: Some(value.clone()), rank, ..Self::default() }
    }

    /// Finds the value that is put where nothing is.
    pub(super) fn made(&self, pointer: &str) -> Result<Value, PatchError> {
        if self.remove {
            return Err(PatchError::unfit(pointer, "is to be removed but is not there"));
        }
        if let Some(put) = &self.put {
            return Ok(put.clone());
        }
        if self.inserts.is_empty() {
            let member = |(key, below): (&String, &Self)| Ok((key.clone(), below.made(&join(pointer, key))?));
            return Ok(Value::Object(self.ranked().into_iter().map(member).collect::<Result<_, _>>()?));
        }
        if let Some(key) = self.below.keys().next() {
            return Err(PatchError::unfit(&join(pointer, key), "is to be changed but is not there"));
        }
        let places = order::items(&[], &self.inserts);
        Ok(places.into_iter().map(|(_, index)| self.inserts[index].clone()).collect())
    }

    fn check(&self, pointer: &str) -> Result<(), PatchError> {
        let replaced = if self.remove { "removed" } else { "replaced" };
        if self.put.is_some() && self.remove {
            return Err(PatchError::unfit(pointer, "is to be both put and removed"));
        }
        if self.put.is_some() || self.remove {
            if !self.inserts.is_empty() {
                return Err(PatchError::unfit(pointer, format!("is to be {replaced} and to have new items")));
            }
            if let Some((token, _)) = self.below.first_key_value() {
                let cause = format!("is to be changed, but what it is in is to be {replaced}");
                return Err(PatchError::unfit(&join(pointer, token), cause));
            }
        }
        self.below.iter().try_for_each(|(token, work)| work.check(&join(pointer, token)))
    }
}

fn tokens(pointer: &str) -> Result<Vec<String>, PatchError> {
    let mut parts = pointer.split('/');
    if parts.next() != Some("") {
        return Err(PatchError::unfit(pointer, "a JSON pointer starts with `/`"));
    }
    let mut tokens = Vec::new();
    for part in parts {
        if part.split('~').skip(1).any(|escape| !escape.starts_with(['0', '1'])) {
            return Err(PatchError::unfit(pointer, "in a JSON pointer, `~` comes as `~0`"));
        }
        tokens.push(part.replace("~1", "/").replace("~0", "~"));
    }
    if tokens.len() > DEEPEST {
        return Err(PatchError::unfit(pointer, "is too deep"));
    }
    Ok(tokens)
}
