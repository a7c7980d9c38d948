//! Drift. `cargo spec schemas` makes spec/diff.schema.json of these types.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::{Drift, rules};
use crate::finding::{self, Counts, Fix};
use crate::place::At;

/// Another number means that a program which knew the last one has to be changed.
const VERSION: u32 = 2;

/// The output of `cargo xtask diff --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "Drift between the curated document and the facts")]
pub struct Difference<'a> {
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    schema_version: u32,
    /// The differences: first those that are drift, then those that are allowed.
    findings: Vec<Finding<'a>>,
    /// The counts.
    summary: Summary<'a>,
}

/// One difference.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Finding<'a> {
    /// The kind of difference; `cargo xtask rules` explains each.
    #[schemars(schema_with = "rule_ids")]
    rule: &'static str,
    /// The operations that it touches, by method and path.
    operations: &'a [String],
    /// What differs.
    subject: &'a str,
    /// The difference in words, which may change with any version of the program.
    message: String,
    /// The documented value; null if the subject is not documented.
    documented: Option<&'a str>,
    /// The value in the spec; null if the spec lacks the subject.
    curated: Option<&'a str>,
    /// Where in the spec it is or should be; for `deviation-stale`, where in the list of deviations.
    #[schemars(with = "At")]
    spec_location: Option<&'a At>,
    /// Where it is documented; for what is not documented, where it would be.
    reference_locations: &'a [At],
    /// Tells the difference from all others, and stays the same while only line numbers change.
    #[schemars(regex(pattern = "^[0-9a-f]{12}$"))]
    fingerprint: String,
    /// Whether the list of deviations has it.
    allowed: bool,
    /// Why it is allowed; null if it is not.
    reason: Option<&'a str>,
    /// The way to fix it.
    fix: HowToFix<'a>,
}

/// The way to make a difference go away.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
enum HowToFix<'a> {
    /// `cargo xtask regenerate`.
    Regenerate,
    /// Reading what the page says now, and `cargo xtask regenerate --accept-wording`.
    AcceptWording,
    /// Somebody who decides.
    Person {
        /// Why no program can.
        reason: &'a str,
    },
}

/// The counts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Summary<'a> {
    /// The curated document.
    spec: &'a str,
    /// The facts file.
    facts: &'a str,
    /// The list of deviations.
    deviations: &'a str,
    /// How many differences are not allowed; none is success.
    drift: usize,
    /// How many are.
    allowed: usize,
    /// How much was compared.
    compared: Compared,
    /// How many differences each way fixes.
    fixes: ByFix,
}

/// How much was compared, on the curated side.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Compared {
    /// Operations.
    operations: usize,
    /// Parameters of all operations.
    parameters: usize,
    /// Fields of all schemas.
    fields: usize,
    /// Error codes of all operations.
    error_codes: usize,
    /// Error codes of the catalogue.
    catalogue: usize,
}

/// How many differences go away by what.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
struct ByFix {
    /// `cargo xtask regenerate`.
    regenerate: usize,
    /// `cargo xtask regenerate --accept-wording`.
    accept_wording: usize,
    /// Somebody who decides.
    person: usize,
}

fn rule_ids(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": rules().map(|rule| rule.id()).collect::<Vec<_>>() })
}

impl<'a> Difference<'a> {
    pub(super) fn new(drift: &Drift<'a>) -> Self {
        let Counts { operations, parameters, fields, error_codes, catalogue, .. } = drift.counts;
        let [regenerate, accept_wording, person] = drift.fixes();
        let found = drift.judged.drift.iter().map(|finding| (finding, None));
        let allowed = drift.judged.allowed.iter().map(|finding| (finding, finding.note.as_deref()));
        let one = |(finding, reason): (&'a finding::Finding, Option<&'a str>)| Finding {
            rule: finding.rule.id(),
            operations: &finding.operations,
            subject: &finding.subject,
            message: finding.message(),
            documented: finding.from.as_deref(),
            curated: finding.to.as_deref(),
            spec_location: finding.to_at.first(),
            reference_locations: &finding.from_at,
            fingerprint: finding.fingerprint(),
            allowed: reason.is_some(),
            reason,
            fix: match &finding.fix {
                Fix::Edits(_) | Fix::None => HowToFix::Regenerate,
                Fix::Accept => HowToFix::AcceptWording,
                Fix::Person(reason) => HowToFix::Person { reason },
            },
        };
        Self {
            schema_version: VERSION,
            findings: found.chain(allowed).map(one).collect(),
            summary: Summary {
                spec: drift.spec,
                facts: drift.facts,
                deviations: drift.deviations,
                drift: drift.judged.drift.len(),
                allowed: drift.judged.allowed.len(),
                compared: Compared { operations, parameters, fields, error_codes, catalogue },
                fixes: ByFix { regenerate, accept_wording, person },
            },
        }
    }
}
