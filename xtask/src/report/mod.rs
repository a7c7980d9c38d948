//! `cargo xtask report`: what the benchmarks measured, for people: `BENCHMARKS.md`, and a page of the site.
//!
//! The figures are kept in `benches/results/`, a file for each benchmark, and everything else is made from them: this command
//! takes new ones in, and `cargo xtask docs` makes the page again whenever it makes the others.

pub(crate) mod group;
mod markdown;
pub(crate) mod numbers;
pub(crate) mod plot;
pub(crate) mod prose;
mod results;

use std::path::{Path, PathBuf};

use clap::Args;
use thiserror::Error;

use crate::figures::{Figures, Target};
use crate::outcome::Outcome;
use crate::place::Unreadable;
use crate::site::{self, DocsError};
use crate::workspace::{self, FileError};

pub use markdown::render;
pub use results::{RESULTS, parse, read};

/// The report, from the root.
const REPORT: &str = "BENCHMARKS.md";

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// New figures, as benchmarks write them with --json: they take the place of those of the same benchmark in
    /// benches/results/.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing; exit with 1 if BENCHMARKS.md is not what the figures in benches/results/ give.
    #[arg(long, conflicts_with = "files")]
    check: bool,
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum ReportError {
    /// A file that cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Figures that are not what they should be.
    #[error(transparent)]
    Content(#[from] Unreadable),
    /// No figures at all.
    #[error(
        "{RESULTS} holds no figures; run a benchmark with `--json FILE`, and then `cargo xtask report FILE` to take them in"
    )]
    None,
    /// A page that cannot be made.
    #[error(transparent)]
    Page(#[from] Box<DocsError>),
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a file cannot be read or written, or holds no figures.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, ReportError> {
    // All of them are read before any is taken in.
    let mut new = Vec::new();
    for path in &arguments.files {
        let name = path.display().to_string();
        let text = workspace::read(path, &name)?;
        new.push((results::name(&parse(&name, &text)?.bench), text));
    }
    for (name, text) in &new {
        workspace::write(&root.join(name), name, text)?;
    }
    let all = read(root)?;
    if all.is_empty() {
        return Err(ReportError::None);
    }
    let report = render(&all);
    let path = root.join(REPORT);
    if arguments.check {
        return check(&path, &report);
    }
    workspace::write(&path, REPORT, &report)?;
    let page = site::write_benchmarks(root, &all).map_err(Box::new)?;
    let mut text: String = new.iter().map(|(name, _)| format!("wrote {name}\n")).collect();
    text.push_str(&format!("wrote {REPORT}\nwrote {}\n", page.display()));
    for target in all.iter().flat_map(|figures| &figures.targets).filter(|target| !target.met) {
        text.push_str(&format!("not met: {}\n", target.what));
    }
    Ok(Outcome { text, clean: true, ..Outcome::default() })
}

fn check(path: &Path, report: &str) -> Result<Outcome, ReportError> {
    let there = if path.exists() { workspace::read(path, REPORT)? } else { String::new() };
    if there == report {
        let text = format!("{REPORT} is what the figures in {RESULTS} give\n");
        return Ok(Outcome { text, clean: true, ..Outcome::default() });
    }
    let same = there.lines().zip(report.lines()).take_while(|(there, here)| there == here).count();
    let text = format!(
        "{REPORT}:{}: is not what the figures in {RESULTS} give\nto mend it, run: cargo xtask report\n",
        same + 1
    );
    Ok(Outcome { text, ..Outcome::default() })
}

/// How a target came out, in words.
fn verdict(target: &Target) -> &'static str {
    if target.met { "met" } else { "**not met**" }
}

/// The limit of a target, in words.
pub(crate) fn limit(target: &Target) -> String {
    format!("at {} {}", if target.at_least { "least" } else { "most" }, numbers::number(target.limit))
}

/// The size of some work.
#[expect(clippy::cast_precision_loss, reason = "no work is that large")]
pub(crate) fn size(size: u64) -> String {
    numbers::number(size as f64)
}

/// A name and a version, once where the version has the name in it.
pub(crate) fn versioned(name: &str, version: &str) -> String {
    if version.starts_with(name) { version.to_owned() } else { format!("{name} {version}") }
}

/// What was measured, in words.
pub(crate) fn commit(figures: &Figures) -> String {
    match figures.commit.strip_suffix('+') {
        Some(commit) => format!("commit {commit}, with changes that were not committed"),
        None => format!("commit {}", figures.commit),
    }
}
