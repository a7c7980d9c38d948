//! The file that policies are kept in over restarts: a line for each change, appended before the request is answered.
//!
//! A killed process therefore loses nothing that a client was told. Lines are not flushed to the disk: a crash of the
//! operating system can lose the last ones.

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

/// The number of lines, beyond two for each policy, at which the file is replaced.
const STALE_LINES: usize = 10_000;

/// How long to wait after a failure before the next attempt to write the file.
const PAUSE: Duration = Duration::from_secs(1);

/// Writes each change into the file.
pub(crate) struct StateLog {
    /// Without symbolic links.
    path: PathBuf,
    /// The file, open at its end; `None` after a failure, until the file is replaced.
    file: Option<File>,
    lines: usize,
    failed: Option<Instant>,
    /// Locked for as long as the simulator runs. The file itself cannot be: it is replaced.
    _lock: File,
    error: watch::Sender<Option<String>>,
}

impl StateLog {
    /// Opens the file, and reads its policies into a cluster without any. Returns the log, and whether there was a file.
    ///
    /// # Errors
    /// If the path is no file or cannot be written to, if another simulator uses the file, or if the text or its policies
    /// cannot be used.
    pub(crate) fn open(path: &Path, cluster: &mut Cluster) -> Result<(Self, bool), String> {
        let text = |error: io::Error| error.to_string();
        // The path stays right when the working directory changes.
        let path = std::path::absolute(path).map_err(text)?;
        let path = whole_file::target(&path).map_err(text)?.ok_or("it is no regular file")?;
        let mut lock = path.as_os_str().to_owned();
        lock.push(".lock");
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(&lock).map_err(text)?;
        match FileExt::try_lock(&lock) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err("another simulator uses it; each needs a file of its own".into());
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
    /// Returns the errors of the operating system. [`StateFile`] shows them, too.
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
        // One write for each line: few processes that are killed leave a part of one.
        let written = form::write_line(&mut line, policies, sequence).and_then(|()| {
            let end = file.stream_position()?;
            file.write_all(&line).inspect_err(|_| drop(file.set_len(end)))
        });
        self.lines += 1;
        if self.outcome(written).is_none() {
            self.file = None;
        }
    }

    /// Tells of a failure, or of its end.
    fn outcome<T>(&mut self, written: io::Result<T>) -> Option<T> {
        self.failed = written.is_err().then(Instant::now);
        let error = written.as_ref().err().map(ToString::to_string);
        self.error.send_if_modified(|told| std::mem::replace(told, error.clone()) != error);
        written.ok()
    }

    /// Returns a report on the file for others.
    pub(crate) fn report(&self) -> StateFile {
        StateFile { path: self.path.clone(), error: self.error.subscribe() }
    }
}

impl Journal for StateLog {
    fn changed(&mut self, policies: &Items, sequence: u64) {
        if self.file.as_ref().is_some_and(has_name) && self.lines < 2 * policies.len() + STALE_LINES {
            self.append(policies, sequence);
        } else if self.failed.is_none_or(|failed| failed.elapsed() >= PAUSE) {
            // The error is reported.
            let _ = self.rewrite(policies);
        }
    }

    fn close(&mut self, policies: &Items) {
        if !self.file.as_ref().is_some_and(has_name) {
            let _ = self.rewrite(policies);
        }
    }
}

/// Whether the file is still in a folder. Text that is written to a deleted file is lost.
fn has_name(file: &File) -> bool {
    #[cfg(unix)]
    return file.metadata().is_ok_and(|metadata| std::os::unix::fs::MetadataExt::nlink(&metadata) > 0);
    #[cfg(not(unix))]
    true
}

/// The file that a simulator keeps its policies in. Comes from [`Simulator::state_file`](crate::Simulator::state_file),
/// and outlives the simulator.
#[derive(Clone, Debug)]
pub struct StateFile {
    path: PathBuf,
    error: watch::Receiver<Option<String>>,
}

impl StateFile {
    /// Where the file is, without symbolic links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why the file could not be written the last time; `None` if it could. The simulator goes on, and tries again at the
    /// next change, once a second at most, and at its end.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        self.error.borrow().clone()
    }

    /// Waits for the file to fail to be written, and returns why. A failure that lasts is returned once.
    pub async fn failure(&mut self) -> String {
        loop {
            if self.error.changed().await.is_err() {
                // The simulator has ended.
                std::future::pending::<()>().await;
            }
            if let Some(error) = self.error.borrow_and_update().clone() {
                return error;
            }
        }
    }
}
