//! Counts the instructions and allocations of a decoded policy and of a sent request. Other programs on the machine do
//! not change the counts: see `README.md` beside this file.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a benchmark shows its figures, and may stop the world"
)]

mod canned;
#[path = "../../figures.rs"]
#[allow(dead_code, unreachable_pub, reason = "each benchmark uses its own part")]
mod figures;
mod plain;
mod work;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::{fs, thread};

use clap::Parser;
use ontap_ipsec_counts::callgrind::{self, Counts};
use ontap_ipsec_counts::golden::{self, Golden};

use crate::figures::Figures;
use crate::work::{By, PAGE, Work};

/// How far instructions may be from the recorded ones.
const INSTRUCTIONS: f64 = 0.03;
/// How far allocations may be from the recorded ones.
const ALLOCATIONS: f64 = 0.005;
/// How many times the instructions of plain structs a policy may cost.
const LIMIT: f64 = 1.10;

const RENEW: &str = "cargo bench -p ontap-ipsec-counts -- --write";

/// Counts instructions and allocations
#[derive(Parser)]
struct Arguments {
    /// Compares with the recorded counts; fails if there is a difference, also one for the better
    #[arg(long, conflicts_with = "write")]
    check: bool,

    /// Records the counts
    #[arg(long)]
    write: bool,

    /// Writes the counts into this file, in the form of all benchmarks
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Counts so often, to show how the counts vary
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,

    /// Does one piece of work, and counts nothing; what is run below callgrind
    #[arg(long, num_args = 3, value_names = ["WORK", "BY", "TIMES"])]
    only: Option<Vec<String>>,

    /// Cargo says this to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(only) = &arguments.only {
        return alone(only);
    }
    match count(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("counts: {error}");
            ExitCode::FAILURE
        }
    }
}

fn alone(only: &[String]) -> ExitCode {
    use clap::ValueEnum as _;
    let [work, by, times] = only else { return ExitCode::FAILURE };
    let (Ok(work), Ok(by), Ok(times)) = (Work::from_str(work, false), By::from_str(by, false), times.parse()) else {
        eprintln!("counts: `{}` is not work that is counted", only.join(" "));
        return ExitCode::FAILURE;
    };
    work::run(work, by, times);
    ExitCode::SUCCESS
}

/// Lists the work to count, with the code that does it.
fn cases() -> Vec<(Work, By)> {
    let all = [By::OntapIpsec, By::Plain, By::Floor];
    let requests = Work::REQUESTS.into_iter().flat_map(|work| all.map(|by| (work, by)));
    all.map(|by| (Work::List, by)).into_iter().chain([(Work::Decode, By::Plain)]).chain(requests).collect()
}

fn count(arguments: &Arguments) -> Result<ExitCode, String> {
    let here = golden::surroundings()
        .map_err(|error| format!("{error}, which counts instructions; on Debian: apt-get install valgrind"))?;
    for work in [Work::List].into_iter().chain(Work::REQUESTS) {
        same_request(work)?;
    }
    let runs = (0..arguments.runs).map(|_| one_run()).collect::<Result<Vec<_>, _>>()?;
    let Some(first) = runs.first() else { return Ok(ExitCode::FAILURE) };

    println!("{:<36} {:>14} {:>12}", "", "instructions", "allocations");
    for (name, counts) in first {
        println!("{name:<36} {:>14.0} {:>12.2}", counts.instructions, counts.allocations);
    }
    let ratios: Vec<f64> = runs.iter().map(ratio).collect();
    let mut figures = figures(arguments, &here, &runs);
    let met = figures.judge("instructions per policy decoded, of serde_json into plain structs", &ratios, LIMIT, false);
    let verdict = if met { "met" } else { "not met" };
    println!("\na policy decoded, of serde_json into plain structs: {:.3}, at most {LIMIT:.2}: {verdict}", ratios[0]);
    for work in Work::REQUESTS {
        let by = |by: By| first.get(&name(work, by)).map_or(f64::NAN, |counts| counts.instructions);
        println!("a request to {}, of one by hand: {:.3}", work.name(), by(By::OntapIpsec) / by(By::Plain));
    }
    if let Some(path) = &arguments.json {
        figures.write(path).map_err(|error| format!("{}: {error}", path.display()))?;
    }

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden.json");
    let counts = first.iter().map(|(name, counts)| (name.clone(), (*counts).into())).collect();
    let now = Golden { made_with: here, counts };
    let mut good = met;
    if arguments.write {
        now.write(&path)?;
        println!("recorded in {}", path.display());
    }
    if arguments.check {
        good &= check(&Golden::read(&path)?, &now);
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether the counts are as they were recorded, as far as that can be told.
fn check(recorded: &Golden, now: &Golden) -> bool {
    let elsewhere = recorded.made_elsewhere(&now.made_with);
    if !elsewhere.is_empty() {
        println!("\n== skipped: the counts were recorded with something else, and so were not compared:");
        elsewhere.iter().for_each(|difference| println!("   {difference}"));
        println!("   If that is what the project is built with now: {RENEW}");
        return true;
    }
    let differences = recorded.differences(now, INSTRUCTIONS, ALLOCATIONS);
    if differences.is_empty() {
        println!("\nas recorded");
        return true;
    }
    println!("\nnot as recorded:");
    differences.iter().for_each(|difference| println!("   {difference}"));
    println!("If that is meant, for better or worse: {RENEW}");
    false
}

/// Nobody is faster by sending less.
fn same_request(work: Work) -> Result<(), String> {
    let lines = |by: By| {
        let request = work::run(work, by, 1);
        let text = String::from_utf8_lossy(&request).into_owned();
        let mut lines: Vec<_> = text.lines().filter(|line| !line.starts_with("host: ")).map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    let (ours, plain) = (lines(By::OntapIpsec), lines(By::Plain));
    if ours == plain {
        return Ok(());
    }
    Err(format!("the request to {} is not the same by hand:\n{ours:#?}\n{plain:#?}", work.name()))
}

/// The counts, by name.
type Run = BTreeMap<String, Counts>;

fn name(work: Work, by: By) -> String {
    match work {
        Work::List => format!("policy decoded, {}", by.name()),
        // Alone, without requests around it, it finds the allocator in another state: a look from the other side.
        Work::Decode => "policy decoded, serde_json alone".to_owned(),
        _ => format!("request to {}, {}", work.name(), by.name()),
    }
}

/// Returns the cost of a policy as a multiple of the cost with plain structs.
fn ratio(run: &Run) -> f64 {
    let by = |by: By| run.get(&name(Work::List, by)).map_or(f64::NAN, |counts| counts.instructions);
    by(By::OntapIpsec) / by(By::Plain)
}

fn one_run() -> Result<Run, String> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("counts");
    fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let cases = Mutex::new(cases());
    let counted = Mutex::new(BTreeMap::new());
    // Each is a process of one thread.
    let worker = || -> Result<(), String> {
        while let Some((work, by)) = cases.lock().ok().and_then(|mut cases| cases.pop()) {
            let [few, many] = work.times();
            let of = |times: usize| {
                let profile = directory.join(format!("{}-{}-{times}.out", work.name(), by.name()));
                let only = ["--only".to_owned(), work.name(), by.name(), times.to_string()];
                callgrind::count(&only, &profile)
            };
            #[allow(clippy::cast_precision_loss, reason = "far from the limits")]
            let more = (many - few) as f64;
            let each = of(many)?.with(of(few)?, |many, few| (many - few) / more);
            if let Ok(mut counted) = counted.lock() {
                counted.insert((work, by), each);
            }
        }
        Ok(())
    };
    let outcomes: Vec<_> = thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, Into::into);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(Err("a thread panicked".to_owned()))).collect()
    });
    outcomes.into_iter().collect::<Result<(), _>>()?;
    let counted = counted.into_inner().map_err(|error| error.to_string())?;
    Ok(evaluate(&counted))
}

/// Subtracts the cost that all code has.
fn evaluate(counted: &BTreeMap<(Work, By), Counts>) -> Run {
    let of = |work: Work, by: By| {
        counted.get(&(work, by)).copied().unwrap_or(Counts { instructions: f64::NAN, allocations: f64::NAN })
    };
    let above_floor = |work: Work, by: By| of(work, by).with(of(work, By::Floor), |whole, floor| whole - floor);
    let mut run = Run::new();
    #[allow(clippy::cast_precision_loss, reason = "far from the limits")]
    let each = |page: Counts| page.with(page, |count, _| count / PAGE as f64);
    for by in [By::OntapIpsec, By::Plain] {
        run.insert(name(Work::List, by), each(above_floor(Work::List, by)));
    }
    run.insert(name(Work::Decode, By::Plain), each(of(Work::Decode, By::Plain)));
    for work in Work::REQUESTS {
        for by in [By::OntapIpsec, By::Plain] {
            run.insert(name(work, by), above_floor(work, by));
        }
    }
    run
}

fn figures(arguments: &Arguments, here: &BTreeMap<String, String>, runs: &[Run]) -> Figures {
    let runs_option = if arguments.runs == 1 { String::new() } else { format!(" --runs {}", arguments.runs) };
    let mut figures =
        Figures::new("counts", &format!("cargo bench -p ontap-ipsec-counts --{runs_option} --json counts.json"));
    figures.versions.extend(here.clone());
    for name in runs.iter().flat_map(BTreeMap::keys).collect::<std::collections::BTreeSet<_>>() {
        let (group, case) = name.split_once(", ").unwrap_or((name, ""));
        let values = |of: fn(&Counts) -> f64| runs.iter().filter_map(|run| run.get(name).map(of)).collect::<Vec<_>>();
        figures.add(group, case, None, "instructions", &values(|counts| counts.instructions));
        figures.add(group, case, None, "allocations", &values(|counts| counts.allocations));
    }
    figures
}
