//! The folder of the site, which is replaced as a whole.

use std::path::{Path, PathBuf};
use std::{fs, io};

use thiserror::Error;

/// The file by which a later run knows a folder that an earlier one made.
const MARK: &str = ".made-by-cargo-xtask-docs";

/// Why the folder could not be written. What was there before is untouched.
#[derive(Debug, Error)]
pub enum FolderError {
    /// Something else is there.
    #[error("{0} is there and was not made by this command; take it away, or name another place with --out")]
    NotOurs(String),
    /// It could not be written.
    #[error("cannot write {folder}: {cause}")]
    Write {
        /// Its name.
        folder: String,
        /// Why.
        cause: io::Error,
    },
}

/// Makes `folder`, which messages call `name`, hold these files and nothing else.
///
/// # Errors
/// If it cannot be written, or holds what this command has not made.
pub(super) fn replace(folder: &Path, name: &str, files: &[(&str, Vec<u8>)]) -> Result<(), FolderError> {
    let write = |cause| FolderError::Write { folder: name.to_owned(), cause };
    if !is_ours(folder).map_err(write)? {
        return Err(FolderError::NotOurs(name.to_owned()));
    }
    put(folder, files).map_err(write)
}

/// Whether the folder is not there, is empty, or was made by an earlier run.
fn is_ours(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none() || folder.join(MARK).is_file()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(error),
    }
}

fn put(folder: &Path, files: &[(&str, Vec<u8>)]) -> io::Result<()> {
    // Where a link leads, the folder itself is replaced.
    let folder: PathBuf = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let parent = match folder.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(io::ErrorKind::InvalidInput.into()),
    };
    fs::create_dir_all(parent)?;
    // Beside it, so that the renames stay on one file system.
    let work = tempfile::Builder::new().prefix(".site-").tempdir_in(parent)?;
    let new = work.path().join("new");
    fs::create_dir(&new)?;
    for (file, bytes) in files {
        fs::write(new.join(file), bytes)?;
    }
    fs::write(new.join(MARK), "")?;
    let old = work.path().join("old");
    let had = match fs::rename(&folder, &old) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    fs::rename(&new, &folder).inspect_err(|_| {
        if had {
            // The first failure is the one to tell of.
            let _ = fs::rename(&old, &folder);
        }
    })
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
        replace(&folder, "site", &[("a.html", b"1".to_vec()), ("b.html", b"1".to_vec())]).unwrap();
        replace(&folder, "site", &[("b.html", b"2".to_vec())]).unwrap();
        assert_eq!(names(&folder), [MARK, "b.html"]);
        assert_eq!(fs::read(folder.join("b.html")).unwrap(), b"2");
        assert_eq!(names(&parent.path().join("deep")), ["site"], "nothing is left beside it");
    }

    #[test]
    fn what_another_made_stays() {
        let parent = tempfile::tempdir().unwrap();
        fs::write(parent.path().join("work.txt"), "mine").unwrap();
        let error = replace(parent.path(), "it", &[("a", Vec::new())]).unwrap_err();
        assert!(error.to_string().starts_with("it is there and was not made by this command; "), "{error}");
        assert_eq!(names(parent.path()), ["work.txt"]);
        let file = parent.path().join("work.txt");
        assert!(matches!(replace(&file, "it", &[]), Err(FolderError::NotOurs(_))));
        assert_eq!(fs::read(file).unwrap(), b"mine");
    }

    #[test]
    fn a_failure_leaves_the_old_one() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("site");
        replace(&folder, "site", &[("a", b"1".to_vec())]).unwrap();
        replace(&folder, "site", &[("a", b"2".to_vec()), ("no/such/folder", Vec::new())]).unwrap_err();
        assert_eq!(fs::read(folder.join("a")).unwrap(), b"1");
        assert_eq!(names(parent.path()), ["site"]);
    }
}
