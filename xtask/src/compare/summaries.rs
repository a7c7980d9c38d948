//! Parts that have no words yet: `regenerate` adds them with empty ones.

use crate::document::join;
use crate::finding::{Finding, Fix};
use crate::place::At;
use crate::rule::Rule;
use crate::spec::Spec;

use super::fixes::placeholder;

pub(super) fn compare(spec: &Spec) -> Vec<Finding> {
    let blank = |pointer: &str, member: &str| {
        spec.value(&join(pointer, member)).as_str().is_some_and(|text| text.trim().is_empty())
    };
    let mut parts: Vec<(String, Option<&str>, &At)> = Vec::new();
    for (key, operation) in &spec.operations {
        parts.push((key.clone(), Some(key), &operation.at));
        for parameter in &operation.parameters {
            let is_shared = parameter.pointer.starts_with("/components/");
            parts.push((parameter.subject.clone(), (!is_shared).then_some(key), &parameter.at));
        }
        for response in operation.responses.values() {
            parts.push((response.subject.clone(), Some(key), &response.at));
            let headers = response.headers.iter();
            parts.extend(headers.map(|(name, header)| (format!("{key} {name}"), Some(key.as_str()), &header.at)));
        }
    }
    for schema in spec.schemas.values() {
        parts.push((schema.name.clone(), None, &schema.at));
        let fields = schema.fields.iter();
        parts.extend(fields.map(|(name, field)| (format!("{}.{name}", schema.name), None, &field.at)));
    }
    parts.extend(spec.catalogue.iter().map(|(code, at)| (format!("catalogue {code}"), None, at)));

    let mut empty: Vec<(String, Vec<String>, At)> = Vec::new();
    for (subject, operation, at) in parts {
        let operations = operation.map(str::to_owned).into_iter().collect();
        let mut members = ["summary", "description", "remedy"].into_iter();
        if let Some(member) = members.find(|member| blank(&at.pointer, member)) {
            empty.push((subject, operations, spec.at(&join(&at.pointer, member))));
        }
    }
    for (code, at) in &spec.catalogue {
        let name = join(&at.pointer, "name");
        if spec.value(&name) == placeholder(*code).as_str() {
            empty.push((format!("catalogue {code}"), Vec::new(), spec.at(&name)));
        }
    }
    let finding = |(subject, operations, at)| Finding {
        operations,
        subject,
        rule: Rule::SummaryMissing,
        documented: None,
        curated: None,
        at,
        documented_at: Vec::new(),
        fix: Fix::person("only a person can say what it is, in words of the project's own"),
    };
    // A shared part is met more than once; and the name of a code is asked for together with its summary.
    empty.sort();
    empty.dedup_by(|later, first| later.0 == first.0);
    empty.into_iter().map(finding).collect()
}
