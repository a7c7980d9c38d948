//! Counts what a program does, by valgrind's callgrind.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// What was counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Counts {
    /// Instructions, of the program and of libraries, without those of the kernel.
    pub(crate) instructions: f64,
    /// Calls of the C library's functions that allocate.
    pub(crate) allocations: f64,
}

impl Counts {
    /// Both, combined with another's.
    pub(crate) fn with(self, other: Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            instructions: combine(self.instructions, other.instructions),
            allocations: combine(self.allocations, other.allocations),
        }
    }
}

/// What the Rust library's allocator calls.
const ALLOCATING: [&str; 5] = ["malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"];

/// Runs this program again, below valgrind. What callgrind writes stays at `profile`.
///
/// # Errors
/// If valgrind or the program fails, in words.
pub(crate) fn count(arguments: &[String], profile: &Path) -> Result<Counts, String> {
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
