//! The build reads YAML as the core schema of YAML 1.2 has it, and refuses what JSON lacks.

use crate::schema::document::Document;
use serde_json::{Value, json};

#[track_caller]
fn read(text: &str) -> Value {
    match Document::parse(text) {
        Ok(document) => document.value,
        Err(unreadable) => panic!("{text}: {unreadable:?}"),
    }
}

#[track_caller]
fn refused(text: &str, line: u64, column: u64, cause: &str) {
    match Document::parse(text) {
        Ok(document) => panic!("{text}: read as {}", document.value),
        Err(unreadable) => {
            let place = unreadable.place;
            assert_eq!((place.line, place.column), (line, column), "{text}: {}", unreadable.cause);
            assert!(unreadable.cause.contains(cause), "{text}: {}", unreadable.cause);
        }
    }
}

#[test]
fn scalars_without_quotes() {
    for (text, value) in [
        ("", Value::Null),
        ("~", Value::Null),
        ("null", Value::Null),
        ("NULL", Value::Null),
        ("nUll", json!("nUll")),
        ("true", json!(true)),
        ("False", json!(false)),
        ("tRUE", json!("tRUE")),
        // Booleans in YAML 1.1 alone.
        ("yes", json!("yes")),
        ("off", json!("off")),
        ("0", json!(0)),
        ("-12", json!(-12)),
        ("+12", json!(12)),
        ("012", json!(12)),
        ("18446744073709551615", json!(u64::MAX)),
        ("-9223372036854775808", json!(i64::MIN)),
        ("0o14", json!(12)),
        ("0x1F", json!(31)),
        ("0o8", json!("0o8")),
        ("0x", json!("0x")),
        ("-0x10", json!("-0x10")),
        ("1_000", json!("1_000")),
        ("1.5", json!(1.5)),
        ("1.", json!(1.0)),
        ("-.5", json!(-0.5)),
        ("1e3", json!(1000.0)),
        ("1.5E-3", json!(0.0015)),
        ("e3", json!("e3")),
        ("1e", json!("1e")),
        ("1-2", json!("1-2")),
        ("- ", json!([null])),
        (".", json!(".")),
        ("inf", json!("inf")),
        ("9.15.1", json!("9.15.1")),
        ("2026-11-27", json!("2026-11-27")),
        ("a b", json!("a b")),
    ] {
        assert_eq!(read(text), value, "{text}");
    }
}

#[test]
fn scalars_that_are_strings_however_they_look() {
    for text in ["'12'", "\"12\"", "!!str 12", "|-\n  12", ">-\n  12"] {
        assert_eq!(read(text), json!("12"), "{text}");
    }
}

#[test]
fn tags_of_json() {
    assert_eq!(read("!!int '5'"), json!(5));
    assert_eq!(read("!!float 1"), json!(1));
    assert_eq!(read("!!map {a: !!seq [!!null '', !!bool true]}"), json!({"a": [null, true]}));
    for text in ["!!int x", "!!bool 1", "!!null 0", "!!float x", "!point 1", "! 1", "!!binary aGk="] {
        let column = text.find(' ').unwrap() as u64 + 2;
        refused(text, 1, column, "does not fit here");
    }
    refused("!!set {a: }", 1, 7, "`!!set` does not fit here");
    refused("!!map [a]", 1, 7, "`!!map` does not fit here");
}

#[test]
fn numbers_that_json_lacks() {
    for text in [".inf", "-.INF", ".NaN", "1e999", "18446744073709551616", "0x10000000000000000"] {
        refused(&format!("a: {text}"), 1, 4, &format!("`{text}` is a number that JSON cannot hold"));
    }
}

#[test]
fn keys() {
    assert_eq!(
        read("{404: a, 0x10: b, true: c, ? d : e, 'f': g}"),
        json!({"404": "a", "16": "b", "true": "c", "d": "e", "f": "g"})
    );
    refused("a: 1\nb: 2\na: 3\n", 3, 1, "the key `a` stands twice in one mapping");
    refused("{404: a, '404': b}", 1, 10, "the key `404` stands twice in one mapping");
    for text in ["{~: a}", "{[1]: a}", "{{b: 1}: a}"] {
        refused(text, 1, 2, "a key has to be a string, a number or a boolean");
    }
    refused("a: &x {b: 1}\nc:\n  <<: *x\n", 3, 3, "`<<` is not read by all alike");
    assert_eq!(read("{'<<': 1}"), json!({"<<": 1}));
}

#[test]
fn aliases() {
    assert_eq!(read("a: &x {b: [1]}\nc: *x\nd: [*x]\n"), json!({"a": {"b": [1]}, "c": {"b": [1]}, "d": [{"b": [1]}]}));
    assert_eq!(read("&k a: 1\nb: *k\n"), json!({"a": 1, "b": "a"}));
    assert_eq!(read("- &k a\n- *k : 1\n"), json!(["a", {"a": 1}]));
    refused("&x [*x]", 1, 5, "an alias refers to a value that contains the alias");
    refused("[*y]", 1, 2, "anchor");
}

/// A part that an alias repeats is where the alias is, since that is where somebody has to look who did not mean it.
#[test]
fn places() {
    let document = Document::parse("a:\n  - b\n  - &x {c: 1}\nä: *x\n/~: 1\n").unwrap();
    let place = |pointer: &str| document.place(pointer).to_string();
    assert_eq!(place(""), "1:1");
    assert_eq!(place("/a"), "1:1");
    assert_eq!(place("/a/0"), "2:5");
    assert_eq!(place("/a/1/c"), "3:9");
    assert_eq!(place("/ä"), "4:1");
    assert_eq!(place("/ä/c"), "4:1");
    assert_eq!(place("/~1~0"), "5:1");
    assert_eq!(place("/a/7/nothing"), "1:1");
}

#[test]
fn one_document() {
    assert_eq!(read("# nothing\n"), Value::Null);
    assert_eq!(read("---\na: 1\n...\n"), json!({"a": 1}));
    refused("a: 1\n---\nb: 2\n", 3, 1, "a second document");
    refused("---\n---\n", 2, 4, "a second document");
}
