//! Edits that are impossible: an error with the place, and no text.

use serde_json::json;
use xtask::patch::{Edit, apply};

use super::{insert, put, remove};

#[track_caller]
fn refused(text: &str, edits: &[Edit], message: &str) {
    assert_eq!(apply(text, edits).unwrap_err().to_string(), message);
}

#[test]
fn contradictions() {
    let text = "a:\n  b: [1]\n";
    refused(text, &[put("/a/b", 1), put("/a/b", 2)], "/a/b: is to have two different values");
    refused(text, &[put("/a/b", 1), remove("/a/b")], "/a/b: is to be both put and removed");
    refused(text, &[remove("/a"), put("/a/b", 1)], "/a/b: is to be changed, but what it is in is to be removed");
    refused(text, &[put("/a", 1), remove("/a/b/0")], "/a/b: is to be changed, but what it is in is to be replaced");
    refused(text, &[remove("/a/b"), insert("/a/b", 2)], "/a/b: is to be removed and to have new items");
    assert_eq!(apply(text, &[remove("/a/b"), remove("/a/b")]).unwrap(), "a: {}\n");
    assert_eq!(apply(text, &[insert("/a/b", 2), insert("/a/b", 2)]).unwrap(), "a:\n  b: [1, 2]\n");
}

#[test]
fn places_that_are_not_there() {
    let text = "a:\n  b: [1]\n  c: x\n";
    refused(text, &[remove("/a/d")], "/a/d: is to be removed but is not there");
    refused(text, &[remove("/a/b/1")], "/a/b/1: the sequence has 1 items");
    refused(text, &[put("/a/b/-", 1)], "/a/b/-: the sequence has 1 items");
    refused(text, &[put("/a/b/00", 1)], "/a/b/00: the sequence has 1 items");
    refused(text, &[put("/a/c/d", 1)], "/a/c: is neither a mapping nor a sequence");
    refused(text, &[insert("/a/c", 1)], "/a/c: is neither a mapping nor a sequence");
    refused(text, &[insert("/a", 1)], "/a: is to have new items but is a mapping");
    refused(text, &[remove("/x/y")], "/x/y: is to be removed but is not there");
    refused(text, &[insert("/x", 1), put("/x/0", 1)], "/x/0: is to be changed but is not there");
    refused(text, &[put("", 1)], "the document: only a member or an item can be put or removed");
    refused(text, &[put("a", 1)], "a: a JSON pointer starts with `/`");
    refused(text, &[put("/a~2", 1)], "/a~2: in a JSON pointer, `~` comes as `~0`");
    refused("x", &[put("/a", 1)], "the document: is neither a mapping nor a sequence");
    refused(text, &[put(&"/a".repeat(300), 1)], &format!("{}: is too deep", "/a".repeat(300)));
}

#[test]
fn texts_that_are_not_understood() {
    let unreadable =
        |text: &str| assert!(apply(text, &[put("/a", 1)]).unwrap_err().to_string().starts_with("line "), "{text}");
    unreadable("a: [\n");
    unreadable("a: 1\na: 2\n");
    unreadable("a: 1\n---\na: 2\n");
    unreadable("a:\n\t- b\n");
    // The reader of values reads these as `{a: 1}`.
    unreadable("  a: 1\nb: 2\n");
    unreadable("{a: 1}\nb: 2\n");
    refused("? a\n: 1\nb: 2\n", &[put("/a", 2)], "the document: is written in a form that cannot be edited here");
    refused("&k a: 1\nb: 2\n", &[remove("/a")], "the document: is written in a form that cannot be edited here");
    refused("a: &x 1\n", &[put("/a", 2)], "/a: has an anchor or a tag, or a form that cannot be replaced");
    refused("a: {b: &x [1]}\nc: *x\n", &[put("/c/0", 2)], "/c: is an alias; edit what it stands for");
    refused("a: [b: c]\n", &[put("/a/0/d", 2)], "/a/0: is written in a form that cannot be edited here");
    refused("a: &x\n  b: 1\n", &[remove("/a/b")], "/a: has an anchor or a tag, and no parts would be left");
}

#[test]
fn edits_that_would_reach_further() {
    let text = "a: &x\n  b: 1\nc: *x\n";
    refused(text, &[put("/a/b", 2)], "/c/b: the edited text would not say what was expected: 2 instead of 1");
    assert!(apply(text, &[remove("/a")]).is_err());
    let value = json!({"x": "y".repeat(2000)});
    assert!(apply("a: 1\n", &[put(&format!("/{}", "k".repeat(2000)), value)]).is_err());
}
