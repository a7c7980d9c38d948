//! The document that edits mean, as JSON.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::work::{Work, index};
use super::{PatchError, order};
use crate::document::join;

/// Does `work` to `value`, which stands at `pointer`, and refuses what does not fit.
pub(super) fn apply(value: &mut Value, work: &Work, pointer: &str) -> Result<(), PatchError> {
    if let Some(put) = &work.put {
        *value = put.clone();
        return Ok(());
    }
    if work.below.is_empty() && work.inserts.is_empty() {
        return Ok(());
    }
    match value {
        Value::Null => *value = made(work, pointer)?,
        Value::Object(members) => in_mapping(members, work, pointer)?,
        Value::Array(items) => in_sequence(items, work, pointer)?,
        _ => return Err(PatchError::unfit(pointer, "is neither a mapping nor a sequence")),
    }
    Ok(())
}

/// What comes to stand where nothing is.
pub(super) fn made(work: &Work, pointer: &str) -> Result<Value, PatchError> {
    if work.remove {
        return Err(PatchError::unfit(pointer, "is to be removed but is not there"));
    }
    if let Some(put) = &work.put {
        return Ok(put.clone());
    }
    if work.inserts.is_empty() {
        let members = work.ranked().into_iter();
        let members = members.map(|(key, below)| Ok((key.clone(), made(below, &join(pointer, key))?)));
        return Ok(Value::Object(members.collect::<Result<_, _>>()?));
    }
    match work.below.first_key_value() {
        Some((key, _)) => Err(PatchError::unfit(&join(pointer, key), "is to be changed but is not there")),
        None => {
            let places = order::items(&[], &work.inserts);
            Ok(places.into_iter().map(|(_, index)| work.inserts[index].clone()).collect())
        }
    }
}

fn in_mapping(members: &mut Map<String, Value>, work: &Work, pointer: &str) -> Result<(), PatchError> {
    if !work.inserts.is_empty() {
        return Err(PatchError::unfit(pointer, "is to have new items but is a mapping"));
    }
    let mut removed = HashSet::new();
    for (key, below) in &work.below {
        match members.get_mut(key) {
            Some(_) if below.remove => _ = removed.insert(key),
            Some(member) => apply(member, below, &join(pointer, key))?,
            None => _ = members.insert(key.clone(), made(below, &join(pointer, key))?),
        }
    }
    members.retain(|key, _| !removed.contains(key));
    Ok(())
}

fn in_sequence(items: &mut Vec<Value>, work: &Work, pointer: &str) -> Result<(), PatchError> {
    let places = order::items(items, &work.inserts);
    let mut removed = HashSet::new();
    for (token, below) in &work.below {
        let pointer = join(pointer, token);
        let Some(index) = index(token, items.len()) else {
            return Err(PatchError::unfit(&pointer, format!("the sequence has {} items", items.len())));
        };
        if below.remove {
            removed.insert(index);
        } else {
            apply(&mut items[index], below, &pointer)?;
        }
    }
    let mut places = places.into_iter().peekable();
    let mut all = Vec::new();
    for position in 0..=items.len() {
        while let Some((_, new)) = places.next_if(|(before, _)| *before == position) {
            all.push(work.inserts[new].clone());
        }
        if position < items.len() && !removed.contains(&position) {
            all.push(items[position].take());
        }
    }
    *items = all;
    Ok(())
}

/// The first place where `got` is not `meant`, and how.
pub(super) fn difference(got: &Value, meant: &Value, pointer: &str) -> Option<(String, String)> {
    if got == meant {
        return None;
    }
    match (got, meant) {
        (Value::Object(got), Value::Object(meant)) => {
            let there = meant.iter().find_map(|(key, meant)| {
                let pointer = join(pointer, key);
                match got.get(key) {
                    Some(got) => difference(got, meant, &pointer),
                    None => Some((pointer, "it would be missing".to_owned())),
                }
            });
            let more = || got.keys().find(|key| !meant.contains_key(*key));
            there.or_else(|| more().map(|key| (join(pointer, key), "it would be there".to_owned())))
        }
        (Value::Array(got), Value::Array(meant)) if got.len() == meant.len() => {
            let mut pairs = got.iter().zip(meant).enumerate();
            pairs.find_map(|(index, (got, meant))| difference(got, meant, &join(pointer, &index.to_string())))
        }
        _ => Some((pointer.to_owned(), format!("{} instead of {}", short(got), short(meant)))),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
