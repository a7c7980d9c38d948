//! The time and the attempts of one call.

use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::error::Error;
use crate::error_code::Operation;

/// The time and the attempts of one call. Requests that succeed cost time only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    started: Instant,
    deadline: Duration,
    failures: u32,
    in_doubt: bool,
}

impl Budget {
    pub(crate) fn new(started: Instant, deadline: Duration) -> Self {
        Self { started, deadline, failures: 0, in_doubt: false }
    }

    pub(crate) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Returns the time that is left.
    pub(crate) fn left(&self, clock: &dyn Clock) -> Duration {
        self.deadline.saturating_sub(clock.now().saturating_duration_since(self.started))
    }

    /// Returns how many requests of the call failed.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    pub(crate) fn fail(&mut self, operation: Operation, error: &Error) {
        self.failures = self.failures.saturating_add(1);
        self.in_doubt |= operation.method() != "GET" && error.verdict().is_doubtful();
    }

    /// Returns whether a request that seemed to fail may have been carried out.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }
}
