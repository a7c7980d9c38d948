//! `cargo xtask diff`: the curated document against the facts, or two releases of the facts against each other.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::drift::compare_all;
use crate::drift::deviations::judge_all;
use crate::inputs;
use crate::openapi::Document;
use crate::outcome::{Failure, Outcome};
use crate::releases;
use crate::render::{Changes, Drift, Format};

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
