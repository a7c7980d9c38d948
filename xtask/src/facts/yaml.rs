//! Writes a facts file: one line for each row of the page, so that a difference between releases is a line too.

use std::fmt::Write;

use serde_json::Value;

use super::{Definition, Facts, Field, Fingerprint, Header, Limits, Operation, Parameter};

/// The text of the facts file.
pub fn write(facts: &Facts) -> String {
    let mut out = String::new();
    let pages: Vec<&str> = facts.pages.iter().map(|page| page.file.as_str()).collect();
    line(
        &mut out,
        0,
        &format!("# What the vendor's reference says of ONTAP {}: facts, none of its sentences.", facts.release),
    );
    line(
        &mut out,
        0,
        "# Written by a command; do not edit. With the pages in the directory DIR, from the root of the project:",
    );
    let paths: Vec<String> = pages.iter().map(|page| format!("DIR/{page}")).collect();
    line(&mut out, 0, &format!("#   cargo xtask extract {} --release {}", paths.join(" "), facts.release));
    line(&mut out, 0, "# A type with a `#` is the definition of that name; a fingerprint stands for a description.");
    line(&mut out, 0, &format!("release: {}", quoted(&facts.release)));
    line(&mut out, 0, "pages:");
    for page in &facts.pages {
        line(&mut out, 1, &format!("- {{file: {}, sha256: {}}}", quoted(&page.file), quoted(&page.sha256)));
    }
    line(&mut out, 0, "operations:");
    for (key, operation) in &facts.operations {
        line(&mut out, 1, &format!("{}:", quoted(key)));
        write_operation(&mut out, operation);
    }
    out
}

fn write_operation(out: &mut String, operation: &Operation) {
    line(out, 2, &format!("introduced: {}", quoted(&operation.introduced)));
    if let Some(fingerprint) = &operation.fingerprint {
        line(out, 2, &format!("fingerprint: {}", quoted(&fingerprint.to_string())));
    }
    list(out, 2, "commands", &operation.commands, |command| quoted(command));
    list(out, 2, "parameters", &operation.parameters, parameter);
    if let Some(request) = &operation.request {
        list(out, 2, "request", request, field);
    }
    line(out, 2, &format!("status: {}", operation.status));
    list(out, 2, "response", &operation.response, field);
    list(out, 2, "headers", &operation.headers, header);
    list(out, 2, "error", &operation.error, field);
    list(out, 2, "error_codes", &operation.error_codes, |code| {
        let mut entry = Entry::default();
        entry.put("code", code.code.to_string());
        entry.fingerprint(code.fingerprint.as_ref());
        entry.end()
    });
    if operation.definitions.is_empty() {
        line(out, 2, "definitions: {}");
        return;
    }
    line(out, 2, "definitions:");
    for (key, definition) in &operation.definitions {
        line(out, 3, &format!("{}:", quoted(key)));
        write_definition(out, definition);
    }
}

fn write_definition(out: &mut String, definition: &Definition) {
    if let Some(fingerprint) = &definition.fingerprint {
        line(out, 4, &format!("fingerprint: {}", quoted(&fingerprint.to_string())));
    }
    list(out, 4, "fields", &definition.fields, field);
}

fn parameter(parameter: &Parameter) -> String {
    let mut entry = Entry::default();
    entry.put("name", quoted(&parameter.name));
    entry.put("in", quoted(&parameter.r#in));
    entry.put("type", quoted(&parameter.r#type.to_string()));
    entry.put("required", parameter.required.to_string());
    entry.remarks(&parameter.limits, parameter.introduced.as_deref(), parameter.fingerprint.as_ref(), parameter.cut);
    entry.end()
}

fn field(field: &Field) -> String {
    let mut entry = Entry::default();
    entry.put("name", quoted(&field.name));
    entry.put("type", quoted(&field.r#type.to_string()));
    entry.remarks(&field.limits, field.introduced.as_deref(), field.fingerprint.as_ref(), field.cut);
    entry.end()
}

fn header(header: &Header) -> String {
    let mut entry = Entry::default();
    entry.put("name", quoted(&header.name));
    entry.put("type", quoted(&header.r#type.to_string()));
    entry.fingerprint(header.fingerprint.as_ref());
    entry.end()
}

/// A mapping on one line.
#[derive(Default)]
struct Entry(Vec<String>);

impl Entry {
    fn put(&mut self, key: &str, value: String) {
        self.0.push(format!("{key}: {value}"));
    }

    fn fingerprint(&mut self, fingerprint: Option<&Fingerprint>) {
        if let Some(fingerprint) = fingerprint {
            self.put("fingerprint", quoted(&fingerprint.to_string()));
        }
    }

    fn remarks(&mut self, limits: &Limits, introduced: Option<&str>, fingerprint: Option<&Fingerprint>, cut: bool) {
        let limits: Vec<String> =
            limits.named().into_iter().map(|(name, value)| format!("{name}: {}", scalar(&value))).collect();
        if !limits.is_empty() {
            self.put("limits", format!("{{{}}}", limits.join(", ")));
        }
        if let Some(introduced) = introduced {
            self.put("introduced", quoted(introduced));
        }
        self.fingerprint(fingerprint);
        if cut {
            self.put("cut", "true".to_owned());
        }
    }

    fn end(self) -> String {
        format!("{{{}}}", self.0.join(", "))
    }
}

fn list<T>(out: &mut String, depth: usize, name: &str, items: &[T], show: impl Fn(&T) -> String) {
    if items.is_empty() {
        line(out, depth, &format!("{name}: []"));
        return;
    }
    line(out, depth, &format!("{name}:"));
    for item in items {
        line(out, depth + 1, &format!("- {}", show(item)));
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{:width$}{text}", "", width = depth * 2);
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// A string as YAML has it: bare where nothing else could be meant, else in quotes, with JSON's escapes.
pub(crate) fn quoted(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let bare = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if bare { text.to_owned() } else { Value::from(text).to_string() }
}
