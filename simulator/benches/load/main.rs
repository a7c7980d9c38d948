//! Measures the simulator's memory and response times under load, with a given number of policies and clients.
//!
//! `cargo bench -p ontap-ipsec-simulator --bench load` prints a table, and fails if a value exceeds its limit. With
//! `--profile dev` and smaller numbers after `--`, the benchmark uses the existing debug build.
//!
//! The simulator runs as a separate program, so that its memory and CPU time are separate from the clients'. `/proc`
//! has both values. Without `/proc`, memory is not measured, and times are those that a client measures.

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

/// The limit for the memory of the simulator.
const MOST_MEMORY: u64 = 2 << 30;

/// Measures the simulator under load.
#[derive(Parser)]
struct Arguments {
    /// Number of policies of the simulator
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(10_000..))]
    policies: u32,

    /// Number of concurrent clients
    #[arg(long, value_name = "N", default_value_t = 64)]
    clients: usize,

    /// Duration of the traffic
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u64,

    /// Cargo passes this option to every benchmark
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
