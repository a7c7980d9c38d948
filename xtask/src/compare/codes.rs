//! Error codes: the list of each operation, and the catalogue.

use std::collections::BTreeMap;

use crate::document::join;
use crate::facts::Documented;
use crate::finding::{Finding, Rule};
use crate::place::At;
use crate::spec::Spec;

use super::{Pair, finding};

pub(super) fn compare(documented: &Documented, spec: &Spec, pairs: &[Pair<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pair in pairs {
        let list = join(&pair.pointer, "error_codes");
        for (index, code) in pair.documented.error_codes.iter().enumerate() {
            if !pair.curated.error_codes.contains_key(&code.code) {
                let documented_at = documented.at(&join(&list, &index.to_string()));
                let subject = format!("{} {}", pair.key, code.code);
                let at = &pair.curated.error_codes_at;
                findings.push(finding(Rule::ErrorCodeMissing, pair.key, subject, at, documented_at));
            }
        }
        for (code, at) in &pair.curated.error_codes {
            if !pair.documented.error_codes.iter().any(|other| other.code == *code) {
                let subject = format!("{} {code}", pair.key);
                findings.push(finding(Rule::ErrorCodeUndocumented, pair.key, subject, at, documented.at(&list)));
            }
        }
    }
    findings.extend(catalogue(documented, spec));
    findings
}

/// The catalogue holds the codes of all operations, of those too that the spec lacks: it must not lose any.
fn catalogue(documented: &Documented, spec: &Spec) -> Vec<Finding> {
    let mut codes: BTreeMap<u64, Vec<(&str, At)>> = BTreeMap::new();
    for (key, operation) in &documented.facts.operations {
        let list = join(&join("/operations", key), "error_codes");
        for (index, code) in operation.error_codes.iter().enumerate() {
            codes.entry(code.code).or_default().push((key, documented.at(&join(&list, &index.to_string()))));
        }
    }
    let missing = codes.iter().filter(|(code, _)| !spec.catalogue.contains_key(code)).map(|(code, rows)| Finding {
        operations: rows.iter().map(|(key, _)| (*key).to_owned()).collect(),
        subject: format!("catalogue {code}"),
        rule: Rule::ErrorCodeMissing,
        documented: None,
        curated: None,
        at: spec.catalogue_at.clone(),
        documented_at: rows.iter().map(|(_, at)| at.clone()).collect(),
    });
    let extra = spec.catalogue.iter().filter(|(code, _)| !codes.contains_key(code)).map(|(code, at)| Finding {
        operations: Vec::new(),
        subject: format!("catalogue {code}"),
        rule: Rule::ErrorCodeUndocumented,
        documented: None,
        curated: None,
        at: at.clone(),
        documented_at: vec![documented.at("/operations")],
    });
    missing.chain(extra).collect()
}
