//! The operations, as the pages name them and link to them.

use maud::{Markup, html};
use serde_json::Value;

use super::shell::Page;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    /// Its method and path, such as `GET /security/ipsec/policies`.
    pub(super) key: String,
    pub(super) summary: String,
    method: String,
    path: String,
    tag: String,
}

/// All operations, in the order of the document.
#[derive(Debug)]
pub(super) struct Operations(Vec<Operation>);

impl Operations {
    pub(super) fn read(document: &Value) -> Self {
        let mut all = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for method in METHODS {
                let Some(operation) = item.get(method) else { continue };
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let (method, tag) = (method.to_uppercase(), text(&operation["tags"][0]));
                let (key, summary) = (format!("{method} {path}"), text(&operation["summary"]));
                all.push(Operation { key, summary, method, path: path.clone(), tag });
            }
        }
        Self(all)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.0.iter()
    }

    /// Those with these keys, each as a mark that leads to the reference.
    pub(super) fn marks(&self, keys: &[String]) -> Markup {
        let unknown = keys.iter().filter(|key| self.iter().all(|operation| operation.key != **key));
        html! {
            div.marks {
                @for operation in self.iter().filter(|operation| keys.contains(&operation.key)) {
                    a.mark href=(operation.link()) title={ (operation.key) ": " (operation.summary) } {
                        (self.label(operation))
                        span.for-readers { ": " (operation.summary) }
                    }
                }
                @for key in unknown { span.mark { (key) } }
            }
        }
    }

    /// The method, and where others have the same one, the end of the path.
    fn label(&self, operation: &Operation) -> String {
        let is_alone = self.iter().filter(|other| other.method == operation.method).count() == 1;
        let end = operation.path.rsplit('/').next().filter(|_| !is_alone);
        end.map_or_else(|| operation.method.clone(), |end| format!("{} {end}", operation.method))
    }
}

impl Operation {
    /// Where the reference tells of it. Scalar makes its anchors so.
    pub(super) fn link(&self) -> String {
        let tag = self.tag.to_lowercase().replace(' ', "-");
        format!("{}#tag/{tag}/{}{}", Page::Reference.file(), self.method, self.path)
    }
}
