//! Parts of the document that several operations use.

use std::collections::HashMap;

use crate::document::join;
use crate::finding::{Finding, Fix};
use crate::openapi::{Document, references};
use crate::patch::Edit;
use crate::rule::Rule;

/// A part that is used in several places can only be changed if it is documented otherwise for all of them.
pub(super) fn keep(findings: &mut [Finding], spec: &Document) {
    let users = Users::new(spec);
    let mut used: HashMap<&str, usize> = HashMap::new();
    for reference in references(spec.value("")) {
        *used.entry(reference).or_default() += 1;
    }
    // Findings with the same fix change the same part first.
    let mut by_part: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in findings.iter() {
        by_part.entry(first_part(&finding.fix)).or_default().push(finding);
    }
    let reason = |finding: &Finding| {
        let Fix::Edits(edits) = &finding.fix else { return None };
        let of_part = by_part.get(first_part(&finding.fix)).map(Vec::as_slice).unwrap_or_default();
        let alike = || of_part.iter().filter(|other| other.fix == finding.fix);
        let asks = |key: &String| alike().any(|other| other.operations.contains(key));
        if !edits.iter().all(|edit| users.of(edit.pointer()).all(asks)) {
            return Some("other operations share it, and are documented otherwise; give it to each of its own");
        }
        let is_limit = matches!(finding.rule, Rule::ParameterConstraint | Rule::FieldConstraint);
        let shares = |edit: &Edit| {
            let schema = edit.pointer().rsplit_once('/').map(|(schema, _)| schema);
            let schema = schema.filter(|schema| schema.starts_with("/components/schemas/"));
            schema.and_then(|schema| used.get(schema)).copied().unwrap_or_default()
        };
        (is_limit && edits.iter().any(|edit| shares(edit) > alike().count()))
            .then_some("the limit belongs to a schema that others use too")
    };
    let reasons: Vec<Option<&str>> = findings.iter().map(reason).collect();
    for (finding, reason) in findings.iter_mut().zip(reasons) {
        if let Some(reason) = reason {
            finding.fix = Fix::person(reason);
        }
    }
}

fn first_part(fix: &Fix) -> &str {
    match fix {
        Fix::Edits(edits) => edits.first().map(Edit::pointer).unwrap_or_default(),
        _ => "",
    }
}

/// The operations that have a parameter, a body or a header, by the part that it is.
struct Users<'s> {
    /// By the parts of which any change within is a change of theirs.
    within: HashMap<String, Vec<&'s String>>,
    /// By the parts that only a change of the whole part changes. A body has all fields that any of its operations has.
    whole: HashMap<String, Vec<&'s String>>,
}

impl<'s> Users<'s> {
    fn new(spec: &'s Document) -> Self {
        let mut users = Self { within: HashMap::new(), whole: HashMap::new() };
        for (key, operation) in &spec.operations {
            for parameter in &operation.parameters {
                users.within.entry(parameter.pointer.clone()).or_default().push(key);
            }
            for response in operation.responses.values() {
                users.whole.entry(join(&response.pointer, "content")).or_default().push(key);
                users.within.entry(join(&response.pointer, "headers")).or_default().push(key);
                for header in response.headers.values() {
                    users.within.entry(header.schema.clone()).or_default().push(key);
                }
            }
        }
        users
    }

    /// The operations that a change at `pointer` touches; some of them more than once.
    fn of(&self, pointer: &str) -> impl Iterator<Item = &'s String> {
        let ends = pointer.match_indices('/').map(|(end, _)| end).chain([pointer.len()]);
        let within = ends.filter_map(|end| self.within.get(&pointer[..end]));
        within.chain(self.whole.get(pointer)).flatten().copied().collect::<Vec<_>>().into_iter()
    }
}
