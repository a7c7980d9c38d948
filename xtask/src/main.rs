//! `cargo xtask`: from the vendor's reference to the curated document.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{diff, extract, outcome, regenerate, rules, workspace};

/// From the vendor's reference to the curated document.
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
    /// List and explain the kinds of difference.
    Rules,
}

fn main() -> ExitCode {
    let root = workspace::root();
    outcome::exit(match Arguments::parse().command {
        Command::Extract(arguments) => extract::run(&root, &arguments),
        Command::Diff(arguments) => diff::run(&root, &arguments),
        Command::Regenerate(arguments) => regenerate::run(&root, &arguments),
        Command::Rules => Ok(rules::run()),
    })
}
