//! `cargo xtask diff`: the curated document against the facts; or two releases of the facts, or two versions of the document,
//! against each other.

use std::path::{Path, PathBuf};

use clap::Args;
use thiserror::Error;

use crate::drift::compare_all;
use crate::drift::deviations::judge_all;
use crate::inputs::{self, InputError};
use crate::openapi::Document;
use crate::outcome::Outcome;
use crate::place::Unreadable;
use crate::released::{self, ReleasedError};
use crate::releases;
use crate::render::{Compared, Drift, Format, RenderError, Report, Side};
use crate::versions::{self, Changelog, Edition};
use crate::workspace::CHANGELOG;

/// The arguments of the command.
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
    /// Compare the document with an older version of itself instead: a file, or a released version such as 1.0.0. The default
    /// is the last released version. The command fails if the step between the two numbers is too small for the changes.
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["from", "to", "reference", "facts", "deviations", "wording"])]
    since: Option<Option<PathBuf>>,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum DiffError {
    /// A file that cannot be read, or is not what it should be.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A report that cannot be shown as was asked for.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// An older version that cannot be read.
    #[error(transparent)]
    Released(#[from] ReleasedError),
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
    let inputs = arguments.inputs.load(root, true)?;
    let spec = Document::parse(&inputs.spec.name, &inputs.spec.text)?;
    let after = inputs::later(root, &inputs.documented, &spec)?;
    let comparisons = compare_all(&inputs.documented, &after, &spec, &inputs.read_wording()?);
    let counts = comparisons.first().map(|comparison| comparison.counts).unwrap_or_default();
    let judged = judge_all(comparisons, &inputs.deviations()?);
    let (spec, facts) = (&inputs.spec, inputs.documented.iter().map(Document::file).collect::<Vec<_>>().join(", "));
    let mut texts = vec![(spec.name.as_str(), spec.text.as_str())];
    texts.extend(inputs.sources.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    texts.push((&inputs.deviations.name, &inputs.deviations.text));
    let text = arguments.format.render(&Report {
        from: Side { name: facts.clone(), file: &facts },
        to: Side { name: spec.name.clone(), file: &spec.name },
        findings: &judged.drift,
        compared: Compared::Drift(Drift {
            allowed: &judged.allowed,
            counts,
            deviations: &inputs.deviations.name,
            texts: &texts,
            arguments: &arguments.inputs.shown(),
        }),
    })?;
    let clean = judged.drift.is_empty() || !arguments.format.fails_on_drift();
    Ok(Outcome { text, clean, notes: inputs.notes })
}

/// Reports what changed between two releases; the report never fails.
fn between(root: &Path, from: &Path, to: &Path, arguments: &Arguments) -> Result<Outcome, DiffError> {
    let mut changes = releases::compare(&inputs::release(root, from)?, &inputs::release(root, to)?);
    releases::annotate(&mut changes, &arguments.inputs.deviations(root)?);
    let text = arguments.format.render(&Report::on_releases(&changes))?;
    Ok(Outcome { text, clean: true, ..Outcome::default() })
}

/// Reports what changed since a version of the document, and fails if its number does not say so.
fn versions(root: &Path, since: Option<&Path>, arguments: &Arguments) -> Result<Outcome, DiffError> {
    let spec = arguments.inputs.spec(root).map_err(InputError::from)?;
    let changelog = Changelog::new(inputs::read(root, None, CHANGELOG).map_err(InputError::from)?.text);
    let (from, to) = (released::since(root, since)?, Edition::parse(&spec.name, &spec.text)?);
    let changes = versions::compare(&from, &to);
    let faults = versions::faults(&from, &to, &changes, &changelog);
    let text = arguments.format.render(&Report::on_versions(&from, &to, &changes, &faults))?;
    Ok(Outcome { text, clean: faults.is_empty(), ..Outcome::default() })
}
