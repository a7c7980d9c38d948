//! Whether the simulator holds load: its memory, and the time that its answers take, with as many policies and clients
//! as are asked for.
//!
//! `cargo bench -p ontap-ipsec-simulator --bench load` prints a table, and fails if a figure is beyond its limit. With
//! `--profile dev`, and smaller figures behind `--`, it needs no build of its own.
//!
//! The simulator runs as a program of its own, so that its memory and CPU time can be told from the clients'. `/proc` has
//! both. Without `/proc`, memory is not measured, and times are those that a client sees.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark shows its figures, and may stop the world"
)]

mod position;
mod program;
mod report;
mod size;
mod traffic;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::{
    program::{Memory, Program},
    report::Report,
};

/// The most memory that the simulator may take, whatever it does.
const MOST_MEMORY: u64 = 2 << 30;

/// Measures the simulator under load.
#[derive(Parser)]
struct Arguments {
    /// Number of policies that the simulator has
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(10_000..))]
    policies: u32,

    /// Number of clients at once
    #[arg(long, value_name = "N", default_value_t = 64)]
    clients: usize,

    /// How long these clients go on
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u64,

    /// Cargo says this to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut report = Report::new();
    let large = Program::start(arguments.policies).await;
    memory(&mut report, "memory at the start", &large, arguments.policies);

    position::measure(&mut report, &large, arguments.policies).await;
    let small = Program::start(arguments.policies / size::TIMES).await;
    size::measure(&mut report, &small, &large).await;
    drop(small);
    traffic::measure(&mut report, &large, arguments.clients, Duration::from_secs(arguments.seconds)).await;

    memory(&mut report, "most memory of all the time", &large, arguments.policies);
    report.verdict()
}

fn memory(report: &mut Report, what: &str, program: &Program, policies: u32) {
    match program.memory(Memory::Most) {
        None => report.tell(what, "unknown here"),
        Some(bytes) => {
            let each = bytes / u64::from(policies);
            report.check(
                what,
                &format!("{} ({each} B/policy)", report::mebibytes(bytes)),
                bytes,
                MOST_MEMORY,
                report::mebibytes,
            );
        }
    }
}
