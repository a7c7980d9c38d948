//! What cargo knows of the workspace.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

use serde::Deserialize;
use thiserror::Error;

/// Why cargo did not say it.
#[derive(Debug, Error)]
pub enum CargoError {
    /// It cannot be started.
    #[error("cargo cannot be run: {0}")]
    Start(#[from] io::Error),
    /// It failed, and has said why.
    #[error("`cargo {command}` failed: {words}")]
    Failed {
        /// The subcommand.
        command: String,
        /// What it said.
        words: String,
    },
    /// It said something in another form than it documents.
    #[error("what `cargo metadata` says cannot be read: {0}")]
    Metadata(#[from] serde_json::Error),
}

/// What `cargo metadata` says of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    /// Where cargo puts what it builds.
    pub(crate) target_directory: PathBuf,
}

/// Asks for the workspace at `root`.
pub(crate) fn metadata(root: &Path) -> Result<Metadata, CargoError> {
    let output = run(root, &["metadata", "--no-deps", "--locked", "--format-version", "1"], &[])?;
    Ok(serde_json::from_str(&output)?)
}

/// Runs cargo, and gives what it writes to standard output.
pub(crate) fn run(root: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Result<String, CargoError> {
    let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
    let output = Command::new(cargo).current_dir(root).args(arguments).envs(environment.iter().copied()).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let command = arguments.first().copied().unwrap_or_default().to_owned();
    Err(CargoError::Failed { command, words: String::from_utf8_lossy(&output.stderr).trim_end().to_owned() })
}
