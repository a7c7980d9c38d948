//! The counts that were taken before, which those of today are compared with.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::callgrind::Counts;

/// The file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Golden {
    /// The conditions that change the counts, in addition to the code.
    pub made_with: BTreeMap<String, String>,
    /// What was counted.
    pub counts: BTreeMap<String, Entry>,
}

/// One thing that was counted, in whole numbers of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    instructions: i64,
    /// In hundredths, since a page has some of its own beside those of its policies.
    allocations_times_100: i64,
}

impl From<Counts> for Entry {
    #[allow(clippy::cast_possible_truncation, reason = "far from the limits")]
    fn from(counts: Counts) -> Self {
        Self {
            instructions: counts.instructions.round() as i64,
            allocations_times_100: (counts.allocations * 100.0).round() as i64,
        }
    }
}

impl Golden {
    /// Reads the file.
    ///
    /// # Errors
    /// If the file cannot be read, in words.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written, in words.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let write = || -> io::Result<()> {
            let beside = path.with_extension("tmp");
            fs::write(&beside, serde_json::to_string_pretty(self)? + "\n")?;
            fs::rename(&beside, path)
        };
        write().map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Lists the conditions that differ between here and the file.
    pub fn made_elsewhere(&self, here: &BTreeMap<String, String>) -> Vec<String> {
        let names: std::collections::BTreeSet<_> = self.made_with.keys().chain(here.keys()).collect();
        let said = |of: &BTreeMap<String, String>, name: &String| of.get(name).cloned().unwrap_or("nothing".to_owned());
        names
            .into_iter()
            .filter(|name| self.made_with.get(*name) != here.get(*name))
            .map(|name| format!("{name} is {}, and was {}", said(here, name), said(&self.made_with, name)))
            .collect()
    }

    /// Lists the counts that differ by more than `instructions` and `allocations`, which are parts of the recorded
    /// counts.
    pub fn differences(&self, now: &Self, instructions: f64, allocations: f64) -> Vec<String> {
        let mut differences = Vec::new();
        for (name, entry) in &now.counts {
            let Some(recorded) = self.counts.get(name) else {
                differences.push(format!("{name}: not recorded"));
                continue;
            };
            let mut compare = |what: &str, was: i64, is: i64, tolerance: f64, scale: f64| {
                #[allow(clippy::cast_precision_loss, reason = "far from the limits")]
                let (was, is) = (was as f64, is as f64);
                if (is - was).abs() > was.abs() * tolerance {
                    let change = (is / was - 1.0) * 100.0;
                    differences.push(format!("{name}: {} {what}, {change:+.1} % on {}", is / scale, was / scale));
                }
            };
            compare("instructions", recorded.instructions, entry.instructions, instructions, 1.0);
            let (was, is) = (recorded.allocations_times_100, entry.allocations_times_100);
            compare("allocations", was, is, allocations, 100.0);
        }
        let gone = self.counts.keys().filter(|name| !now.counts.contains_key(*name));
        differences.extend(gone.map(|name| format!("{name}: recorded, and not counted any more")));
        differences
    }
}

/// Finds the conditions of the counts: the compiler, the C library, whose functions depend on the processor, and
/// valgrind.
///
/// # Errors
/// If valgrind is not here.
pub fn surroundings() -> Result<BTreeMap<String, String>, String> {
    let rustc = said("rustc", "-vV").unwrap_or_default();
    let of_rustc = |key: &str| {
        rustc.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("unknown").trim_start_matches(": ").to_owned()
    };
    let valgrind = said("valgrind", "--version").ok_or("valgrind is not here")?;
    // Only the C library's number: a package's revision does not tell.
    let libc = said("ldd", "--version").unwrap_or_default();
    let libc = libc.lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or("unknown");
    Ok(BTreeMap::from([
        ("rustc".to_owned(), format!("{} ({})", of_rustc("release"), of_rustc("commit-hash"))),
        ("target".to_owned(), of_rustc("host")),
        ("valgrind".to_owned(), valgrind.trim().trim_start_matches("valgrind-").to_owned()),
        ("libc".to_owned(), libc.to_owned()),
    ]))
}

fn said(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden(counts: &[(&str, f64, f64)]) -> Golden {
        let made_with = BTreeMap::from([("rustc".to_owned(), "1".to_owned())]);
        let entry = |instructions, allocations| Counts { instructions, allocations }.into();
        let counts = counts.iter().map(|(name, more, less)| ((*name).to_owned(), entry(*more, *less))).collect();
        Golden { made_with, counts }
    }

    #[test]
    fn a_difference_in_either_direction_is_told() {
        let recorded = golden(&[("a", 1000.0, 100.0)]);
        for (now, differences) in [
            (golden(&[("a", 1020.0, 100.5)]), &[][..]),
            (golden(&[("a", 980.0, 99.5)]), &[]),
            (golden(&[("a", 1021.0, 100.0)]), &["a: 1021 instructions, +2.1 % on 1000"]),
            (golden(&[("a", 979.0, 100.0)]), &["a: 979 instructions, -2.1 % on 1000"]),
            (golden(&[("a", 1000.0, 101.0)]), &["a: 101 allocations, +1.0 % on 100"]),
            (golden(&[("a", 1000.0, 99.0)]), &["a: 99 allocations, -1.0 % on 100"]),
            (golden(&[("b", 1000.0, 100.0)]), &["b: not recorded", "a: recorded, and not counted any more"]),
        ] {
            assert_eq!(recorded.differences(&now, 0.02, 0.005), differences);
        }
    }

    #[test]
    fn other_surroundings_are_named() {
        let recorded = golden(&[]);
        assert!(recorded.made_elsewhere(&recorded.made_with).is_empty());
        let here = BTreeMap::from([("libc".to_owned(), "2".to_owned()), ("rustc".to_owned(), "2".to_owned())]);
        assert_eq!(recorded.made_elsewhere(&here), ["libc is 2, and was nothing", "rustc is 2, and was 1"]);
    }
}
