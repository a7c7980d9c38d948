//! Prints facts as pages of the vendor's two forms, with sentences of no meaning, so that pages of releases that do not
//! exist can be read.

use std::fmt::Write;

use xtask::facts::{Facts, Field, Fingerprint, Limits, Of, Operation, Type, definition_name};

/// What stands for a sentence: other fingerprints, other words.
fn words(fingerprint: Option<&Fingerprint>) -> String {
    fingerprint.map(|fingerprint| format!("Words {fingerprint} mean this.")).unwrap_or_default()
}

/// What stands behind bullets.
fn remarks(limits: &Limits, introduced: Option<&str>) -> Vec<String> {
    let mut remarks: Vec<String> = introduced.map(|release| format!("Introduced in: {release}")).into_iter().collect();
    for (name, value) in limits.named() {
        let label = match name {
            "default" => "Default value",
            "minimum" => "Min value",
            "maximum" => "Max value",
            other => other,
        };
        let value = match value {
            serde_json::Value::Bool(true) => "1".to_owned(),
            serde_json::Value::Bool(false) => String::new(),
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        remarks.push(format!("{label}: {value}").trim_end().to_owned());
    }
    remarks
}

fn described(fingerprint: Option<&Fingerprint>, cut: bool, remarks: &[String], bullet: &str) -> String {
    let mut text = words(fingerprint);
    if cut {
        text.push_str(" [and so");
    }
    for remark in remarks {
        write!(text, "{bullet}{remark}").expect("a string takes all");
    }
    text
}

/// The one page of the text form.
pub(crate) fn text(facts: &Facts) -> String {
    let mut out = format!("## **Policies**\n\nONTAP {} REST API reference\n\n", facts.release);
    for (key, operation) in &facts.operations {
        text_operation(&mut out, key, operation).expect("a string takes all");
    }
    out.push_str("# Copyright information\n");
    out
}

fn named(of: &Type) -> String {
    let name = match &of.of {
        Of::Scalar(name) => name.clone(),
        Of::Definition(key) => format!("<a href=\"#\">{}</a>", definition_name(key)),
    };
    if of.array { format!("array[{name}]") } else { name }
}

fn text_operation(out: &mut String, key: &str, operation: &Operation) -> std::fmt::Result {
    const BULLET: &str = " \u{2022} ";
    writeln!(out, "## A title\n\n{key}\n\n**Introduced In:** {}\n", operation.introduced)?;
    writeln!(out, "{}\n\n### Related ONTAP commands\n", words(operation.fingerprint.as_ref()))?;
    for command in &operation.commands {
        writeln!(out, "- `{command}`")?;
    }
    writeln!(out, "\n### Parameters\n\nName\tType\tIn\tRequired\tDescription")?;
    for one in &operation.parameters {
        let required = if one.required { "True" } else { "False" };
        let remarks = remarks(&one.limits, one.introduced.as_deref());
        let about = described(one.fingerprint.as_ref(), one.cut, &remarks, BULLET);
        writeln!(out, "{}\t{}\t{}\t{required}\t{about}", one.name, named(&one.r#type), one.r#in)?;
    }
    if let Some(request) = &operation.request {
        writeln!(out, "\n### Request Body\n")?;
        text_fields(out, request)?;
    }
    writeln!(out, "\n### Response\n\nStatus: {}, Done\n", operation.status)?;
    if !operation.response.is_empty() {
        text_fields(out, &operation.response)?;
    }
    if !operation.headers.is_empty() {
        writeln!(out, "\n### Headers\n\nName\tDescription\tType")?;
        for one in &operation.headers {
            writeln!(out, "{}\t{}\t{}", one.name, words(one.fingerprint.as_ref()), named(&one.r#type))?;
        }
    }
    writeln!(out, "\n### Error\n\nStatus: Default\n")?;
    text_fields(out, &operation.error)?;
    if !operation.error_codes.is_empty() {
        writeln!(out, "\n### ONTAP Error Response Codes\n\nError Code\tDescription")?;
        for one in &operation.error_codes {
            writeln!(out, "{}\t{}", one.code, words(one.fingerprint.as_ref()))?;
        }
    }
    writeln!(out, "\n### Definitions\n")?;
    for (key, definition) in &operation.definitions {
        writeln!(out, "#### {}\n\n{}\n", definition_name(key), words(definition.fingerprint.as_ref()))?;
        text_fields(out, &definition.fields)?;
        writeln!(out)?;
    }
    Ok(())
}

fn text_fields(out: &mut String, fields: &[Field]) -> std::fmt::Result {
    writeln!(out, "Name\tType\tDescription")?;
    for one in fields {
        let remarks = remarks(&one.limits, one.introduced.as_deref());
        let about = described(one.fingerprint.as_ref(), one.cut, &remarks, " \u{2022} ");
        writeln!(out, "{}\t{}\t{about}", one.name, named(&one.r#type))?;
    }
    Ok(())
}

/// The pages of the AsciiDoc form, one for each operation, with the names of their files.
pub(crate) fn asciidoc(facts: &Facts) -> Vec<(String, String)> {
    facts
        .operations
        .iter()
        .enumerate()
        .map(|(index, (key, operation))| {
            let mut out = String::new();
            asciidoc_operation(&mut out, key, operation).expect("a string takes all");
            (format!("page-{index}.adoc"), out)
        })
        .collect()
}

fn linked(of: &Type) -> String {
    let name = match &of.of {
        Of::Scalar(name) => name.clone(),
        Of::Definition(key) => format!("link:#{0}[{0}]", definition_name(key)),
    };
    if of.array { format!("array[{name}]") } else { name }
}

fn asciidoc_operation(out: &mut String, key: &str, operation: &Operation) -> std::fmt::Result {
    let (method, path) = key.split_once(' ').expect("a method and a path");
    writeln!(out, "---\nsidebar: sidebar\nsummary: 'A title'\n---\n\n= A title\n")?;
    writeln!(
        out,
        "[.api-doc-operation .api-doc-operation-{}]#{method}# [.api-doc-code-block]#`{path}`#\n",
        method.to_lowercase()
    )?;
    writeln!(out, "*Introduced In:* {}\n", operation.introduced)?;
    writeln!(out, "{}\n\n== Related ONTAP commands\n", words(operation.fingerprint.as_ref()))?;
    for command in &operation.commands {
        writeln!(out, "* `{command}`")?;
    }
    writeln!(out, "\n\n== Parameters\n\n[cols=5*,options=header]\n|===\n")?;
    writeln!(out, "|Name\n|Type\n|In\n|Required\n|Description\n")?;
    for one in &operation.parameters {
        let required = if one.required { "True" } else { "False" };
        let remarks = remarks(&one.limits, one.introduced.as_deref());
        let about = listed(one.fingerprint.as_ref(), one.cut, &remarks);
        writeln!(out, "|{}\n|{}\n|{}\n|{required}\na|{about}\n", one.name, linked(&one.r#type), one.r#in)?;
    }
    writeln!(out, "|===\n")?;
    if let Some(request) = &operation.request {
        writeln!(out, "== Request Body\n")?;
        asciidoc_fields(out, request)?;
    }
    writeln!(out, "== Response\n\n```\nStatus: {}, Done\n```\n", operation.status)?;
    if !operation.response.is_empty() {
        asciidoc_fields(out, &operation.response)?;
    }
    if !operation.headers.is_empty() {
        writeln!(out, "=== Headers\n\n[cols=3*,options=header]\n|===\n\n|Name\n|Description\n|Type\n")?;
        for one in &operation.headers {
            writeln!(out, "|{}\n|{}\n|{}\n", one.name, words(one.fingerprint.as_ref()), linked(&one.r#type))?;
        }
        writeln!(out, "|===\n")?;
    }
    writeln!(out, "== Error\n\n```\nStatus: Default\n```\n")?;
    if !operation.error_codes.is_empty() {
        writeln!(out, "ONTAP Error Response Codes\n\n|===\n| Error Code | Description\n")?;
        for one in &operation.error_codes {
            writeln!(out, "| {}\n| {}\n", one.code, words(one.fingerprint.as_ref()))?;
        }
        writeln!(out, "|===\n")?;
    }
    asciidoc_fields(out, &operation.error)?;
    writeln!(out, "== Definitions\n\n[.api-def-first-level]\n.See Definitions\n[%collapsible%closed]")?;
    writeln!(out, "//Start collapsible Definitions block\n====")?;
    for (key, definition) in &operation.definitions {
        let name = definition_name(key);
        writeln!(out, "[#{name}]\n[.api-collapsible-fifth-title]\n{name}\n")?;
        if let Some(fingerprint) = &definition.fingerprint {
            writeln!(out, "{}\n\n", words(Some(fingerprint)))?;
        }
        asciidoc_fields(out, &definition.fields)?;
    }
    writeln!(out, "//end collapsible .Definitions block\n====")
}

/// A description with its remarks as a list.
fn listed(fingerprint: Option<&Fingerprint>, cut: bool, remarks: &[String]) -> String {
    let about = described(fingerprint, cut, &[], "");
    if remarks.is_empty() { about } else { format!("{about}\n\n* {}\n", remarks.join("\n* ")) }
}

fn asciidoc_fields(out: &mut String, fields: &[Field]) -> std::fmt::Result {
    writeln!(out, "[cols=3*,options=header]\n|===\n|Name\n|Type\n|Description\n")?;
    for one in fields {
        let remarks = remarks(&one.limits, one.introduced.as_deref());
        let about = listed(one.fingerprint.as_ref(), one.cut, &remarks);
        writeln!(out, "|{}\n|{}\na|{about}\n", one.name, linked(&one.r#type))?;
    }
    writeln!(out, "|===\n\n")
}
