//! `cargo xtask diff`: the curated document against the facts.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use clap::Args;
use thiserror::Error;

use crate::compare::compare;
use crate::deviations::{self, judge};
use crate::facts::Documented;
use crate::outcome::Outcome;
use crate::place::Unreadable;
use crate::render::{Format, Report};
use crate::spec::Spec;
use crate::wording::Wording;
use crate::workspace::{self, DEVIATIONS, FileError, SPEC, WORDING};

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The facts file; the newest in spec/documented/ if not given.
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The curated document; spec/ontap-ipsec.yaml if not given.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The list of deliberate departures; spec/deviations.yaml if not given.
    #[arg(long, value_name = "FILE")]
    deviations: Option<PathBuf>,
    /// The list of the vendor's sentences that were read; spec/wording.yaml if not given.
    #[arg(long, value_name = "FILE")]
    wording: Option<PathBuf>,
    /// What the report looks like.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum DiffError {
    /// A file that is not what it should be.
    #[error(transparent)]
    Content(#[from] Unreadable),
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A report that JSON cannot hold.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If one of the three files cannot be read.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, DiffError> {
    let newest = match &arguments.facts {
        Some(_) => String::new(),
        None => workspace::newest_facts(root)?,
    };
    let (facts_name, facts_text) = read(root, arguments.facts.as_deref(), &newest)?;
    let (spec_name, spec_text) = read(root, arguments.spec.as_deref(), SPEC)?;
    let (list_name, list_text) = read(root, arguments.deviations.as_deref(), DEVIATIONS)?;
    let (wording_name, wording_text) = read(root, arguments.wording.as_deref(), WORDING)?;

    let documented = Documented::parse(&facts_name, &facts_text)?;
    let spec = Spec::parse(&spec_name, &spec_text)?;
    let deviations = deviations::parse(&list_name, &list_text)?;
    let wording = Wording::parse(&wording_name, &wording_text)?;
    let comparison = compare(&documented, &spec, &wording);
    let counts = comparison.counts;
    let judged = judge(comparison, &deviations);
    let text = arguments.format.render(&Report {
        judged: &judged,
        counts,
        spec: (&spec_name, &spec_text),
        facts: (&facts_name, &facts_text),
        deviations: (&list_name, &list_text),
    })?;
    Ok(Outcome { text, clean: judged.drift.is_empty() || !arguments.format.fails_on_drift() })
}

/// The name and the text of the file that was asked for, from the working directory, or of the usual one, from the root.
fn read(root: &Path, given: Option<&Path>, usual: &str) -> Result<(String, String), FileError> {
    let (path, name) = match given {
        // With `/` everywhere: reports are read on other systems too.
        Some(path) => (path.to_owned(), path.display().to_string().replace(MAIN_SEPARATOR, "/")),
        None => (root.join(usual), usual.to_owned()),
    };
    let text = workspace::read(&path, &name)?;
    Ok((name, text))
}
