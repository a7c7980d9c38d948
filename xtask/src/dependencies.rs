//! `cargo xtask dependencies`: what a user of the crate pays for, and why.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;
use thiserror::Error;

use crate::cargo::{self, CargoError};
use crate::outcome::Outcome;
use crate::workspace::{self, FileError};

/// The file with a reason for each direct dependency, from the root.
const REASONS: &str = "ARCHITECTURE.md";
/// The heading above their table.
const HEADING: &str = "## Dependencies";
/// How many crates the default features may bring, the crate itself counted.
const MOST: usize = 110;

/// What the command can be told: nothing.
#[derive(Debug, Args)]
pub struct Arguments {}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum DependenciesError {
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Cargo that failed.
    #[error(transparent)]
    Cargo(#[from] CargoError),
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If cargo fails or the file cannot be read.
pub fn run(root: &Path, _: &Arguments) -> Result<Outcome, DependenciesError> {
    let tree = ["tree", "--locked", "--package", "ontap-ipsec", "--edges", "normal", "--prefix", "none", "--no-dedupe"];
    let tree = cargo::run(root, &tree, &[])?;
    let packages = cargo::metadata(root)?.packages.into_iter().filter(|package| package.name == "ontap-ipsec");
    let direct = packages.flat_map(|package| package.dependencies).filter(|dependency| dependency.kind.is_none());
    let direct: BTreeSet<_> = direct.map(|dependency| dependency.name).collect();
    let reasons = workspace::read(&root.join(REASONS), REASONS)?;
    Ok(judge(tree.lines().collect::<BTreeSet<_>>().len(), &direct, &reasons))
}

/// What to say of `crates` in all and of the `direct` ones, given the text with their reasons.
fn judge(crates: usize, direct: &BTreeSet<String>, reasons: &str) -> Outcome {
    let table = reasons.split_once(HEADING).map_or("", |(_, after)| after.split("\n## ").next().unwrap_or_default());
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let given: BTreeSet<_> =
        rows.filter(|(_, reason)| reason.chars().any(char::is_alphabetic)).map(|(name, _)| name.to_owned()).collect();
    let mut text = format!("{crates} crates by default, of {MOST} that there may be; {} direct ones\n", direct.len());
    for name in direct.difference(&given) {
        text += &format!("`{name}` has no reason in {REASONS}, below `{HEADING}`\n");
    }
    for name in given.difference(direct) {
        text += &format!("`{name}` in {REASONS} is no dependency\n");
    }
    let clean = crates <= MOST && given == *direct;
    Outcome { text, clean, ..Outcome::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REASONED: &str =
        "# X\n## Dependencies\n| crate | why |\n|---|---|\n| `http` | words |\n| `url` | |\n\n## Y\n| `no` | x |\n";

    #[track_caller]
    fn of(crates: usize, direct: &[&str]) -> Outcome {
        judge(crates, &direct.iter().map(ToString::to_string).collect(), REASONED)
    }

    #[test]
    fn each_needs_a_reason_and_there_may_be_so_many() {
        assert!(of(110, &["http"]).clean);
        assert!(!of(111, &["http"]).clean);
        let outcome = of(3, &["http", "url"]);
        assert!(!outcome.clean && outcome.text.contains("`url` has no reason"), "{}", outcome.text);
        let outcome = of(3, &[]);
        assert!(!outcome.clean && outcome.text.contains("`http` in ARCHITECTURE.md is no dependency"));
    }
}
