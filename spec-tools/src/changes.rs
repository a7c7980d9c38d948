//! `cargo spec changes`: the curated document against an older version of itself.

use std::path::{Path, PathBuf};

use clap::Args;
use xtask::inputs;
use xtask::outcome::{Failure, Outcome};
use xtask::render::Format;
use xtask::workspace::{CHANGELOG, SPEC};

use crate::released;
use crate::versions::{self, SpecVersion};

/// The arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The older version: a file, or a released version such as 1.0.0. The default is the last released version.
    #[arg(long, value_name = "VERSION")]
    since: Option<PathBuf>,
    /// The curated document; spec/ontap-ipsec.yaml if not given.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The format of the report: text, json or markdown.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command in the workspace at `root`. The command fails if the version number does not allow the changes.
///
/// # Errors
/// If one of the files cannot be read.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, Failure> {
    let spec = inputs::read(root, arguments.spec.as_deref(), SPEC)?;
    let changelog = inputs::read(root, None, CHANGELOG)?.text;
    let from = released::since(root, arguments.since.as_deref())?;
    let to = SpecVersion::parse(&spec.name, &spec.text)?;
    let changes = versions::compare(&from, &to);
    let faults = versions::faults(&from, &to, &changes, &changelog);
    let text = arguments.format.changes(&versions::report(&from, &to, &changes, &faults))?;
    Ok(Outcome { text, clean: faults.is_empty(), ..Outcome::default() })
}
