//! The reference, which Scalar makes of the document that is in the page.

use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::operations::Operations;
use super::shell::{self, Edition, Page};

pub(super) fn page(edition: &Edition, document: &Value, operations: &Operations) -> Result<Markup, serde_json::Error> {
    let text = serde_json::to_string(&shown(document))?;
    // As no tag can begin in it, none can end the element.
    let text = text.replace('<', "\\u003c");
    let data = html! { script #document type="application/json" { (PreEscaped(text)) } };
    let without_script = html! {
        noscript {
            div.without-script {
                h1 { (edition.title) }
                p { "The reference needs JavaScript. The other pages do not: " a href=(Page::ErrorCodes.file()) { "error codes" } " and " a href=(Page::Fields.file()) { "fields" } "." }
                ul { @for operation in operations.iter() { li { code { (operation.key) } ": " (operation.summary) } } }
            }
        }
    };
    Ok(shell::filled_by_scalar(edition, data, without_script))
}

/// The document with what our extensions say put into words: Scalar shows the others only.
fn shown(document: &Value) -> Value {
    let mut document = document.clone();
    // A path alone would be one of the reader's own disk.
    document["servers"] = json!([{
        "url": "https://{cluster}/api",
        "description": document["servers"][0]["description"],
        "variables": { "cluster": { "default": "cluster.example.com", "description": "The cluster's name or address." } },
    }]);
    // On a phone, Scalar would make of it a link without words.
    let licence = document["info"].as_object_mut().and_then(|info| info.shift_remove("license"));
    if let Some(name) = licence.as_ref().and_then(|licence| licence["name"].as_str()) {
        extend(&mut document["info"], &format!("\n\n**Licence of the document.** {name}."));
    }
    let paths = document["paths"].as_object_mut();
    for operation in paths.into_iter().flatten().filter_map(|(_, item)| item.as_object_mut()).flatten() {
        tell(operation.1);
    }
    for schema in document["components"]["schemas"].as_object_mut().into_iter().flatten() {
        let properties = schema.1.get_mut("properties").and_then(Value::as_object_mut);
        properties.into_iter().flatten().for_each(|(_, property)| date(property));
    }
    document
}

/// Adds to the description of an operation its release, its commands and its codes, which lead to their table.
fn tell(operation: &mut Value) {
    if !operation.is_object() {
        return;
    }
    let mut more = String::new();
    if let Some(release) = operation["x-ntap-introduced"].as_str() {
        more.push_str(&format!("\n\n**Since** ONTAP {release}."));
    }
    let commands: Vec<String> = texts(&operation["x-ontap-commands"]).map(|command| format!("`{command}`")).collect();
    if !commands.is_empty() {
        more.push_str(&format!("\n\n**In the CLI:** {}.", commands.join(", ")));
    }
    let codes = operation["x-ontap-error-codes"].as_array().into_iter().flatten();
    let codes: Vec<String> =
        codes.filter_map(Value::as_u64).map(|code| format!("[{code}]({}#{code})", Page::ErrorCodes.file())).collect();
    if !codes.is_empty() {
        more.push_str(&format!("\n\n**Error codes:** {}.", codes.join(", ")));
    }
    extend(operation, &more);
    operation["parameters"].as_array_mut().into_iter().flatten().for_each(date);
}

/// Adds to the description of a parameter or property the release that it came with.
fn date(part: &mut Value) {
    if let Some(release) = part["x-ntap-introduced"].as_str().map(str::to_owned) {
        extend(part, &format!(" *Since {release}.*"));
    }
}

fn extend(part: &mut Value, more: &str) {
    let before = part["description"].as_str().unwrap_or_default();
    part["description"] = format!("{before}{more}").trim().into();
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}
