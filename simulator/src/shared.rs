//! State that all requests share.

use std::sync::{Mutex, MutexGuard, PoisonError, Weak};

use crate::{
    approvals::Approvals, auth::SignIn, cluster::Cluster, faults::Faults, jobs::Jobs, recording::Recorder,
    results::Results, state::Release, state_file::StateFile,
};

#[derive(Debug)]
pub(crate) struct Shared {
    /// The URL of the simulator, for the page.
    #[cfg(feature = "program")]
    pub(crate) url: String,
    pub(crate) sign_in: SignIn,
    pub(crate) release: Release,
    pub(crate) cluster: Mutex<Cluster>,
    pub(crate) state_file: Option<StateFile>,
    pub(crate) recording: Recorder,
    pub(crate) jobs: Jobs,
    pub(crate) approvals: Approvals,
    /// The results of jobs for several policies.
    pub(crate) results: Results,
    /// A weak reference for jobs, which must not keep the simulator alive.
    pub(crate) itself: Weak<Shared>,
    pub(crate) faults: Faults,
}

impl Shared {
    pub(crate) fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.cluster.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
