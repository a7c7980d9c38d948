//! Sets what is documented against what is curated. Nothing here reads or writes a file.
//!
//! Each difference is one finding. What the spec has once and several operations share is compared once, with all that
//! is documented of it; what lies behind a missing part is not compared at all.

mod bodies;
mod codes;
mod definitions;
mod fields;
mod fixes;
mod operations;
mod parameters;
mod sentences;
mod shared;
mod summaries;

use std::collections::BTreeMap;

use crate::document::join;
use crate::facts::{self, Documented};
use crate::finding::{Finding, Fix};
use crate::place::At;
use crate::rule::Rule;
use crate::spec::{self, Spec};
use crate::wording::Wording;

pub use sentences::Sentences;

/// What came of a comparison.
#[derive(Debug)]
pub struct Comparison {
    /// The differences, sorted.
    pub findings: Vec<Finding>,
    /// The schemas and operations that could not be compared, because nothing leads to them.
    pub unreached: Vec<String>,
    /// How much was compared.
    pub counts: Counts,
    /// What the vendor says of the parts that both sides have.
    pub sentences: Sentences,
}

/// How much was compared, on the curated side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Operations.
    pub operations: usize,
    /// Parameters of all operations.
    pub parameters: usize,
    /// Fields of all schemas.
    pub fields: usize,
    /// Error codes of all operations.
    pub error_codes: usize,
    /// Error codes of the catalogue.
    pub catalogue: usize,
}

/// An operation that is both documented and curated.
struct Pair<'a> {
    key: &'a str,
    /// The pointer of the documented one.
    pointer: String,
    documented: &'a facts::Operation,
    curated: &'a spec::Operation,
}

/// Compares the facts with the spec, and the vendor's sentences with those that were read.
pub fn compare(documented: &Documented, spec: &Spec, wording: &Wording) -> Comparison {
    let pairs: Vec<Pair<'_>> = documented
        .facts
        .operations
        .iter()
        .filter_map(|(key, operation)| {
            let curated = spec.operations.get(key)?;
            Some(Pair { key, pointer: join("/operations", key), documented: operation, curated })
        })
        .collect();

    let mut sentences = Sentences::default();
    let mut findings = operations::compare(documented, spec, &pairs, &mut sentences);
    findings.extend(parameters::compare(documented, spec, &pairs, &mut sentences));
    let (bodies, roots) = bodies::compare(documented, spec, &pairs, &mut sentences);
    findings.extend(bodies);
    let (mut missing, undocumented) = definitions::compare(documented, spec, &mut sentences);
    let unknown: Vec<String> = missing.iter().map(|finding| finding.subject.clone()).collect();
    let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
    let walk = fields::Walk::from(roots, documented, spec, &unknown);
    findings.extend(walk.compare(&fixes::Schemas::of(documented, spec), &mut sentences));
    findings.extend(codes::compare(documented, spec, &pairs, &mut sentences));
    findings.extend(sentences.compare(wording));
    findings.extend(summaries::compare(spec));
    for finding in &mut missing {
        if let Some(fix) = walk.standing(&finding.subject) {
            finding.fix = fix;
        }
    }

    let reached = |pointer: &String| walk.reaches(pointer);
    let schemas = spec.schemas.iter().filter(|(pointer, _)| !reached(pointer)).map(|(_, schema)| schema.name.clone());
    let missing_operations =
        documented.facts.operations.keys().filter(|key| !spec.operations.contains_key(*key)).cloned();
    let unreached = schemas.chain(missing_operations).collect();
    let counts = Counts {
        operations: pairs.len(),
        parameters: pairs.iter().map(|pair| pair.curated.parameters.len()).sum(),
        fields: spec
            .schemas
            .iter()
            .filter(|(pointer, _)| reached(pointer))
            .map(|(_, schema)| schema.fields.len())
            .sum(),
        error_codes: pairs.iter().map(|pair| pair.curated.error_codes.len()).sum(),
        catalogue: spec.catalogue.len(),
    };
    // Behind a part that is missing, a definition needs no schema.
    findings.extend(missing.iter().filter(|finding| walk.meets(&finding.subject)).cloned());
    findings.extend(undocumented);
    let mut findings = merged(findings);
    shared::keep(&mut findings, spec);
    Comparison { findings, unreached, counts, sentences }
}

/// Makes one finding of those that differ only in the operation: they are about a part that operations share.
fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: BTreeMap<_, Finding> = BTreeMap::new();
    for finding in findings {
        let key = (
            finding.rule,
            finding.subject.clone(),
            finding.documented.clone(),
            finding.curated.clone(),
            finding.at.clone(),
        );
        match kept.get_mut(&key) {
            Some(first) => {
                first.operations.extend(finding.operations);
                first.documented_at.extend(finding.documented_at);
            }
            None => drop(kept.insert(key, finding)),
        }
    }
    let mut findings: Vec<Finding> = kept.into_values().collect();
    for finding in &mut findings {
        finding.operations.sort();
        finding.operations.dedup();
        finding.documented_at.sort();
        finding.documented_at.dedup();
    }
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings
}

/// A documented type against a curated kind, as findings show them.
fn shown(kind: &spec::Kind, spec: Option<&Spec>) -> String {
    match kind {
        spec::Kind::Scalar(name) => name.clone(),
        spec::Kind::Array(inner) => format!("array[{}]", shown(inner, spec)),
        spec::Kind::Object(pointer) => match spec.and_then(|spec| spec.schemas.get(pointer)) {
            Some(schema) => format!("schema {}", schema.name),
            None => "object".to_owned(),
        },
    }
}

/// The documented type without the marks that only the facts file has.
fn type_name(of: &facts::Type) -> String {
    let name = match &of.of {
        facts::Of::Scalar(name) => name.clone(),
        facts::Of::Definition(key) => format!("definition {}", facts::definition_name(key)),
    };
    if of.array { format!("array[{name}]") } else { name }
}

/// Whether a kind is the documented type, for types without definitions.
fn is_scalar(of: &facts::Type, kind: &spec::Kind) -> bool {
    let facts::Of::Scalar(name) = &of.of else { return false };
    match kind {
        spec::Kind::Scalar(kind) => !of.array && kind == name,
        spec::Kind::Array(inner) => of.array && matches!(inner.as_ref(), spec::Kind::Scalar(kind) if kind == name),
        spec::Kind::Object(_) => false,
    }
}

/// A finding about one operation.
fn finding(rule: Rule, key: &str, subject: impl Into<String>, at: &At, documented_at: At) -> Finding {
    Finding {
        operations: vec![key.to_owned()],
        subject: subject.into(),
        rule,
        documented: None,
        curated: None,
        at: at.clone(),
        documented_at: vec![documented_at],
        fix: Fix::Edits(Vec::new()),
    }
}
