//! Faults of the cluster itself: they strike requests that were let in, in place of the work or after it.

use std::sync::Arc;

use crate::{
    ending::{Busy, Finish},
    refusal::Refusal,
};

/// What such a fault does.
#[derive(Clone, Debug)]
pub(crate) enum ClusterFault {
    /// Answers an error.
    Error { refusal: Refusal, after_work: bool },
    /// Cuts the page of a list short.
    Busy(Busy),
    /// Leaves the work to a job; one with a `failure` does not do it.
    Job { finish: Finish, failure: Option<Refusal> },
    /// Waits for the approval of an administrator.
    Approval,
    /// Leaves a field or an object out of records.
    WithoutField(Arc<str>),
}
