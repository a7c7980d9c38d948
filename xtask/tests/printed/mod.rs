//! Prints facts as pages in the vendor's two forms, with sentences without meaning. Tests can thus read pages of releases
//! that do not exist.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value};

/// The facts, taken apart again into operations.
struct Facts<'d> {
    release: &'d str,
    schemas: &'d Map<String, Value>,
    /// The operations with their methods and paths, by what the names of their components start with.
    operations: BTreeMap<String, (String, String, &'d Value)>,
}

impl<'d> Facts<'d> {
    fn of(document: &'d Value) -> Self {
        let mut operations = BTreeMap::new();
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                let method = method.to_uppercase();
                let start = format!("{method}{}.", path.replace('/', ".").replace(['{', '}'], ""));
                operations.insert(start, (method, path.clone(), operation));
            }
        }
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        Self { release: document["info"]["version"].as_str().expect("a release"), schemas, operations }
    }

    /// The definitions of the operation whose components start like this.
    fn definitions(&self, start: &str) -> Vec<&'d Value> {
        // One operation's start can be that of another's too.
        let is_other = |other: &String, name: &String| other.len() > start.len() && name.starts_with(other);
        let others = self.operations.range(start.to_owned()..).map(|(other, _)| other);
        let others: Vec<_> = others.take_while(|other| other.starts_with(start)).collect();
        let own = self.schemas.iter().filter(|(name, _)| name.starts_with(start));
        own.filter(|(name, _)| !others.iter().any(|other| is_other(other, name))).map(|(_, schema)| schema).collect()
    }

    /// The type of a schema, with the name of a definition as `linked` has it.
    fn named(&self, schema: &Value, linked: impl Fn(&str) -> String) -> String {
        let one = schema.get("items").or_else(|| schema["allOf"].get(0)).unwrap_or(schema);
        let name = match one.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let name = reference.rsplit('/').next().expect("a name");
                linked(self.schemas[name]["x-ontap-documented-as"][0].as_str().expect("a name"))
            }
            None => one["type"].as_str().expect("a type").to_owned(),
        };
        if schema.get("items").is_some() { format!("array[{name}]") } else { name }
    }
}

/// A sentence that stands for the vendor's: other fingerprints, other words.
fn words(described: &Value) -> String {
    let fingerprint = described["x-ontap-fingerprint"].as_str();
    fingerprint.map(|fingerprint| format!("Words {fingerprint} mean this.")).unwrap_or_default()
}

/// The marks behind bullets.
fn marks(described: &Value, schema: &Value) -> Vec<String> {
    let introduced = described["x-ntap-introduced"].as_str();
    let mut marks: Vec<String> = introduced.map(|release| format!("Introduced in: {release}")).into_iter().collect();
    let labels = [
        ("default", "Default value"),
        ("minimum", "Min value"),
        ("maximum", "Max value"),
        ("minLength", "minLength"),
        ("maxLength", "maxLength"),
    ];
    for (name, label) in labels {
        let value = match schema.get(name) {
            None => continue,
            Some(Value::Bool(true)) => "1".to_owned(),
            Some(Value::Bool(false)) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        marks.push(format!("{label}: {value}").trim_end().to_owned());
    }
    marks
}

fn described(described: &Value, marks: &[String], bullet: &str) -> String {
    let mut text = words(described);
    if described["x-ontap-cut"] == true {
        text.push_str(" [and so");
    }
    for remark in marks {
        write!(text, "{bullet}{remark}").expect("a string takes all");
    }
    text
}

fn string<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().expect(key)
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn members<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

/// The schema of the body of a request or a response, if it has one.
fn body(around: &Value) -> Option<&Value> {
    around["content"]["application/json"].get("schema")
}

/// The one response that is no failure: its status, and the rest of it.
fn success(operation: &Value) -> (&String, &Value) {
    members(operation, "responses").find(|(status, _)| *status != "default").expect("a success")
}

/// The one page of the text form.
pub(crate) fn text(document: &Value) -> String {
    let facts = Facts::of(document);
    let mut out = format!("## **Policies**\n\nONTAP {} REST API reference\n\n", facts.release);
    for (start, (method, path, operation)) in &facts.operations {
        text_operation(&mut out, &facts, start, &format!("{method} {path}"), operation).expect("a string takes all");
    }
    out.push_str("# Copyright information\n");
    out
}

fn text_link(name: &str) -> String {
    format!("<a href=\"#\">{name}</a>")
}

fn text_operation(out: &mut String, facts: &Facts<'_>, start: &str, key: &str, operation: &Value) -> std::fmt::Result {
    const BULLET: &str = " \u{2022} ";
    writeln!(out, "## A title\n\n{key}\n\n**Introduced In:** {}\n", string(operation, "x-ntap-introduced"))?;
    writeln!(out, "{}\n\n### Related ONTAP commands\n", words(operation))?;
    for command in list(operation, "x-ontap-commands") {
        writeln!(out, "- `{}`", command.as_str().expect("a command"))?;
    }
    if !list(operation, "parameters").is_empty() {
        writeln!(out, "\n### Parameters\n\nName\tType\tIn\tRequired\tDescription")?;
    }
    for one in list(operation, "parameters") {
        let required = if one["required"] == true { "True" } else { "False" };
        let about = described(one, &marks(one, &one["schema"]), BULLET);
        let of = facts.named(&one["schema"], text_link);
        writeln!(out, "{}\t{of}\t{}\t{required}\t{about}", string(one, "name"), string(one, "in"))?;
    }
    if let Some(request) = operation.get("requestBody") {
        writeln!(out, "\n### Request Body\n")?;
        text_fields(out, facts, body(request).expect("a body"))?;
    }
    let (status, success) = success(operation);
    writeln!(out, "\n### Response\n\nStatus: {status}, Done\n")?;
    if let Some(response) = body(success) {
        text_fields(out, facts, response)?;
    }
    if success.get("headers").is_some() {
        writeln!(out, "\n### Headers\n\nName\tDescription\tType")?;
        for (name, one) in members(success, "headers") {
            writeln!(out, "{name}\t{}\t{}", words(one), facts.named(&one["schema"], text_link))?;
        }
    }
    writeln!(out, "\n### Error\n\nStatus: Default\n")?;
    if let Some(error) = body(&operation["responses"]["default"]) {
        text_fields(out, facts, error)?;
    }
    if operation.get("x-ontap-error-codes").is_some() {
        writeln!(out, "\n### ONTAP Error Response Codes\n\nError Code\tDescription")?;
        for one in list(operation, "x-ontap-error-codes") {
            writeln!(out, "{}\t{}", one["code"], words(one))?;
        }
    }
    writeln!(out, "\n### Definitions\n")?;
    for definition in facts.definitions(start) {
        let name = definition["x-ontap-documented-as"][0].as_str().expect("a name");
        writeln!(out, "#### {name}\n\n{}\n", words(definition))?;
        text_fields(out, facts, definition)?;
        writeln!(out)?;
    }
    Ok(())
}

fn text_fields(out: &mut String, facts: &Facts<'_>, schema: &Value) -> std::fmt::Result {
    if schema.get("properties").is_none() {
        return Ok(());
    }
    writeln!(out, "Name\tType\tDescription")?;
    for (name, one) in members(schema, "properties") {
        let about = described(one, &marks(one, one), " \u{2022} ");
        writeln!(out, "{name}\t{}\t{about}", facts.named(one, text_link))?;
    }
    Ok(())
}

/// The pages of the AsciiDoc form, one for each operation, with the names of their files.
pub(crate) fn asciidoc(document: &Value) -> Vec<(String, String)> {
    let facts = Facts::of(document);
    let page = |(index, (start, (method, path, operation))): (usize, (&String, &(String, String, &Value)))| {
        let mut out = String::new();
        asciidoc_operation(&mut out, &facts, start, (method, path), operation).expect("a string takes all");
        (format!("page-{index}.adoc"), out)
    };
    facts.operations.iter().enumerate().map(page).collect()
}

fn asciidoc_link(name: &str) -> String {
    format!("link:#{name}[{name}]")
}

fn asciidoc_operation(
    out: &mut String,
    facts: &Facts<'_>,
    start: &str,
    (method, path): (&str, &str),
    operation: &Value,
) -> std::fmt::Result {
    writeln!(out, "---\nsidebar: sidebar\nsummary: 'A title'\n---\n\n= A title\n")?;
    writeln!(
        out,
        "[.api-doc-operation .api-doc-operation-{}]#{method}# [.api-doc-code-block]#`{path}`#\n",
        method.to_lowercase()
    )?;
    writeln!(out, "*Introduced In:* {}\n", string(operation, "x-ntap-introduced"))?;
    writeln!(out, "{}\n\n== Related ONTAP commands\n", words(operation))?;
    for command in list(operation, "x-ontap-commands") {
        writeln!(out, "* `{}`", command.as_str().expect("a command"))?;
    }
    let has_parameters = !list(operation, "parameters").is_empty();
    if has_parameters {
        writeln!(out, "\n\n== Parameters\n\n[cols=5*,options=header]\n|===\n")?;
        writeln!(out, "|Name\n|Type\n|In\n|Required\n|Description\n")?;
    }
    for one in list(operation, "parameters") {
        let required = if one["required"] == true { "True" } else { "False" };
        let about = listed(one, &marks(one, &one["schema"]));
        let of = facts.named(&one["schema"], asciidoc_link);
        writeln!(out, "|{}\n|{of}\n|{}\n|{required}\na|{about}\n", string(one, "name"), string(one, "in"))?;
    }
    if has_parameters {
        writeln!(out, "|===\n")?;
    }
    if let Some(request) = operation.get("requestBody") {
        writeln!(out, "\n== Request Body\n")?;
        asciidoc_fields(out, facts, body(request).expect("a body"))?;
    }
    let (status, success) = success(operation);
    writeln!(out, "== Response\n\n```\nStatus: {status}, Done\n```\n")?;
    if let Some(response) = body(success) {
        asciidoc_fields(out, facts, response)?;
    }
    if success.get("headers").is_some() {
        writeln!(out, "=== Headers\n\n[cols=3*,options=header]\n|===\n\n|Name\n|Description\n|Type\n")?;
        for (name, one) in members(success, "headers") {
            writeln!(out, "|{name}\n|{}\n|{}\n", words(one), facts.named(&one["schema"], asciidoc_link))?;
        }
        writeln!(out, "|===\n")?;
    }
    writeln!(out, "== Error\n\n```\nStatus: Default\n```\n")?;
    if operation.get("x-ontap-error-codes").is_some() {
        writeln!(out, "ONTAP Error Response Codes\n\n|===\n| Error Code | Description\n")?;
        for one in list(operation, "x-ontap-error-codes") {
            writeln!(out, "| {}\n| {}\n", one["code"], words(one))?;
        }
        writeln!(out, "|===\n")?;
    }
    if let Some(error) = body(&operation["responses"]["default"]) {
        asciidoc_fields(out, facts, error)?;
    }
    writeln!(out, "== Definitions\n\n[.api-def-first-level]\n.See Definitions\n[%collapsible%closed]")?;
    writeln!(out, "//Start collapsible Definitions block\n====")?;
    for definition in facts.definitions(start) {
        let name = definition["x-ontap-documented-as"][0].as_str().expect("a name");
        writeln!(out, "[#{name}]\n[.api-collapsible-fifth-title]\n{name}\n")?;
        if definition.get("x-ontap-fingerprint").is_some() {
            writeln!(out, "{}\n\n", words(definition))?;
        }
        asciidoc_fields(out, facts, definition)?;
    }
    writeln!(out, "//end collapsible .Definitions block\n====")
}

/// A description with its marks as a list.
fn listed(one: &Value, marks: &[String]) -> String {
    let about = described(one, &[], "");
    if marks.is_empty() { about } else { format!("{about}\n\n* {}\n", marks.join("\n* ")) }
}

fn asciidoc_fields(out: &mut String, facts: &Facts<'_>, schema: &Value) -> std::fmt::Result {
    if schema.get("properties").is_none() {
        return Ok(());
    }
    writeln!(out, "[cols=3*,options=header]\n|===\n|Name\n|Type\n|Description\n")?;
    for (name, one) in members(schema, "properties") {
        let about = listed(one, &marks(one, one));
        writeln!(out, "|{name}\n|{}\na|{about}\n", facts.named(one, asciidoc_link))?;
    }
    writeln!(out, "|===\n\n")
}
