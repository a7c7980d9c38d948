//! The file that keeps policies over restarts. Each change becomes a line before its response.
//!
//! A crash of the operating system can lose the last lines, because they are not flushed to the disk. A killed process
//! loses no change that was confirmed to a client.

mod form;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Seek as _, Write as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use fs4::{FileExt, TryLockError};
use tokio::sync::watch;

use crate::{
    cluster::{Cluster, Items, Journal},
    whole_file,
};

/// The number of lines, in addition to two for each policy, after which the file is rewritten.
const STALE_LINES: usize = 10_000;

/// The time between a failed write and the next attempt: 1 second.
const PAUSE: Duration = Duration::from_secs(1);

/// Writes changes into the file.
pub(crate) struct StateLog {
    /// The path, with symbolic links resolved.
    path: PathBuf,
    /// The file, open at its end; `None` after a failed write, until the file is rewritten.
    file: Option<File>,
    lines: usize,
    failed: Option<Instant>,
    /// The second file is locked while the simulator runs. The state file cannot be locked, because it is replaced.
    _lock: File,
    error: watch::Sender<Option<String>>,
}

impl StateLog {
    /// Opens the file, and adds its policies to a cluster without policies. Returns the log, and whether the file had
    /// content.
    ///
    /// # Errors
    /// Returns an error if the path is no file, or if the file cannot be written. A file that another simulator uses,
    /// or with invalid content, is an error, too.
    pub(crate) fn open(path: &Path, cluster: &mut Cluster) -> Result<(Self, bool), String> {
        let text = |error: io::Error| error.to_string();
        // An absolute path stays valid when the working directory changes.
        let path = std::path::absolute(path).map_err(text)?;
        let path =
            whole_file::target(&path).map_err(text)?.ok_or("the path is not a regular file; use the path of a file")?;
        let mut lock = path.as_os_str().to_owned();
        lock.push(".lock");
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(&lock).map_err(text)?;
        match FileExt::try_lock(&lock) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err("another simulator uses the file; give each simulator its own file".into());
            }
            Err(TryLockError::Error(error)) => return Err(text(error)),
        }
        let is_there = fs::metadata(&path).is_ok_and(|metadata| metadata.len() > 0);
        if is_there {
            form::read(BufReader::new(File::open(&path).map_err(text)?), cluster)?;
        }
        Ok((Self { path, file: None, lines: 0, failed: None, _lock: lock, error: watch::Sender::default() }, is_there))
    }

    /// Writes the whole file.
    ///
    /// # Errors
    /// Returns the errors of the operating system. [`StateFile::error`] returns them, too.
    pub(crate) fn rewrite(&mut self, policies: &Items) -> Result<(), String> {
        let written = whole_file::replace(&self.path, &mut |out| {
            form::write_head(out, policies)?;
            policies.after(None).try_for_each(|policy| form::write_line(out, policies, policy.sequence))
        });
        self.lines = policies.len();
        self.file = self.outcome(written);
        self.error.borrow().clone().map_or(Ok(()), Err)
    }

    fn append(&mut self, policies: &Items, sequence: u64) {
        let Some(file) = &mut self.file else { return };
        let mut line = Vec::new();
        // A single write, so that a killed process rarely leaves an incomplete line.
        let written = form::write_line(&mut line, policies, sequence).and_then(|()| {
            let end = file.stream_position()?;
            file.write_all(&line).inspect_err(|_| drop(file.set_len(end)))
        });
        self.lines += 1;
        if self.outcome(written).is_none() {
            self.file = None;
        }
    }

    /// Reports a failed write, or the end of a failure.
    fn outcome<T>(&mut self, written: io::Result<T>) -> Option<T> {
        self.failed = written.is_err().then(Instant::now);
        let error = written.as_ref().err().map(ToString::to_string);
        self.error.send_if_modified(|told| std::mem::replace(told, error.clone()) != error);
        written.ok()
    }

    /// Returns the state of the file, for the public API.
    pub(crate) fn report(&self) -> StateFile {
        StateFile { path: self.path.clone(), error: self.error.subscribe() }
    }
}

impl Journal for StateLog {
    fn changed(&mut self, policies: &Items, sequence: u64) {
        if self.file.as_ref().is_some_and(has_name) && self.lines < 2 * policies.len() + STALE_LINES {
            self.append(policies, sequence);
        } else if self.failed.is_none_or(|failed| failed.elapsed() >= PAUSE) {
            // `rewrite` already reported the error.
            let _ = self.rewrite(policies);
        }
    }

    fn close(&mut self, policies: &Items) {
        if !self.file.as_ref().is_some_and(has_name) {
            let _ = self.rewrite(policies);
        }
    }
}

/// Tells whether the file still exists in a folder. Writes to a deleted file would be lost.
fn has_name(file: &File) -> bool {
    #[cfg(unix)]
    return file.metadata().is_ok_and(|metadata| std::os::unix::fs::MetadataExt::nlink(&metadata) > 0);
    #[cfg(not(unix))]
    true
}

/// The state of the file of [`Builder::state_file`](crate::Builder::state_file).
/// [`Simulator::state_file`](crate::Simulator::state_file) returns it. The value is valid after the simulator has
/// stopped, too.
#[derive(Clone, Debug)]
pub struct StateFile {
    path: PathBuf,
    error: watch::Receiver<Option<String>>,
}

impl StateFile {
    /// Returns the path, with symbolic links resolved.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the error of the last write; `None` if the write succeeded. After an error, the simulator continues. The
    /// next attempt is at the next change, once a second at most, and at the stop.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        self.error.borrow().clone()
    }

    /// Waits until a write fails, and returns the error. A lasting failure is returned once.
    pub async fn failure(&mut self) -> String {
        loop {
            if self.error.changed().await.is_err() {
                // The simulator has stopped.
                std::future::pending::<()>().await;
            }
            if let Some(error) = self.error.borrow_and_update().clone() {
                return error;
            }
        }
    }
}
