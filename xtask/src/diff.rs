//! `cargo xtask diff`: the curated document against the facts.

use std::path::Path;

use clap::Args;

use crate::compare::compare;
use crate::deviations::judge;
use crate::inputs::{self, InputError};
use crate::outcome::Outcome;
use crate::render::text::{self, Report};
use crate::spec::Spec;

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    inputs: inputs::Arguments,
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If one of the files cannot be read.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, InputError> {
    let inputs = arguments.inputs.load(root)?;
    let spec = Spec::parse(&inputs.spec.name, &inputs.spec.text)?;
    let comparison = compare(&inputs.documented, &spec, &inputs.read_wording()?);
    let counts = comparison.counts;
    let judged = judge(comparison, &inputs.deviations()?);
    let text = text::render(&Report {
        judged: &judged,
        counts,
        spec: (&inputs.spec.name, &inputs.spec.text),
        facts: &inputs.facts,
        deviations: (&inputs.deviations.name, &inputs.deviations.text),
    });
    Ok(Outcome { text, clean: judged.drift.is_empty(), notes: inputs.notes })
}
