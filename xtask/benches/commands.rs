//! What the commands that people wait for cost: CPU time of the whole program, as it is run, on the real document.
//!
//! `cargo bench -p xtask --bench commands` prints a table, and fails if a command's median is above its bar.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark shows its figures, and may stop the world")]

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// The most CPU time that one run may take.
const BAR: Duration = Duration::from_millis(100);

const RUNS: usize = 21;

/// Command lines that read the document of this repository and write nothing.
const COMMANDS: [&[&str]; 4] = [
    &["diff"],
    &["diff", "--format", "sarif"],
    &["diff", "--from", "9.11.1", "--to", "9.15.1"],
    &["regenerate", "--check"],
];

fn main() -> ExitCode {
    println!("{RUNS} runs each, CPU time in milliseconds (the bar is {})\n", BAR.as_millis());
    println!("{:<40} {:>8} {:>8} {:>8}", "command", "least", "median", "most");
    let mut within = true;
    for arguments in COMMANDS {
        // The first run brings the files into memory.
        let _ = measured(arguments);
        let mut times: Vec<Duration> = (0..RUNS).map(|_| measured(arguments)).collect();
        times.sort_unstable();
        let (least, median, most) = (times[0], times[RUNS / 2], times[RUNS - 1]);
        let [least, middle, most] = [least, median, most].map(|time| time.as_secs_f64() * 1000.0);
        println!("{:<40} {least:>8.1} {middle:>8.1} {most:>8.1}", arguments.join(" "));
        within &= median <= BAR;
    }
    if within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn measured(arguments: &[&str]) -> Duration {
    let before = children();
    let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program runs");
    // A difference is 1; a program that could not read is quick, and would be measured for nothing.
    assert!(matches!(status.code(), Some(0 | 1)), "`{}` failed", arguments.join(" "));
    children() - before
}

/// The CPU time of all children so far, in user and kernel mode.
fn children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel counts");
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(microseconds.unsigned_abs())
}
