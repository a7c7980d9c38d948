//! The work of a contender and its result: one argument and one line of output, both JSON. A contender can thus be
//! written in any language.
//!
//! Part of the benchmark, and of the program around the generated client.

use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use serde::{Deserialize, Serialize};

/// The work, and the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Work {
    /// Where the server is, such as `http://127.0.0.1:40000`.
    pub url: String,
    /// The account's name.
    pub user: String,
    /// The password.
    pub password: String,
    /// The certificate to trust, in PEM, where the URL is `https`.
    pub certificate: Option<String>,
    /// What to do.
    pub task: Task,
}

/// What to do.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// To read all policies that there are, with all their fields.
    List {
        /// So many with each request.
        page: u32,
    },
    /// To create a policy, to modify it and to delete it.
    Change {
        /// So many times.
        cycles: u32,
        /// So many of them at a time.
        at_once: u32,
    },
}

/// What was done.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Done {
    /// Policies that were read, or operations that were carried out.
    pub count: u64,
    /// The lengths of what was read, added up: who skips part of the work has another one.
    pub checksum: u64,
    /// Bytes of bodies that came, from those who can tell.
    pub bytes: u64,
    /// How long it took, from the first request to the last response.
    pub seconds: f64,
    /// The CPU time of that, in the program and in the kernel for it.
    pub cpu_seconds: f64,
    /// The most memory that the program had at any time.
    pub peak_bytes: u64,
    /// How long the operation took that half of them were faster than; 0 if they were not timed.
    pub median_seconds: f64,
    /// How long the operation took that 99 of 100 were faster than; 0 if they were not timed.
    pub slow_seconds: f64,
}

/// Runs from the first request on.
#[derive(Debug)]
pub struct Meter {
    started: Instant,
    cpu: Duration,
}

impl Meter {
    /// Starts it.
    pub fn start() -> Self {
        Self { cpu: cpu(), started: Instant::now() }
    }

    /// Stops it, and adds what it says to what was done. `latencies` are those of the single operations.
    pub fn stop(self, done: Done, mut latencies: Vec<Duration>) -> Done {
        let seconds = self.started.elapsed().as_secs_f64();
        let cpu_seconds = cpu().saturating_sub(self.cpu).as_secs_f64();
        latencies.sort_unstable();
        let quantile = |hundredths: usize| {
            let place = (latencies.len() * hundredths).div_ceil(100).saturating_sub(1);
            latencies.get(place).map_or(0.0, Duration::as_secs_f64)
        };
        let (median_seconds, slow_seconds) = (quantile(50), quantile(99));
        Done { seconds, cpu_seconds, peak_bytes: peak(), median_seconds, slow_seconds, ..done }
    }
}

/// The CPU time of this program so far.
fn cpu() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else { return Duration::ZERO };
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(microseconds.try_into().unwrap_or(0))
}

/// The most memory that this program had. Not from `getrusage`, whose figure can be that of the program which started
/// this one.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().map_or(0, |kib| kib << 10)
}
