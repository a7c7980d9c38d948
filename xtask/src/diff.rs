//! `cargo xtask diff`: the curated document against the facts; or two releases of the facts, or two versions of the document,
//! against each other.

use std::path::{Path, PathBuf};

use clap::Args;
use thiserror::Error;

use crate::compare::compare;
use crate::deviations::judge;
use crate::inputs::{self, InputError};
use crate::outcome::Outcome;
use crate::place::Unreadable;
use crate::released::{self, ReleasedError};
use crate::releases;
use crate::render::{Format, Report};
use crate::spec::Spec;
use crate::versions::{self, Changelog, Edition};
use crate::workspace::CHANGELOG;

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    inputs: inputs::Arguments,
    /// Compare two releases of the reference instead: the facts of the older one, a file or a release such as 9.11.1.
    #[arg(long, value_name = "FACTS", requires = "to", conflicts_with_all = ["reference", "facts", "spec", "wording"])]
    from: Option<PathBuf>,
    /// The facts of the newer release.
    #[arg(long, value_name = "FACTS", requires = "from")]
    to: Option<PathBuf>,
    /// Compare the document with an older version of itself instead, a file or a released version such as 1.0.0, and fail if
    /// the step between the two numbers is too small for what has changed; without a value, with the last that is released.
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["from", "to", "reference", "facts", "deviations", "wording"])]
    since: Option<Option<PathBuf>>,
    /// What the report looks like.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum DiffError {
    /// A file that cannot be read, or is not what it should be.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A report that JSON cannot hold.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// An older version that cannot be read.
    #[error(transparent)]
    Released(#[from] ReleasedError),
    /// A form that reports on changes do not have: they have two sides of the same kind.
    #[error("--from and --to, and --since, go with --format text, json or markdown")]
    Format,
}

impl From<Unreadable> for DiffError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Input(unreadable.into())
    }
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If one of the files cannot be read.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, DiffError> {
    if let (Some(from), Some(to)) = (&arguments.from, &arguments.to) {
        return between(root, from, to, arguments);
    }
    if let Some(since) = &arguments.since {
        return versions(root, since.as_deref(), arguments);
    }
    let inputs = arguments.inputs.load(root)?;
    let spec = Spec::parse(&inputs.spec.name, &inputs.spec.text)?;
    let comparison = compare(&inputs.documented, &spec, &inputs.read_wording()?);
    let counts = comparison.counts;
    let judged = judge(comparison, &inputs.deviations()?);
    let sources: Vec<(&str, &str)> = inputs.sources.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let text = arguments.format.render(&Report {
        judged: &judged,
        counts,
        spec: (&inputs.spec.name, &inputs.spec.text),
        facts: inputs.documented.name(),
        sources: &sources,
        deviations: (&inputs.deviations.name, &inputs.deviations.text),
        arguments: &arguments.inputs.shown(),
    })?;
    let clean = judged.drift.is_empty() || !arguments.format.fails_on_drift();
    Ok(Outcome { text, clean, notes: inputs.notes })
}

/// What changed between two releases; a report, which never fails.
fn between(root: &Path, from: &Path, to: &Path, arguments: &Arguments) -> Result<Outcome, DiffError> {
    let mut changes = releases::compare(&inputs::release(root, from)?, &inputs::release(root, to)?);
    releases::annotate(&mut changes, &arguments.inputs.deviations(root)?);
    let text = match arguments.format {
        Format::Text => releases::text::render(&changes),
        Format::Json => releases::json::render(&changes),
        Format::Markdown => releases::markdown::render(&changes),
        Format::Github | Format::Sarif => return Err(DiffError::Format),
    };
    Ok(Outcome { text, clean: changes.clean(), ..Outcome::default() })
}

/// What changed since a version of the document, and whether its number says so.
fn versions(root: &Path, since: Option<&Path>, arguments: &Arguments) -> Result<Outcome, DiffError> {
    let spec = arguments.inputs.spec(root).map_err(InputError::from)?;
    let changelog = Changelog::new(inputs::read(root, None, CHANGELOG).map_err(InputError::from)?.text);
    let changes = versions::compare(&released::since(root, since)?, &Edition::parse(&spec.name, &spec.text)?);
    let faults = changes.faults(&changelog);
    let text = match arguments.format {
        Format::Text => versions::text::render(&changes, &faults),
        Format::Json => versions::json::render(&changes, &faults)?,
        Format::Markdown => versions::markdown::render(&changes, &faults),
        Format::Github | Format::Sarif => return Err(DiffError::Format),
    };
    Ok(Outcome { text, clean: faults.is_empty(), ..Outcome::default() })
}
