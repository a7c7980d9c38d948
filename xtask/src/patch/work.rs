//! Edits, sorted by the places that they speak of.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Edit, PatchError};
use crate::document::join;

/// How deep a place can be. No document of use is deeper, and the walks over one use the stack.
const DEEPEST: usize = 256;

/// What is to be done at one place and below it.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) put: Option<Value>,
    pub(super) remove: bool,
    pub(super) inserts: Vec<Value>,
    pub(super) below: BTreeMap<String, Work>,
    /// Which of the edits was the first to name this place: new members come in that order.
    pub(super) rank: usize,
}

impl Work {
    /// Sorts `edits` and refuses those that contradict each other.
    pub(super) fn gather(edits: &[Edit]) -> Result<Self, PatchError> {
        let mut root = Self::default();
        for (rank, edit) in edits.iter().enumerate() {
            let (Edit::Put { pointer, .. } | Edit::Remove { pointer } | Edit::Insert { pointer, .. }) = edit;
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

/// The index that `token` names in a sequence of `len` items.
pub(super) fn index(token: &str, len: usize) -> Option<usize> {
    let plain = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|index| plain && *index < len)
}
