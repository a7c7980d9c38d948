//! The vendor's sentences, as fingerprints, against those that the project's own were written after.
//!
//! The spec says nothing of the vendor's words, and a facts file has only their fingerprints. The list holds the fingerprints
//! of the sentences that somebody has read. A sentence that changes afterwards is a difference, until it is accepted.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::facts::quoted;
use crate::finding::{Finding, Fix};
use crate::openapi::{Fingerprint, Said};
use crate::place::{At, Source, Unreadable};
use crate::rule::Rule;

/// The list: for each kind of subject and each subject, the fingerprints that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording(BTreeMap<Kind, BTreeMap<String, BTreeSet<Fingerprint>>>);

/// A kind of part that has a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An operation, by method and path.
    Operations,
    /// A parameter, as findings call it.
    Parameters,
    /// A field, as findings call it.
    Fields,
    /// A header, by its operation and name.
    Headers,
    /// A definition, by the page's name for it.
    Definitions,
    /// An error code of the catalogue.
    ErrorCodes,
}

/// All kinds, with their names in the list and the rules about a change in their words.
const KINDS: [(Kind, &str, Rule); 6] = [
    (Kind::Operations, "operations", Rule::OperationWording),
    (Kind::Parameters, "parameters", Rule::ParameterWording),
    (Kind::Fields, "fields", Rule::FieldWording),
    (Kind::Headers, "headers", Rule::HeaderWording),
    (Kind::Definitions, "definitions", Rule::DefinitionWording),
    (Kind::ErrorCodes, "error_codes", Rule::ErrorCodeWording),
];

impl Wording {
    /// Reads the text of the list.
    ///
    /// # Errors
    /// If it is not one.
    pub fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        let source = Source::parse(file, text)?;
        source.decode::<Option<_>>().map(|list| Self(list.unwrap_or_default()))
    }

    /// The fingerprints that were read of a subject.
    pub fn of(&self, kind: Kind, subject: &str) -> BTreeSet<Fingerprint> {
        self.0.get(&kind).and_then(|subjects| subjects.get(subject)).cloned().unwrap_or_default()
    }

    /// Takes down that these were read, instead of those before; none at all is no entry.
    pub fn accept(&mut self, kind: Kind, subject: &str, fingerprints: BTreeSet<Fingerprint>) {
        let subjects = self.0.entry(kind).or_default();
        if fingerprints.is_empty() {
            subjects.remove(subject);
        } else {
            subjects.insert(subject.to_owned(), fingerprints);
        }
    }

    /// The text of the list.
    pub fn write(&self) -> String {
        let mut out = "\
# Which of the vendor's sentences the spec's own were written after: for each subject, as `cargo xtask diff` calls it, the
# fingerprints of what the reference says of it. Written by a command; do not edit. When the vendor has changed a
# sentence, read it, see to the spec's description, and then run:
#   cargo xtask regenerate --accept-wording
"
        .to_owned();
        for (kind, name, _) in KINDS {
            let subjects = self.0.get(&kind).filter(|subjects| !subjects.is_empty());
            out += &format!("{name}:{}\n", if subjects.is_none() { " {}" } else { "" });
            for (subject, fingerprints) in subjects.into_iter().flatten() {
                let fingerprints: Vec<String> = fingerprints.iter().map(|one| quoted(&one.to_string())).collect();
                out += &format!("  {}: [{}]\n", quoted(subject), fingerprints.join(", "));
            }
        }
        out
    }
}

/// All that is said of the parts that both sides have: where the spec has each, and the sentences about it.
#[derive(Debug, Default)]
pub struct Sentences(BTreeMap<(Kind, String), (At, Vec<Sentence>)>);

/// The words of an operation about a part, and their place.
#[derive(Debug)]
struct Sentence {
    key: String,
    at: At,
    fingerprint: Option<Fingerprint>,
}

impl Sentences {
    /// Takes down what the operation `key` says of a part, and where the curated document has the part.
    pub(super) fn add(&mut self, (kind, subject): (Kind, &str), at: At, (key, from): (&str, At), said: &Said) {
        let (_, sentences) = self.0.entry((kind, subject.to_owned())).or_insert_with(|| (at, Vec::new()));
        sentences.push(Sentence { key: key.to_owned(), at: from, fingerprint: said.fingerprint.clone() });
    }

    /// The fingerprints of each part.
    pub fn fingerprints(&self) -> impl Iterator<Item = (Kind, &str, BTreeSet<Fingerprint>)> {
        let fingerprints = |all: &[Sentence]| all.iter().filter_map(|sentence| sentence.fingerprint.clone()).collect();
        self.0.iter().map(move |((kind, subject), (_, all))| (*kind, subject.as_str(), fingerprints(all)))
    }

    pub(super) fn compare(&self, wording: &Wording) -> Vec<Finding> {
        let mut findings = Vec::new();
        for ((kind, subject, now), (at, all)) in self.fingerprints().zip(self.0.values()) {
            let read = wording.of(kind, subject);
            let is_new = |sentence: &&Sentence| match &sentence.fingerprint {
                Some(fingerprint) => !read.contains(fingerprint),
                None => now.is_empty() && !read.is_empty(),
            };
            // If one of several sentences is gone, with its row, that is another difference.
            let new: Vec<&Sentence> = all.iter().filter(is_new).collect();
            let rule = KINDS.into_iter().find(|(other, ..)| *other == kind).map(|(.., rule)| rule);
            let Some(rule) = rule.filter(|_| !new.is_empty()) else { continue };
            findings.push(Finding {
                operations: new.iter().map(|sentence| sentence.key.clone()).collect(),
                from: shown(&now),
                to: shown(&read),
                from_at: new.iter().map(|sentence| sentence.at.clone()).collect(),
                to_at: vec![at.clone()],
                fix: Fix::Accept,
                ..Finding::new(rule, subject)
            });
        }
        findings
    }
}

fn shown(fingerprints: &BTreeSet<Fingerprint>) -> Option<String> {
    let fingerprints: Vec<String> = fingerprints.iter().map(ToString::to_string).collect();
    (!fingerprints.is_empty()).then(|| fingerprints.join(" or "))
}
