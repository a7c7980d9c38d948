//! Faults of the cluster itself: they strike requests that were let in, in place of the work or after it.

use crate::{ending::Finish, refusal::Refusal};

/// What such a fault does.
#[derive(Clone, Debug)]
pub(crate) enum ClusterFault {
    /// Answers an error.
    Error { refusal: Refusal, after_work: bool },
    /// Answers a list without its records.
    Busy { without_link: bool },
    /// Leaves the work to a job; one with a `failure` does not do it.
    Job { finish: Finish, failure: Option<Refusal> },
}
