//! The file that policies are kept in over restarts.
//!
//! It is written a moment after a change, many changes at a time, and never in part. A large file is written less often,
//! so that writing it takes a fifth of the time at most. What a client was told in the last moment before a crash can
//! thus be lost; what was there at a proper end is not.

mod form;

use std::{
    fs::{self, File},
    io::{self, BufReader},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::watch;

use self::form::Snapshot;
use crate::{cluster::Cluster, whole_file};

/// The time that changes have to gather before they are written.
const GATHERING: Duration = Duration::from_millis(20);

/// How many times as long as the last write the next one waits.
const SHARE: u32 = 4;

/// When to try again after a failure.
const AGAIN: Duration = Duration::from_secs(1);

/// Writes the policies into their file.
#[derive(Debug)]
pub(crate) struct Saver {
    path: PathBuf,
    /// The count of changes that the file has; `None` before it is written. Locked for as long as a write takes, so that
    /// there is one at a time.
    written: Mutex<Option<u64>>,
    error: watch::Sender<Option<String>>,
}

impl Saver {
    /// Reads the policies of the file into a cluster without any. Returns the saver, and whether the file is there.
    ///
    /// # Errors
    /// A path that is no file or that cannot be written to, text that cannot be read, and policies that the cluster
    /// cannot have.
    pub(crate) fn open(path: &Path, cluster: &mut Cluster) -> Result<(Self, bool), String> {
        // A later change of the working directory is not to move it.
        let path = std::path::absolute(path).map_err(|error| error.to_string())?;
        whole_file::check(&path).map_err(|error| error.to_string())?;
        let saver =
            |written| Self { path: path.clone(), written: Mutex::new(written), error: watch::Sender::default() };
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((saver(None), false)),
            Err(error) => return Err(error.to_string()),
            Ok(_) => {}
        }
        let file = File::open(&path).map_err(|error| error.to_string())?;
        form::read(BufReader::new(file), cluster)?;
        let written = *cluster.policies.changes().borrow();
        Ok((saver(Some(written)), true))
    }

    /// Writes what the file does not have yet, if there is anything. Returns whether the file has everything then.
    pub(crate) fn save(&self, cluster: &Mutex<Cluster>) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, snapshot) = {
            let cluster = lock(cluster);
            let count = *cluster.policies.changes().borrow();
            if *written == Some(count) {
                return true;
            }
            (count, Snapshot::of(&cluster))
        };
        match whole_file::write(&self.path, |out| snapshot.write(out)) {
            Ok(()) => {
                *written = Some(count);
                self.error.send_if_modified(|error| error.take().is_some());
                true
            }
            Err(error) => {
                self.error.send_replace(Some(error.to_string()));
                false
            }
        }
    }

    /// Writes each change, until it is dropped.
    pub(crate) async fn run(self: Arc<Self>, cluster: Arc<Mutex<Cluster>>) {
        let mut changes = lock(&cluster).policies.changes();
        // For what came before this task did.
        changes.mark_changed();
        let mut pause = GATHERING;
        // The sender lives as long as the cluster does.
        while changes.changed().await.is_ok() {
            tokio::time::sleep(pause).await;
            changes.mark_unchanged();
            let started = Instant::now();
            let (saver, cluster) = (Arc::clone(&self), Arc::clone(&cluster));
            let saved = tokio::task::spawn_blocking(move || saver.save(&cluster)).await;
            pause = if saved.unwrap_or(false) {
                GATHERING.max(started.elapsed() * SHARE)
            } else {
                changes.mark_changed();
                AGAIN
            };
        }
    }

    /// What to tell others about the file.
    pub(crate) fn report(&self) -> StateFile {
        StateFile { path: self.path.clone(), error: self.error.subscribe(), told: false }
    }
}

fn lock(cluster: &Mutex<Cluster>) -> MutexGuard<'_, Cluster> {
    cluster.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How the file fares that a simulator keeps its policies in. Comes from
/// [`Simulator::state_file`](crate::Simulator::state_file), and outlives the simulator.
#[derive(Clone, Debug)]
pub struct StateFile {
    path: PathBuf,
    error: watch::Receiver<Option<String>>,
    /// Whether the failure that lasts was told by [`StateFile::failure`].
    told: bool,
}

impl StateFile {
    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why the file could not be written the last time; `None` if it could. The simulator goes on without, and tries
    /// again every second.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        self.error.borrow().clone()
    }

    /// Waits for the file to fail to be written, and returns why. A failure that lasts is returned once.
    pub async fn failure(&mut self) -> String {
        loop {
            let told = self.told;
            let found = self.error.wait_for(|error| error.is_some() != told).await.map(|error| error.clone());
            match found {
                Ok(error) => {
                    self.told = error.is_some();
                    if let Some(error) = error {
                        return error;
                    }
                }
                // The simulator has ended.
                Err(_) => std::future::pending().await,
            }
        }
    }
}
