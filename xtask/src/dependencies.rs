//! `cargo xtask dependencies`: what a user of the crate pays for, and why, and whether it builds with their Rust.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Args;
use thiserror::Error;

use crate::cargo::{self, CargoError, Graph, Release};
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
    let tree = ["tree", "--locked", "--package", CRATE, "--edges", "normal", "--prefix", "none", "--no-dedupe"];
    let tree = cargo::run(root, &tree, &[])?;
    let packages = cargo::metadata(root)?.packages.into_iter().filter(|package| package.name == CRATE);
    let direct = packages.flat_map(|package| package.dependencies);
    let direct = direct.filter(|dependency| dependency.kind.as_deref() != Some("dev"));
    let direct: BTreeSet<_> = direct.map(|dependency| dependency.name).collect();
    let reasons = workspace::read(&root.join(REASONS), REASONS)?;
    let mut outcome = judge(tree.lines().collect::<BTreeSet<_>>().len(), &direct, &reasons);
    let builds = oldest_rust(&cargo::graph(root)?);
    outcome.text += &builds.text;
    outcome.clean &= builds.clean;
    Ok(outcome)
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

/// What to say of the oldest Rust that the crate and all that can come with it, with any feature and on any system, say
/// they build with.
fn oldest_rust(graph: &Graph) -> Outcome {
    let releases: BTreeMap<_, _> = graph.packages.iter().map(|release| (release.id.as_str(), release)).collect();
    let nodes: BTreeMap<_, _> = graph.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let own = graph.packages.iter().find(|release| release.name == CRATE);
    let Some((own, promised)) = own.and_then(|own| Some((own, number(own.rust_version.as_deref()?)))) else {
        let text = format!("{CRATE} has no rust-version in Cargo.toml\n");
        return Outcome { text, clean: false, ..Outcome::default() };
    };

    let mut reached = BTreeSet::from([own.id.as_str()]);
    let mut ahead = vec![own.id.as_str()];
    while let Some(id) = ahead.pop() {
        for edge in nodes.get(id).iter().flat_map(|node| &node.deps) {
            let built = edge.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"));
            if built && reached.insert(&edge.pkg) {
                ahead.push(&edge.pkg);
            }
        }
    }
    let mut reached: Vec<&Release> = reached.into_iter().filter_map(|id| releases.get(id).copied()).collect();
    reached.sort_by_key(|release| (&release.name, &release.version));

    let silent: Vec<_> = reached.iter().filter(|release| release.rust_version.is_none()).collect();
    let named = silent.iter().map(|release| format!("`{}` {}", release.name, release.version));
    let mut text = format!(
        "{} crates with all features and on all systems, of which {} declare no oldest Rust: {}\n",
        reached.len(),
        silent.len(),
        named.collect::<Vec<_>>().join(", "),
    );
    let mut clean = true;
    for release in reached {
        let Some(needed) = release.rust_version.as_deref().filter(|needed| number(needed) > promised) else { continue };
        let promised = own.rust_version.as_deref().unwrap_or_default();
        text += &format!(
            "`{}` {} needs Rust {needed}, and `rust-version` in Cargo.toml promises {promised}\n",
            release.name, release.version,
        );
        clean = false;
    }
    Outcome { text, clean, ..Outcome::default() }
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
    fn what_comes_with_the_crate_builds_with_the_rust_that_it_promises() {
        let package = |name: &str, rust: Option<&str>| serde_json::json!({ "id": name, "name": name, "version": "1.2.3", "rust_version": rust });
        let edge = |name: &str, kind: Option<&str>| serde_json::json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let says = |oldest: Option<&str>, needed: &str| {
            let graph = serde_json::json!({
                "packages": [
                    package("ontap-ipsec", oldest), package("builder", Some("1.63.0")), package("deep", Some(needed)),
                    package("silent", None), package("tested", Some("1.99")),
                ],
                "resolve": { "nodes": [
                    { "id": "ontap-ipsec", "deps": [edge("builder", Some("build")), edge("tested", Some("dev"))] },
                    { "id": "builder", "deps": [edge("deep", None), edge("silent", None)] },
                    { "id": "deep", "deps": [edge("builder", None)] },
                ] },
            });
            oldest_rust(&serde_json::from_value(graph).unwrap())
        };
        for fine in ["1.9", "1.88", "1.88.0"] {
            let outcome = says(Some("1.88"), fine);
            assert!(outcome.clean, "{}", outcome.text);
            assert_eq!(
                outcome.text,
                "4 crates with all features and on all systems, of which 1 declare no oldest Rust: `silent` 1.2.3\n",
            );
        }
        for newer in ["1.88.1", "1.100", "2.0"] {
            let outcome = says(Some("1.88"), newer);
            let words = format!("`deep` 1.2.3 needs Rust {newer}, and `rust-version` in Cargo.toml promises 1.88\n");
            assert!(!outcome.clean && outcome.text.ends_with(&words), "{}", outcome.text);
        }
        assert!(!says(None, "1.9").clean);
    }
}
