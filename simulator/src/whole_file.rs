//! Writes files atomically.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// A function that writes the content of a file.
pub(crate) type Contents<'a> = dyn FnMut(&mut dyn Write) -> io::Result<()> + 'a;

/// Writes the file atomically: a reader sees the old or the new content. The file keeps its mode.
///
/// A symbolic link is followed. A FIFO or `/dev/stdout` gets the bytes directly.
///
/// # Errors
/// Returns the errors of the operating system. The old file is then unchanged.
pub(crate) fn write(path: &Path, contents: &mut Contents<'_>) -> io::Result<()> {
    match target(path)? {
        Some(file) => replace(&file, contents).map(drop),
        None => fill(OpenOptions::new().append(true).open(path)?, contents).map(drop),
    }
}

/// Returns the file that the path leads to; the file may not exist. Returns `None` if the path leads to another object,
/// such as a FIFO.
///
/// # Errors
/// Returns an error for a file that cannot be written, and for a folder.
pub(crate) fn target(path: &Path) -> io::Result<Option<PathBuf>> {
    // Links in these folders lead to open files of a process, which cannot be replaced.
    if path.starts_with("/dev") || path.starts_with("/proc") {
        return Ok(None);
    }
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // The path can be a link to a file that does not exist yet.
            let link = fs::read_link(path).map(|link| path.parent().unwrap_or(Path::new("")).join(link));
            Ok(Some(link.unwrap_or_else(|_| path.to_owned())))
        }
        Err(error) => Err(error),
        Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(metadata) if metadata.is_file() => {
            // A rename would also replace a read-only file, so check that the file can be written.
            OpenOptions::new().write(true).open(path)?;
            fs::canonicalize(path).map(Some)
        }
        Ok(_) => Ok(None),
    }
}

/// Replaces a file atomically: writes a hidden second file and renames it. Returns the file, open at its end.
///
/// # Errors
/// Returns the errors of the operating system.
pub(crate) fn replace(file: &Path, contents: &mut Contents<'_>) -> io::Result<File> {
    let name = file.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    let new = file.with_file_name(format!(".{}.simulator-new", name.to_string_lossy()));
    // A killed process can leave a second file, or somebody can put a link there. Removing it avoids a write through
    // the link.
    let _ = fs::remove_file(&new);
    let written = OpenOptions::new().write(true).create_new(true).open(&new).and_then(|out| {
        if let Ok(metadata) = fs::metadata(file) {
            out.set_permissions(metadata.permissions())?;
        }
        let out = fill(out, contents)?;
        out.sync_all()?;
        fs::rename(&new, file)?;
        Ok(out)
    });
    // Errors of the removal are ignored, because the first error matters.
    written.inspect_err(|_| drop(fs::remove_file(&new)))
}

fn fill(out: File, contents: &mut Contents<'_>) -> io::Result<File> {
    let mut out = BufWriter::new(out);
    contents(&mut out)?;
    out.into_inner().map_err(|error| error.into_error())
}
