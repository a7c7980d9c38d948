//! Parts that have no words yet: `regenerate` adds them with empty ones.

use crate::document::join;
use crate::finding::{Finding, Fix};
use crate::openapi::Document;
use crate::rule::Rule;

use super::fixes::placeholder;

pub(super) fn compare(curated: &Document) -> Vec<Finding> {
    let mut parts: Vec<(String, Option<&str>, &str)> = Vec::new();
    for (key, operation) in &curated.operations {
        let own = Some(key.as_str());
        parts.push((key.clone(), own, &operation.pointer));
        for parameter in &operation.parameters {
            let owner = own.filter(|_| !parameter.pointer.starts_with("/components/"));
            parts.push((parameter.subject.clone(), owner, &parameter.pointer));
        }
        for response in operation.responses.values() {
            parts.push((response.subject.clone(), own, &response.used));
            let headers = response.headers.iter();
            parts.extend(headers.map(|(name, header)| (format!("{key} {name}"), own, header.used.as_str())));
        }
    }
    for schema in curated.schemas.values() {
        parts.push((schema.name.clone(), None, &schema.pointer));
        let fields = schema.fields.iter();
        parts.extend(fields.map(|(name, field)| (format!("{}.{name}", schema.name), None, field.pointer.as_str())));
    }
    parts.extend(curated.catalogue.iter().map(|(code, at)| (format!("catalogue {code}"), None, at.as_str())));

    let blank = |pointer: &str| curated.value(pointer).as_str().is_some_and(|text| text.trim().is_empty());
    let mut empty: Vec<(String, Vec<String>, String)> = Vec::new();
    for (subject, operation, pointer) in parts {
        let members = ["summary", "description", "remedy"].map(|member| join(pointer, member));
        if let Some(member) = members.into_iter().find(|member| blank(member)) {
            empty.push((subject, operation.map(str::to_owned).into_iter().collect(), member));
        }
    }
    for (code, at) in &curated.catalogue {
        let name = join(at, "name");
        if curated.value(&name) == placeholder(*code).as_str() {
            empty.push((format!("catalogue {code}"), Vec::new(), name));
        }
    }
    // A shared part is met more than once; and the name of a code is asked for together with its summary.
    empty.sort_by_cached_key(|(subject, operations, pointer)| {
        (subject.clone(), operations.clone(), curated.at(pointer))
    });
    empty.dedup_by(|later, first| later.0 == first.0);
    let finding = |(subject, operations, pointer): (String, Vec<String>, String)| Finding {
        operations,
        to_at: vec![curated.at(&pointer)],
        fix: Fix::person("a person has to describe it, in the project's own words"),
        ..Finding::new(Rule::SummaryMissing, subject)
    };
    empty.into_iter().map(finding).collect()
}
