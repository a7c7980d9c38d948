//! Documents that are large, and one that is small and would become large.

#![allow(clippy::expect_used, clippy::panic, reason = "tests may stop the world, what they are made of too")]

use std::fmt::Write;

use xtask::spec::Spec;

const HEAD: &str = "openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas: {}\n";

#[test]
fn a_document_is_read_however_long_it_is() {
    let mut text = format!("{HEAD}x-many:\n");
    for number in 0..300_000 {
        writeln!(text, "  - {number}").expect("a string takes all");
    }
    let spec = Spec::parse("long.yaml", &text).expect("it is read");
    assert_eq!(spec.value("/x-many/299999"), 299_999);
}

#[test]
fn a_document_that_repeats_itself_is_not() {
    // Each line is ten times the one above: the last would hold ten million.
    let mut text = format!("{HEAD}x-0: &x0 [a, a, a, a, a, a, a, a, a, a]\n");
    for number in 1..7 {
        let before = vec![format!("*x{}", number - 1); 10].join(", ");
        writeln!(text, "x-{number}: &x{number} [{before}]").expect("a string takes all");
    }
    let error = Spec::parse("bomb.yaml", &text).expect_err("it is refused").to_string();
    assert!(error.starts_with("bomb.yaml:") && error.contains("the aliases repeat too much"), "{error}");
}
