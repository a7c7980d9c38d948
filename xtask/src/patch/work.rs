//! Edits, sorted by the places that they speak of.

use std::borrow::Cow;

use serde_json::Value;

use super::{Edit, PatchError, order};
use crate::document::join;
use crate::place;

/// The deepest place. Real documents are not deeper, and the walks over a document use the stack.
const DEEPEST: usize = 256;

/// The work at one place and below it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work {
    pub(super) put: Option<Value>,
    pub(super) remove: bool,
    pub(super) inserts: Vec<Value>,
    /// Before which of the old items the new ones go, if not into their order.
    pub(super) before: Option<usize>,
    /// The parts below, in the order of the edits that first named them: new members come in that order.
    pub(super) below: Vec<(String, Work)>,
}

impl Work {
    /// Adds an edit, or says how it contradicts one that is there.
    pub(crate) fn add(&mut self, edit: &Edit) -> Result<(), PatchError> {
        let (mut work, mut at) = (self, String::new());
        let around = |end| format!("is to be changed, but what it is in is to be {end}");
        for token in tokens(edit.pointer())? {
            at = join(&at, &token);
            if let Some(end) = work.end() {
                return Err(PatchError::unfit(&at, around(end)));
            }
            let known = work.below.iter().position(|(other, _)| *other == token);
            let place = known.unwrap_or_else(|| {
                work.below.push((token, Self::default()));
                work.below.len() - 1
            });
            work = &mut work.below[place].1;
        }
        let unfit = |cause: &str| Err(PatchError::unfit(&at, cause));
        match edit {
            Edit::Insert(_, value) if work.inserts.contains(value) => {}
            Edit::Insert(_, value) => work.inserts.push(value.clone()),
            _ if at.is_empty() => return unfit("only a member or an item can be put or removed"),
            Edit::Remove(..) => work.remove = true,
            Edit::Put(_, value) => {
                if work.put.replace(value.clone()).is_some_and(|other| other != *value) {
                    return unfit("is to have two different values");
                }
            }
        }
        match (work.end(), work.below.first()) {
            _ if work.put.is_some() && work.remove => unfit("is to be both put and removed"),
            (Some(end), _) if !work.inserts.is_empty() => unfit(&format!("is to be {end} and to have new items")),
            (Some(end), Some((token, _))) => Err(PatchError::unfit(&join(&at, token), around(end))),
            _ => Ok(()),
        }
    }

    /// How the part ends, if it does not stay.
    fn end(&self) -> Option<&'static str> {
        if self.remove { Some("removed") } else { self.put.as_ref().map(|_| "replaced") }
    }

    /// The work at the part `token`.
    pub(super) fn at(&self, token: &str) -> Option<&Self> {
        self.below.iter().find(|(other, _)| other == token).map(|(_, work)| work)
    }

    /// Finds the edits that make `old` into `new` part by part, if both are filled collections of one kind.
    pub(super) fn between(old: &Value, new: &Value) -> Option<Self> {
        let mut work = Self::default();
        match (old, new) {
            (Value::Object(before), Value::Object(after)) if !before.is_empty() && !after.is_empty() => {
                let gone = before.keys().filter(|key| !after.contains_key(*key));
                work.below = gone.map(|key| (key.clone(), Self { remove: true, ..Self::default() })).collect();
                work.below.extend(after.iter().map(|(key, new)| (key.clone(), Self::put(new))));
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
                    ((start + place).to_string(), new.get(place).map_or(gone, Self::put))
                }));
            }
            _ => return None,
        }
        Some(work)
    }

    fn put(value: &Value) -> Self {
        Self { put: Some(value.clone()), ..Self::default() }
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
            let member = |(key, below): &(String, Self)| Ok((key.clone(), below.made(&join(pointer, key))?));
            return Ok(Value::Object(self.below.iter().map(member).collect::<Result<_, PatchError>>()?));
        }
        if let Some((key, _)) = self.below.first() {
            return Err(PatchError::unfit(&join(pointer, key), "is to be changed but is not there"));
        }
        let places = order::items(&[], &self.inserts);
        Ok(places.into_iter().map(|(_, index)| self.inserts[index].clone()).collect())
    }
}

fn tokens(pointer: &str) -> Result<Vec<String>, PatchError> {
    let cause = if !pointer.is_empty() && !pointer.starts_with('/') {
        "a JSON pointer starts with `/`"
    } else if pointer.split('~').skip(1).any(|escape| !escape.starts_with(['0', '1'])) {
        "in a JSON pointer, `~` comes as `~0`"
    } else if pointer.matches('/').count() > DEEPEST {
        "is too deep"
    } else {
        return Ok(place::tokens(pointer).map(Cow::into_owned).collect());
    };
    Err(PatchError::unfit(pointer, cause))
}
