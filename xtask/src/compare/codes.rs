//! Error codes: the list of each operation, and the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::join;
use crate::facts::Documented;
use crate::finding::Finding;
use crate::place::At;
use crate::rule::Rule;
use crate::spec::Spec;
use crate::wording::Kind;

use super::fixes::{new_catalogue_entry, new_code, removal};
use super::sentences::Sentences;
use super::{Pair, finding};

pub(super) fn compare(
    documented: &Documented,
    spec: &Spec,
    pairs: &[Pair<'_>],
    sentences: &mut Sentences,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pair in pairs {
        let list = join(&pair.pointer, "error_codes");
        for (index, code) in pair.documented.error_codes.iter().enumerate() {
            if !pair.curated.error_codes.contains_key(&code.code) {
                let documented_at = documented.at(&join(&list, &index.to_string()));
                let subject = format!("{} {}", pair.key, code.code);
                let at = &pair.curated.error_codes_at;
                let mut missing = finding(Rule::ErrorCodeMissing, pair.key, subject, at, documented_at);
                missing.fix = new_code(&at.pointer, code.code);
                findings.push(missing);
            }
        }
        for (code, at) in &pair.curated.error_codes {
            if !pair.documented.error_codes.iter().any(|other| other.code == *code) {
                let subject = format!("{} {code}", pair.key);
                let mut extra = finding(Rule::ErrorCodeUndocumented, pair.key, subject, at, documented.at(&list));
                extra.fix = removal(at);
                findings.push(extra);
            }
        }
    }
    findings.extend(catalogue(documented, spec, sentences));
    findings
}

/// The catalogue holds the codes of all operations, of those too that the spec lacks: it must not lose any.
fn catalogue(documented: &Documented, spec: &Spec, sentences: &mut Sentences) -> Vec<Finding> {
    let mut codes: BTreeMap<u64, Vec<(&str, At)>> = BTreeMap::new();
    for (key, operation) in &documented.facts.operations {
        let list = join(&join("/operations", key), "error_codes");
        for (index, code) in operation.error_codes.iter().enumerate() {
            let documented_at = documented.at(&join(&list, &index.to_string()));
            if let Some(at) = spec.catalogue.get(&code.code) {
                let (subject, fingerprint) = (format!("catalogue {}", code.code), code.fingerprint.as_ref());
                sentences.add(Kind::ErrorCodes, &subject, at, key, fingerprint, documented_at.clone());
            }
            codes.entry(code.code).or_default().push((key, documented_at));
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
        fix: new_catalogue_entry(&spec.catalogue_at.pointer, *code),
    });
    // A code that an operation lists is that operation's: whether it may be there is said of the list. The catalogue has
    // the names of all that are listed.
    let listed: BTreeSet<&u64> = spec.operations.values().flat_map(|operation| operation.error_codes.keys()).collect();
    let is_extra = |code: &u64| !codes.contains_key(code) && !listed.contains(code);
    let extra = spec.catalogue.iter().filter(|(code, _)| is_extra(code)).map(|(code, at)| Finding {
        operations: Vec::new(),
        subject: format!("catalogue {code}"),
        rule: Rule::ErrorCodeUndocumented,
        documented: None,
        curated: None,
        at: at.clone(),
        documented_at: vec![documented.at("/operations")],
        fix: removal(at),
    });
    missing.chain(extra).collect()
}
