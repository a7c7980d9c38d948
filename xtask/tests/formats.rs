//! The report in each of its formats, as it was looked at and found good, and held against the format's own rules.
//!
//! `pages/sarif-2.1.0.schema.json` is OASIS's schema for SARIF, byte for byte as in the crate serde-sarif 0.8.0 (MIT).
//! Only the tests use it.

use std::path::Path;

use serde_json::Value;
use xtask::drift::compare;
use xtask::drift::deviations::{self, Judged, judge};
use xtask::drift::wording::Wording;
use xtask::finding::{Counts, Finding, Fix};
use xtask::openapi::Document;
use xtask::place::At;
use xtask::render::{Drift, Format};
use xtask::rule::Rule;

const FACTS: &str = include_str!("pages/garden.yaml");
const SPEC: &str = include_str!("pages/garden-spec.yaml");
const WORDING: &str = include_str!("pages/garden-wording.yaml");
const SARIF: &str = include_str!("pages/sarif-2.1.0.schema.json");
const DIFF: &str = include_str!("../../spec/diff.schema.json");
const FORMATS: [(Format, &str); 5] = [
    (Format::Text, "out"),
    (Format::Json, "json"),
    (Format::Markdown, "md"),
    (Format::Github, "github"),
    (Format::Sarif, "sarif"),
];

/// One deviation that is met, and one that is stale.
const LIST: &str = "\
- rule: field-type
  subject: plot.weedy
  documented: boolean
  curated: string
  reason: Some weeds have names.
  operations: [GET /garden/plots]
- {rule: field-type, subject: plot.crop, documented: a, curated: b, reason: Once it was., operations: []}
";

fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} has to be there once");
    text.replace(from, to)
}

/// Something of every kind: missing, undocumented, another value, other words, no words, allowed, and stale.
fn spec() -> String {
    let spec = changed(SPEC, "[9001, 9002, 9003]", "[9001, 9003, 9004]");
    let spec = changed(&spec, "        message:\n          type: string\n", "");
    let spec = changed(&spec, "          type: boolean\n    ground:", "          type: string\n    ground:");
    let spec = changed(&spec, "          description: It is bare ground now.\n", "          description: \"\"\n");
    changed(&spec, "x-ntap-introduced: \"9.8\"", "x-ntap-introduced: \"9.9\"")
}

fn judged(spec: &str, list: &str) -> (Judged, Counts) {
    let documented = Document::parse("facts.yaml", FACTS).expect("the facts are read");
    let spec = Document::parse("spec.yaml", spec).expect("the document is read");
    let wording = if list == "[]" { WORDING.to_owned() } else { changed(WORDING, "45b6010072ff", "000000000000") };
    let wording = Wording::parse("wording.yaml", &wording).expect("the list is read");
    let comparison = compare(&documented, &spec, &wording);
    let counts = comparison.counts;
    (judge(comparison, &deviations::parse("deviations.yaml", list).expect("the list is read")), counts)
}

/// Text that each format could mistake for its own syntax.
fn hostile() -> Finding {
    let text = "a|b\n::error::`x` %0A \"q\" <script>, [l](http://e) {0} \u{1b}[31m \\";
    let at = |file: &str, line| At { file: file.to_owned(), line, column: 7, pointer: "/a~1b".to_owned() };
    Finding {
        operations: vec!["GET /a/{b}".to_owned(), text.to_owned(), "P /c".to_owned(), "Q /d".to_owned(), "R /e".into()],
        subject: text.to_owned(),
        rule: Rule::FieldType,
        class: None,
        from: Some(text.to_owned()),
        to: Some(String::new()),
        from_at: (1..6).map(|line| at("facts.yaml", line)).collect(),
        to_at: vec![at("a b:c,d/spec.yaml", 173)],
        note: None,
        fix: Fix::Person(text.to_owned()),
    }
}

fn shown(format: Format, spec: &str, list: &str, also: Vec<Finding>) -> String {
    let (mut judged, counts) = judged(spec, list);
    judged.allowed.extend(also.iter().cloned().map(|finding| Finding { note: Some("`|\n".to_owned()), ..finding }));
    judged.drift.extend(also);
    let text = format
        .drift(&Drift {
            facts: "facts.yaml",
            spec: "spec.yaml",
            deviations: "deviations.yaml",
            judged: &judged,
            counts,
            texts: &[("spec.yaml", spec), ("facts.yaml", FACTS), ("deviations.yaml", list)],
            arguments: "",
        })
        .expect("it is shown");
    held(format, &text);
    // The next release changes nothing else.
    text.replace(concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\""), "\"version\": \"VERSION\"")
}

/// Holds a report against what its format demands.
fn held(format: Format, text: &str) {
    let schema = match format {
        Format::Json => DIFF,
        Format::Sarif => SARIF,
        _ => {
            assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
            return;
        }
    };
    // A pattern in SARIF's schema has a bracket too many, which only some regular expressions may.
    let schema = schema.replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("a schema");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let report: Value = serde_json::from_str(text).expect("JSON");
    let errors: Vec<String> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, [""; 0], "{text}");
}

/// The file, or with `GOLDEN=write` in the environment: makes it.
#[track_caller]
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages").join(name);
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        std::fs::write(&path, text).expect("the file is written");
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap_or_default(), "{name}");
}

#[test]
fn drift() {
    for (format, name) in FORMATS {
        golden(&format!("garden-drift.{name}"), &shown(format, &spec(), LIST, Vec::new()));
    }
}

#[test]
fn no_drift() {
    for (format, name) in FORMATS {
        golden(&format!("garden-same.{name}"), &shown(format, SPEC, "[]", Vec::new()));
    }
}

#[test]
fn hostile_text() {
    for (format, name) in FORMATS {
        golden(&format!("garden-hostile.{name}"), &shown(format, SPEC, "[]", vec![hostile()]));
    }
}

#[test]
fn a_row_of_the_table_stays_one() {
    let text = shown(Format::Markdown, SPEC, "[]", vec![hostile()]);
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.matches('|').count() == 8), "{text}");
    assert!(!text.contains("<script"));
}

#[test]
fn a_command_to_github_stays_one() {
    let text = shown(Format::Github, SPEC, "[]", vec![hostile()]);
    assert_eq!(text.lines().filter(|line| line.starts_with("::")).count(), 1);
    assert!(text.starts_with("::error file=a b%3Ac%2Cd/spec.yaml,line=173,col=7,title=field-type::"), "{text}");
}

#[test]
fn files_in_sarif_are_references() {
    for (file, uri) in [
        ("spec/a.yaml", "spec/a.yaml"),
        ("../a b/ä:%.yaml", "../a%20b/%C3%A4%3A%25.yaml"),
        ("/tmp/a.yaml", "file:///tmp/a.yaml"),
        ("C:/a.yaml", "file:///C:/a.yaml"),
        ("//host/share/a.yaml", "file://host/share/a.yaml"),
    ] {
        let mut finding = hostile();
        finding.to_at[0].file = file.to_owned();
        let report: Value = serde_json::from_str(&shown(Format::Sarif, SPEC, "[]", vec![finding])).expect("it is JSON");
        let shown = &report["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(shown, uri);
    }
}

#[test]
fn a_schema_that_refuses() {
    let schema: Value = serde_json::from_str(DIFF).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let report: Value = serde_json::from_str(&shown(Format::Json, &spec(), LIST, Vec::new())).expect("JSON");
    assert!(validator.is_valid(&report));
    for (pointer, value) in [
        ("/schema_version", Value::from(3)),
        ("/findings/0/rule", Value::from("field-odd")),
        ("/findings/0/fingerprint", Value::from("short")),
        ("/findings/0/spec_location/line", Value::from(0)),
        ("/findings/0/fix/kind", Value::from("luck")),
        ("/findings/0/allowed", Value::Null),
        ("/summary/compared", Value::from(1)),
    ] {
        let mut report = report.clone();
        *report.pointer_mut(pointer).expect(pointer) = value;
        assert!(!validator.is_valid(&report), "{pointer}");
    }
}
