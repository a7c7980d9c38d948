//! `cargo xtask schemas`: the JSON Schemas of what the project writes, made of the types that write it.

use std::path::Path;

use clap::Args;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use thiserror::Error;

use crate::catalogue::Catalogue;
use crate::facts::Facts;
use crate::outcome::Outcome;
use crate::render::json::Difference;
use crate::versions::json::Report;
use crate::workspace::{self, FileError};

/// The schema of a facts file, from the root.
pub const FACTS: &str = "spec/documented/schema.json";
/// The schema of `cargo xtask diff --format json`, from the root.
pub const DIFF: &str = "spec/diff.schema.json";
/// The schema of `cargo xtask diff --since --format json`, from the root.
pub const VERSIONS: &str = "spec/versions.schema.json";

/// The schema of `cargo xtask export --format json`, from the root.
pub const CATALOGUE: &str = "spec/catalogue.schema.json";

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write nothing; exit with 1 if a schema is not what the types give.
    #[arg(long)]
    check: bool,
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum SchemasError {
    /// A file that cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A schema that is not JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// The schemas: the files, from the root, and their texts.
///
/// # Errors
/// If JSON cannot hold one.
pub fn all() -> Result<Vec<(&'static str, String)>, serde_json::Error> {
    let text = |schema: Schema| Ok::<_, serde_json::Error>(serde_json::to_string_pretty(&schema)? + "\n");
    let written = || SchemaSettings::draft2020_12().for_serialize().into_generator();
    let read = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    Ok(vec![
        (FACTS, text(read.into_root_schema_for::<Facts>())?),
        (DIFF, text(written().into_root_schema_for::<Difference<'_>>())?),
        (VERSIONS, text(written().into_root_schema_for::<Report>())?),
        (CATALOGUE, text(written().into_root_schema_for::<Catalogue>())?),
    ])
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a file cannot be read or written.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, SchemasError> {
    let mut outcome = Outcome { clean: true, ..Outcome::default() };
    for (file, text) in all()? {
        let path = root.join(file);
        if !arguments.check {
            workspace::write(&path, file, &text)?;
            outcome.text.push_str(&format!("wrote {file}\n"));
        } else if path.exists() && workspace::read(&path, file)? == text {
            outcome.text.push_str(&format!("{file} is what the types give\n"));
        } else {
            outcome.text.push_str(&format!("{file} differs from what the types give\n"));
            outcome.clean = false;
        }
    }
    if !outcome.clean {
        outcome.text.push_str("to mend it, run: cargo xtask schemas\n");
    }
    Ok(outcome)
}
