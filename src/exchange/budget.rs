//! The time and the attempts of one call.

use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::error::Error;
use crate::error_code::Operation;

/// The time and the attempts of one call. Requests that succeed cost time only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    started: Instant,
    pub(crate) deadline: Duration,
    /// How many requests of the call failed.
    pub(crate) failures: u32,
    /// Whether a request that seemed to fail may have been carried out.
    pub(crate) in_doubt: bool,
}

impl Budget {
    pub(crate) fn new(started: Instant, deadline: Duration) -> Self {
        Self { started, deadline, failures: 0, in_doubt: false }
    }

    /// Returns the time that is left.
    pub(crate) fn left(&self, clock: &dyn Clock) -> Duration {
        self.deadline.saturating_sub(clock.now().saturating_duration_since(self.started))
    }

    pub(crate) fn fail(&mut self, operation: Operation, error: &Error) {
        self.failures = self.failures.saturating_add(1);
        self.in_doubt |= operation.method() != "GET" && error.verdict().is_doubtful();
    }
}
