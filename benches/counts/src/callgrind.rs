//! Counts what a program does, by valgrind's callgrind.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// What was counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counts {
    /// Instructions, of the program and of libraries, without those of the kernel.
    pub instructions: f64,
    /// Calls of the C library's functions that allocate.
    pub allocations: f64,
}

impl Counts {
    /// Both, combined with another's.
    pub fn with(self, other: Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            instructions: combine(self.instructions, other.instructions),
            allocations: combine(self.allocations, other.allocations),
        }
    }
}

/// The functions that Rust's allocator calls.
const ALLOCATING: [&str; 5] = ["malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"];

/// Runs this program again, in valgrind. callgrind's output stays at `profile`.
///
/// # Errors
/// If valgrind or the program fails, in words.
pub fn count(arguments: &[String], profile: &Path) -> Result<Counts, String> {
    let program = env::current_exe().map_err(|error| format!("this program cannot be found: {error}"))?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(program)
        .args(arguments)
        // The environment lies on the stack, and is read by the client.
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .output()
        .map_err(|error| format!("valgrind cannot be run: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("below valgrind, `{}` failed: {}", arguments.join(" "), said.trim()));
    }
    let text = fs::read(profile).map_err(|error| format!("{}: {error}", profile.display()))?;
    read(&String::from_utf8_lossy(&text)).ok_or_else(|| format!("{} is no profile of callgrind's", profile.display()))
}

/// The figures in a profile.
///
/// A function is written `(number) name` the first time and `(number)` from then on; `calls=` tells how often the one
/// named by the line `cfn=` before it was called from the one that the profile is at.
fn read(profile: &str) -> Option<Counts> {
    let (mut names, mut called) = (HashMap::new(), "");
    let (mut instructions, mut allocations) = (None, 0);
    for line in profile.lines() {
        let Some((key, value)) = line.split_once(['=', ':']) else { continue };
        match key {
            "fn" | "cfn" => {
                let (number, name) = value.split_once(' ').unwrap_or((value, ""));
                if !name.is_empty() {
                    names.insert(number, name);
                }
                if key == "cfn" {
                    called = names.get(number)?;
                }
            }
            "calls" if ALLOCATING.contains(&called) => {
                allocations += value.split(' ').next()?.parse::<u32>().ok()?;
            }
            "totals" => instructions = value.trim().parse().ok(),
            _ => {}
        }
    }
    Some(Counts { instructions: instructions?, allocations: f64::from(allocations) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_the_name_that_was_given_first() {
        let profile = "events: Ir\n\nob=(1) a\nfl=(1) b\nfn=(1) main\n0 7\ncfn=(2) malloc\ncalls=3 0\n0 30\ncfn=(3) free\n\
                       calls=9 0\n0 9\n\nfn=(4) other\ncfi=(2) c\ncfn=(2)\ncalls=2 0\n0 20\ncfn=(5) realloc\ncalls=1 4\n\
                       0 10\n\ntotals: 76\n";
        assert_eq!(read(profile), Some(Counts { instructions: 76.0, allocations: 6.0 }));
    }

    #[test]
    fn a_profile_that_broke_off_is_none() {
        assert_eq!(read("events: Ir\nfn=(1) main\n0 7\n"), None);
    }
}
