//! Changes. `cargo xtask schemas` makes spec/versions.schema.json of these types.

use schemars::JsonSchema;
use serde::Serialize;

use crate::class::Class;
use crate::finding::{Counts, Finding};
use crate::render::{Compared, Report, Side};

/// Another number means that a program which knew the last one has to be changed.
const VERSION: u32 = 2;

/// The output of `cargo xtask diff --from --to --format json` and of `cargo xtask diff --since --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(
    deny_unknown_fields,
    title = "Changes between two releases, or between two versions of the curated document"
)]
pub struct Changes<'a> {
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    schema_version: u32,
    /// The side to come from.
    from: &'a Side<'a>,
    /// The side to go to.
    to: &'a Side<'a>,
    /// The changes, breaking ones first.
    changes: &'a [Finding],
    /// The parts that could not be compared.
    gaps: &'a [Finding],
    /// The counts.
    summary: Summary,
    /// The size of the comparison; null for versions.
    compared: Option<Counts>,
    /// The lowest version that the changes allow; null for releases.
    #[schemars(regex(pattern = r"^[0-9]+\.[0-9]+\.[0-9]+$"))]
    least_version: Option<&'a str>,
    /// The faults of the newer version, each with the way out. The words may change with any version of the program.
    /// With a fault, the program exits with 1.
    faults: &'a [String],
}

/// The counts of a report.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Summary {
    /// Breaking changes, which take a major step.
    breaking: usize,
    /// Compatible changes, which take a minor step.
    compatible: usize,
    /// Changes of wording only, which take a patch step.
    wording: usize,
    /// Parts that could not be compared.
    gaps: usize,
}

impl<'a> Changes<'a> {
    pub(super) fn new(report: &'a Report<'a>) -> Self {
        let (compared, gaps, least_version, faults) = match &report.compared {
            Compared::Drift(_) => (None, &[][..], None, &[][..]),
            Compared::Releases(counts, gaps) => (Some(*counts), *gaps, None, &[][..]),
            Compared::Versions { least, faults } => (None, &[][..], Some(least.as_str()), *faults),
        };
        let [breaking, compatible, wording] = Class::ALL.map(|class| report.of(class).count());
        Self {
            schema_version: VERSION,
            from: &report.from,
            to: &report.to,
            changes: report.findings,
            gaps,
            summary: Summary { breaking, compatible, wording, gaps: gaps.len() },
            compared,
            least_version,
            faults,
        }
    }
}
