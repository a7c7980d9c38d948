//! Files that are written whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

#[cfg(unix)]
use std::os::unix::fs::MetadataExt as _;

use uuid::Uuid;

/// How many symbolic links lead to a file at most; as many as Linux follows.
const MOST_LINKS: usize = 40;

/// Writes the file: whoever reads it sees all of it, or what was there before. It keeps its mode and, where that is
/// allowed, its owner. Where the path is a symbolic link, the file that it leads to is written.
///
/// What is no file but takes bytes, such as a FIFO or `/dev/stdout`, gets them directly.
///
/// # Errors
/// Those of the operating system. What was there before is still there then.
pub(crate) fn write(path: &Path, contents: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    match target(path)? {
        Target::File(file) => replace(&file, contents),
        Target::Stream => {
            let mut stream = BufWriter::new(OpenOptions::new().append(true).open(path)?);
            contents(&mut stream)?;
            stream.flush()
        }
    }
}

/// Checks that the file can be written, without a change to it.
///
/// # Errors
/// Those of the operating system, and [`io::ErrorKind::InvalidInput`] for what is no file.
pub(crate) fn check(path: &Path) -> io::Result<()> {
    match target(path)? {
        Target::Stream => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file")),
        Target::File(file) => {
            let temporary = beside(&file)?;
            File::create_new(&temporary)?;
            fs::remove_file(&temporary)
        }
    }
}

/// Where bytes for a path go.
enum Target {
    /// Into a file that is there or can be; no symbolic link.
    File(PathBuf),
    /// Into whatever opens under the path.
    Stream,
}

fn target(path: &Path) -> io::Result<Target> {
    // The links in these places lead to what a process has open, which nobody else can replace.
    if path.starts_with("/dev") || path.starts_with("/proc") {
        return Ok(Target::Stream);
    }
    let mut file = path.to_owned();
    for _ in 0..MOST_LINKS {
        let metadata = match fs::symlink_metadata(&file) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Target::File(file)),
            Err(error) => return Err(error),
        };
        if metadata.is_symlink() {
            // Relative links start from the directory that they are in; joining leaves absolute ones as they are.
            let link = fs::read_link(&file)?;
            file = file.parent().unwrap_or(Path::new("")).join(link);
        } else if metadata.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        } else if metadata.is_file() {
            // Renaming would replace even a file that is not to be written.
            OpenOptions::new().write(true).open(&file)?;
            return Ok(Target::File(file));
        } else {
            return Ok(Target::Stream);
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// A new name in the directory of the file.
fn beside(file: &Path) -> io::Result<PathBuf> {
    let mut name = file.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?.to_owned();
    name.push(format!(".{}.tmp", Uuid::new_v4().simple()));
    Ok(file.with_file_name(name))
}

fn replace(file: &Path, contents: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let temporary = beside(file)?;
    let written = fill(&temporary, file, contents).and_then(|()| fs::rename(&temporary, file));
    match written {
        Ok(()) => {
            sync_directory(file);
            Ok(())
        }
        Err(error) => {
            // It may not be there at all; the first error is the one to report.
            let _ = fs::remove_file(&temporary);
            Err(error)
        }
    }
}

fn fill(temporary: &Path, like: &Path, contents: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(File::create_new(temporary)?);
    if let Ok(metadata) = fs::metadata(like) {
        // Before the mode, some bits of which go with it. Only root can give files away.
        #[cfg(unix)]
        let _ = std::os::unix::fs::fchown(out.get_ref(), Some(metadata.uid()), Some(metadata.gid()));
        out.get_ref().set_permissions(metadata.permissions())?;
    }
    contents(&mut out)?;
    out.into_inner()?.sync_all()
}

/// Makes the new name last. The file itself is there in any case, so that a system that cannot do this is no failure.
fn sync_directory(file: &Path) {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix)
        && let Ok(directory) = File::open(directory)
    {
        let _ = directory.sync_all();
    }
}
