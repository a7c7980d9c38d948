//! What is printed as pages and read again: all facts of the real release, each with the right line of its page.

#![allow(clippy::expect_used, clippy::panic, reason = "tests may stop the world, what they are made of too")]

mod printed;

use std::path::Path;
use std::sync::LazyLock;

use xtask::facts::{Documented, Facts, Operation};
use xtask::reference::{Input, read};

static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace");
    let text = std::fs::read_to_string(root.join("spec/documented/9.15.1.yaml")).expect("the facts");
    Documented::parse("9.15.1.yaml", &text).expect("the facts are read").facts
});

/// The facts without what stands for the vendor's words, and with as much of them as is printed.
fn unworded(facts: &Facts) -> Vec<(String, Operation)> {
    let mut operations: Vec<(String, Operation)> = facts.operations.clone().into_iter().collect();
    for (_, operation) in &mut operations {
        operation.fingerprint = None;
        operation.parameters.iter_mut().for_each(|one| one.fingerprint = None);
        operation.headers.iter_mut().for_each(|one| one.fingerprint = None);
        operation.error_codes.iter_mut().for_each(|one| one.fingerprint = None);
        let bodies = operation.request.iter_mut().flatten().chain(&mut operation.response).chain(&mut operation.error);
        bodies.for_each(|one| one.fingerprint = None);
        for definition in operation.definitions.values_mut() {
            definition.fingerprint = None;
            definition.fields.iter_mut().for_each(|one| one.fingerprint = None);
        }
    }
    operations
}

/// Each row has the line of the page that it was read in.
fn lines_are_right(facts: &Facts, page: &str, key: &str) {
    let lines: Vec<&str> = page.lines().collect();
    let has = |line: u64, text: &str| {
        let found = lines[usize::try_from(line).expect("a line") - 1];
        assert!(found.contains(text), "{text}: line {line} is {found:?}");
    };
    let operation = &facts.operations[key];
    has(operation.origin.line, key.split_once(' ').expect("a path").1);
    operation.parameters.iter().for_each(|one| has(one.origin.line, &one.name));
    operation.headers.iter().for_each(|one| has(one.origin.line, &one.name));
    operation.error_codes.iter().for_each(|one| has(one.origin.line, &one.code.to_string()));
    let definitions = operation.definitions.values().flat_map(|definition| &definition.fields);
    let bodies = operation.request.iter().flatten().chain(&operation.response).chain(&operation.error);
    bodies.chain(definitions).for_each(|one| has(one.origin.line, &one.name));
}

#[test]
fn the_text_form() {
    let page = printed::text(&FACTS);
    let facts = read(&[Input { path: "page.txt", name: "page.txt", text: &page }], "9.15.1").expect("it is read").facts;
    assert_eq!(unworded(&facts), unworded(&FACTS));
    FACTS.operations.keys().for_each(|key| lines_are_right(&facts, &page, key));
}

#[test]
fn the_asciidoc_form() {
    let pages = printed::asciidoc(&FACTS);
    let inputs: Vec<Input<'_>> = pages.iter().map(|(name, text)| Input { path: name, name, text }).collect();
    let facts = read(&inputs, "9.15.1").expect("it is read").facts;
    assert_eq!(unworded(&facts), unworded(&FACTS));
    FACTS.operations.keys().zip(&pages).for_each(|(key, (_, page))| lines_are_right(&facts, page, key));
}
