//! The figures of a benchmark: `--json FILE` writes them, and `report` reads them.
//!
//! Each benchmark in Rust has this file as a module; `figures.py` is the same for those in Python.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

use serde::Serialize;

/// One run of one benchmark.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// The benchmark, such as `compare`.
    pub bench: String,
    /// The command that ran it, as it would be typed again.
    pub command: String,
    /// When, in UTC, such as `2026-11-27`.
    pub date: String,
    /// The commit that was measured; with `+` behind it if the files differed from it.
    pub commit: String,
    /// Where.
    pub machine: Machine,
    /// The programs and libraries, with their versions.
    pub versions: BTreeMap<String, String>,
    /// What was measured.
    pub series: Vec<Series>,
    /// The targets.
    pub targets: Vec<Target>,
}

/// The machine.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// The processor, by the name that it gives itself.
    pub processor: String,
    /// How many of its cores there are for us.
    pub cores: usize,
    /// The memory, in GiB.
    pub memory_gib: u64,
    /// The operating system.
    pub system: String,
}

/// The same thing, measured several times.
#[derive(Debug, Serialize)]
pub struct Series {
    /// The comparison, such as `list`: a table of the report.
    pub group: String,
    /// The contender, such as `ontap-ipsec`: a row of the table.
    pub case: String,
    /// The size of the work, such as the number of policies, where a group has several.
    pub size: Option<u64>,
    /// The quantity, such as `seconds`: a column of the table. The name of a ratio ends with its unit, as in `time, by
    /// hand = 1`. The report compares other quantities with the first row of the table.
    pub quantity: String,
    /// The values, in the order of the runs.
    pub values: Vec<f64>,
}

/// A limit that was set beforehand, and how it came out.
#[derive(Debug, Serialize)]
pub struct Target {
    /// The target in words.
    pub what: String,
    /// The middle one of the values, and the least and the most of them.
    pub measured: [f64; 3],
    /// The limit.
    pub limit: f64,
    /// Whether the limit is the least that is good enough; else it is the most.
    pub at_least: bool,
    /// Whether the middle one keeps to it.
    pub met: bool,
}

impl Figures {
    /// No figures yet, of a benchmark that runs here and now.
    pub fn new(bench: &str, command: &str) -> Self {
        let rustc = said(Command::new("rustc").arg("--version"));
        Self {
            bench: bench.to_owned(),
            command: command.to_owned(),
            date: said(Command::new("date").args(["-u", "+%Y-%m-%d"])),
            commit: commit(),
            machine: Machine::here(),
            versions: BTreeMap::from([("rustc".to_owned(), rustc)]),
            series: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// Adds what was measured.
    pub fn add(&mut self, group: &str, case: &str, size: Option<u64>, quantity: &str, values: &[f64]) {
        let (group, case, quantity) = (group.to_owned(), case.to_owned(), quantity.to_owned());
        self.series.push(Series { group, case, size, quantity, values: values.to_vec() });
    }

    /// Adds a limit, and says whether `values` keep to it.
    pub fn judge(&mut self, what: &str, values: &[f64], limit: f64, at_least: bool) -> bool {
        let measured = [median(values), least(values), most(values)];
        let met = if at_least { measured[0] >= limit } else { measured[0] <= limit };
        self.targets.push(Target { what: what.to_owned(), measured, limit, at_least, met });
        met
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let beside = path.with_extension("tmp");
        fs::write(&beside, serde_json::to_string_pretty(self)? + "\n")?;
        fs::rename(&beside, path)
    }
}

impl Machine {
    /// This one.
    pub fn here() -> Self {
        // Absent elsewhere than on Linux.
        let text = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let after = |text: &str, key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("unknown");
            line.trim_matches([' ', '\t', ':']).to_owned()
        };
        let memory = after(&text("/proc/meminfo"), "MemTotal:");
        let kib: u64 = memory.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
        Self {
            processor: after(&text("/proc/cpuinfo"), "model name"),
            cores: std::thread::available_parallelism().map_or(1, Into::into),
            memory_gib: kib.div_ceil(1 << 20),
            system: format!("{} {}", env::consts::OS, text("/proc/sys/kernel/osrelease").trim()),
        }
    }
}

fn commit() -> String {
    let mark = if said(Command::new("git").args(["status", "--porcelain"])).is_empty() { "" } else { "+" };
    said(Command::new("git").args(["rev-parse", "--short=10", "HEAD"])) + mark
}

/// The first line that a program says, or nothing if it cannot be asked.
fn said(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).lines().next().unwrap_or_default().to_owned()
}

/// Returns the middle value, or the mean of the two in the middle; NaN for an empty list.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.as_slice() {
        [] => f64::NAN,
        sorted if sorted.len() % 2 == 1 => sorted[sorted.len() / 2],
        sorted => f64::midpoint(sorted[sorted.len() / 2 - 1], sorted[sorted.len() / 2]),
    }
}

/// The least of them.
pub fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The most of them.
pub fn most(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
