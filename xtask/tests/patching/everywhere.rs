//! Every kind of edit at every part of the curated document.

use serde_json::json;
use xtask::patch::{Edit, apply};

use super::expected::{check_read, parts, pointer};
use super::{put, remove};
use crate::document::Document;

const SPEC: &str = include_str!("../../../spec/ontap-ipsec.yaml");

/// Every part once, in batches of parts of which none is in another: one edit at a time would take minutes.
fn batches() -> (Document, Vec<Vec<String>>) {
    let document = Document::parse(SPEC).unwrap();
    let mut left = parts(&document.value);
    let mut batches = Vec::new();
    while !left.is_empty() {
        let mut batch: Vec<String> = Vec::new();
        let mut later = Vec::new();
        for (pointer, index) in left.into_iter().zip(batches.len()..) {
            let nested = batch.iter().any(|other| {
                pointer.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('/'))
                    || other.strip_prefix(pointer.as_str()).is_some_and(|rest| rest.starts_with('/'))
            });
            let skip = batches.len() < 2 && index % 2 != 0;
            (if nested || skip { &mut later } else { &mut batch }).push(pointer);
        }
        left = later;
        batches.push(batch);
    }
    assert!(batches.len() < 30, "{}", batches.len());
    (document, batches)
}

fn everywhere(edit: impl Fn(&str, usize) -> Edit) {
    let (document, batches) = batches();
    for batch in batches {
        let edits: Vec<Edit> = batch.iter().zip(0..).map(|(pointer, index)| edit(pointer, index)).collect();
        assert!(edits.iter().all(|edit| batch.iter().any(|place| place == pointer(edit))));
        check_read(&document, SPEC, &edits);
    }
}

#[test]
fn removes_every_part() {
    everywhere(|pointer, _| remove(pointer));
}

#[test]
fn replaces_every_part() {
    let values = [
        json!("a: #"),
        json!(["a", {"b": "9.8", "c": []}]),
        json!({"type": "string", "allOf": [{"$ref": "#/a"}], "description": "Two\nlines."}),
        json!(null),
        json!({}),
    ];
    everywhere(|pointer, index| put(pointer, values[index % values.len()].clone()));
}

#[test]
fn leaves_every_equal_part() {
    let value = Document::parse(SPEC).unwrap().value;
    let same = |place: &String| put(place, value.pointer(place).unwrap().clone());
    let is_whole = |place: &&String| {
        let there = value.pointer(place).unwrap();
        !there.is_object() && !there.is_array()
    };
    let all = parts(&value);
    let leaves: Vec<Edit> = all.iter().filter(is_whole).map(same).collect();
    let sections: Vec<Edit> = all.iter().filter(|place| place.matches('/').count() == 1).map(same).collect();
    assert_eq!(apply(SPEC, &leaves).unwrap(), SPEC);
    assert_eq!(apply(SPEC, &sections).unwrap(), SPEC);
}
