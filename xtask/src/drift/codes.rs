//! Error codes: the list of each operation, and the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use crate::difference::Pair;
use crate::finding::{Finding, Fix};
use crate::openapi::{CATALOGUE, Document};
use crate::place::At;
use crate::rule::Rule;

use super::wording::Kind;
use super::{Drift, Values, fixes};

impl Drift<'_> {
    pub(super) fn error_codes(&mut self, pair: &Pair<'_>) {
        let lists = (pair.from.member("x-ontap-error-codes"), pair.to.member("x-ontap-error-codes"));
        for (code, sides) in pair.error_codes() {
            let subject = format!("{} {code}", pair.key);
            match (sides.from, sides.to) {
                (Some(from), None) => {
                    let fix = fixes::new_code(&lists.1, code);
                    let pointers = (from.pointer.as_str(), lists.1.as_str());
                    self.add(Rule::ErrorCodeMissing, pair.key, &subject, pointers, Values::none(), fix);
                }
                (None, Some(to)) if !self.is_later(|later| lists_for(later, pair.key, code)) => {
                    let (pointers, fix) = ((lists.0.as_str(), to.pointer.as_str()), fixes::removal(&to.pointer));
                    self.add(Rule::ErrorCodeUndocumented, pair.key, &subject, pointers, Values::none(), fix);
                }
                _ => {}
            }
        }
    }

    /// The catalogue holds the codes of all operations, also of those that the curated document lacks.
    pub(super) fn catalogue(&mut self) {
        let (documented, curated) = (self.documented, self.curated);
        let mut codes: BTreeMap<u64, Vec<(&str, At)>> = BTreeMap::new();
        for (key, operation) in &documented.operations {
            for (code, part) in &operation.error_codes {
                let at = documented.at(&part.pointer);
                if let Some(entry) = curated.catalogue.get(code) {
                    let subject = format!("catalogue {code}");
                    let has = (key.as_str(), curated.at(entry));
                    self.sentences.add(Kind::ErrorCodes, &subject, has, (&part.said, at.clone()));
                }
                codes.entry(*code).or_default().push((key, at));
            }
        }
        // Deviations judge a code in the list of an operation. The catalogue keeps the names of all codes that are listed.
        let listed: BTreeSet<&u64> =
            curated.operations.values().flat_map(|operation| operation.error_codes.keys()).collect();
        let all: BTreeSet<&u64> = codes.keys().chain(curated.catalogue.keys()).collect();
        for code in all {
            let (rule, from, at, fix) = match (codes.get(code), curated.catalogue.get(code)) {
                (Some(rows), None) => {
                    (Rule::ErrorCodeMissing, rows.clone(), CATALOGUE, fixes::new_catalogue_entry(*code))
                }
                (None, Some(entry)) if !listed.contains(code) && !self.is_later(|later| lists(later, *code)) => {
                    (Rule::ErrorCodeUndocumented, Vec::new(), entry.as_str(), fixes::removal(entry))
                }
                _ => continue,
            };
            self.about_all(rule, &format!("catalogue {code}"), from, (at, None), fix);
        }
    }

    /// Adds a finding about a part that belongs to no operation in particular.
    pub(super) fn about_all(
        &mut self,
        rule: Rule,
        subject: &str,
        rows: Vec<(&str, At)>,
        (at, to): (&str, Option<String>),
        fix: Fix,
    ) {
        let (operations, mut from_at): (Vec<String>, Vec<At>) =
            rows.into_iter().map(|(key, at)| (key.to_owned(), at)).unzip();
        if from_at.is_empty() {
            from_at.push(self.documented.at("/paths"));
        }
        let to_at = vec![self.curated.at(at)];
        self.findings.push(Finding { operations, to, from_at, to_at, fix, ..Finding::new(rule, subject) });
    }
}

/// Whether an operation lists the code.
fn lists(document: &Document, code: u64) -> bool {
    document.operations.keys().any(|key| lists_for(document, key, code))
}

/// Whether the operation `key` lists the code.
fn lists_for(document: &Document, key: &str, code: u64) -> bool {
    document.operations.get(key).is_some_and(|operation| operation.error_codes.contains_key(&code))
}
