//! State that all requests share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::{
    auth::Admission, cluster::Cluster, faults::Faults, jobs::Jobs, recording::Recorder, results::Results,
    state::Release, state_file::Saver,
};

/// State that all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) admission: Admission,
    pub(crate) release: Release,
    pub(crate) cluster: Arc<Mutex<Cluster>>,
    pub(crate) saver: Option<Arc<Saver>>,
    pub(crate) recording: Recorder,
    pub(crate) jobs: Jobs,
    /// The results of jobs about several policies.
    pub(crate) results: Results,
    /// For work that is done later, and must not keep all of this alive.
    pub(crate) itself: Weak<Shared>,
    pub(crate) faults: Faults,
}

impl Shared {
    pub(crate) fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.cluster.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
