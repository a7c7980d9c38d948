//! Edits of any YAML text: no panic, and what comes out says what was expected.
//!
//! The first twelve bytes of an input choose the edits; the rest is the text, which so can be written by hand.
#![no_main]

#[path = "../../../codegen/document.rs"]
#[allow(dead_code, reason = "only part of the reader is needed here")]
mod document;

use arbitrary::{Arbitrary, Result, Unstructured};
use document::{Document, join};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use xtask::patch::{Edit, apply};

fuzz_target!(|data: &[u8]| {
    _ = run(data);
});

fn run(data: &[u8]) -> Result<()> {
    let (head, text) = data.split_at(data.len().min(12));
    let Ok(text) = str::from_utf8(text) else { return Ok(()) };
    let mut choices = Unstructured::new(head);
    let old = Document::parse(text).map_or(Value::Null, |read| read.value);
    let mut places = vec![String::new()];
    walk(&old, "", &mut places);
    let count = choices.int_in_range(1..=4)?;
    let mut edits = Vec::new();
    for _ in 0..count {
        let pointer = choices.choose(&places)?.clone();
        edits.push(match u8::arbitrary(&mut choices)? % 5 {
            0 => Edit::Put { pointer, value: value(&mut choices)? },
            1 => Edit::Put {
                pointer: join(&pointer, choices.choose(&["a", "0", "200", "ü: ", ""])?),
                value: value(&mut choices)?,
            },
            2 => Edit::Insert { pointer, value: value(&mut choices)? },
            _ => Edit::Remove { pointer },
        });
    }
    let Ok(out) = apply(text, &edits) else { return Ok(()) };
    let got = Document::parse(&out).expect("what comes out can be read").value;
    for edit in &edits {
        // Places move when items go; a text with one edit shows them as they were.
        match edit {
            Edit::Put { pointer, value } if edits.len() == 1 => assert_eq!(got.pointer(pointer), Some(value)),
            Edit::Remove { pointer } if edits.len() == 1 => {
                let mut expected = old.clone();
                take(&mut expected, pointer);
                assert_eq!(got, expected);
            }
            Edit::Insert { value, .. } => assert!(holds(&got, value)),
            _ => {}
        }
    }
    Ok(())
}

fn value(choices: &mut Unstructured<'_>) -> Result<Value> {
    let values = [
        json!("new"),
        json!(7),
        json!("9.8"),
        json!(null),
        json!([]),
        json!({}),
        json!("two\n\nlines"),
        json!("ends\nso\n"),
        json!(" #: '\"\u{7}"),
        json!(["x", {"b": "y", "a": [[1], 2]}]),
        json!({"b": 1, "a": {"200": [], "c": "\t"}}),
    ];
    Ok(choices.choose(&values)?.clone())
}

fn walk(value: &Value, pointer: &str, places: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (join(pointer, key), value)).collect(),
        Value::Array(items) => {
            items.iter().zip(0..).map(|(item, at): (_, usize)| (join(pointer, &at.to_string()), item)).collect()
        }
        _ => return,
    };
    for (pointer, value) in below {
        places.push(pointer.clone());
        walk(value, &pointer, places);
    }
}

fn take(value: &mut Value, pointer: &str) {
    let Some((above, token)) = pointer.rsplit_once('/') else { return };
    match value.pointer_mut(above) {
        Some(Value::Object(members)) => _ = members.shift_remove(&token.replace("~1", "/").replace("~0", "~")),
        Some(Value::Array(items)) => _ = items.remove(token.parse().expect("an index")),
        _ => {}
    }
}

fn holds(value: &Value, part: &Value) -> bool {
    value == part
        || match value {
            Value::Object(members) => members.values().any(|value| holds(value, part)),
            Value::Array(items) => items.iter().any(|value| holds(value, part)),
            _ => false,
        }
}
