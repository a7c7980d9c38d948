//! The uses of the fields of a document, and the releases since which there are these uses.

use crate::openapi::{Document, Kind, Part, Way};
use crate::workspace;

/// A thing that can be done with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    Create,
    Modify,
    Read,
    Filter,
}

impl Use {
    pub(crate) const ALL: [Self; 4] = [Self::Create, Self::Modify, Self::Read, Self::Filter];

    /// Finds what the operation `key` does with fields.
    pub(crate) fn of(key: &str) -> Option<Self> {
        match key.split_once(' ')? {
            ("POST", _) => Some(Self::Create),
            ("PATCH", _) => Some(Self::Modify),
            // A page of a list has the policies among its members; the answer to a read is one.
            ("GET", path) if path.ends_with('}') => Some(Self::Read),
            ("GET", _) => Some(Self::Filter),
            _ => None,
        }
    }
}

/// A field that can be used.
pub(crate) struct Usable<'d> {
    /// The names on the way to it, joined by dots.
    pub(crate) name: String,
    pub(crate) r#use: Use,
    pub(crate) since: Option<String>,
    /// The property of the body; none for a filter.
    pub(crate) property: Option<&'d Part>,
}

/// Lists the fields that hold values, once for each use; filters come last, other parameters among them.
pub(crate) fn list(document: &Document) -> Vec<Usable<'_>> {
    let object = |kind: &Kind| if let Kind::Object(pointer) = kind { document.schemas.get(pointer) } else { None };
    let (mut all, mut filters) = (Vec::new(), Vec::new());
    for (key, operation) in &document.operations {
        let Some(r#use) = Use::of(key) else { continue };
        let introduced = operation.said.introduced.as_ref();
        let (body, way) = match r#use {
            Use::Create => (operation.request.as_ref(), Way::Create),
            Use::Modify => (operation.request.as_ref(), Way::Modify),
            Use::Read => (operation.success().and_then(|(_, response)| response.body.as_ref()), Way::Return),
            Use::Filter => {
                for parameter in operation.parameters.iter().filter(|parameter| parameter.r#in == "query") {
                    let since = parameter.said.introduced.as_ref().or(introduced).cloned();
                    filters.push(Usable { name: parameter.name.clone(), r#use, since, property: None });
                }
                continue;
            }
        };
        let mut ahead = Vec::new();
        ahead.extend(body.and_then(object).map(|schema| (schema, String::new(), introduced.cloned(), Vec::new())));
        while let Some((schema, path, since, around)) = ahead.pop() {
            // A schema within itself would have no end.
            if around.contains(&&schema.pointer) {
                continue;
            }
            for (name, property) in schema.fields.iter().filter(|(_, property)| property.goes(way)) {
                let name = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let since = later(since.as_ref(), property.said.introduced.as_ref());
                match object(&property.kind) {
                    Some(inner) => ahead.push((inner, name, since, [around.as_slice(), &[&schema.pointer]].concat())),
                    None => all.push(Usable { name, r#use, since, property: Some(property) }),
                }
            }
        }
    }
    all.extend(filters);
    all
}

/// Gives the later of two releases, of which each can be unknown.
pub(super) fn later(one: Option<&String>, other: Option<&String>) -> Option<String> {
    one.into_iter().chain(other).max_by_key(|release| workspace::release(release)).cloned()
}
