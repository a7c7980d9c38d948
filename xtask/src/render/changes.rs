//! Changes. `cargo spec schemas` makes spec/versions.schema.json of these types.

use schemars::JsonSchema;
use serde::Serialize;

use crate::class::Class;
use crate::finding::{Counts, Finding};
use crate::releases;

/// Another number means that a program which knew the last one has to be changed.
const VERSION: u32 = 2;

/// The output of `cargo xtask diff --from --to --format json` and of `cargo spec changes --format json`.
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
    pub(super) from: Side<'a>,
    /// The side to go to.
    pub(super) to: Side<'a>,
    /// The changes, breaking ones first.
    pub(super) changes: &'a [Finding],
    /// The parts that could not be compared.
    pub(super) gaps: &'a [Finding],
    /// The counts.
    summary: Summary,
    /// The size of the comparison; null for versions.
    pub(super) compared: Option<Counts>,
    /// The lowest version that the changes allow; null for releases.
    #[schemars(regex(pattern = r"^[0-9]+\.[0-9]+\.[0-9]+$"))]
    least_version: Option<String>,
    /// The faults of the newer version, each with the way out. The words may change with any version of the program.
    /// With a fault, the program exits with 1.
    pub(super) faults: &'a [String],
}

/// One of the two sides.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Side<'a> {
    /// The release, the version, or the name of the document.
    pub name: String,
    /// Its file.
    pub file: &'a str,
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
    /// Makes the report on two releases.
    pub fn of_releases(compared: &'a releases::Changes) -> Self {
        let sides = [&compared.from, &compared.to].map(|side| Side { name: side.release.clone(), file: &side.file });
        let changes = Self::new(sides, &compared.changes, &compared.gaps);
        Self { compared: Some(compared.counts), ..changes }
    }

    /// Makes the report on two versions, with the faults of the newer one.
    pub fn of_versions(
        sides: [Side<'a>; 2],
        changes: &'a [Finding],
        least_version: String,
        faults: &'a [String],
    ) -> Self {
        Self { least_version: Some(least_version), faults, ..Self::new(sides, changes, &[]) }
    }

    fn new([from, to]: [Side<'a>; 2], changes: &'a [Finding], gaps: &'a [Finding]) -> Self {
        let [breaking, compatible, wording] = Class::ALL.map(|class| of(changes, class).count());
        let summary = Summary { breaking, compatible, wording, gaps: gaps.len() };
        let schema_version = VERSION;
        Self { schema_version, from, to, changes, gaps, summary, compared: None, least_version: None, faults: &[] }
    }

    /// Gives the changes of one class.
    pub(super) fn of(&self, class: Class) -> impl Iterator<Item = &'a Finding> {
        of(self.changes, class)
    }
}

fn of(changes: &[Finding], class: Class) -> impl Iterator<Item = &Finding> {
    changes.iter().filter(move |change| change.class == Some(class))
}
