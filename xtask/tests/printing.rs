//! All facts of the real release, printed as pages and read again, each with the right line of its page.

use std::sync::LazyLock;

use serde_json::Value;
use xtask::reference::{Input, Read, read};

static FACTS: LazyLock<Value> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("../../spec/documented/9.17.1.yaml")).expect("the facts are read")
});

/// The facts without what stands for the vendor's words, and without the names of the pages.
fn unworded(facts: &Value) -> Value {
    fn without(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(without),
            Value::Object(members) => {
                members.shift_remove("x-ontap-fingerprint");
                members.values_mut().for_each(without);
            }
            _ => {}
        }
    }
    let mut facts = facts.clone();
    without(&mut facts);
    // A member that is a reference stands alone where nothing is said of it.
    fn alone(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(alone),
            Value::Object(members) => {
                if members.len() == 1
                    && let Some(Value::Array(all)) = members.get("allOf")
                {
                    *value = all[0].clone();
                    return;
                }
                members.values_mut().for_each(alone);
            }
            _ => {}
        }
    }
    alone(&mut facts);
    facts["info"]["x-ontap-sources"].take();
    facts
}

/// The names of what was read in a line each: its place tells them, or its value.
fn name_of<'r>(read: &'r Read, pointer: &'r str) -> String {
    let last = pointer.rsplit('/').next().expect("a token");
    let value = read.document.pointer(pointer).expect("what a place is of is there");
    let named = ["name", "code"].iter().find_map(|key| value.get(key).filter(|_| last.parse::<usize>().is_ok()));
    match named {
        Some(Value::String(name)) => name.clone(),
        Some(number) => number.to_string(),
        None => last.to_owned(),
    }
}

/// How many operations, schemas, and rows of these there are.
fn parts(value: &Value) -> usize {
    let Value::Object(members) = value else { return 0 };
    let of = |(key, value): (&String, &Value)| match value {
        Value::Array(items) if ROWS.contains(&key.as_str()) => items.len(),
        Value::Object(named) if key == "paths" => {
            named.values().map(|path| path.as_object().expect("operations").len() + parts(path)).sum()
        }
        Value::Object(named) if ROWS.contains(&key.as_str()) => named.len(),
        Value::Object(named) if key == "schemas" => named.len() + parts(value),
        _ => parts(value),
    };
    members.iter().map(of).sum()
}

/// The members whose own members or items were read in a line each.
const ROWS: [&str; 5] = ["parameters", "x-ontap-error-codes", "x-ontap-commands", "properties", "headers"];

/// Checks that each part has the line of the page that it was read in.
fn lines_are_right(read: &Read, pages: &[(String, String)]) {
    let mut rows = 0;
    for (pointer, (file, line)) in &read.places {
        let (_, page) = pages.iter().find(|(name, _)| name == file).expect("a page");
        let found = page.lines().nth(usize::try_from(*line).expect("a line") - 1).expect("a line");
        let (around, last) = pointer.rsplit_once('/').expect("a pointer");
        let list = around.rsplit('/').next().expect("a token");
        let is_row = ROWS.contains(&list);
        let text = match around.rsplit('/').nth(1) {
            _ if is_row && list == "x-ontap-commands" => {
                read.document.pointer(pointer).and_then(Value::as_str).expect("a command").to_owned()
            }
            _ if is_row => name_of(read, pointer),
            Some("paths") => list.replace("~1", "/"),
            Some("components") => read.document["components"]["schemas"][last]["x-ontap-documented-as"][0]
                .as_str()
                .expect("a name")
                .to_owned(),
            _ => continue,
        };
        assert!(found.contains(&text), "{pointer}: line {line} is {found:?}");
        rows += 1;
    }
    assert_eq!(rows, parts(&FACTS));
}

#[test]
fn the_text_form() {
    let page = crate::printed::text(&FACTS);
    let read = read(&[Input { path: "page.txt", name: "page.txt", text: &page }], "9.17.1").expect("it is read");
    assert_eq!(unworded(&read.document), unworded(&FACTS));
    lines_are_right(&read, &[("page.txt".to_owned(), page)]);
}

#[test]
fn the_asciidoc_form() {
    let pages = crate::printed::asciidoc(&FACTS);
    let inputs: Vec<Input<'_>> = pages.iter().map(|(name, text)| Input { path: name, name, text }).collect();
    let read = read(&inputs, "9.17.1").expect("it is read");
    assert_eq!(unworded(&read.document), unworded(&FACTS));
    lines_are_right(&read, &pages);
}
