//! Random edits of random documents.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use xtask::patch::{Edit, apply};

use super::expected::{check, parts};
use super::{insert, put, remove};
use crate::document::{Document, join};

/// A value as it is written, and the comments around it.
#[derive(Clone, Debug)]
struct Part {
    body: Body,
    behind: bool,
    above: bool,
    blank: bool,
}

#[derive(Clone, Debug)]
enum Body {
    Inline(&'static str),
    Block(&'static str, &'static str),
    Sequence(Vec<Part>),
    Mapping(Vec<(&'static str, Part)>),
}

const INLINE: &[&str] = &[
    "1",
    "2.5",
    "\"9.8\"",
    "'it''s'",
    "plain words",
    "true",
    "",
    "~",
    "[]",
    "{}",
    "[a, b]",
    "[3, 1]",
    "{a: 1, b: [x, ' ']}",
];
const BLOCK: &[(&str, &str)] = &[("|-", "one\n# no comment\n\n  two"), ("|", "one"), (">-", "folded\nlines")];
const KEYS: &[&str] = &["a", "b", "_links", "66257096", "\"200\"", "'q r'", "ü", "$ref", "z~/"];

fn part() -> impl Strategy<Value = Part> {
    let around = |body| {
        let flags = (any::<bool>(), prop::bool::weighted(0.3), prop::bool::weighted(0.1));
        (body, flags).prop_map(|(body, (behind, above, blank))| Part { body, behind, above, blank })
    };
    let leaf = prop_oneof![
        4 => select(INLINE).prop_map(Body::Inline),
        1 => select(BLOCK).prop_map(|(header, text)| Body::Block(header, text)),
    ];
    around(leaf.boxed()).prop_recursive(4, 24, 4, move |part| {
        let members = prop::sample::subsequence(KEYS, 1..5).prop_shuffle();
        let mapping = (members, prop::collection::vec(part.clone(), 5))
            .prop_map(|(keys, parts)| Body::Mapping(keys.into_iter().zip(parts).collect()));
        let sequence = prop::collection::vec(part, 1..5).prop_map(Body::Sequence);
        around(prop_oneof![3 => mapping, 2 => sequence].boxed())
    })
}

/// Writes documents, with a number in each comment.
struct Writer {
    out: String,
    comments: usize,
    dash: usize,
}

impl Writer {
    fn comment(&mut self) {
        self.comments += 1;
        self.out += &format!("# comment {}", self.comments);
    }

    fn entry(&mut self, head: &str, part: &Part, column: usize, first: bool) {
        if !first {
            if part.blank {
                self.out.push('\n');
            }
            self.out += &" ".repeat(column);
            if part.above {
                self.comment();
                self.out += &format!("\n{}", " ".repeat(column));
            }
        }
        self.out += head;
        let end = |this: &mut Self| {
            if part.behind {
                this.out.push(' ');
                this.comment();
            }
            this.out.push('\n');
        };
        match &part.body {
            Body::Inline("") => end(self),
            Body::Inline(text) => {
                self.out += &format!(" {text}");
                end(self);
            }
            Body::Block(header, text) => {
                self.out += &format!(" {header}");
                end(self);
                for line in text.lines() {
                    let indent = if line.is_empty() { 0 } else { column + 2 };
                    self.out += &format!("{}{line}\n", " ".repeat(indent));
                }
            }
            body if head == "-" => {
                self.out.push(' ');
                self.body(body, column + 2, true);
            }
            body => {
                end(self);
                let indent = if let Body::Sequence(_) = body { self.dash } else { 2 };
                self.body(body, column + indent, false);
            }
        }
    }

    fn body(&mut self, body: &Body, column: usize, compact: bool) {
        match body {
            Body::Mapping(members) => {
                for (index, (key, part)) in members.iter().enumerate() {
                    self.entry(&format!("{key}:"), part, column, compact && index == 0);
                }
            }
            Body::Sequence(items) => {
                for (index, part) in items.iter().enumerate() {
                    self.entry("-", part, column, compact && index == 0);
                }
            }
            _ => {}
        }
    }
}

/// A document, with or without a line end, and with sequences indented or not.
fn text() -> impl Strategy<Value = String> {
    let whole = part().prop_filter("a scalar", |part| matches!(part.body, Body::Mapping(_) | Body::Sequence(_)));
    (whole, prop::bool::weighted(0.2), select(&[0_usize, 2][..])).prop_map(|(part, bare, dash)| {
        let mut writer = Writer { out: String::new(), comments: 0, dash };
        writer.comment();
        writer.out.push('\n');
        writer.body(&part.body, 0, false);
        let ends_in_block = Document::parse(writer.out.trim_end()).ok().map(|read| read.value)
            != Document::parse(&writer.out).ok().map(|read| read.value);
        if bare && !ends_in_block { writer.out.trim_end().to_owned() } else { writer.out }
    })
}

fn value() -> impl Strategy<Value = Value> {
    select(vec![
        json!(1),
        json!("new"),
        json!("9.10"),
        json!(null),
        json!([]),
        json!({}),
        json!("two\nlines"),
        json!(" : #"),
        json!(["x", 1, [2, {"y": "z"}]]),
        json!({"b": 1, "a": {"c": []}, "66257096": "d"}),
    ])
}

/// Edits of a document: of the kind, the part and the value given, as far as they fit each other.
fn edits(old: &Value, wishes: &[(u8, Index, Value)]) -> Vec<Edit> {
    let places = parts(old);
    let mut edits: Vec<Edit> = Vec::new();
    let mut taken: Vec<String> = Vec::new();
    for (number, (kind, index, value)) in wishes.iter().enumerate() {
        let place = index.get(&places);
        let there = old.pointer(place).unwrap();
        let edit = match kind {
            0 => put(place, value.clone()),
            1 => remove(place),
            2 if there.is_array() || there.is_null() => insert(place, value.clone()),
            3 if there.is_object() => put(&join(place, &format!("new {number}")), value.clone()),
            _ => continue,
        };
        let pointer = super::expected::pointer(&edit).to_owned();
        let apart = |other: &String| {
            let inside = |a: &str, b: &str| a == b || a.strip_prefix(b).is_some_and(|rest| rest.starts_with('/'));
            !inside(&pointer, other) && !inside(other, &pointer)
        };
        if taken.iter().all(apart) {
            taken.push(pointer);
            edits.push(edit);
        }
    }
    edits
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 160,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(9151),
        ..ProptestConfig::default()
    })]

    #[test]
    fn edits_do_what_they_say_and_no_more(
        text in text(),
        wishes in prop::collection::vec((0_u8..4, any::<Index>(), value()), 1..6),
    ) {
        let old = Document::parse(&text).unwrap().value;
        let edits = edits(&old, &wishes);
        let out = check(&text, &edits);
        // A part that was put is there afterwards.
        let puts: Vec<Edit> = edits.into_iter().filter(|edit| matches!(edit, Edit::Put(..))).collect();
        let once = check(&text, &puts);
        prop_assert_eq!(apply(&once, &puts).unwrap(), once);
        prop_assert_eq!(text.starts_with('#'), out.starts_with('#'));
    }

    #[test]
    fn any_text_gives_an_answer(
        text in "([-a{}\\[\\]:#|>?&*!'\", \n\t\r1é]{0,40})",
        pointer in "(/[a01é]?){0,3}",
        value in value(),
    ) {
        for edit in [put(&pointer, value.clone()), remove(&pointer), insert(&pointer, value)] {
            _ = apply(&text, &[edit]);
        }
    }
}
