//! The figures that are kept.

use std::collections::BTreeSet;
use std::path::Path;

use crate::figures::{Figures, Target};
use crate::place::{At, Unreadable};
use crate::workspace;

use super::ReportError;

/// Where they are, from the root: a file for each benchmark.
pub const RESULTS: &str = "benches/results";

/// In this order in the report; others follow.
const ORDER: [&str; 5] = ["compare", "counts", "load", "build-cost", "commands"];

/// All that are kept in the workspace at `root`, in the order of the report.
///
/// # Errors
/// If a file cannot be read, or is not what it should be.
pub fn read(root: &Path) -> Result<Vec<Figures>, ReportError> {
    let mut names: Vec<String> =
        workspace::names(root, RESULTS)?.into_iter().filter(|name| name.ends_with(".json")).collect();
    let rank = |name: &String| ORDER.iter().position(|bench| name.strip_suffix(".json") == Some(bench));
    names.sort_by_key(|name| (rank(name).unwrap_or(ORDER.len()), name.clone()));
    names.into_iter().map(|file| load(root, &format!("{RESULTS}/{file}"))).collect()
}

fn load(root: &Path, path: &str) -> Result<Figures, ReportError> {
    let figures = parse(path, &workspace::read(&root.join(path), path)?)?;
    if name(&figures.bench) != path {
        let cause = format!("the figures of `{}` belong into {}", figures.bench, name(&figures.bench));
        return Err(unreadable(path, 1, cause).into());
    }
    Ok(figures)
}

/// The file for the figures of a benchmark, from the root.
pub(super) fn name(bench: &str) -> String {
    format!("{RESULTS}/{bench}.json")
}

/// Reads the text of a file, which messages call `file`.
///
/// # Errors
/// If it holds no figures, or such as contradict themselves.
pub fn parse(file: &str, text: &str) -> Result<Figures, Unreadable> {
    let figures: Figures = serde_json::from_str(text).map_err(|error| {
        let line = u64::try_from(error.line()).unwrap_or(1);
        unreadable(file, line, error.to_string())
    })?;
    let refuse = |cause: String| Err(unreadable(file, 1, cause));
    let plain = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if figures.bench.is_empty() || !figures.bench.chars().all(plain) {
        return refuse(format!("`{}` cannot be the name of a benchmark: a-z, 0-9 and - can", figures.bench));
    }
    let mut seen = BTreeSet::new();
    for one in &figures.series {
        if one.values.is_empty() {
            return refuse(format!("`{}` of `{}` in `{}` has no value", one.quantity, one.case, one.group));
        }
        if !seen.insert((&one.group, &one.case, one.size, &one.quantity)) {
            return refuse(format!("`{}` of `{}` in `{}` stands twice", one.quantity, one.case, one.group));
        }
    }
    match figures.targets.iter().find(|target| target.met != keeps(target)) {
        Some(target) => {
            refuse(format!("`{}` says that it is met, or not, and its own figures say otherwise", target.what))
        }
        None => Ok(figures),
    }
}

/// Whether what was measured keeps to the limit. What is not a number does not.
fn keeps(target: &Target) -> bool {
    let middle = target.measured[0];
    if target.at_least { middle >= target.limit } else { middle <= target.limit }
}

fn unreadable(file: &str, line: u64, cause: String) -> Unreadable {
    let at = At { file: file.to_owned(), line, column: 1, pointer: String::new() };
    Unreadable { at, cause }
}
