//! Parts of the document that several operations use.

use std::collections::HashMap;

use crate::finding::{Finding, Fix};
use crate::patch::Edit;
use crate::rule::Rule;
use crate::spec::{self, Spec};

/// A part that is used in several places can only be changed if it is documented otherwise for all of them.
pub(super) fn keep(findings: &mut [Finding], spec: &Spec) {
    let users = Users::new(spec);
    let mut references: HashMap<&str, usize> = HashMap::new();
    for reference in spec::references(spec.value("")) {
        *references.entry(reference).or_default() += 1;
    }
    // Those that are mended by the same edits change the same part first.
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
            schema.and_then(|schema| references.get(schema)).copied().unwrap_or_default()
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
        Fix::Accept | Fix::Person(_) => "",
    }
}

/// The operations that have a parameter, a body or a header, by the part that it is.
struct Users<'s> {
    /// By the parts of which any change within is a change of theirs.
    within: HashMap<&'s str, Vec<&'s String>>,
    /// By the parts of which only a change of the whole is. What is in a body may be different for each: its fields are all
    /// that any of them has.
    whole: HashMap<&'s str, Vec<&'s String>>,
}

impl<'s> Users<'s> {
    fn new(spec: &'s Spec) -> Self {
        let mut users = Self { within: HashMap::new(), whole: HashMap::new() };
        for (key, operation) in &spec.operations {
            for parameter in &operation.parameters {
                users.within.entry(&parameter.pointer).or_default().push(key);
            }
            for response in operation.responses.values() {
                users.whole.entry(&response.body_at.pointer).or_default().push(key);
                users.within.entry(&response.headers_at.pointer).or_default().push(key);
                for header in response.headers.values() {
                    users.within.entry(&header.schema).or_default().push(key);
                }
            }
        }
        users
    }

    /// Those of whose parts a change at `pointer` is a change; some of them more than once.
    fn of(&self, pointer: &str) -> impl Iterator<Item = &'s String> {
        let ends = pointer.match_indices('/').map(|(end, _)| end).chain([pointer.len()]);
        let within = ends.filter_map(|end| self.within.get(&pointer[..end]));
        within.chain(self.whole.get(pointer)).flatten().copied().collect::<Vec<_>>().into_iter()
    }
}
