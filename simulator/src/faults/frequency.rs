//! Decides which of the selected requests a fault applies to.

use std::time::Duration;

use tokio::time::Instant;

/// The requests that the fault applies to, of those that match. All conditions have to hold.
#[derive(Clone, Debug)]
pub(crate) struct Frequency {
    /// The number of requests to skip at first.
    pub(crate) skip: u64,
    /// After the skipped ones, every `every`-th request is affected; 1 means all.
    pub(crate) every: u64,
    /// The probability, from 0 to 1, and the seed of the random numbers.
    pub(crate) chance: Option<(f64, u64)>,
    /// The highest number of affected requests; `None` means no limit.
    pub(crate) times: Option<u64>,
    /// The duration from the time when the fault was added; `None` means no limit.
    pub(crate) lasting: Option<Duration>,
}

/// Counts the requests so far.
#[derive(Debug)]
pub(crate) struct RequestCounter {
    frequency: Frequency,
    random: fastrand::Rng,
    seen: u64,
    applied: u64,
    active_since: Instant,
}

impl RequestCounter {
    pub(crate) fn new(frequency: Frequency) -> Self {
        let (_, seed) = frequency.chance.unwrap_or_default();
        Self { frequency, random: fastrand::Rng::with_seed(seed), seen: 0, applied: 0, active_since: Instant::now() }
    }

    /// Counts a request. Tells whether the fault applies to it.
    pub(crate) fn count_and_decide(&mut self) -> bool {
        if self.is_used_up() {
            return false;
        }
        self.seen += 1;
        let Some(past) = self.seen.checked_sub(self.frequency.skip).filter(|past| *past > 0) else { return false };
        let applies = past % self.frequency.every == 0
            && self.frequency.chance.is_none_or(|(probability, _)| self.random.f64() < probability);
        if applies {
            self.applied += 1;
        }
        applies
    }

    /// Tells whether the fault cannot apply any more.
    pub(crate) fn is_used_up(&self) -> bool {
        self.frequency.times.is_some_and(|times| self.applied >= times)
            || self.frequency.lasting.is_some_and(|lasting| self.active_since.elapsed() >= lasting)
    }

    /// Returns the number of matching requests, and of those that the fault applied to.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.seen, self.applied)
    }
}
