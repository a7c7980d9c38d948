//! The effect of edits, by an independent implementation, and the lines that edits leave unchanged.

use std::collections::BTreeSet;

use serde_json::Value;
use xtask::patch::{Edit, apply};

use crate::document::{Document, join};

/// The pointers of all parts of `value`, each before what is in it.
pub(crate) fn parts(value: &Value) -> Vec<String> {
    fn walk(value: &Value, pointer: &str, parts: &mut Vec<String>) {
        let below: Vec<(String, &Value)> = match value {
            Value::Object(members) => members.iter().map(|(key, value)| (join(pointer, key), value)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(index, item)| (join(pointer, &index.to_string()), item)).collect()
            }
            _ => Vec::new(),
        };
        for (pointer, value) in below {
            parts.push(pointer.clone());
            walk(value, &pointer, parts);
        }
    }
    let mut all = Vec::new();
    walk(value, "", &mut all);
    all
}

pub(crate) fn pointer(edit: &Edit) -> &str {
    let (Edit::Put(pointer, _) | Edit::Remove(pointer) | Edit::Insert(pointer, _)) = edit;
    pointer
}

/// `old` with `edits`, all of which fit and name what is there, or new members of what is there.
pub(crate) fn expected(old: &Value, edits: &[Edit]) -> Value {
    let gone = Value::from("\u{0}gone");
    let mut new = old.clone();
    let in_order = |edit: &&Edit| match edit {
        Edit::Put(..) => 0,
        Edit::Remove(..) => 1,
        Edit::Insert(..) => 2,
    };
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(in_order);
    for edit in &edits {
        match edit {
            Edit::Put(pointer, value) => match new.pointer_mut(pointer) {
                Some(there) => *there = value.clone(),
                None => {
                    let (above, key) = pointer.rsplit_once('/').unwrap();
                    new.pointer_mut(above).unwrap()[key.replace("~1", "/").replace("~0", "~")] = value.clone();
                }
            },
            Edit::Remove(pointer) => *new.pointer_mut(pointer).unwrap() = gone.clone(),
            Edit::Insert(..) => {}
        }
    }
    for edit in edits {
        let Edit::Insert(pointer, value) = edit else { continue };
        let there = old.pointer(pointer).unwrap().as_array().cloned().unwrap_or_default();
        let numbers = there.iter().chain([value]).all(Value::is_number);
        let strings = there.len() > 1 && there.iter().chain([value]).all(Value::is_string);
        let items = new.pointer_mut(pointer).unwrap();
        if items.is_null() {
            *items = Value::Array(Vec::new());
        }
        let items = items.as_array_mut().unwrap();
        let number = |value: &Value| value.as_f64().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let above = |other: &Value| match (numbers, strings) {
            (true, _) if there.is_sorted_by_key(number) => other != &gone && number(other) > number(value),
            (_, true) if there.is_sorted_by_key(text) => other != &gone && text(other) > text(value),
            _ => false,
        };
        let place = items.iter().position(above).unwrap_or(items.len());
        items.insert(place, value.clone());
    }
    prune(&mut new, &gone);
    new
}

fn prune(value: &mut Value, gone: &Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, value| value != gone);
            members.values_mut().for_each(|value| prune(value, gone));
        }
        Value::Array(items) => {
            items.retain(|value| value != gone);
            items.iter_mut().for_each(|value| prune(value, gone));
        }
        _ => {}
    }
}

/// Makes `edits` and holds the outcome against what they mean, and against the lines that they do not touch.
pub(crate) fn check(text: &str, edits: &[Edit]) -> String {
    check_read(&Document::parse(text).unwrap(), text, edits)
}

/// The same, of a text that has been read.
pub(crate) fn check_read(old: &Document, text: &str, edits: &[Edit]) -> String {
    let out = apply(text, edits).unwrap_or_else(|error| panic!("{error}\n{edits:#?}\n{text}"));
    let got = Document::parse(&out).unwrap().value;
    assert_eq!(got, expected(&old.value, edits), "{edits:#?}\n{text}\n{out}");

    let places: Vec<(String, usize)> = parts(&old.value)
        .into_iter()
        .map(|pointer| {
            let line = usize::try_from(old.place(&pointer).line).unwrap();
            (pointer, line)
        })
        .collect();
    let mut touched = BTreeSet::new();
    for edit in edits {
        let pointer = pointer(edit);
        let at = places.iter().position(|(other, _)| other == pointer);
        // A new member touches what it is added to.
        let at = at.or_else(|| places.iter().position(|(other, _)| other == pointer.rsplit_once('/').unwrap().0));
        let Some(at) = at else { continue };
        let inside = format!("{}/", places[at].0);
        let next = places[at + 1..].iter().find(|(other, _)| !other.starts_with(&inside));
        let end = next.map_or(text.lines().count() + 1, |(_, line)| *line);
        let first = places[at].1;
        match edit {
            // Adds lines, and changes none but that of a collection on one line, of an empty one or of a null.
            Edit::Insert(..) => touched.extend(first..=first + 1),
            // The parent may get empty brackets. The line before may be their key, and the line after moves up to a dash.
            _ => {
                let above = pointer.rsplit_once('/').unwrap().0;
                touched.extend(places.iter().find(|(other, _)| other == above).map(|(_, line)| *line));
                touched.extend(first.saturating_sub(1)..=end);
            }
        }
    }
    let mut lines = out.lines();
    for (line, number) in text.lines().zip(1..) {
        assert!(
            touched.contains(&number) || lines.any(|other| other == line),
            "line {number}, {line:?}, is lost:\n{edits:#?}\n{text}\n{out}"
        );
    }
    out
}
