//! `cargo xtask diff`: the curated document against the facts; or two releases of the facts, or two versions of the document,
//! against each other.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::drift::compare_all;
use crate::drift::deviations::judge_all;
use crate::inputs;
use crate::openapi::Document;
use crate::outcome::{Failure, Outcome};
use crate::released;
use crate::releases;
use crate::render::{Changes, Drift, Format};
use crate::versions::{self, Edition};
use crate::workspace::CHANGELOG;

/// The arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    inputs: inputs::Arguments,
    /// Compare two releases of the reference instead: the facts of the older one, a file or a release such as 9.11.1.
    #[arg(long, value_name = "FACTS", requires = "to", conflicts_with_all = ["reference", "release", "facts", "spec", "wording"])]
    from: Option<PathBuf>,
    /// The facts of the newer release.
    #[arg(long, value_name = "FACTS", requires = "from")]
    to: Option<PathBuf>,
    /// Compare the document with an older version of itself instead: a file, or a released version such as 1.0.0. The default
    /// is the last released version. The command fails if the step between the two numbers is too small for the changes.
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["from", "to", "reference", "release", "facts", "deviations", "wording"])]
    since: Option<Option<PathBuf>>,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If one of the files cannot be read.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, Failure> {
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
    let mut texts = vec![(inputs.spec.name.as_str(), inputs.spec.text.as_str())];
    texts.extend(inputs.sources.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    texts.push((&inputs.deviations.name, &inputs.deviations.text));
    let text = arguments.format.drift(&Drift {
        facts: &inputs.documented.iter().map(Document::file).collect::<Vec<_>>().join(", "),
        spec: &inputs.spec.name,
        deviations: &inputs.deviations.name,
        judged: &judged,
        counts,
        texts: &texts,
        arguments: &arguments.inputs.shown(),
    })?;
    // Viewers of SARIF judge for themselves.
    let clean = judged.drift.is_empty() || arguments.format == Format::Sarif;
    Ok(Outcome { text, clean, notes: inputs.notes })
}

/// Reports what changed between two releases; the report never fails.
fn between(root: &Path, from: &Path, to: &Path, arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut changes = releases::compare(&inputs::release(root, from)?, &inputs::release(root, to)?);
    releases::annotate(&mut changes, &arguments.inputs.deviations(root)?);
    Ok(Outcome::clean(arguments.format.changes(&Changes::of_releases(&changes))?))
}

/// Reports what changed since a version of the document, and fails if its number does not say so.
fn versions(root: &Path, since: Option<&Path>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let spec = arguments.inputs.spec(root)?;
    let changelog = inputs::read(root, None, CHANGELOG)?.text;
    let (from, to) = (released::since(root, since)?, Edition::parse(&spec.name, &spec.text)?);
    let changes = versions::compare(&from, &to);
    let faults = versions::faults(&from, &to, &changes, &changelog);
    let text = arguments.format.changes(&Changes::of_versions(&from, &to, &changes, &faults))?;
    Ok(Outcome { text, clean: faults.is_empty(), ..Outcome::default() })
}
