//! Where the workspace's files are, and how they are read and written.

use std::cmp::Reverse;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use thiserror::Error;

/// The curated document, from the root.
pub const SPEC: &str = "spec/ontap-ipsec.yaml";
/// The list of deliberate departures, from the root.
pub const DEVIATIONS: &str = "spec/deviations.yaml";
/// The list of the vendor's sentences that were read, from the root.
pub const WORDING: &str = "spec/wording.yaml";
/// The directory of the facts files, from the root.
pub const DOCUMENTED: &str = "spec/documented";
/// The directory of the released versions of the curated document, from the root.
pub const RELEASED: &str = "spec/released";
/// The changelog of the curated document, from the root.
pub const CHANGELOG: &str = "spec/CHANGELOG.md";

/// A file that could not be read or written.
#[derive(Debug, Error)]
pub enum FileError {
    /// It could not be read.
    #[error("cannot read {0}: {1}")]
    Read(String, io::Error),
    /// It could not be written; what was there before is untouched.
    #[error("cannot write {0}: {1}")]
    Write(String, io::Error),
    /// It is no longer what the command has read.
    #[error(
        "cannot write {0}: somebody has changed it since it was read; nothing was written, so run the command again"
    )]
    Changed(String),
    /// There is nothing to compare with.
    #[error(
        "{DOCUMENTED} holds no facts file such as 9.15.1.yaml; make one with `cargo xtask extract PAGE --release RELEASE`"
    )]
    NoFacts,
}

/// The root of the workspace: cargo tells a running xtask where its package is; otherwise it is where it was built.
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}

/// Reads the file at `path`, which messages call `name`.
///
/// # Errors
/// If it cannot be read, or is not UTF-8.
pub fn read(path: &Path, name: &str) -> Result<String, FileError> {
    fs::read_to_string(path).map_err(|cause| FileError::Read(name.to_owned(), cause))
}

/// Writes the file at `path` whole or not at all: where a link leads, and with the permissions that the file has.
///
/// # Errors
/// If it cannot be written, or is read-only.
pub fn write(path: &Path, name: &str, text: &str) -> Result<(), FileError> {
    let attempt = || -> io::Result<()> {
        // The file that is written takes the place of what stands at its path, be that a link or read-only.
        let there = fs::canonicalize(path).and_then(|path| Ok((fs::metadata(&path)?.permissions(), path)));
        let (permissions, path) = match there {
            Ok((permissions, _)) if permissions.readonly() => return Err(io::ErrorKind::PermissionDenied.into()),
            Ok((permissions, path)) => (Some(permissions), path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => (new_permissions(), path.to_owned()),
            Err(error) => return Err(error),
        };
        let directory = path.parent().unwrap_or_else(|| Path::new("."));
        fs::create_dir_all(directory)?;
        // In the same directory, so that the rename stays on one file system.
        let mut file = tempfile::Builder::new().prefix(".").suffix(".tmp").tempfile_in(directory)?;
        file.write_all(text.as_bytes())?;
        if let Some(permissions) = permissions {
            file.as_file().set_permissions(permissions)?;
        }
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    attempt().map_err(|cause| FileError::Write(name.to_owned(), cause))
}

/// Temporary files are private; these become part of a working tree.
#[cfg(unix)]
fn new_permissions() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn new_permissions() -> Option<fs::Permissions> {
    None
}

/// The numbers of a release such as `9.15.1`, or nothing if it is not one.
pub fn release(text: &str) -> Option<Vec<u32>> {
    let number = |part: &str| part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
    text.split('.').map(number).collect::<Option<Vec<_>>>().filter(|numbers| numbers.len() >= 2)
}

/// The facts files of all releases, from the root, the newest first.
///
/// # Errors
/// If the directory cannot be read or holds no facts file.
pub fn facts(root: &Path) -> Result<Vec<String>, FileError> {
    let numbers = |name: &String| name.strip_suffix(".yaml").and_then(release);
    let names = names(root, DOCUMENTED)?.into_iter();
    let mut found: Vec<_> = names.filter_map(|name| Some((Reverse(numbers(&name)?), name))).collect();
    if found.is_empty() {
        return Err(FileError::NoFacts);
    }
    found.sort();
    Ok(found.into_iter().map(|(_, name)| format!("{DOCUMENTED}/{name}")).collect())
}

/// The names of what is in a directory, which is given from the root.
///
/// # Errors
/// If it is there and cannot be read.
pub fn names(root: &Path, directory: &str) -> Result<Vec<String>, FileError> {
    let unreadable = |cause| FileError::Read(directory.to_owned(), cause);
    let entries = match fs::read_dir(root.join(directory)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    // No file of the project has a name that is not UTF-8.
    entries.map(|entry| Ok(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned())).collect()
}
