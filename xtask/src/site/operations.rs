//! The operations, as the pages name them and link to them.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;

use super::shell::Page;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) summary: String,
    tag: String,
}

/// All operations of the document, by method and path, such as `GET /security/ipsec/policies`.
pub(super) fn read(document: &Value) -> BTreeMap<String, Operation> {
    let mut operations = BTreeMap::new();
    let paths = document["paths"].as_object();
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let (method, tag) = (method.to_uppercase(), text(&operation["tags"][0]));
            let key = format!("{method} {path}");
            operations.insert(key, Operation { method, path: path.clone(), summary: text(&operation["summary"]), tag });
        }
    }
    operations
}

impl Operation {
    /// Where the reference tells of it. Scalar makes its anchors so.
    pub(super) fn link(&self) -> String {
        let tag = self.tag.to_lowercase().replace(' ', "-");
        format!("{}#tag/{tag}/{}{}", Page::Reference.file(), self.method, self.path)
    }

    /// Its method, which leads to the reference.
    pub(super) fn mark(&self) -> Markup {
        html! { a.mark href=(self.link()) title=(self.summary) { (self.method) span.for-readers { ": " (self.summary) } } }
    }
}
