//! State that all requests share.

use std::sync::{Mutex, MutexGuard, PoisonError, Weak};

use crate::{
    approvals::Approvals, auth::SignIn, cluster::Cluster, faults::Faults, jobs::Jobs, recording::Recorder,
    results::Results, state::Release, state_file::StateFile,
};

/// State that all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) sign_in: SignIn,
    pub(crate) release: Release,
    pub(crate) cluster: Mutex<Cluster>,
    pub(crate) state_file: Option<StateFile>,
    pub(crate) recording: Recorder,
    pub(crate) jobs: Jobs,
    pub(crate) approvals: Approvals,
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
