//! The curated document against the facts of a release.
//!
//! Each difference is one finding. A part that several operations share gives one finding, with all operations in it. The
//! parts behind a missing part are not compared. Nothing here reads or writes a file.

mod bodies;
pub mod deviations;
mod fields;
mod fixes;
mod operations;
mod parts;
mod shared;
mod summaries;
mod tables;
pub mod wording;

use std::collections::BTreeSet;

use crate::difference::{self, Values, shown};
use crate::finding::{Counts, Finding, Fix, merge};
use crate::openapi::{Document, Kind, Said};
use crate::place::At;
use crate::rule::Rule;
use crate::workspace;

use fixes::Schemas;
use tables::Tables;
pub use wording::Sentences;
use wording::{Kind as Worded, Wording};

/// The result of a comparison.
#[derive(Debug)]
pub struct Comparison {
    /// The differences, sorted.
    pub findings: Vec<Finding>,
    /// The names of schemas and operations that nothing leads to, so that they could not be compared.
    pub unreached: Vec<String>,
    /// How much was compared.
    pub counts: Counts,
    /// The vendor's sentences about the parts that both sides have.
    pub sentences: Sentences,
    /// The release that the facts are of.
    pub release: String,
    /// Whether the curated document was compared whole, and not as of an older release.
    pub newest: bool,
    /// The operations that were read from the API document of a cluster. Deviations are about pages.
    pub shared: BTreeSet<String>,
}

/// Compares the facts with the curated document, and the vendor's sentences with those that were read.
pub fn compare(documented: &Document, curated: &Document, wording: &Wording) -> Comparison {
    let comparison = compared(documented, curated, wording, None);
    let mut findings = comparison.sentences.compare(wording);
    findings.extend(summaries::compare(curated));
    findings.extend(comparison.findings);
    Comparison { findings: merge(findings), ..comparison }
}

/// Compares the facts of several releases, the newest first, with the curated document as of each. `after` has the facts of
/// releases that came after all of them.
///
/// A part whose `x-ntap-introduced` is later is not there yet. An error code that only later references list is not there yet
/// either. If the facts of an older release have nothing of a path, its page was not read, and nothing is said of the path.
/// Sentences are compared with those of the newest release alone, which the spec's follow.
pub fn compare_all(
    documented: &[Document],
    after: &[Document],
    curated: &Document,
    wording: &Wording,
) -> Vec<Comparison> {
    let mut later: Vec<&Document> = after.iter().collect();
    let mut comparisons = Vec::new();
    for facts in documented {
        comparisons.push(if later.is_empty() {
            compare(facts, curated, wording)
        } else {
            compared(facts, curated, wording, Some(&later))
        });
        later.push(facts);
    }
    comparisons
}

fn compared(documented: &Document, curated: &Document, wording: &Wording, later: Option<&[&Document]>) -> Comparison {
    let mut drift = Drift {
        documented,
        curated,
        wording,
        later,
        schemas: Schemas::new(documented, curated),
        sentences: Sentences::default(),
        findings: Vec::new(),
    };
    let (pairs, lone) = difference::operations(documented, curated);
    lone.into_iter().for_each(|(key, sides)| drift.lone_operation(key, sides));
    let mut tables = Tables::new(documented, curated);
    for pair in &pairs {
        drift.operation(pair);
        drift.parameters(pair);
        tables.follow(pair, drift.bodies(pair));
        drift.error_codes(pair);
    }
    drift.fields(&tables);
    drift.catalogue();
    drift.definitions(&tables);

    let (reached, others): (Vec<_>, Vec<_>) = curated.schemas.values().partition(|schema| tables.reach(schema));
    let operations = documented.operations.keys().filter(|key| !curated.operations.contains_key(*key)).cloned();
    let unreached = others.into_iter().map(|schema| schema.name.clone()).chain(operations).collect();
    let counts = Counts {
        operations: pairs.len(),
        parameters: pairs.iter().map(|pair| pair.to.parameters.len()).sum(),
        fields: reached.iter().map(|schema| schema.fields.len()).sum(),
        error_codes: pairs.iter().map(|pair| pair.to.error_codes.len()).sum(),
        catalogue: curated.catalogue.len(),
        ..Counts::default()
    };
    let Drift { sentences, findings, .. } = drift;
    let mut findings = merge(findings);
    shared::keep(&mut findings, curated);
    let release = documented.release().to_owned();
    let shared = documented.operations.keys().filter(|key| documented.shares_schemas(key)).cloned().collect();
    Comparison { findings, unreached, counts, sentences, release, newest: later.is_none(), shared }
}

/// A comparison under way.
struct Drift<'a> {
    documented: &'a Document,
    curated: &'a Document,
    wording: &'a Wording,
    /// The facts of later releases, if the documented release is an older one.
    later: Option<&'a [&'a Document]>,
    schemas: Schemas<'a>,
    sentences: Sentences,
    findings: Vec<Finding>,
}

impl Drift<'_> {
    /// Whether the reference of a later release has a part, which is then not there yet.
    fn is_later(&self, has: impl Fn(&Document) -> bool) -> bool {
        self.later.is_some_and(|later| later.iter().any(|document| has(document)))
    }

    /// Whether a curated part came after the documented release.
    fn comes_later(&self, part: &Said) -> bool {
        let introduced = part.introduced.as_deref().and_then(workspace::release);
        introduced > workspace::release(self.documented.release())
    }

    /// Adds a finding. `rows` are the operations with the pointers of what they document; `at` is the pointer of the curated part.
    fn add(&mut self, rule: Rule, subject: &str, rows: &[(&str, &str)], at: &str, (from, to): Values, fix: Fix) {
        let operations = rows.iter().map(|(key, _)| (*key).to_owned()).collect();
        let mut from_at: Vec<At> = rows.iter().map(|(_, pointer)| self.documented.at(pointer)).collect();
        if from_at.is_empty() {
            from_at.push(self.documented.at("/paths"));
        }
        let to_at = vec![self.curated.at(at)];
        self.findings.push(Finding { operations, from, to, from_at, to_at, fix, ..Finding::new(rule, subject) });
    }

    /// Takes down what the operation `key` says of a part, of which `at` is the pointer in the curated document.
    fn sentence(&mut self, kind: Worded, subject: &str, (key, from): (&str, &str), said: &Said, at: &str) {
        let (from, at) = (self.documented.at(from), self.curated.at(at));
        self.sentences.add((kind, subject), at, (key, from), said);
    }
}

/// Shows the type of a documented value.
fn documented_type(documented: &Document, kind: &Kind) -> String {
    shown::kind(kind, &|pointer| {
        let name = documented.schemas.get(pointer).and_then(|schema| schema.definition());
        name.map(|name| format!("definition {name}"))
    })
}

/// Shows the type of a curated value.
fn curated_type(curated: &Document, kind: &Kind) -> String {
    shown::kind(kind, &|pointer| curated.schemas.get(pointer).map(|schema| format!("schema {}", schema.name)))
}
