//! The curated document against the facts of a release.
//!
//! Each difference is one finding. A part that several operations share gives one finding, with all operations in it. The
//! parts behind a missing part are not compared. Nothing here reads or writes a file.

mod bodies;
mod codes;
mod definitions;
pub mod deviations;
mod fields;
mod fixes;
mod operations;
mod parameters;
mod sentences;
mod shared;
mod summaries;
pub mod wording;

use std::collections::BTreeSet;

use crate::difference::{self, Pair, Sides, shown};
use crate::finding::{Counts, Finding, Fix, merged};
use crate::openapi::{Document, Kind, Said};
use crate::rule::Rule;
use crate::workspace;

use fields::Tables;
use fixes::Schemas;
pub use sentences::Sentences;
use wording::Wording;

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
    let comparison = compared(documented, curated, None);
    let mut findings = comparison.sentences.compare(wording);
    findings.extend(summaries::compare(curated));
    findings.extend(comparison.findings);
    Comparison { findings: merged(findings), ..comparison }
}

/// Compares the facts of an older release with the curated document as of that release. `later` has the facts of the
/// releases that came after.
///
/// A part whose `x-ntap-introduced` is later is not there yet. Error codes have no such mark: one that only later references
/// list is not there yet either. Sentences are not compared, since the spec's follow those of the newest release.
pub fn compare_older(documented: &Document, curated: &Document, later: &[&Document]) -> Comparison {
    compared(documented, curated, Some(later))
}

/// Compares the facts of several releases, the newest first, with the curated document. `after` has the facts of releases
/// that came after all of them.
pub fn compare_all(
    documented: &[Document],
    after: &[Document],
    curated: &Document,
    wording: &Wording,
) -> Vec<Comparison> {
    let mut later: Vec<&Document> = after.iter().collect();
    let mut comparisons = Vec::new();
    for facts in documented {
        let is_newest = later.is_empty() && !facts.is_before(curated);
        comparisons.push(if is_newest {
            compare(facts, curated, wording)
        } else {
            compare_older(facts, curated, &later)
        });
        later.push(facts);
    }
    comparisons
}

fn compared(documented: &Document, curated: &Document, later: Option<&[&Document]>) -> Comparison {
    let mut drift = Drift {
        documented,
        curated,
        later,
        schemas: Schemas::new(documented, curated),
        sentences: Sentences::default(),
        findings: Vec::new(),
    };
    let mut pairs = Vec::new();
    for (key, sides) in difference::operations(documented, curated) {
        match sides.both() {
            Some((from, to)) => pairs.push(Pair { key, from, to }),
            None => drift.lone_operation(key, sides),
        }
    }
    let mut tables = Tables::new(documented, curated);
    for pair in &pairs {
        drift.operation(pair);
        drift.parameters(pair);
        drift.bodies(pair, &mut tables);
        drift.error_codes(pair);
    }
    drift.fields(&tables);
    drift.catalogue();
    drift.definitions(&tables);

    let schemas = curated.schemas.values().filter(|schema| !tables.reach(schema)).map(|schema| schema.name.clone());
    let operations = documented.operations.keys().filter(|key| !curated.operations.contains_key(*key)).cloned();
    let unreached = schemas.chain(operations).collect();
    let reached = curated.schemas.values().filter(|schema| tables.reach(schema));
    let counts = Counts {
        operations: pairs.len(),
        parameters: pairs.iter().map(|pair| pair.to.parameters.len()).sum(),
        fields: reached.map(|schema| schema.fields.len()).sum(),
        error_codes: pairs.iter().map(|pair| pair.to.error_codes.len()).sum(),
        catalogue: curated.catalogue.len(),
        ..Counts::default()
    };
    let Drift { sentences, findings, .. } = drift;
    let mut findings = merged(findings);
    shared::keep(&mut findings, curated);
    let release = documented.release().to_owned();
    let shared = documented.operations.keys().filter(|key| documented.shares_schemas(key)).cloned().collect();
    Comparison { findings, unreached, counts, sentences, release, newest: later.is_none(), shared }
}

/// A comparison under way.
struct Drift<'a> {
    documented: &'a Document,
    curated: &'a Document,
    /// The facts of later releases, if the documented release is an older one.
    later: Option<&'a [&'a Document]>,
    schemas: Schemas<'a>,
    sentences: Sentences,
    findings: Vec<Finding>,
}

/// The documented and the curated value.
type Values = Sides<String>;

impl Values {
    fn new(from: impl Into<Option<String>>, to: impl Into<Option<String>>) -> Self {
        Self { from: from.into(), to: to.into() }
    }

    fn none() -> Self {
        Self::new(None, None)
    }
}

impl Drift<'_> {
    /// Whether the reference of a later release has a part, which is then not there yet.
    fn is_later(&self, has: impl Fn(&Document) -> bool) -> bool {
        self.later.is_some_and(|later| later.iter().any(|document| has(document)))
    }

    /// Whether a curated part came after the documented release.
    fn comes_later(&self, part: &Said) -> bool {
        let introduced = part.introduced.as_deref().and_then(workspace::release);
        self.later.is_some() && introduced > workspace::release(self.documented.release())
    }

    /// Adds a finding about one operation; the pointers are of the documented and of the curated part.
    fn add(&mut self, rule: Rule, key: &str, subject: &str, pointers: (&str, &str), values: Values, fix: Fix) {
        self.findings.push(Finding {
            operations: vec![key.to_owned()],
            from: values.from,
            to: values.to,
            from_at: vec![self.documented.at(pointers.0)],
            to_at: vec![self.curated.at(pointers.1)],
            fix,
            ..Finding::new(rule, subject)
        });
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
