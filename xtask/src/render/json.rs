//! For programs. The types here are the contract: `cargo xtask schemas` makes spec/diff.schema.json of them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::{Mends, Report};
use crate::compare::Counts;
use crate::finding::{self, Fix};
use crate::place::At;
use crate::rule::Rule;

/// Another number means that a program which knew the last one has to be changed.
const VERSION: u32 = 1;

/// What `cargo xtask diff --format json` prints.
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
    /// What kind of difference it is; `cargo xtask rules` explains each.
    #[schemars(schema_with = "rules")]
    rule: &'static str,
    /// The operations that it touches, by method and path.
    operations: &'a [String],
    /// What differs.
    subject: &'a str,
    /// The difference in words, which may change with any version of the program.
    message: String,
    /// What is documented; null if the subject is not.
    documented: Option<&'a str>,
    /// What the spec has; null if it lacks the subject.
    curated: Option<&'a str>,
    /// Where in the spec it is or should be; for `deviation-stale`, where in the list of deviations.
    spec_location: Location<'a>,
    /// Where it is documented; for what is not documented, where it would be.
    reference_locations: Vec<Location<'a>>,
    /// Tells the difference from all others, and stays the same while only line numbers change.
    #[schemars(regex(pattern = "^[0-9a-f]{12}$"))]
    fingerprint: String,
    /// Whether the list of deviations has it.
    allowed: bool,
    /// Why it is allowed; null if it is not.
    reason: Option<&'a str>,
    /// What would mend it.
    fix: Mend<'a>,
}

/// A place in a file.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Location<'a> {
    /// The file, as the program was told to find it.
    file: &'a str,
    /// The line.
    #[schemars(range(min = 1))]
    line: u64,
    /// The column, in characters.
    #[schemars(range(min = 1))]
    column: u64,
    /// The JSON pointer of the part, or of where it should be.
    pointer: &'a str,
}

/// What would make a difference go away.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "mend", rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
enum Mend<'a> {
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
    /// What would mend the drift.
    mends: ByMend,
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
struct ByMend {
    /// `cargo xtask regenerate`.
    regenerate: usize,
    /// `cargo xtask regenerate --accept-wording`.
    accept_wording: usize,
    /// Somebody who decides.
    person: usize,
}

fn rules(_: &mut SchemaGenerator) -> Schema {
    let ids: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    json_schema!({ "type": "string", "enum": ids })
}

/// The report as JSON.
///
/// # Errors
/// If JSON cannot hold it.
pub fn render(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let drift = report.judged.drift.iter().map(|finding| one(finding, None));
    let allowed = report.judged.allowed.iter().map(|allowed| one(&allowed.finding, Some(&allowed.reason)));
    let difference =
        Difference { schema_version: VERSION, findings: drift.chain(allowed).collect(), summary: summary(report) };
    Ok(serde_json::to_string_pretty(&difference)? + "\n")
}

fn one<'a>(finding: &'a finding::Finding, reason: Option<&'a str>) -> Finding<'a> {
    Finding {
        rule: finding.rule.id(),
        operations: &finding.operations,
        subject: &finding.subject,
        message: finding.message(),
        documented: finding.documented.as_deref(),
        curated: finding.curated.as_deref(),
        spec_location: location(&finding.at),
        reference_locations: finding.documented_at.iter().map(location).collect(),
        fingerprint: finding.fingerprint(),
        allowed: reason.is_some(),
        reason,
        fix: match &finding.fix {
            Fix::Edits(_) => Mend::Regenerate,
            Fix::Accept => Mend::AcceptWording,
            Fix::Person(reason) => Mend::Person { reason },
        },
    }
}

fn location(at: &At) -> Location<'_> {
    Location { file: &at.file, line: at.line, column: at.column, pointer: &at.pointer }
}

fn summary<'a>(report: &Report<'a>) -> Summary<'a> {
    let Counts { operations, parameters, fields, error_codes, catalogue } = report.counts;
    let Mends { regenerate, accept, person } = report.mends();
    Summary {
        spec: report.spec.0,
        facts: report.facts,
        deviations: report.deviations.0,
        drift: report.judged.drift.len(),
        allowed: report.judged.allowed.len(),
        compared: Compared { operations, parameters, fields, error_codes, catalogue },
        mends: ByMend { regenerate, accept_wording: accept, person },
    }
}
