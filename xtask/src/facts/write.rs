//! Writes facts as YAML: one line for each row of the page, so that a difference between releases is a line too.

use std::fmt::Write;

use serde_json::Value;

use super::known::NAMED;

/// The text of the facts file that holds `document`.
pub fn write(document: &Value) -> String {
    let info = &document["info"];
    let release = info["version"].as_str().unwrap_or_default();
    let sources = info["x-ontap-sources"].as_array().map_or(&[][..], Vec::as_slice);
    let files = sources.iter().filter_map(|source| Some(format!(" DIR/{}", source["file"].as_str()?)));
    let mut out = format!(
        "# What the vendor documents of ONTAP {release}: an OpenAPI document of facts, without the vendor's sentences.
# Written by a command; do not edit. With the pages in the directory DIR, from the root of the project:
#   cargo xtask extract{} --release {release}
# x-ontap-fingerprint stands for a description; x-ontap-documented-as has the name that the reference gives to a schema.
openapi: 3.0.3
info:
  title: What the vendor documents
  version: {}
",
        files.collect::<String>(),
        quoted(release)
    );
    member(&mut out, 1, "x-ontap-sources", &info["x-ontap-sources"], "info");
    for key in ["paths", "components"] {
        member(&mut out, 0, key, &document[key], "");
    }
    out
}

/// Writes a member of the mapping that is the value of `within`.
fn member(out: &mut String, depth: usize, key: &str, value: &Value, within: &str) {
    let named = NAMED.contains(&within);
    let in_one_line = match within {
        "headers" | "properties" => !has_properties(value),
        _ => !named && key == "x-ontap-documented-as",
    };
    // Writing to a string cannot fail.
    let _ = write!(out, "{:1$}{2}:", "", depth * 2, key_text(key));
    match value {
        Value::Object(members) if !in_one_line && !members.is_empty() => {
            out.push('\n');
            members
                .iter()
                .for_each(|(inner, value)| member(out, depth + 1, inner, value, if named { "" } else { key }));
        }
        Value::Array(items) if !in_one_line && !items.is_empty() => {
            out.push('\n');
            for item in items {
                let _ = writeln!(out, "{:1$}- {2}", "", depth * 2 + 2, flow(item));
            }
        }
        _ => _ = writeln!(out, " {}", flow(value)),
    }
}

/// Whether a schema has an object's members in it, which are too much for a line.
fn has_properties(schema: &Value) -> bool {
    schema.get("properties").is_some() || schema.get("items").is_some_and(has_properties)
}

/// A value on one line.
fn flow(value: &Value) -> String {
    let member = |(key, value): (&String, &Value)| format!("{}: {}", key_text(key), flow(value));
    match value {
        Value::Object(members) => format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", ")),
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// A key: bare also where it is a path or a media type.
fn key_text(key: &str) -> String {
    let bare = key.starts_with(|first: char| first == '/' || first == '$' || first.is_ascii_alphabetic())
        && key.contains(['/', '$'])
        && key.chars().all(|c| c.is_ascii_alphanumeric() || "_.-/{}$".contains(c));
    if bare { key.to_owned() } else { quoted(key) }
}

/// A string as YAML has it: bare where nothing else could be meant, else in quotes, with JSON's escapes.
pub(crate) fn quoted(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let bare = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if bare { text.to_owned() } else { Value::from(text).to_string() }
}
