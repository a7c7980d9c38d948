//! This crate against its peers and its limits: reading and changing policies of a server whose responses are prepared.
//!
//! `cargo bench -p ontap-ipsec --bench compare` prints tables, and fails if a target is missed; `-- --json FILE` writes the figures.
//! `--quick` does little of everything and judges nothing but that all contenders read the same. Two contenders have to be
//! made first: `benches/compare/peers` does so, and prints the arguments that name them, `--python` and `--generated`.
//!
//! The server and each contender have a process and a core of their own. Time, CPU time and memory are those of the
//! contender, which has one thread; memory is that of the whole program. The contenders take turns, so that other work on
//! the machine affects all of them, and ratios are made within a round. The benchmark needs Linux, which reports what a
//! process has used.

#![allow(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "a benchmark shows its figures, none of which is beyond 2^53"
)]

mod canned;
mod change;
mod contenders;
mod cores;
#[allow(unreachable_pub, reason = "other programs have it as well")]
#[path = "../figures.rs"]
mod figures;
mod list;
mod rounds;
mod scale;
mod server;
mod sizes;
mod stage;
mod table;
#[allow(unreachable_pub, reason = "the program around the generated client has it as well")]
mod work;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::contenders::{Contender, Failure};
use crate::figures::Figures;
use crate::sizes::Sizes;
use crate::stage::Stage;
use crate::table::Table;

/// Measures this crate against its peers and its limits.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    /// Write the figures to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// A Python that has netapp-ontap
    #[arg(long, value_name = "INTERPRETER")]
    python: Option<PathBuf>,

    /// The program around the client that openapi-generator makes
    #[arg(long, value_name = "PROGRAM")]
    generated: Option<PathBuf>,

    /// Only show that everything works: small numbers, and no target is judged
    #[arg(long)]
    quick: bool,

    /// Cargo says this to every benchmark
    #[arg(long, hide = true)]
    bench: bool,

    #[command(subcommand)]
    part: Option<Part>,
}

/// The parts that the benchmark starts as processes of their own.
#[derive(Subcommand)]
enum Part {
    /// Be the server
    #[command(hide = true)]
    Serve {
        /// The numbers of policies
        #[arg(long, value_delimiter = ',')]
        sizes: Vec<u32>,
        /// Policies a page
        #[arg(long)]
        page: u32,
    },
    /// Be a contender
    #[command(hide = true)]
    Contend {
        /// Which one
        contender: Contender,
        /// The work, as JSON
        work: String,
    },
}

/// Prints a text for people.
fn tell(text: &str) {
    println!("{text}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.part {
        None => compare(&arguments),
        Some(Part::Serve { sizes, page }) => server::serve(sizes, *page).await.map(|()| true),
        Some(Part::Contend { contender, work }) => contend(*contender, work).await.map(|()| true),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // The last line is what the one that started this program shows.
            eprintln_chain(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stderr, reason = "errors belong there")]
fn eprintln_chain(error: &dyn std::error::Error) {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!(": {error}");
        source = error.source();
    }
    eprintln!("{text}");
}

async fn contend(contender: Contender, work: &str) -> Result<(), Failure> {
    let done = contender.work(&serde_json::from_str(work)?).await?;
    println!("{}", serde_json::to_string(&done)?);
    Ok(())
}

/// Measures everything, and says whether all targets were met.
fn compare(arguments: &Arguments) -> Result<bool, Failure> {
    let sizes = if arguments.quick { Sizes::QUICK } else { Sizes::FULL };
    // Before this process is tied to a core, after which it sees no other.
    let mut figures = Figures::new("compare", &command(arguments));
    let mut stage = Stage::set(&sizes, arguments.python.clone(), arguments.generated.clone())?;
    figures.versions.extend(stage.versions());
    list::measure(&mut stage, &sizes, false, &mut figures)?;
    list::measure(&mut stage, &sizes, true, &mut figures)?;
    change::measure(&mut stage, &sizes, 1, &mut figures)?;
    change::measure(&mut stage, &sizes, sizes.at_once, &mut figures)?;
    scale::measure(&mut stage, &sizes, &mut figures)?;
    if arguments.quick {
        tell("\nall contenders read the same; so little says nothing of speed, and no target is judged");
        figures.targets.clear();
    } else {
        verdict(&figures);
    }
    if let Some(path) = &arguments.json {
        figures.write(path).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    Ok(figures.targets.iter().all(|target| target.met))
}

/// The command, without where things lie on this machine.
fn command(arguments: &Arguments) -> String {
    let mut words = vec!["cargo bench -p ontap-ipsec --bench compare --"];
    words.extend(arguments.quick.then_some("--quick"));
    words.extend(arguments.json.is_some().then_some("--json FILE"));
    words.extend(arguments.python.is_some().then_some("--python INTERPRETER"));
    words.extend(arguments.generated.is_some().then_some("--generated PROGRAM"));
    words.join(" ").trim_end_matches(" --").to_owned()
}

fn verdict(figures: &Figures) {
    tell("\n== targets");
    let mut table = Table::of(&["", "measured", "limit", ""]);
    for target in &figures.targets {
        let sign = if target.at_least { "at least" } else { "at most" };
        let [middle, least, most] = target.measured;
        table.add(vec![
            target.what.clone(),
            format!("{middle:.3} ({least:.3}-{most:.3})"),
            format!("{sign} {}", target.limit),
            if target.met { "met" } else { "MISSED" }.to_owned(),
        ]);
    }
    tell(&table.text());
}
