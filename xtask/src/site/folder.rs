//! Writes the folder of the site. A folder that this command has not made stays as it is.

use std::path::Path;
use std::{fs, io};

use thiserror::Error;

use crate::workspace::{self, FileError};

/// The file by which a later run knows a folder that an earlier one made.
const MARK: &str = ".made-by-cargo-xtask-docs";

/// Why the folder could not be written.
#[derive(Debug, Error)]
pub enum FolderError {
    /// Something else is there.
    #[error("{0} is there and was not made by this command; take it away, or name another place with --out")]
    NotOurs(String),
    /// A file in it could not be written, or not taken away.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Makes `folder` hold these files and nothing else.
///
/// # Errors
/// If a file cannot be written, or the folder holds what this command has not made.
pub(super) fn replace<'f>(folder: &Path, files: impl Iterator<Item = (&'f str, &'f str)>) -> Result<(), FolderError> {
    let name = |path: &Path| path.display().to_string();
    let failed = |path: &Path| {
        let file = name(path);
        |cause| FileError::Write { file, cause }
    };
    let entries: Vec<_> = match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>().map_err(failed(folder))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(FolderError::NotOurs(name(folder)));
        }
        Err(error) => return Err(failed(folder)(error).into()),
    };
    let mark = folder.join(MARK);
    if !entries.is_empty() && !entries.contains(&mark) {
        return Err(FolderError::NotOurs(name(folder)));
    }
    // The mark is there from the first to the last, so that the next run knows what an interrupted one leaves.
    workspace::write(&mark, &name(&mark), "")?;
    for path in entries.iter().filter(|path| **path != mark) {
        fs::remove_file(path).map_err(failed(path))?;
    }
    for (file, text) in files {
        let path = folder.join(file);
        workspace::write(&path, &name(&path), text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests may stop the world")]

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_an_earlier_run_left_is_gone() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("deep/site");
        replace(&folder, [("a.html", "1"), ("b.html", "1")].into_iter()).unwrap();
        replace(&folder, [("b.html", "2")].into_iter()).unwrap();
        assert_eq!(names(&folder), [MARK, "b.html"]);
        assert_eq!(fs::read(folder.join("b.html")).unwrap(), b"2");
        assert_eq!(names(&parent.path().join("deep")), ["site"], "nothing is left beside it");
    }

    #[test]
    fn what_another_made_stays() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("work.txt");
        fs::write(&file, "mine").unwrap();
        let error = replace(parent.path(), [("a", "")].into_iter()).unwrap_err().to_string();
        assert!(error.contains(" is there and was not made by this command; take it away"), "{error}");
        assert_eq!(names(parent.path()), ["work.txt"]);
        assert!(matches!(replace(&file, [("a", "")].into_iter()), Err(FolderError::NotOurs(_))));
        assert_eq!(fs::read(file).unwrap(), b"mine");
    }

    #[test]
    fn a_failure_names_the_file_and_the_next_run_goes_on() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("site");
        replace(&folder, [("a", "1")].into_iter()).unwrap();
        // A folder in it is not of this command, and stays.
        fs::create_dir(folder.join("mine")).unwrap();
        let error = replace(&folder, [("a", "2")].into_iter()).unwrap_err().to_string();
        assert!(error.starts_with("cannot write ") && error.contains("mine: "), "{error}");
        fs::remove_dir(folder.join("mine")).unwrap();
        replace(&folder, [("a", "2")].into_iter()).unwrap();
        assert_eq!(names(&folder), [MARK, "a"]);
    }
}
