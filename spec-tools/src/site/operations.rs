//! The operations, as the pages name them and link to them.

use maud::{Markup, html};
use xtask::openapi::Document;

use super::page::Page;
use crate::catalogue::resource;

/// One operation.
pub(super) struct Operation {
    /// Its method and path, such as `GET /security/ipsec/policies`.
    pub(super) key: String,
    pub(super) summary: String,
    /// The method and the resource, and where another operation has the same, the end of the path.
    label: String,
    /// Where the reference tells of it.
    pub(super) link: String,
}

/// Lists all operations, in the order of the document.
pub(super) fn list(spec: &Document) -> Vec<Operation> {
    let mut all: Vec<_> = spec.operations.iter().collect();
    all.sort_by_key(|(_, operation)| spec.at(&operation.pointer).line);
    let one = |(key, operation): &(&String, &xtask::openapi::Operation)| {
        let (method, path) = key.split_once(' ').unwrap_or((key, ""));
        let same = |other: &String| other.starts_with(&format!("{method} ")) && resource(other) == resource(key);
        let is_alone = all.iter().filter(|(other, _)| same(other)).count() == 1;
        let shown = if is_alone { resource(path) } else { path };
        let end = resource(path).rfind('/').map_or(shown, |slash| &shown[slash + 1..]);
        let tag = spec.value(&operation.member("tags"))[0].as_str().unwrap_or_default().to_lowercase();
        Operation {
            key: (*key).clone(),
            summary: spec.value(&operation.member("summary")).as_str().unwrap_or_default().to_owned(),
            label: format!("{method} {end}"),
            // Scalar makes its anchors so.
            link: format!("{}#tag/{}/{method}{path}", Page::Reference.file(), tag.replace(' ', "-")),
        }
    };
    all.iter().map(one).collect()
}

/// Shows those with these keys, each as a mark that leads to the reference.
pub(super) fn marks(all: &[Operation], keys: &[String]) -> Markup {
    html! {
        div.marks {
            @for operation in all.iter().filter(|operation| keys.contains(&operation.key)) {
                a.mark href=(operation.link) title={ (operation.key) ": " (operation.summary) } {
                    (operation.label)
                    span.for-readers { ": " (operation.summary) }
                }
            }
        }
    }
}
