//! `cargo spec`: from the curated document to those who use it.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use spec_tools::{changes, export, release, schemas, site};
use xtask::{outcome, workspace};

/// From the curated document to those who use it.
#[derive(Debug, Parser)]
#[command(name = "cargo spec", bin_name = "cargo spec", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write spec/ontap-ipsec.json, or print the error codes, fields and parameters of the spec.
    Export(export::Arguments),
    /// Say what changed since a version of the document, and fail if its number does not allow the changes.
    Changes(changes::Arguments),
    /// Keep the curated document, as it is, as a released version in spec/released/.
    Release(release::Arguments),
    /// Write the JSON Schemas of what the commands print as JSON.
    Schemas(schemas::Arguments),
    /// Write the site: the reference, the error codes, the fields. Builds the simulator.
    Docs(site::Arguments),
}

fn main() -> ExitCode {
    let root = workspace::root();
    outcome::exit(match Arguments::parse().command {
        Command::Export(arguments) => export::run(&root, &arguments),
        Command::Changes(arguments) => changes::run(&root, &arguments),
        Command::Release(arguments) => release::run(&root, &arguments),
        Command::Schemas(arguments) => schemas::run(&root, &arguments),
        Command::Docs(arguments) => site::run(&root, &arguments),
    })
}
