//! The versions of the curated document that are released, each whole in a file of its own.

use std::path::Path;

use semver::Version;
use thiserror::Error;
use xtask::inputs;
use xtask::place::Unreadable;
use xtask::workspace::{self, FileError, RELEASED};

use crate::versions::{SpecVersion, number};

/// Why a version could not be read.
#[derive(Debug, Error)]
pub(crate) enum ReleasedError {
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file that is not what it should be.
    #[error(transparent)]
    Content(#[from] Unreadable),
    /// A file that has no place among the others.
    #[error("{RELEASED}/{0} is not named after a version, such as {RELEASED}/1.0.0.yaml")]
    Name(String),
    /// There is nothing to compare with.
    #[error(
        "{RELEASED} holds no released version such as 1.0.0.yaml; release the one that there is with `cargo spec release`"
    )]
    None,
}

/// Lists the versions that are released in the workspace at `root`, the lowest first.
pub(crate) fn list(root: &Path) -> Result<Vec<Version>, ReleasedError> {
    let mut versions = Vec::new();
    for file in workspace::names(root, RELEASED)? {
        let Some(name) = file.strip_suffix(".yaml") else { continue };
        versions.push(number(name).ok_or(ReleasedError::Name(file))?);
    }
    versions.sort();
    Ok(versions)
}

/// The file of a version, from the root.
pub(crate) fn file_of(version: &Version) -> String {
    format!("{RELEASED}/{version}.yaml")
}

/// Reads a version that is released in the workspace at `root`.
pub(crate) fn read(root: &Path, version: &Version) -> Result<SpecVersion, ReleasedError> {
    let file = inputs::read(root, None, &file_of(version))?;
    let found = SpecVersion::parse(&file.name, &file.text)?;
    if found.version() == version { Ok(found) } else { Err(found.misnamed(version).into()) }
}

/// Reads what `given` names: a version that is released, or a file; the highest version if nothing is given.
pub(crate) fn since(root: &Path, given: Option<&Path>) -> Result<SpecVersion, ReleasedError> {
    match given.map(|given| (given, given.to_str().and_then(number))) {
        None => read(root, list(root)?.last().ok_or(ReleasedError::None)?),
        Some((_, Some(version))) => read(root, &version),
        Some((file, None)) => {
            let file = inputs::read(root, Some(file), "")?;
            Ok(SpecVersion::parse(&file.name, &file.text)?)
        }
    }
}
