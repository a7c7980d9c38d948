//! The vendor's sentences, as fingerprints, against those that somebody has read.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Fix};
use crate::openapi::{self, Fingerprint};
use crate::place::At;

use super::wording::{Kind, Wording};

/// All that is said of the parts that both sides have.
#[derive(Debug, Default)]
pub struct Sentences(BTreeMap<(Kind, String), Said>);

/// The sentences about one part.
#[derive(Debug)]
struct Said {
    /// Where the spec has it.
    at: At,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    key: String,
    fingerprint: Option<Fingerprint>,
    at: At,
}

impl Sentences {
    /// Takes down what the operation `key` says of a part, and where the curated document has the part.
    pub(super) fn add(&mut self, kind: Kind, subject: &str, (key, at): (&str, At), (said, from): (&openapi::Said, At)) {
        let part = self.0.entry((kind, subject.to_owned())).or_insert_with(|| Said { at, rows: Vec::new() });
        part.rows.push(Row { key: key.to_owned(), fingerprint: said.fingerprint.clone(), at: from });
    }

    /// The fingerprints of each part.
    pub fn fingerprints(&self) -> impl Iterator<Item = (Kind, &str, BTreeSet<Fingerprint>)> {
        self.0.iter().map(|((kind, subject), said)| (*kind, subject.as_str(), said.fingerprints()))
    }

    pub(super) fn compare(&self, wording: &Wording) -> Vec<Finding> {
        let mut findings = Vec::new();
        for ((kind, subject), said) in &self.0 {
            let (now, read) = (said.fingerprints(), wording.of(*kind, subject));
            if now == read {
                continue;
            }
            let is_new = |row: &&Row| row.fingerprint.as_ref().is_some_and(|fingerprint| !read.contains(fingerprint));
            let mut rows: Vec<&Row> = said.rows.iter().filter(is_new).collect();
            if rows.is_empty() && now.is_empty() {
                rows = said.rows.iter().collect();
            }
            // One of several sentences is gone, with its row: that is another difference.
            if rows.is_empty() {
                continue;
            }
            findings.push(Finding {
                operations: rows.iter().map(|row| row.key.clone()).collect(),
                from: shown(&now),
                to: shown(&read),
                from_at: rows.iter().map(|row| row.at.clone()).collect(),
                to_at: vec![said.at.clone()],
                fix: Fix::Accept,
                ..Finding::new(kind.rule(), subject.as_str())
            });
        }
        findings
    }
}

impl Said {
    fn fingerprints(&self) -> BTreeSet<Fingerprint> {
        self.rows.iter().filter_map(|row| row.fingerprint.clone()).collect()
    }
}

fn shown(fingerprints: &BTreeSet<Fingerprint>) -> Option<String> {
    let fingerprints: Vec<String> = fingerprints.iter().map(ToString::to_string).collect();
    (!fingerprints.is_empty()).then(|| fingerprints.join(" or "))
}
