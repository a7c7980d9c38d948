//! The table of error codes.

use crate::document::join;
use crate::facts::Facts;
use crate::spec::Spec;
use crate::workspace;

use super::ErrorCode;

pub(super) fn list(spec: &Spec, documented: &[Facts]) -> Vec<ErrorCode> {
    let mut releases: Vec<&Facts> = documented.iter().collect();
    releases.sort_by_key(|facts| workspace::release(&facts.release));
    let entry = |(code, at): (&u64, &crate::place::At)| {
        let text = |member: &str| spec.value(&join(&at.pointer, member)).as_str().unwrap_or_default().to_owned();
        let operations = spec.operations.iter().filter(|(_, operation)| operation.error_codes.contains_key(code));
        ErrorCode {
            code: *code,
            name: text("name"),
            summary: text("summary"),
            remedy: text("remedy"),
            operations: operations.map(|(key, _)| key.clone()).collect(),
            release: releases.iter().find(|facts| lists(facts, *code)).map(|facts| facts.release.clone()),
        }
    };
    spec.catalogue.iter().map(entry).collect()
}

fn lists(facts: &Facts, code: u64) -> bool {
    facts.operations.values().flat_map(|operation| &operation.error_codes).any(|listed| listed.code == code)
}
