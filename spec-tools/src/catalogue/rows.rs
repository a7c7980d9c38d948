//! The rows of the tables.

use std::collections::BTreeMap;

use serde_json::Value;
use xtask::openapi::Document;
use xtask::place::Unreadable;
use xtask::place::join;
use xtask::workspace;

use super::uses::{self, later};
use super::{ErrorCode, Field, Parameter};

pub(super) fn codes(spec: &Document, documented: &[Document]) -> Vec<ErrorCode> {
    let operations = |document: &Document, code: u64| -> Vec<String> {
        let listing = document.operations.iter().filter(|(_, operation)| operation.error_codes.contains_key(&code));
        listing.map(|(key, _)| key.clone()).collect()
    };
    let entry = |(code, pointer): (&u64, &String)| {
        let listing = documented.iter().filter(|facts| !operations(facts, *code).is_empty()).map(Document::release);
        ErrorCode {
            code: *code,
            name: text(spec, pointer, "name"),
            summary: text(spec, pointer, "summary"),
            remedy: text(spec, pointer, "remedy"),
            operations: operations(spec, *code),
            release: listing.min_by_key(|release| workspace::release(release)).map(str::to_owned),
        }
    };
    spec.catalogue.iter().map(entry).collect()
}

pub(super) fn fields(spec: &Document) -> Result<Vec<Field>, Unreadable> {
    let mut found: BTreeMap<(&str, String), Field> = BTreeMap::new();
    for usable in uses::list(spec) {
        let key = (usable.resource, usable.name);
        let Some(property) = usable.property else {
            if let Some(field) = found.get_mut(&key) {
                field.filter = later(usable.since.as_ref(), field.release.as_ref());
            }
            continue;
        };
        let keyword = |word: &str| spec.keyword(&property.pointer, word);
        let text = |word: &str| Ok::<_, Unreadable>(keyword(word)?.and_then(Value::as_str).map(str::to_owned));
        let values = keyword("enum")?.and_then(Value::as_array).into_iter().flatten();
        let new = Field {
            resource: key.0.to_owned(),
            name: key.1.clone(),
            r#type: property.kind.to_string(),
            format: text("format")?,
            values: values.filter_map(Value::as_str).map(str::to_owned).collect(),
            description: text("description")?.unwrap_or_default(),
            ..Field::default()
        };
        let field = found.entry(key).or_insert(new);
        // Returned values have no limits, so that an older value does not fail to decode.
        let limit = |word: &str| property.limits.get(word).map(|(value, _)| value.clone());
        field.min_length = field.min_length.take().or_else(|| limit("minLength"));
        field.max_length = field.max_length.take().or_else(|| limit("maxLength"));
        // The release that brought the field is the first that knows it in any way.
        let releases = field.release.take().into_iter().chain(usable.since.clone());
        field.release = releases.min_by_key(|release| workspace::release(release));
        let slots = [&mut field.create, &mut field.modify, &mut field.read, &mut field.filter];
        *slots[usable.r#use as usize] = usable.since;
    }
    Ok(found.into_values().collect())
}

pub(super) fn parameters(spec: &Document) -> Result<Vec<Parameter>, Unreadable> {
    let mut all: Vec<Parameter> = Vec::new();
    for (key, operation) in &spec.operations {
        for parameter in &operation.parameters {
            let limit = |name: &str| parameter.limits.get(name).map(|(value, _)| value.clone());
            let format = spec.keyword(&parameter.schema, "format")?;
            let new = Parameter {
                name: parameter.name.clone(),
                r#in: parameter.r#in.clone(),
                r#type: parameter.kind.to_string(),
                format: format.and_then(|format| format.as_str().map(str::to_owned)),
                required: parameter.required,
                default: limit("default"),
                minimum: limit("minimum"),
                maximum: limit("maximum"),
                min_length: limit("minLength"),
                max_length: limit("maxLength"),
                description: text(spec, &parameter.pointer, "description"),
                release: parameter.said.introduced.as_ref().or(operation.said.introduced.as_ref()).cloned(),
                operations: Vec::new(),
            };
            let same = |other: &&mut Parameter| Parameter { operations: Vec::new(), ..(**other).clone() } == new;
            match all.iter_mut().find(same) {
                Some(other) => other.operations.push(key.clone()),
                None => all.push(Parameter { operations: vec![key.clone()], ..new }),
            }
        }
    }
    all.sort_by(|one, other| (&one.name, &one.operations).cmp(&(&other.name, &other.operations)));
    Ok(all)
}

/// Gives the text of the member `name` of what is at `pointer`; an empty one if it is missing.
fn text(document: &Document, pointer: &str, name: &str) -> String {
    document.value(&join(pointer, name)).as_str().unwrap_or_default().to_owned()
}
