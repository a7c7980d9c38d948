//! Effects of faults on the work of a request: the end and the outcome of its job, short pages, and silent peers.

use std::{net::IpAddr, time::Duration};

use crate::refusal::Refusal;

/// The outcome of a job: a message for success, or an error.
pub(crate) type Outcome = Result<String, Refusal>;

/// When the work of a job is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// Once it was asked about this many times; with 0, before it is asked about at all.
    AfterPolls(u32),
    /// After this much time.
    After(Duration),
}

/// When a job is over, and whether it fails whatever its work would come to.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    pub(crate) finish: Finish,
    pub(crate) failure: Option<Refusal>,
}

impl Default for Ending {
    /// The job is over at the first look.
    fn default() -> Self {
        Self { finish: Finish::After(Duration::ZERO), failure: None }
    }
}

/// A busy cluster ends a page before it is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy {
    /// How many records the page has at most.
    pub(crate) records: u64,
    /// Whether the page has no link, although there are more records.
    pub(crate) without_link: bool,
}

/// The peer of this address does not answer; without an address, none does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Silence(pub(crate) Option<IpAddr>);

impl Silence {
    /// Whether this peer is silent.
    pub(crate) fn is_of(self, peer: IpAddr) -> bool {
        self.0.is_none_or(|silent| silent == peer)
    }
}
