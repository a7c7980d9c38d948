//! `cargo xtask`: the project's own tools.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{diff, export, extract, regenerate, release_spec, rules, schemas, site, workspace};

/// The project's own tools.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the vendor's reference pages, or a cluster's API document, into spec/documented/RELEASE.yaml.
    Extract(extract::Arguments),
    /// Compare the curated document with the facts.
    Diff(diff::Arguments),
    /// Apply the facts to the curated document, in place.
    Regenerate(regenerate::Arguments),
    /// Write spec/ontap-ipsec.json, or print the error codes, fields and parameters of the spec.
    Export(export::Arguments),
    /// Keep the curated document, as it is, as a released version in spec/released/.
    ReleaseSpec(release_spec::Arguments),
    /// List and explain the kinds of difference.
    Rules,
    /// Write the JSON Schemas of what the commands print as JSON.
    Schemas(schemas::Arguments),
    /// Write the site: the reference, the error codes, the fields. Builds the simulator.
    Docs(site::Arguments),
}

fn main() -> ExitCode {
    let root = workspace::root();
    let result = match Arguments::parse().command {
        Command::Extract(arguments) => extract::run(&root, &arguments).map_err(|error| error.to_string()),
        Command::Diff(arguments) => diff::run(&root, &arguments).map_err(|error| error.to_string()),
        Command::Regenerate(arguments) => regenerate::run(&root, &arguments).map_err(|error| error.to_string()),
        Command::Export(arguments) => export::run(&root, &arguments).map_err(|error| error.to_string()),
        Command::ReleaseSpec(arguments) => release_spec::run(&root, &arguments).map_err(|error| error.to_string()),
        Command::Rules => Ok(rules::run()),
        Command::Docs(arguments) => site::run(&root, &arguments).map_err(|error| error.to_string()),
        Command::Schemas(arguments) => schemas::run(&root, &arguments).map_err(|error| error.to_string()),
    };
    match result {
        Ok(outcome) => {
            // There is nowhere left to report a failure to report.
            let _ = io::stderr().lock().write_all(outcome.notes.as_bytes());
            match io::stdout().lock().write_all(outcome.text.as_bytes()) {
                // A reader that has seen enough, such as `head`, changes nothing about the result.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => fail(&format!("standard output: {error}")),
                _ if outcome.clean => ExitCode::SUCCESS,
                _ => ExitCode::from(1),
            }
        }
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    // There is nowhere left to report a failure to report.
    let _ = writeln!(io::stderr().lock(), "error: {message}");
    ExitCode::from(2)
}
