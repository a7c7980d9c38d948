//! The versions of the curated document that are released, each whole in a file of its own.

use std::path::Path;

use semver::Version;
use thiserror::Error;

use crate::inputs;
use crate::place::Unreadable;
use crate::versions::{Edition, number};
use crate::workspace::{self, FileError, RELEASED};

/// Why a version could not be read.
#[derive(Debug, Error)]
pub enum ReleasedError {
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file that is not what it should be.
    #[error(transparent)]
    Content(#[from] Unreadable),
    /// A file that has no place among the others.
    #[error("{RELEASED}/{file} is not named after a version, such as {RELEASED}/1.0.0.yaml")]
    Name {
        /// Its name.
        file: String,
    },
    /// There is nothing to compare with.
    #[error(
        "{RELEASED} holds no released version such as 1.0.0.yaml; release the one that there is with `cargo xtask release-spec`"
    )]
    None,
}

/// The versions that are released, the lowest first.
#[derive(Debug)]
pub(crate) struct Released(Vec<Version>);

impl Released {
    /// Looks them up in the workspace at `root`.
    pub(crate) fn list(root: &Path) -> Result<Self, ReleasedError> {
        let mut versions = Vec::new();
        for file in workspace::names(root, RELEASED)? {
            let Some(name) = file.strip_suffix(".yaml") else { continue };
            versions.push(number(name).ok_or_else(|| ReleasedError::Name { file: file.clone() })?);
        }
        versions.sort();
        Ok(Self(versions))
    }

    /// The highest.
    pub(crate) fn last(&self) -> Option<&Version> {
        self.0.last()
    }

    /// The highest below `version`.
    pub(crate) fn before(&self, version: &Version) -> Option<&Version> {
        self.0.iter().rfind(|released| *released < version)
    }
}

/// The file of a version, from the root.
pub(crate) fn file_of(version: &Version) -> String {
    format!("{RELEASED}/{version}.yaml")
}

/// Reads a version that is released in the workspace at `root`.
pub(crate) fn read(root: &Path, version: &Version) -> Result<Edition, ReleasedError> {
    let file = inputs::read(root, None, &file_of(version))?;
    let edition = Edition::parse(&file.name, &file.text)?;
    if edition.version() == version { Ok(edition) } else { Err(edition.misnamed(version).into()) }
}

/// Reads what `given` names: a version that is released, or a file; the highest version if nothing is given.
pub(crate) fn since(root: &Path, given: Option<&Path>) -> Result<Edition, ReleasedError> {
    let Some(given) = given else {
        let released = Released::list(root)?;
        return read(root, released.last().ok_or(ReleasedError::None)?);
    };
    match given.to_str().and_then(number) {
        Some(version) => read(root, &version),
        None => {
            let file = inputs::read(root, Some(given), "")?;
            Ok(Edition::parse(&file.name, &file.text)?)
        }
    }
}
