//! Files that are written whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Writes what goes into a file.
pub(crate) type Contents<'a> = dyn FnMut(&mut dyn Write) -> io::Result<()> + 'a;

/// Writes the file: a reader sees all of it, or what was there before. The file keeps its mode.
///
/// A symbolic link is followed. A FIFO, or `/dev/stdout`, gets the bytes directly.
///
/// # Errors
/// Returns the errors of the operating system. The old file is then unchanged.
pub(crate) fn write(path: &Path, contents: &mut Contents<'_>) -> io::Result<()> {
    match target(path)? {
        Some(file) => replace(&file, contents).map(drop),
        None => fill(OpenOptions::new().append(true).open(path)?, contents).map(drop),
    }
}

/// The file that the path leads to, which need not be there; `None` for what is no file.
///
/// # Errors
/// A file that cannot be written, and a folder.
pub(crate) fn target(path: &Path) -> io::Result<Option<PathBuf>> {
    // Links in these folders lead to what a process has open. Nobody can replace that.
    if path.starts_with("/dev") || path.starts_with("/proc") {
        return Ok(None);
    }
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A link to a file that is not there yet.
            let link = fs::read_link(path).map(|link| path.parent().unwrap_or(Path::new("")).join(link));
            Ok(Some(link.unwrap_or_else(|_| path.to_owned())))
        }
        Err(error) => Err(error),
        Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(metadata) if metadata.is_file() => {
            // A rename works on read-only files, too: check first that this one can be written.
            OpenOptions::new().write(true).open(path)?;
            fs::canonicalize(path).map(Some)
        }
        Ok(_) => Ok(None),
    }
}

/// Replaces a file, by way of a hidden second one beside it. Returns the file, open at its end.
///
/// # Errors
/// Returns the errors of the operating system.
pub(crate) fn replace(file: &Path, contents: &mut Contents<'_>) -> io::Result<File> {
    let name = file.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    let new = file.with_file_name(format!(".{}.simulator-new", name.to_string_lossy()));
    // A process that was killed may have left one. Nothing is written through a link in its place.
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
    // The first error is the one to report.
    written.inspect_err(|_| drop(fs::remove_file(&new)))
}

fn fill(out: File, contents: &mut Contents<'_>) -> io::Result<File> {
    let mut out = BufWriter::new(out);
    contents(&mut out)?;
    out.into_inner().map_err(|error| error.into_error())
}
