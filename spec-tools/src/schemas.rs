//! `cargo spec schemas`: the JSON Schemas of what the project writes, made of the types that write it.

use std::path::Path;

use clap::Args;
use schemars::generate::SchemaSettings;
use xtask::outcome::{Failure, Outcome};
use xtask::render::{Changes, Difference};

use crate::catalogue::Catalogue;
use crate::generated;

/// The arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write nothing; exit with 1 if a schema is not what the types give.
    #[arg(long)]
    check: bool,
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a file cannot be read or written.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, Failure> {
    let written = || SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut files = Vec::new();
    for (file, schema) in [
        ("spec/diff.schema.json", written().into_root_schema_for::<Difference<'_>>()),
        ("spec/versions.schema.json", written().into_root_schema_for::<Changes<'_>>()),
        ("spec/catalogue.schema.json", written().into_root_schema_for::<Catalogue>()),
    ] {
        files.push((file, serde_json::to_string_pretty(&schema)? + "\n"));
    }
    let words = ["is what the types give", "differs from what the types give", "cargo spec schemas"];
    Ok(generated::keep(root, &files, arguments.check, words)?)
}
