//! `cargo xtask build-cost`: what it costs to build a crate that depends on this one.
//!
//! A command and not one of cargo's benchmarks: it starts cargo, which a benchmark of this package could do only after
//! everything that such benchmarks are built with.

mod building;
mod contender;
mod cpu;
mod timings;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;
use thiserror::Error;

use crate::cargo::{self, CargoError};
use crate::figures::{Figures, least, median, most};
use crate::outcome::Outcome;
use crate::workspace::{self, FileError, SPEC};

use building::{Build, Profile};
use contender::{Contender, Stage};

/// How much more processor time than with the generated code checked in there may be.
const RATIO: f64 = 1.25;
/// How long one may wait after a change to the document, in seconds.
const REBUILD: f64 = 1.0;
/// What the limit is for.
const TOUCHED: &str = "spec touched";
/// How often a rebuild is measured in each run: it is short.
const REBUILDS: usize = 2;
/// How many of the longest units are listed.
const LISTED: usize = 10;

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write the figures to a file.
    #[arg(long, value_name = "FILE", conflicts_with = "quick")]
    json: Option<PathBuf>,
    /// How often this crate and its form with the generated code checked in are built with nothing there yet.
    #[arg(long, value_name = "N", default_value = "5", value_parser = clap::value_parser!(u16).range(1..=99))]
    runs: u16,
    /// How often the other crates are, and programs for release; as often as `--runs` says, if not given.
    #[arg(long, value_name = "N", conflicts_with = "quick", value_parser = clap::value_parser!(u16).range(1..=99))]
    others: Option<u16>,
    /// Only show that it works: this crate, and its form with the generated code checked in from what that leaves behind.
    /// No target is judged.
    #[arg(long, conflicts_with = "runs")]
    quick: bool,
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum BuildCostError {
    /// A file that cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file or folder that cannot be read, written or taken away.
    #[error("{name}: {cause}")]
    Path {
        /// Which.
        name: String,
        /// Why.
        cause: io::Error,
    },
    /// Cargo that does not know this workspace.
    #[error(transparent)]
    Cargo(#[from] CargoError),
    /// A program that cannot be started.
    #[error("`{command}` cannot be run: {cause}")]
    Start {
        /// Which.
        command: String,
        /// Why.
        cause: io::Error,
    },
    /// A program that failed, and has said why.
    #[error("`{command}` failed: {words}")]
    Failed {
        /// Which.
        command: String,
        /// What it said.
        words: String,
    },
    /// A build that made no program.
    #[error("the build in {0} made no program")]
    NoProgram(String),
    /// A build of something else than what was to be measured.
    #[error("{0}; see xtask/src/build_cost/contender.rs")]
    Another(String),
    /// Processor time that nobody counts.
    #[error("{0}")]
    Count(io::Error),
    /// What the program that measures TLS says is not what it should say.
    #[error("the program that measures TLS said `{0}`; see xtask/src/build_cost/programs/tls.rs")]
    Said(String),
}

impl BuildCostError {
    /// What becomes of an error with what is at `path`.
    fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let name = path.display().to_string();
        |cause| Self::Path { name, cause }
    }
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a file cannot be written, or a build fails.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, BuildCostError> {
    let others = arguments.others.unwrap_or(arguments.runs).min(arguments.runs);
    let command = format!("cargo xtask build-cost --runs {} --others {others} --json FILE", arguments.runs);
    let mut figures = Figures::new("build-cost", &command);
    tell("packing the crate, and fetching what is missing");
    let stage = Stage::new(root, &cargo::metadata(root)?)?;
    tell("building it, for the code that it generates");
    let first = cold(&stage, Contender::Ours, Profile::Dev)?;
    let out = first.out.as_ref().ok_or_else(|| BuildCostError::NoProgram("build.rs".to_owned()))?;
    stage.check_in(out)?;
    let kept = stage.report();
    fs::copy(&first.report, &kept).map_err(BuildCostError::file(&first.report))?;

    let longest = longest(&kept)?;
    let mut rounds = Rounds::default();
    if arguments.quick {
        rounds.keep(&stage, Profile::Dev, Contender::Ours, first, 1)?;
        let warm =
            building::build(&stage.folder(Contender::CheckedIn), &stage.target(Profile::Dev.name()), Profile::Dev)?;
        Contender::CheckedIn.recognize(&warm)?;
        rebuild(&stage, Contender::CheckedIn, &mut rounds.rebuilds, 1)?;
        let text = "everything builds; so little says nothing of what it costs, and no target is judged\n".to_owned();
        return Ok(Outcome { text: text + &longest, clean: true, ..Outcome::default() });
    }
    rounds.keep(&stage, Profile::Dev, Contender::Ours, first, REBUILDS)?;
    for run in 1..=arguments.runs {
        for contender in Contender::ALL {
            for &profile in contender.profiles() {
                let is_judged = contender.is_judged(profile);
                let is_there = run == 1 && is_judged && contender == Contender::Ours;
                if is_there || run > others && !is_judged {
                    continue;
                }
                tell(&format!("run {run} of {}, {}: {}", arguments.runs, profile.name(), contender.name()));
                rounds.keep(&stage, profile, contender, cold(&stage, contender, profile)?, REBUILDS)?;
            }
        }
    }
    rounds.figures(&mut figures);
    tell("TLS");
    tls(&stage, usize::from(arguments.runs).max(5), &mut figures)?;
    for name in ["aws-lc-rs", "progenitor", "reqwest", "ring", "rustls"] {
        figures.versions.extend(stage.version(name).map(|version| (name.to_owned(), version)));
    }
    let mut text = table(&figures);
    text += &longest;
    for target in &figures.targets {
        let verdict = if target.met { "met" } else { "NOT met" };
        let [middle, low, high] = target.measured;
        let _ =
            writeln!(text, "{verdict}: {}: {middle:.2} ({low:.2} to {high:.2}), at most {}", target.what, target.limit);
    }
    if let Some(file) = &arguments.json {
        figures.write(file).map_err(BuildCostError::file(file))?;
    }
    let clean = figures.targets.iter().all(|target| target.met);
    Ok(Outcome { text, clean, ..Outcome::default() })
}

/// Says what goes on: it takes minutes.
fn tell(words: &str) {
    // There is nowhere left to report a failure to report.
    let _ = writeln!(io::stderr().lock(), "{words}");
}

fn cold(stage: &Stage, contender: Contender, profile: Profile) -> Result<Build, BuildCostError> {
    let target = stage.target(profile.name());
    let build = building::cold(&stage.folder(contender), &target, profile)?;
    contender.recognize(&build)?;
    Ok(build)
}

/// What was measured.
#[derive(Default)]
struct Rounds {
    cold: Vec<(Profile, Contender, Build)>,
    /// By what was changed before.
    rebuilds: BTreeMap<&'static str, Vec<Build>>,
}

/// Measures what follows a change, after a build in the same place.
fn rebuild(
    stage: &Stage,
    contender: Contender,
    rebuilds: &mut BTreeMap<&'static str, Vec<Build>>,
    times: usize,
) -> Result<(), BuildCostError> {
    let (package, folder) = (stage.package(contender), stage.folder(contender));
    let target = stage.target(Profile::Dev.name());
    let spec = package.join(SPEC);
    let touched: &[(&str, PathBuf)] = match contender {
        Contender::Ours => &[(TOUCHED, spec.clone()), ("src/client/mod.rs touched", package.join("src/client/mod.rs"))],
        Contender::CheckedIn => {
            &[("src/client/mod.rs touched, generated code checked in", package.join("src/client/mod.rs"))]
        }
        Contender::Generator | Contender::Reqwest | Contender::Ring => &[],
    };
    for (what, path) in touched {
        for _ in 0..times {
            let touch = || File::options().append(true).open(path)?.set_modified(SystemTime::now());
            touch().map_err(BuildCostError::file(path))?;
            rebuilds.entry(what).or_default().push(building::build(&folder, &target, Profile::Dev)?);
        }
    }
    if contender == Contender::Ours {
        let before = workspace::read(&spec, SPEC)?;
        for number in 0..times {
            // An operation that is called otherwise is another function in the client.
            let after = before.replace("\n      summary: ", &format!("\n      summary: For the {number}th time, "));
            workspace::write(&spec, SPEC, &after)?;
            rebuilds.entry("spec changed").or_default().push(building::build(&folder, &target, Profile::Dev)?);
        }
        workspace::write(&spec, SPEC, &before)?;
    }
    Ok(())
}

impl Rounds {
    /// Keeps what a build cost, and measures rebuilds where it was made.
    fn keep(
        &mut self,
        stage: &Stage,
        profile: Profile,
        contender: Contender,
        build: Build,
        rebuilds: usize,
    ) -> Result<(), BuildCostError> {
        self.cold.push((profile, contender, build));
        if profile == Profile::Dev {
            rebuild(stage, contender, &mut self.rebuilds, rebuilds)?;
        }
        Ok(())
    }

    fn figures(&self, figures: &mut Figures) {
        for profile in [Profile::Dev, Profile::Release] {
            let group = format!("cold build, {}", profile.name());
            for contender in Contender::ALL {
                let builds = self.of(profile, contender);
                if builds.is_empty() {
                    continue;
                }
                let mut add = |quantity: &str, values: Vec<f64>| {
                    figures.add(&group, contender.name(), None, quantity, &values);
                };
                add("CPU seconds", builds.iter().map(|build| build.cpu).collect());
                add("seconds", builds.iter().map(|build| build.wall).collect());
                add("crates", builds.iter().map(|build| number(build.crates.len() as u64)).collect());
                if profile == Profile::Release {
                    add(
                        "MiB of the program",
                        builds.iter().map(|build| number(build.size) / number(1 << 20)).collect(),
                    );
                }
            }
            let cpu = |contender| self.of(profile, contender).into_iter().map(|build| build.cpu);
            let pairs = cpu(Contender::Ours).zip(cpu(Contender::CheckedIn));
            let ratios: Vec<f64> = pairs.map(|(ours, checked_in)| ours / checked_in).collect();
            if !ratios.is_empty() {
                let what = format!("{group}: CPU seconds, against the generated code checked in");
                figures.judge(&what, &ratios, RATIO, false);
            }
        }
        for (what, builds) in &self.rebuilds {
            let seconds: Vec<f64> = builds.iter().map(|build| build.wall).collect();
            let cpu: Vec<f64> = builds.iter().map(|build| build.cpu).collect();
            figures.add("rebuild, dev", what, None, "seconds", &seconds);
            figures.add("rebuild, dev", what, None, "CPU seconds", &cpu);
            if *what == TOUCHED {
                figures.judge("rebuild, dev: seconds after the spec was touched", &seconds, REBUILD, false);
            }
        }
    }

    fn of(&self, profile: Profile, contender: Contender) -> Vec<&Build> {
        let is_it = |(one, other, _): &&(Profile, Contender, Build)| *one == profile && *other == contender;
        self.cold.iter().filter(is_it).map(|(_, _, build)| build).collect()
    }
}

/// Has the program that measures TLS do so.
fn tls(stage: &Stage, runs: usize, figures: &mut Figures) -> Result<(), BuildCostError> {
    let target = stage.target("tls");
    let program = building::build(&stage.tls(), &target, Profile::Release)?.executable;
    let said = building::run(std::process::Command::new(program).args([&runs.to_string(), "500", "256"]))?;
    let mut values: BTreeMap<(&str, &str), Vec<f64>> = BTreeMap::new();
    let mut order = Vec::new();
    for line in said.lines() {
        let mut cells = line.split('\t');
        let (Some(case), Some(quantity), Some(Ok(value))) =
            (cells.next(), cells.next(), cells.next().map(str::parse::<f64>))
        else {
            return Err(BuildCostError::Said(line.to_owned()));
        };
        if !order.contains(&(case, quantity)) {
            order.push((case, quantity));
        }
        values.entry((case, quantity)).or_default().push(value);
    }
    for (case, quantity) in order {
        figures.add("TLS client", case, None, quantity, &values[&(case, quantity)]);
    }
    Ok(())
}

fn table(figures: &Figures) -> String {
    let mut text = String::new();
    let mut group = "";
    for series in &figures.series {
        if series.group != group {
            group = &series.group;
            let _ = writeln!(text, "{group}: median (least to most)");
        }
        let values = &series.values;
        let spread = format!("{:.2} ({:.2} to {:.2})", median(values), least(values), most(values));
        let _ = writeln!(text, "  {:<50} {:<22} {spread}", series.case, series.quantity);
    }
    text
}

/// The longest units of a build, by cargo's report on it.
fn longest(report: &Path) -> Result<String, BuildCostError> {
    let name = report.display().to_string();
    let mut text = format!("the longest of a cold build in dev, in seconds; all of them in {name}\n");
    match timings::units(&workspace::read(report, &name)?) {
        Some(units) => {
            for unit in units.iter().take(LISTED) {
                let _ = writeln!(text, "  {:<60} {:>6.1}", unit.title(), unit.duration);
            }
        }
        None => text += "  cargo's report has a form that is not known here\n",
    }
    Ok(text)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn number(count: u64) -> f64 {
    count as f64
}
