//! How often a fault strikes among the requests that it is for.

use std::time::Duration;

use tokio::time::Instant;

/// Which of the matching requests the fault applies to. All conditions have to hold.
#[derive(Clone, Debug)]
pub(crate) struct Odds {
    /// How many requests are let pass at first.
    pub(crate) skip: u64,
    /// After that, one request of so many is affected; 1 means all.
    pub(crate) every: u64,
    /// The share of requests that are affected, from 0 to 1, and where its dice start.
    pub(crate) chance: Option<(f64, u64)>,
    /// How many are affected in all; `None` for no end.
    pub(crate) times: Option<u64>,
    /// How long it strikes from when it was set; `None` for no end.
    pub(crate) lasting: Option<Duration>,
}

/// The requests so far.
#[derive(Debug)]
pub(crate) struct Tally {
    odds: Odds,
    dice: fastrand::Rng,
    seen: u64,
    applied: u64,
    set: Instant,
}

impl Tally {
    pub(crate) fn new(odds: Odds) -> Self {
        let (_, seed) = odds.chance.unwrap_or_default();
        Self { odds, dice: fastrand::Rng::with_seed(seed), seen: 0, applied: 0, set: Instant::now() }
    }

    /// Counts a request and decides whether the fault applies to it.
    pub(crate) fn roll(&mut self) -> bool {
        if self.is_used_up() {
            return false;
        }
        self.seen += 1;
        let Some(past) = self.seen.checked_sub(self.odds.skip).filter(|past| *past > 0) else { return false };
        let strikes = past % self.odds.every == 0
            && self.odds.chance.is_none_or(|(probability, _)| self.dice.f64() < probability);
        if strikes {
            self.applied += 1;
        }
        strikes
    }

    /// Whether it will never strike again.
    pub(crate) fn is_used_up(&self) -> bool {
        self.odds.times.is_some_and(|times| self.applied >= times)
            || self.odds.lasting.is_some_and(|lasting| self.set.elapsed() >= lasting)
    }

    /// How many requests it was for, and how many of them it was applied to.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.seen, self.applied)
    }
}
