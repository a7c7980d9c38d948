//! Documents that are large, and one that is small and would become large.

use std::fmt::Write;

use xtask::openapi::Document;

const HEAD: &str = "openapi: 3.0.3\ninfo: {version: \"1\"}\npaths: {}\ncomponents:\n  schemas: {}\n";

#[test]
fn a_document_is_read_however_long_it_is() {
    let mut text = format!("{HEAD}x-many:\n");
    for number in 0..300_000 {
        writeln!(text, "  - {number}").expect("a string takes all");
    }
    let spec = Document::parse("long.yaml", &text).expect("it is read");
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
    let error = Document::parse("bomb.yaml", &text).expect_err("it is refused").to_string();
    assert!(error.starts_with("bomb.yaml:") && error.contains("the aliases repeat too much"), "{error}");
}

#[test]
fn a_schema_that_is_made_of_too_many_others_is_not() {
    for form in ["type: array, items: ", "allOf: [", "type: object, allOf: [{}, "] {
        let end = if form.contains('[') { "]}" } else { "}" };
        let of = |count: usize| {
            let mut text = HEAD.replace("schemas: {}", "schemas:");
            for number in 1..=count {
                let next = number + 1;
                writeln!(text, "    s{number}: {{{form}{{$ref: \"#/components/schemas/s{next}\"}}{end}")
                    .expect("a string takes all");
            }
            writeln!(text, "    s{}: {{type: object}}", count + 1).expect("a string takes all");
            Document::parse("deep.yaml", &text)
        };
        of(60).expect(form);
        let error = of(5_000).expect_err(form).to_string();
        assert!(error.ends_with(": a schema that is made of more than 64 others"), "{error}");
    }
}
