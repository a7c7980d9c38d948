//! For programs: a JSON document, with a schema.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{changelist, place};

use super::{Changes, change, gap};

pub use crate::changelist::json::{Class, Place};

/// The version of this form. It goes up when a member goes, or means something else; members may come at any time.
pub const SCHEMA_VERSION: u32 = 1;

/// What changed between two releases of the reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this form.
    pub schema_version: u32,
    /// The release to come from.
    pub from: Reference,
    /// The release to go to.
    pub to: Reference,
    /// The changes, what is breaking first.
    pub changes: Vec<Change>,
    /// What could not be compared.
    pub gaps: Vec<Gap>,
    /// All of it in numbers.
    pub summary: Summary,
}

/// One of the two references.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reference {
    /// The release that it is of.
    pub release: String,
    /// Its facts file.
    pub file: String,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// What it means to a caller of the client.
    pub class: Class,
    /// What has changed and how, such as `parameter-added`.
    pub rule: String,
    /// The operations that it touches, by method and path.
    pub operations: Vec<String>,
    /// What has changed within the operation.
    pub subject: String,
    /// What was said, if anything.
    pub from: Option<String>,
    /// What is said now, if anything.
    pub to: Option<String>,
    /// Why this is not quite what it seems, if that is known.
    pub note: Option<String>,
    /// Where it was said, or would have been.
    pub from_at: Vec<Place>,
    /// Where it is said now, or would be.
    pub to_at: Vec<Place>,
}

/// Something that could not be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gap {
    /// Why, such as `page-missing`.
    pub rule: String,
    /// The operations that it touches, by method and path.
    pub operations: Vec<String>,
    /// What was not compared.
    pub subject: String,
    /// The side that leaves it out, if it is one.
    pub absent_in: Option<Side>,
    /// Where it stands, or should, in the release to come from.
    pub from_at: Vec<Place>,
    /// Where it stands, or should, in the release to go to.
    pub to_at: Vec<Place>,
}

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The release to come from.
    From,
    /// The release to go to.
    To,
}

/// The report in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Breaking changes.
    pub breaking: usize,
    /// Compatible changes.
    pub compatible: usize,
    /// Changes of wording only.
    pub wording: usize,
    /// What could not be compared.
    pub gaps: usize,
    /// How much was compared.
    pub compared: Compared,
    /// Descriptions that could not be compared.
    pub wordings_skipped: usize,
}

/// How much both sides have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Compared {
    /// Operations.
    pub operations: usize,
    /// Parameters of all operations.
    pub parameters: usize,
    /// Fields of all bodies.
    pub fields: usize,
    /// Headers of all operations.
    pub headers: usize,
    /// Error codes of all operations.
    pub error_codes: usize,
}

/// The report as JSON.
pub fn render(changes: &Changes) -> String {
    // What a report is made of, strings and numbers, JSON always holds.
    let json = serde_json::to_string_pretty(&Report::from(changes)).unwrap_or_default();
    json + "\n"
}

impl From<&Changes> for Report {
    fn from(changes: &Changes) -> Self {
        let count = |class| changes.of(class).count();
        let counts = changes.counts;
        Self {
            schema_version: SCHEMA_VERSION,
            from: (&changes.from).into(),
            to: (&changes.to).into(),
            changes: changes.changes.iter().map(Into::into).collect(),
            gaps: changes.gaps.iter().map(Into::into).collect(),
            summary: Summary {
                breaking: count(changelist::Class::Breaking),
                compatible: count(changelist::Class::Compatible),
                wording: count(changelist::Class::Wording),
                gaps: changes.gaps.len(),
                compared: Compared {
                    operations: counts.operations,
                    parameters: counts.parameters,
                    fields: counts.fields,
                    headers: counts.headers,
                    error_codes: counts.error_codes,
                },
                wordings_skipped: counts.wordings_skipped,
            },
        }
    }
}

impl From<&super::Reference> for Reference {
    fn from(reference: &super::Reference) -> Self {
        Self { release: reference.release.clone(), file: reference.file.clone() }
    }
}

impl From<&change::Change> for Change {
    fn from(change: &change::Change) -> Self {
        Self {
            class: change.class.into(),
            rule: change.rule.to_string(),
            operations: change.operations.clone(),
            subject: change.subject.clone(),
            from: change.from.clone(),
            to: change.to.clone(),
            note: change.note.clone(),
            from_at: places(&change.from_at),
            to_at: places(&change.to_at),
        }
    }
}

impl From<&gap::Gap> for Gap {
    fn from(gap: &gap::Gap) -> Self {
        Self {
            rule: gap.absence.name().to_owned(),
            operations: gap.operations.clone(),
            subject: gap.subject.clone(),
            absent_in: gap.absence.side().map(|side| match side {
                gap::Side::From => Side::From,
                gap::Side::To => Side::To,
            }),
            from_at: places(&gap.from_at),
            to_at: places(&gap.to_at),
        }
    }
}

fn places(places: &[place::At]) -> Vec<Place> {
    places.iter().map(Place::from).collect()
}
