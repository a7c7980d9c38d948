//! Asks cargo about the workspace, and runs its programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, io};

use serde::Deserialize;
use thiserror::Error;

/// Why cargo did not do it.
#[derive(Debug, Error)]
pub enum CargoError {
    /// It cannot be started.
    #[error("cargo cannot be run: {0}")]
    Start(#[from] io::Error),
    /// It failed, and has said why on standard error.
    #[error("`cargo {0}` failed; the lines above say why")]
    Failed(String),
    /// It said something in another form than it documents.
    #[error("the output of `cargo metadata` cannot be read: {0}")]
    Metadata(#[from] serde_json::Error),
}

/// Asks where cargo puts what it builds from the workspace at `root`.
pub(super) fn target(root: &Path) -> Result<PathBuf, CargoError> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let output = run(root, &["metadata", "--no-deps", "--locked", "--format-version", "1"])?;
    Ok(serde_json::from_str::<Metadata>(&output)?.target_directory)
}

/// Runs cargo, and gives what it writes to standard output; its standard error is that of this program.
pub(super) fn run(root: &Path, arguments: &[&str]) -> Result<String, CargoError> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    let output = command.current_dir(root).args(arguments).stderr(Stdio::inherit()).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(CargoError::Failed(arguments.join(" ")))
}
