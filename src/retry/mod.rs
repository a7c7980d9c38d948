//! When a request is sent again, and after what pause.

mod backoff;
mod retry_after;
mod verdict;

use std::time::Duration;

pub(crate) use retry_after::retry_after;
pub(crate) use verdict::Verdict;

/// How often and how long the client tries again what failed for a while.
///
/// It tries again only what is safe to send twice:
///
/// - a read: whenever no whole answer came, or the answer says that the cluster is busy;
/// - a delete: likewise. If an earlier attempt may have been carried out, the answer that there is no such policy means
///   that it was, and the delete has succeeded;
/// - a change: when it did not reach the cluster, or the answer says that the cluster is busy. Sent again after a lost
///   answer, it could undo what somebody else changed in between;
/// - a create: when it surely was not carried out. [`Client::create`](crate::Client::create) goes further: after a lost
///   answer it looks for the policy, and sends it again only if it is not there.
///
/// Busy is an answer with HTTP status 408, 429, 502, 503 or 504, or with one of the codes that ONTAP documents for it,
/// such as 262160 (too many requests) or 2621576 (the SVM is locked).
///
/// Pauses grow exponentially, with full jitter: each is a random part of `initial_backoff` doubled for each attempt so
/// far, up to `max_backoff`. A `Retry-After` of the answer, in seconds or as a date, makes the pause that long at least,
/// up to `max_retry_after`.
///
/// ```
/// use std::time::Duration;
/// use ontap_ipsec::{Client, Credentials, RetryPolicy};
///
/// let client = Client::builder("https://cluster.example.com")
///     .credentials(Credentials::basic("admin", "the password"))
///     .retry(RetryPolicy::default().max_attempts(6).deadline(Duration::from_secs(300)))
///     .build()?;
/// # Ok::<(), ontap_ipsec::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    max_retry_after: Duration,
    deadline: Duration,
}

/// Four attempts in all, the first pause of up to half a second, none of more than 20 seconds unless `Retry-After` asks
/// for up to 60, and no new attempt once two minutes have passed.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(20),
            max_retry_after: Duration::from_secs(60),
            deadline: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// One attempt, whatever comes of it.
    pub fn off() -> Self {
        Self::default().max_attempts(1)
    }

    /// How many attempts there are in all, the first one counted. 0 is taken for 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The longest pause after the first attempt; it doubles after each further one.
    pub fn initial_backoff(mut self, pause: Duration) -> Self {
        self.initial_backoff = pause;
        self
    }

    /// The longest pause after any attempt, unless `Retry-After` asks for a longer one.
    pub fn max_backoff(mut self, pause: Duration) -> Self {
        self.max_backoff = pause;
        self
    }

    /// The longest pause that a `Retry-After` is granted; what asks for more gets this much.
    pub fn max_retry_after(mut self, pause: Duration) -> Self {
        self.max_retry_after = pause;
        self
    }

    /// How long after the beginning of a call an attempt may begin. The last one may take its own time-out beyond that.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The pause before the next attempt, or nothing if there is none. `random` is from 0 to 1.
    pub(crate) fn pause(
        &self,
        attempts: u32,
        elapsed: Duration,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if attempts >= self.max_attempts {
            return None;
        }
        let backoff = backoff::full_jitter(self.initial_backoff, self.max_backoff, attempts, random);
        let asked = retry_after.unwrap_or_default().min(self.max_retry_after);
        let pause = backoff.max(asked);
        (elapsed.saturating_add(pause) <= self.deadline).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn attempts_and_deadline_end_it() {
        let policy = RetryPolicy::default().max_attempts(3).deadline(10 * SECOND).initial_backoff(SECOND);
        assert_eq!(policy.pause(1, Duration::ZERO, None, 1.0), Some(SECOND));
        assert_eq!(policy.pause(2, Duration::ZERO, None, 1.0), Some(2 * SECOND));
        assert_eq!(policy.pause(3, Duration::ZERO, None, 1.0), None);
        assert_eq!(policy.pause(2, 8 * SECOND, None, 1.0), Some(2 * SECOND));
        assert_eq!(policy.pause(2, 8 * SECOND + Duration::from_nanos(1), None, 1.0), None);
        assert_eq!(policy.pause(2, Duration::MAX, None, 1.0), None);
        assert_eq!(RetryPolicy::off().pause(1, Duration::ZERO, None, 0.0), None);
        assert_eq!(RetryPolicy::default().max_attempts(0), RetryPolicy::off());
    }

    #[test]
    fn retry_after_is_the_least_and_is_capped() {
        let policy = RetryPolicy::default().max_retry_after(30 * SECOND);
        assert_eq!(policy.pause(1, Duration::ZERO, Some(7 * SECOND), 0.0), Some(7 * SECOND));
        assert_eq!(policy.pause(1, Duration::ZERO, Some(3600 * SECOND), 0.0), Some(30 * SECOND));
        assert_eq!(policy.pause(1, Duration::ZERO, Some(Duration::ZERO), 1.0), Some(SECOND / 2));
        assert_eq!(policy.pause(1, 100 * SECOND, Some(30 * SECOND), 0.0), None);
    }
}
