//! The reference, which Scalar makes of the document that is in the page.

use std::collections::BTreeMap;

use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::content::Site;
use super::page::Page;

pub(super) fn page(site: &Site<'_>) -> Result<Markup, serde_json::Error> {
    // No tag can begin in the text, so that none can end the element.
    let text = serde_json::to_string(&shown(site))?.replace('<', "\\u003c");
    Ok(html! {
        noscript {
            div.without-script {
                h1 { (site.title()) }
                p { "The reference needs JavaScript. The other pages do not: " a href=(Page::ErrorCodes.file()) { "error codes" } " and " a href=(Page::Fields.file()) { "fields" } "." }
                ul { @for operation in &site.operations { li { code { (operation.key) } ": " (operation.summary) } } }
            }
        }
        div #reference tabindex="-1" {}
        script #document type="application/json" { (PreEscaped(text)) }
    })
}

/// The document with what our extensions say put into words: Scalar shows the others only.
fn shown(site: &Site<'_>) -> Value {
    let mut document = site.spec.value("").clone();
    // A path alone would be one of the reader's own disk.
    document["servers"] = json!([{
        "url": "https://{cluster}/api",
        "description": document["servers"][0]["description"],
        "variables": { "cluster": { "default": "cluster.example.com", "description": "The cluster's name or address." } },
    }]);
    let mut more: BTreeMap<&str, String> = BTreeMap::new();
    // On a phone, Scalar would make of it a link without words.
    let licence = document["info"].as_object_mut().and_then(|info| info.shift_remove("license"));
    if let Some(name) = licence.as_ref().and_then(|licence| licence["name"].as_str()) {
        more.insert("/info", format!("\n\n**Licence of the document.** {name}."));
    }
    let fields = site.spec.schemas.values().flat_map(|schema| schema.fields.values());
    let mut dated: Vec<_> = fields.map(|field| (&field.pointer, &field.said)).collect();
    for operation in site.spec.operations.values() {
        dated.extend(operation.parameters.iter().map(|parameter| (&parameter.pointer, &parameter.said)));
        let text = more.entry(&operation.pointer).or_default();
        if let Some(release) = &operation.said.introduced {
            text.push_str(&format!("\n\n**Since** ONTAP {release}."));
        }
        let commands = operation.commands.iter().map(|command| format!("`{command}`"));
        let link = |code: &u64| format!("[{code}]({}#{code})", Page::ErrorCodes.file());
        let lists = [
            ("In the CLI", commands.collect::<Vec<_>>()),
            ("Error codes", operation.error_codes.keys().map(link).collect()),
        ];
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            text.push_str(&format!("\n\n**{name}:** {}.", list.join(", ")));
        }
    }
    for (pointer, said) in dated {
        if let Some(release) = &said.introduced {
            more.insert(pointer, format!(" *Since {release}.*"));
        }
    }
    for (pointer, text) in more {
        if let Some(part) = document.pointer_mut(pointer) {
            let before = part["description"].as_str().unwrap_or_default();
            part["description"] = format!("{before}{text}").trim().into();
        }
    }
    document
}
