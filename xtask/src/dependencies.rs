//! `cargo xtask dependencies`: what a user of the crate pays for, and why, and whether it builds with their Rust.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;
use thiserror::Error;

use crate::cargo::{self, CargoError, Release};
use crate::outcome::Outcome;
use crate::workspace::{self, FileError};

/// The crate that is published.
const CRATE: &str = "ontap-ipsec";
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
    let tree = |edges, more: &[&str]| {
        let tree = ["tree", "--locked", "--package", CRATE, "--prefix", "none", "--edges", edges];
        cargo::run(root, &[&tree, more].concat(), &[])
    };
    let by_default = crates(&tree("normal", &[])?).len();
    let most = tree("normal,build", &["--all-features", "--target", "all"])?;
    let packages = cargo::metadata(root)?.packages.into_iter().filter(|package| package.name == CRATE);
    let direct = packages.flat_map(|package| package.dependencies);
    let direct = direct.filter(|dependency| dependency.kind.as_deref() != Some("dev"));
    let direct: BTreeSet<_> = direct.map(|dependency| dependency.name).collect();
    let reasons = workspace::read(&root.join(REASONS), REASONS)?;
    let mut outcome = judge(by_default, &direct, &reasons);
    let builds = oldest_rust(&crates(&most), &cargo::releases(root)?);
    outcome.text += &builds.text;
    outcome.clean &= builds.clean;
    Ok(outcome)
}

/// The names and versions in what `cargo tree` prints.
fn crates(tree: &str) -> BTreeSet<(&str, &str)> {
    let words = tree.lines().map(|line| line.split_once(' ').unwrap_or_default());
    let crates = words.map(|(name, rest)| (name, rest.split(' ').next().unwrap_or_default().trim_start_matches('v')));
    crates.filter(|(name, _)| !name.is_empty()).collect()
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

/// What to say of the oldest Rust that the `crates` say they build with, which are the crate and all that can come with it,
/// with any feature and on any system.
fn oldest_rust(crates: &BTreeSet<(&str, &str)>, releases: &[Release]) -> Outcome {
    let own = releases.iter().find(|release| release.name == CRATE).and_then(|own| own.rust_version.as_deref());
    let Some(promised) = own else {
        let text = format!("`{CRATE}` has no `rust-version` in Cargo.toml\n");
        return Outcome { text, clean: false, ..Outcome::default() };
    };
    let (mut silent, mut newer) = (Vec::new(), String::new());
    for (name, version) in crates {
        let release = releases.iter().find(|release| release.name == *name && release.version == *version);
        match release.and_then(|release| release.rust_version.as_deref()) {
            None => silent.push(format!("`{name}` {version}")),
            Some(needed) if number(needed) > number(promised) => {
                newer += &format!("`{name}` {version} needs Rust {needed}, but Cargo.toml promises {promised}\n");
            }
            Some(_) => {}
        }
    }
    let text = format!(
        "{} crates with all features on all systems; {} say nothing of the oldest Rust: {}\n{newer}",
        crates.len(),
        silent.len(),
        silent.join(", "),
    );
    Outcome { text, clean: newer.is_empty(), ..Outcome::default() }
}

/// A version of Rust, to compare: `1.88` is `1.88.0`.
fn number(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or_default());
    [(); 3].map(|()| parts.next().unwrap_or_default())
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
    #[test]
    fn a_tree_is_read_without_marks_and_places() {
        let tree =
            "ontap-ipsec v0.1.0 (/a place)\nserde v1.0.2\nserde_derive v1.0.3 (proc-macro)\nserde v1.0.2 (*)\n\n";
        let crates: Vec<_> = crates(tree).into_iter().collect();
        assert_eq!(crates, [("ontap-ipsec", "0.1.0"), ("serde", "1.0.2"), ("serde_derive", "1.0.3")]);
    }

    #[test]
    fn what_comes_with_the_crate_builds_with_the_rust_that_it_promises() {
        let says = |promised: Option<&str>, needed: &str| {
            let release = |name: &str, version: &str, rust: Option<&str>| Release {
                name: name.to_owned(),
                version: version.to_owned(),
                rust_version: rust.map(str::to_owned),
            };
            let releases = [
                release("deep", "1.2.3", Some(needed)),
                release("deep", "2.0.0", Some("1.99")),
                release("ontap-ipsec", "0.1.0", promised),
                release("silent", "1.0.0", None),
            ];
            oldest_rust(&[("deep", "1.2.3"), ("ontap-ipsec", "0.1.0"), ("silent", "1.0.0")].into(), &releases)
        };
        let words = "3 crates with all features on all systems; 1 say nothing of the oldest Rust: `silent` 1.0.0\n";
        for fine in ["1.9", "1.88", "1.88.0"] {
            let outcome = says(Some("1.88"), fine);
            assert!(outcome.clean && outcome.text == words, "{}", outcome.text);
        }
        for newer in ["1.88.1", "1.100", "2.0"] {
            let outcome = says(Some("1.88"), newer);
            let words = format!("{words}`deep` 1.2.3 needs Rust {newer}, but Cargo.toml promises 1.88\n");
            assert!(!outcome.clean && outcome.text == words, "{}", outcome.text);
        }
        assert!(!says(None, "1.9").clean);
    }
}
