//! The pages of the site, as `cargo spec docs` writes them; how they look, `tests/site/run` looks at in a browser.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use spec_tools::catalogue::Catalogue;
use spec_tools::site::{Content, ErrorTrigger, Trigger, render};
use xtask::inputs::File;
use xtask::openapi::Document;
use xtask::workspace::{self, SPEC};

const HOSTILE: &str = "</script><script>alert(1)</script><img src=https://outside.example/x> & `<b>`";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace")
}

fn spec() -> File {
    let path = root().join(SPEC);
    let text = workspace::read(&path, SPEC).expect("the spec of the workspace");
    File { path, name: SPEC.to_owned(), text }
}

/// The content with the real facts, and a simulator that meets the given codes.
fn content(spec: File, codes: &[u64]) -> Content {
    let read = |name: String| {
        let text = workspace::read(&root().join(&name), &name).expect("a facts file");
        Document::parse(&name, &text).expect("facts")
    };
    let documented = workspace::facts(root()).expect("facts files").into_iter().rev().map(read).collect();
    let trigger = |code: &u64| ErrorTrigger {
        code: *code,
        path: "/security/ipsec/policies".to_owned(),
        trigger: Trigger::Fault,
        how: format!("the way to {code}, {HOSTILE}"),
    };
    Content { spec, documented, triggers: codes.iter().map(trigger).collect() }
}

fn catalogue(spec: &File) -> Catalogue {
    let spec = Document::parse(&spec.name, &spec.text).expect("the spec");
    Catalogue::new(&spec, &[]).expect("the catalogue")
}

fn codes(spec: &File) -> Vec<u64> {
    catalogue(spec).codes.iter().map(|code| code.code).collect()
}

/// The page of this name, made of the real files as `change` leaves the spec.
#[track_caller]
fn page(name: &str, change: impl Fn(&str) -> String) -> String {
    let mut spec = spec();
    spec.text = change(&spec.text);
    let codes = codes(&spec);
    let pages = render(&content(spec, &codes)).expect("the pages");
    pages.into_iter().find(|(file, _)| *file == name).expect(name).1
}

#[test]
fn a_code_that_two_resources_give() {
    let spec = spec();
    let mut codes = codes(&spec);
    codes.push(66257199);
    let pages = render(&content(spec, &codes)).expect("the pages");
    let html = &pages.iter().find(|(file, _)| *file == "error-codes.html").expect("a page").1;
    let row = |code: &str| {
        let row = html.split(&format!("<tr id=\"{code}\"")).nth(1).expect("a row");
        row.split("</tr>").next().unwrap_or_default().to_owned()
    };
    assert_eq!(row("66257199").matches(" at <code>/security/ipsec/policies</code>").count(), 2);
    assert!(!row("66257104").contains(" at <code>"));
}

/// The text of the attributes of this name.
fn attributes<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap_or_default()).collect()
}

#[test]
fn every_code_has_a_row() {
    let html = page("error-codes.html", str::to_owned);
    let (own, general) = html.split_once("<h2>General codes</h2>").expect("a second table");
    let rows: Vec<&str> = own.split("<tr id=\"").skip(1).collect();
    let codes = catalogue(&spec()).codes;
    assert_eq!(rows.len(), codes.len());
    let general: Vec<&str> = general.split("<tr id=\"").skip(1).filter_map(|row| row.split('"').next()).collect();
    assert!(general.contains(&"4") && general.iter().all(|id| codes.iter().all(|code| code.code.to_string() != *id)));
    for (row, code) in rows.iter().zip(codes) {
        let row = row.split("</tr>").next().unwrap_or_default();
        assert!(row.starts_with(&format!("{}\"", code.code)), "{row}");
        assert!(row.contains(&code.name) && row.contains(&format!("the way to {}", code.code)), "{row}");
        let first = code.summary.split(['`', '\'', '<', '&']).next().unwrap_or_default();
        assert!(row.contains(first), "{first} is not in {row}");
        assert_eq!(row.matches("href=\"reference.html#tag/").count(), code.operations.len(), "{row}");
    }
}

#[test]
fn every_field_has_a_row_with_the_releases_of_what_can_be_done() {
    let html = page("fields.html", str::to_owned);
    let fields = catalogue(&spec()).fields;
    assert!(fields.len() > 20);
    for field in fields {
        let id = format!("{}:{}", field.resource, field.name);
        let row = html.split(&format!("<tr id=\"{id}\"")).nth(1).expect(&id);
        let row = row.split("</tr>").next().unwrap_or_default();
        for (label, since) in
            [("Create", field.create), ("Change", field.modify), ("Read", field.read), ("Filter", field.filter)]
        {
            let cell = row.split(&format!("data-label=\"{label}\"")).nth(1).expect(label);
            let cell = cell.split("</td>").next().unwrap_or_default();
            let shown = since.map_or(">no<".to_owned(), |since| format!(">{since}<"));
            assert!(cell.contains(&shown), "{label} of {id}: {cell}");
        }
    }
}

#[test]
fn every_resource_has_a_table() {
    let html = page("fields.html", str::to_owned);
    let mut resources: Vec<String> = catalogue(&spec()).fields.into_iter().map(|field| field.resource).collect();
    resources.dedup();
    let sections: Vec<&str> = html.split("<section>").skip(1).collect();
    assert_eq!(sections.len(), resources.len());
    for (section, resource) in sections.into_iter().zip(resources) {
        let section = section.split("</section>").next().unwrap_or_default();
        assert!(section.starts_with(&format!("<h2><code>{resource}</code></h2>")), "{section}");
        assert!(section.contains(&format!("aria-label=\"Fields of {resource}\"")), "{section}");
        let start = format!("{resource}:");
        assert!(attributes(section, "id").iter().all(|id| id.starts_with(&start)), "{section}");
    }
    let ids = attributes(&html, "id");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "no id twice");
}

/// Members that only the spec needs are no fields.
#[test]
fn parameters_that_are_no_fields() {
    let html = page("fields.html", str::to_owned);
    let (_, table) = html.split_once("<h2 id=\"parameters\">").expect("a heading");
    let mut names: Vec<&str> =
        table.split("<th scope=\"row\"><code>").skip(1).filter_map(|row| row.split('<').next()).collect();
    names.dedup();
    let expected =
        ["certificate.uuid", "fields", "max_records", "order_by", "return_records", "return_timeout", "uuid"];
    assert_eq!(names, expected);
}

/// The reference of 9.11.1 lists `name` for all that a name is good for, and has pages of policies alone.
#[test]
fn what_an_older_reference_lacks_is_told() {
    let html = page("fields.html", str::to_owned);
    let cell = |field: &str| {
        let row = html.split(&format!("<tr id=\"/security/ipsec{field}\"")).nth(1).expect(field);
        let cell = row.split("data-label=\"Reference of 9.11.1\">").nth(1).expect("a column for the reference");
        cell.split("</td>").next().unwrap_or_default().to_owned()
    };
    assert_eq!(cell("/policies:name"), "<span class=\"muted\">lists it</span>");
    assert_eq!(cell("/policies:ppk.identity"), "<span class=\"mark bad\">too old</span>");
    assert_eq!(cell(":enabled"), "<span class=\"muted\">no page</span>");
}

#[test]
fn pages_lead_nowhere_but_to_each_other() {
    let spec = spec();
    let codes = codes(&spec);
    let pages = render(&content(spec, &codes)).expect("the pages");
    let files: Vec<&str> = pages.iter().map(|(file, _)| *file).collect();
    let expected = ["index.html", "reference.html", "error-codes.html", "fields.html"];
    assert_eq!(files, expected);
    for (file, html) in &pages {
        let policy = attributes(html, "content").into_iter().find(|text| text.starts_with("default-src")).expect(file);
        assert!(!policy.contains("http"), "{policy}");
        for target in attributes(html, "href").into_iter().chain(attributes(html, "src")) {
            let outside = target.contains("//") && !target.starts_with("data:");
            assert!(!outside && !target.starts_with('/'), "{file} leads to {target}");
        }
        for beside in attributes(html, "src") {
            let known = ["theme.js", "filter.js", "reference.js", "scalar.js"];
            assert!(known.contains(&beside), "{file} takes {beside}");
        }
    }
}

#[test]
fn nothing_that_the_spec_says_becomes_markup() {
    let spoil = |text: &str| {
        let quoted = serde_json::to_string(HOSTILE).expect("JSON");
        let spoilt: Vec<String> = text
            .lines()
            .map(|line| {
                let (indent, rest) = line.split_at(line.len() - line.trim_start().len());
                let name = ["summary: ", "remedy: ", "title: ", "x-ontap-spec-version: "]
                    .into_iter()
                    .find(|name| rest.starts_with(name));
                name.map_or_else(|| line.to_owned(), |name| format!("{indent}{name}{quoted}"))
            })
            .collect();
        spoilt
            .join("\n")
            .replace("description: Name of the policy, unique in its SVM.", &format!("description: {quoted}"))
    };
    for name in ["index.html", "reference.html", "error-codes.html", "fields.html"] {
        let html = page(name, spoil);
        for part in ["<script>", "<img", "<b>"] {
            assert!(!html.contains(part), "{name} has {part}");
        }
        assert!(html.contains("&lt;/script&gt;&lt;script&gt;alert(1)"), "{name} shows the words");
    }
    let html = page("reference.html", spoil);
    let json = html.split("<script id=\"document\" type=\"application/json\">").nth(1).expect("the document");
    let json: Value = serde_json::from_str(json.split("</script>").next().expect("its end")).expect("JSON");
    assert_eq!(json["info"]["title"], HOSTILE, "it is all there for Scalar, which makes text of it");
}

/// The cell that shows a sentence of the document.
fn shown(sentence: &str) -> String {
    let quoted = serde_json::to_string(sentence).expect("JSON");
    let before = "description: Name of the policy, unique in its SVM.";
    let html = page("fields.html", |text| text.replace(before, &format!("description: {quoted}")));
    let row = html.split("<tr id=\"/security/ipsec/policies:name\"").nth(1).expect("a row");
    let cell = row.split("data-label=\"What it is\">").nth(1).expect("a cell");
    cell.split("</td>").next().unwrap_or_default().to_owned()
}

#[test]
fn code_and_paragraphs_of_sentences() {
    assert_eq!(shown("`a < b` or **c**"), "<p><code>a &lt; b</code> or <strong>c</strong></p>");
    assert_eq!(shown("one\n\ntwo"), "<p>one</p>\n<p>two</p>");
}

#[test]
fn no_sentence_becomes_markup_or_leads_outside() {
    for text in [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "![picture](https://outside.example/x.png)",
        "[link](javascript:alert(1))",
        "<https://outside.example/>",
        "# heading",
    ] {
        let html = shown(text);
        for part in ["<script", "<img", "<a", "href", "<h1"] {
            assert!(!html.contains(part), "{text} became {html}");
        }
    }
    assert_eq!(shown("a <b>&amp; c"), "<p>a &lt;b&gt;&amp; c</p>");
}

#[test]
fn the_reference_says_what_the_extensions_do() {
    let html = page("reference.html", str::to_owned);
    let json = html.split("type=\"application/json\">").nth(1).expect("the document");
    let json: Value = serde_json::from_str(json.split("</script>").next().expect("its end")).expect("JSON");
    let delete = &json["paths"]["/security/ipsec/policies/{uuid}"]["delete"]["description"];
    let delete = delete.as_str().unwrap_or_default();
    for part in [
        "**Since** ONTAP 9.8.",
        "**In the CLI:** `security ipsec policy delete`.",
        "**Error codes:** [66257096](error-codes.html#66257096).",
    ] {
        assert!(delete.contains(part), "{part} is not in {delete}");
    }
    let info = json["info"]["description"].as_str().unwrap_or_default();
    assert!(info.ends_with("**Licence of the document.** MIT OR Apache-2.0.") && json["info"]["license"].is_null());
    let action = json["components"]["schemas"]["ipsec_policy"]["properties"]["authentication_method"].clone();
    assert!(action["description"].as_str().unwrap_or_default().ends_with("*Since 9.10.*"), "{action}");
}

#[test]
fn a_simulator_with_other_codes_is_an_error() {
    let spec = spec();
    let mut codes = codes(&spec);
    codes.retain(|code| ![66257104, 66257109].contains(code));
    codes.push(7);
    let error = render(&content(spec, &codes)).expect_err("it has other codes");
    assert_eq!(
        error.to_string(),
        "the spec and the simulator have different error codes; only in the spec: 66257104, 66257109; only in the \
         simulator: 7; fix the spec's catalogue or simulator/src/rules/codes.rs"
    );
}
