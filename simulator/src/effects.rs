//! Effects of faults on the work of a request: the end of its job, short pages, and peers that do not respond.

use std::{net::IpAddr, time::Duration};

use crate::refusal::Refusal;

/// The result of a job: a message for success, or an error.
pub(crate) type Outcome = Result<String, Refusal>;

/// The time at which the work of a job is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// After this many polls; 0 means before the first poll.
    AfterPolls(u32),
    /// After this time.
    After(Duration),
}

/// The end of a job, and the error with which it fails; `failure` replaces the work.
#[derive(Clone, Debug)]
pub(crate) struct JobEnd {
    pub(crate) finish: Finish,
    pub(crate) failure: Option<Refusal>,
}

impl Default for JobEnd {
    /// Ends the job at the first poll.
    fn default() -> Self {
        Self { finish: Finish::After(Duration::ZERO), failure: None }
    }
}

/// Makes a page shorter, as a busy cluster does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy {
    /// The highest number of records on the page.
    pub(crate) records: u64,
    /// True if the page has no link although more records follow.
    pub(crate) without_link: bool,
}

/// The address of the peer that does not respond; `None` means every peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SilentPeer(pub(crate) Option<IpAddr>);

impl SilentPeer {
    /// Tells whether this peer does not respond.
    pub(crate) fn is_of(self, peer: IpAddr) -> bool {
        self.0.is_none_or(|silent| silent == peer)
    }
}
