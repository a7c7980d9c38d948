//! For programs. The types here are the contract: `cargo xtask schemas` makes spec/versions.schema.json of them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::changelist;
use crate::changelist::json::{Class, Place};

use super::change;
use super::step::Fault;
use super::{Changes, Name};

/// Another number means that a program which knew the last one has to be changed.
const SCHEMA_VERSION: u32 = 1;

/// What `cargo xtask diff --since --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "Changes between two versions of the curated document")]
pub struct Report {
    /// The version of this format.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    schema_version: u32,
    /// The version to come from.
    from: Edition,
    /// The version to go to.
    to: Edition,
    /// The changes, what is breaking first.
    changes: Vec<Change>,
    /// All of it in numbers.
    summary: Summary,
    /// The lowest version that the changes allow.
    #[schemars(regex(pattern = r"^[0-9]+\.[0-9]+\.[0-9]+$"))]
    least_version: String,
    /// What is wrong with the version to go to, each with the way out, in words that may change with any version of the
    /// program. If there is anything, the program exits with 1.
    faults: Vec<String>,
}

/// One of the two versions.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Edition {
    /// Its number.
    #[schemars(regex(pattern = r"^[0-9]+\.[0-9]+\.[0-9]+$"))]
    version: String,
    /// Its file.
    file: String,
}

/// One change.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Change {
    /// What it means to a caller.
    class: Class,
    /// How it has changed.
    kind: Kind,
    /// What has changed: the path of the part in the document.
    subject: String,
    /// What was there; null if there was nothing, or it is long or a sentence.
    from: Option<String>,
    /// What is there now; null if there is nothing, or it is long or a sentence.
    to: Option<String>,
    /// Where it was, or would have been.
    from_at: Place,
    /// Where it is now, or would be.
    to_at: Place,
    /// Why it has this class, where that is not to be guessed, in words that may change; or null.
    note: Option<&'static str>,
}

/// How something has changed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
    /// It is the same in another order.
    Reordered,
}

/// The report in numbers.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Summary {
    /// Breaking changes, which take a major step.
    breaking: usize,
    /// Compatible changes, which take a minor step.
    compatible: usize,
    /// Changes of wording only, which take a patch step.
    wording: usize,
}

/// The report as JSON.
///
/// # Errors
/// If JSON cannot hold it.
pub fn render(changes: &Changes, faults: &[Fault]) -> Result<String, serde_json::Error> {
    let count = |class| changes.of(class).count();
    let report = Report {
        schema_version: SCHEMA_VERSION,
        from: (&changes.from).into(),
        to: (&changes.to).into(),
        changes: changes.changes.iter().map(Into::into).collect(),
        summary: Summary {
            breaking: count(changelist::Class::Breaking),
            compatible: count(changelist::Class::Compatible),
            wording: count(changelist::Class::Wording),
        },
        least_version: changes.least().to_string(),
        faults: faults.iter().map(ToString::to_string).collect(),
    };
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}

impl From<&Name> for Edition {
    fn from(name: &Name) -> Self {
        Self { version: name.version.to_string(), file: name.file.clone() }
    }
}

impl From<&change::Change> for Change {
    fn from(change: &change::Change) -> Self {
        Self {
            class: change.class.into(),
            kind: match change.kind {
                change::Kind::Added => Kind::Added,
                change::Kind::Removed => Kind::Removed,
                change::Kind::Changed => Kind::Changed,
                change::Kind::Reordered => Kind::Reordered,
            },
            subject: change.subject.clone(),
            from: change.from.clone(),
            to: change.to.clone(),
            from_at: (&change.from_at).into(),
            to_at: (&change.to_at).into(),
            note: change.note,
        }
    }
}
