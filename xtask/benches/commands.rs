//! The CPU time of commands that people wait for, each run as a whole program.
//!
//! `cargo bench -p xtask --bench commands` prints tables. The exit code is 1 if a command on the document of this
//! repository exceeds its limit, or if ten times the input takes much more than ten times the time. `-- --json FILE`
//! writes the figures; `-- --quick` shows only that the benchmark works.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark shows its figures, and may stop the world")]

#[allow(unreachable_pub, reason = "other programs have it as well")]
#[path = "../../benches/figures.rs"]
mod figures;
#[path = "../tests/printed/mod.rs"]
mod printed;
mod scaled;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

use figures::{Figures, least, median, most};
use scaled::{ASCIIDOC, LACKING, RELEASE, TEXT, Workspace, whole_swagger};

/// The most CPU time that one run on the document of this repository may take, in milliseconds.
const BAR: f64 = if cfg!(debug_assertions) { 300.0 } else { 100.0 };

/// The most CPU time that reading an API document as large as a cluster's may take, in milliseconds.
const SWAGGER_BAR: f64 = 3000.0;

/// The release of the sample of an API document.
const SWAGGER_RELEASE: &str = "9.15.1";

/// The size of the document that clusters of this release serve, in bytes.
const SWAGGER_SIZE: usize = 14_000_000;

/// The most that the power of the size may be with which the time grows, from the middle size to the largest.
///
/// The limit for the power of the growth. Sorted tables and full caches reach 1.1, a quarter more for each unit.
/// Quadratic work exceeds the limit if it is a fortieth of the work at the middle size.
const POWER: f64 = 1.1;

/// How many times the page and the document.
const SIZES: [u64; 3] = [1, 10, 100];

/// Command lines that read the document of this repository and write nothing.
const REAL: [&[&str]; 4] = [
    &["diff"],
    &["diff", "--format", "sarif"],
    &["diff", "--from", "9.11.1", "--to", "9.15.1"],
    &["regenerate", "--check"],
];

/// The vendor's pages, from the root, with their releases. The pages are not part of the repository.
const PAGES: [(&str, &str); 2] = [
    ("../shared/reference/ontap-9.15.1-manage-ipsec-policies.txt", "9.15.1"),
    ("../shared/reference/ontap-9.11.1", "9.11.1"),
];

/// A command that is run on every size.
struct Scaled {
    name: &'static str,
    arguments: &'static [&'static str],
    /// Whether it finds something amiss.
    code: i32,
    /// Whether the document lacks parts, in each run.
    lacking: bool,
}

const SCALED: [Scaled; 6] = [
    Scaled {
        name: "extract (text)",
        arguments: &["extract", TEXT, "--release", RELEASE, "--check"],
        code: 0,
        lacking: false,
    },
    Scaled {
        // It has not the facts of the other form word for word: they name the pages.
        name: "extract (AsciiDoc)",
        arguments: &["extract", ASCIIDOC, "--release", RELEASE, "--check"],
        code: 1,
        lacking: false,
    },
    Scaled { name: "diff, nothing differs", arguments: &["diff"], code: 0, lacking: false },
    Scaled { name: "diff, much differs", arguments: &["diff", "--spec", LACKING], code: 1, lacking: false },
    Scaled { name: "regenerate, nothing to do", arguments: &["regenerate", "--check"], code: 0, lacking: false },
    Scaled { name: "regenerate, much to do", arguments: &["regenerate", "--spec", LACKING], code: 0, lacking: true },
];

/// The options of the benchmark.
struct Told {
    quick: bool,
    json: Option<PathBuf>,
}

fn told() -> Result<Told, String> {
    let mut told = Told { quick: false, json: None };
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo adds it.
            "--bench" => {}
            "--quick" => told.quick = true,
            "--json" => told.json = Some(arguments.next().ok_or("--json needs a file")?.into()),
            other => return Err(format!("`{other}` is not known; there are --quick and --json FILE")),
        }
    }
    Ok(told)
}

fn main() -> ExitCode {
    let told = match told() {
        Ok(told) => told,
        Err(message) => {
            println!("error: {message}");
            return ExitCode::from(2);
        }
    };
    let mut figures = Figures::new("commands", "cargo bench -p xtask --bench commands");
    let within = real(&mut figures, if told.quick { 3 } else { 21 });
    let within = swagger(&mut figures, if told.quick { 1 } else { 11 }) && within;
    let linear = if told.quick { growth(&mut figures, &SIZES[..2], 1) } else { growth(&mut figures, &SIZES, 11) };
    for target in &figures.targets {
        let verdict = if target.met { "met" } else { "NOT met" };
        println!("{verdict}: {}: {:.2}, at most {:.2}", target.what, target.measured[0], target.limit);
    }
    if let Some(file) = told.json {
        figures.write(&file).expect("the figures are written");
    }
    // One run in place of eleven says little of how time grows.
    if within && (linear || told.quick) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the package is in a workspace")
}

/// Runs the commands on what is in this repository, and says whether they keep below the bar.
fn real(figures: &mut Figures, runs: usize) -> bool {
    let root = root();
    let mut commands: Vec<(String, Vec<&str>)> =
        REAL.iter().map(|arguments| (arguments.join(" "), arguments.to_vec())).collect();
    for (page, release) in PAGES.iter().filter(|(page, _)| root.join(page).exists()) {
        let name = format!("extract, the vendor's page of {release}");
        commands.push((name, vec!["extract", page, "--release", release, "--check"]));
    }
    println!("This repository, {runs} runs each: CPU time in milliseconds (the bar is {BAR})\n");
    println!("{:<42} {:>8} {:>8} {:>8}", "command", "least", "median", "most");
    let mut within = true;
    for (name, arguments) in commands {
        // The first run brings the files into memory. A difference is 1; a program that could not read would be quick.
        let once = || measured(&root, &arguments, &[0, 1]);
        let _ = once();
        let times: Vec<f64> = (0..runs).map(|_| once()).collect();
        println!("{name:<42} {:>8.1} {:>8.1} {:>8.1}", least(&times), median(&times), most(&times));
        figures.add("commands", &name, None, "CPU milliseconds", &times);
        within &= figures.judge(&format!("CPU milliseconds of `{name}`"), &times, BAR, false);
    }
    within
}

/// Reads an API document as large as a cluster's, and says whether that keeps below its bar.
fn swagger(figures: &mut Figures, runs: usize) -> bool {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("swagger.yaml"), whole_swagger(SWAGGER_SIZE))
        .expect("the document is written");
    let arguments = ["extract", "swagger.yaml", "--release", SWAGGER_RELEASE];
    let _ = measured(directory.path(), &arguments, &[0]);
    let times: Vec<f64> = (0..runs).map(|_| measured(directory.path(), &arguments, &[0])).collect();
    let name = "extract, an API document of 14 MB";
    println!("{name:<42} {:>8.1} {:>8.1} {:>8.1}", least(&times), median(&times), most(&times));
    figures.add("commands", name, None, "CPU milliseconds", &times);
    figures.judge(&format!("CPU milliseconds of `{name}`"), &times, SWAGGER_BAR, false)
}

/// Runs the commands on more and more, and says whether their time grows no faster than that.
fn growth(figures: &mut Figures, sizes: &[u64], runs: usize) -> bool {
    let workspaces: Vec<_> = sizes.iter().map(|times| (*times, Workspace::new(&root(), *times))).collect();
    println!("\nThe same page and document, several times, {runs} runs each: CPU time in milliseconds for each time\n");
    print!("{:<28}", "command");
    sizes.iter().for_each(|times| print!(" {:>26}", format!("x {times}, least median most")));
    println!(" {:>6}", "power");
    let mut linear = true;
    for command in SCALED {
        print!("{:<28}", command.name);
        // The sizes take turns, so that a machine that is slow for a while is so for all of them.
        let mut all = vec![Vec::new(); workspaces.len()];
        for (place, (_, workspace)) in (0..=runs).flat_map(|_| workspaces.iter().enumerate()) {
            let lacking = command.lacking.then(|| (workspace.get(LACKING), workspace.get(xtask::workspace::WORDING)));
            all[place].push(measured(workspace.root(), command.arguments, &[command.code]));
            if let Some((spec, wording)) = &lacking {
                workspace.put(LACKING, spec);
                workspace.put(xtask::workspace::WORDING, wording);
            }
        }
        for ((times, _), milliseconds) in workspaces.iter().zip(&mut all) {
            // The first run brought the files into memory.
            milliseconds.remove(0);
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            let each: Vec<f64> = milliseconds.iter().map(|time| time / *times as f64).collect();
            print!(" {:>26}", format!("{:.2} {:.2} {:.2}", least(&each), median(&each), most(&each)));
            figures.add("scale of commands", command.name, Some(*times), "CPU milliseconds", milliseconds);
        }
        // Ten times as much in as many times as long is the power 1. Each run of the largest size is held against that of
        // the next smaller one in the same turn.
        let pairs = all[all.len() - 1].iter().zip(&all[all.len() - 2]);
        let powers: Vec<f64> = pairs.map(|(large, small)| (large / small).log10()).collect();
        println!(" {:>6.2}", median(&powers));
        linear &= figures.judge(&format!("power with which `{}` grows", command.name), &powers, POWER, false);
    }
    println!();
    linear
}

/// Measures the CPU time of the program in the workspace at `root`, in milliseconds. The exit code must be one of
/// `codes`.
fn measured(root: &Path, arguments: &[&str], codes: &[i32]) -> f64 {
    let before = children();
    let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(root)
        .env("CARGO_MANIFEST_DIR", root.join("xtask"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program runs");
    let code = status.code().unwrap_or(-1);
    assert!(codes.contains(&code), "`{}` ended with {code}, not with one of {codes:?}", arguments.join(" "));
    children() - before
}

/// The CPU time of all children so far, in user and kernel mode, in milliseconds.
fn children() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel counts");
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let milliseconds = microseconds as f64 / 1000.0;
    milliseconds
}
