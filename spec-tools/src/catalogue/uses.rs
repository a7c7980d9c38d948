//! The uses of the fields of a document, and the releases since which there are these uses.

use xtask::openapi::{Document, Kind, Operation, Part, Way};
use xtask::workspace;

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

    /// Finds what the operation `key` of a document does with fields.
    pub(crate) fn of(document: &Document, key: &str, operation: &Operation) -> Option<Self> {
        // A page of a list holds records; the answer to a read is one.
        let is_list = || {
            let page = returned(operation).and_then(|body| document.object(body));
            page.is_some_and(|page| page.fields.contains_key("records"))
        };
        match key.split_once(' ')?.0 {
            "POST" => Some(Self::Create),
            "PATCH" => Some(Self::Modify),
            "GET" => Some(if is_list() { Self::Filter } else { Self::Read }),
            _ => None,
        }
    }
}

/// Gives the body of an operation's success.
fn returned(operation: &Operation) -> Option<&Kind> {
    operation.success()?.1.body.as_ref()
}

/// Gives the path of the collection or singleton that the operation `key` is about.
pub(crate) fn resource(key: &str) -> &str {
    let path = key.split_once(' ').map_or(key, |(_, path)| path);
    path.rsplit_once('/').filter(|(_, last)| last.starts_with('{')).map_or(path, |(collection, _)| collection)
}

/// A field that can be used.
pub(crate) struct Usable<'d> {
    /// The path of the collection or singleton that has it.
    pub(crate) resource: &'d str,
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
        let Some(r#use) = Use::of(document, key, operation) else { continue };
        let resource = resource(key);
        let introduced = operation.said.introduced.as_ref();
        let (body, way) = match r#use {
            Use::Create => (operation.request.as_ref(), Way::Create),
            Use::Modify => (operation.request.as_ref(), Way::Modify),
            Use::Read => (returned(operation), Way::Return),
            Use::Filter => {
                for parameter in operation.parameters.iter().filter(|parameter| parameter.r#in == "query") {
                    let since = parameter.said.introduced.as_ref().or(introduced).cloned();
                    filters.push(Usable { resource, name: parameter.name.clone(), r#use, since, property: None });
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
                    None => all.push(Usable { resource, name, r#use, since, property: Some(property) }),
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
