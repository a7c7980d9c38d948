//! When a request is sent again, and after what pause.

mod backoff;
mod retry_after;
pub(crate) mod verdict;

use std::time::Duration;

pub(crate) use retry_after::retry_after;

/// The rules and limits of retries.
///
/// The client retries only what is safe to repeat:
///
/// - a read: if no whole response came, or if the cluster is busy;
/// - a delete: likewise. After an attempt that may have been carried out, [`Policies::delete`](crate::Policies::delete)
///   takes "no such policy" for success;
/// - a change: if the request did not reach the cluster, or if the cluster is busy. Repeated after a lost response, a
///   change could undo the change of somebody else;
/// - a create: if the request did not reach the cluster, or if ONTAP's code says that nothing was done. After other
///   failures, [`Policies::create`](crate::Policies::create) looks for the policy, and sends it again only if it does not
///   exist. [`CaCertificates::install`](crate::CaCertificates::install) does the same.
///
/// A token source that fails is asked again, as well.
///
/// A cluster is busy if the HTTP status is 408, 429, 502, 503 or 504, or if ONTAP documents the code so. Examples are
/// 262160 (too many requests) and 2621576 (the SVM is locked).
///
/// Pauses grow exponentially, with full jitter. Each is a random part of `initial_backoff`, doubled for each attempt so
/// far, up to `max_backoff`. `Retry-After` of the response, in seconds or as a date, is the least pause, up to
/// `max_retry_after`.
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
    pub(crate) deadline: Duration,
}

/// Four attempts; a first pause of up to 0.5 s; later pauses of up to 20 s, or 60 s if `Retry-After` asks for them; 120 s
/// for the whole call.
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
    /// Makes one attempt, and no retry.
    pub fn off() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the number of attempts, the first one included; 4 unless set, and 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the longest pause after the first attempt; 0.5 s unless set. The limit doubles after each further attempt.
    pub fn initial_backoff(mut self, pause: Duration) -> Self {
        self.initial_backoff = pause;
        self
    }

    /// Sets the longest pause after any attempt; 20 s unless set. `Retry-After` can ask for a longer one.
    pub fn max_backoff(mut self, pause: Duration) -> Self {
        self.max_backoff = pause;
        self
    }

    /// Sets the longest pause that `Retry-After` can ask for; 60 s unless set. A longer one is cut to this length.
    pub fn max_retry_after(mut self, pause: Duration) -> Self {
        self.max_retry_after = pause;
        self
    }

    /// Sets the time limit for a whole call: attempts, pauses, look-ups, and waiting for other requests of the client;
    /// 120 s unless set. No attempt starts after the deadline, and the last one gets the time that is left. A token
    /// source needs a limit of its own. Each page of a stream is a call. A deadline below `return_timeout` (15 s unless
    /// set) can end a list before ONTAP does.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Returns the pause before the next attempt, or nothing after the last one. `left` is the time left of the call, and
    /// `random` is from 0 to 1.
    pub(crate) fn pause(
        &self,
        failures: u32,
        left: Duration,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if failures >= self.max_attempts {
            return None;
        }
        let backoff = backoff::full_jitter(self.initial_backoff, self.max_backoff, failures, random);
        let asked = retry_after.unwrap_or_default().min(self.max_retry_after);
        let pause = backoff.max(asked);
        (pause < left).then_some(pause)
    }

    /// Returns the `number`th pause between requests that do not fail, or nothing if it is longer than `left`.
    pub(crate) fn backoff(&self, number: u32, left: Duration, random: f64) -> Option<Duration> {
        let pause = backoff::full_jitter(self.initial_backoff, self.max_backoff, number, random);
        (pause < left).then_some(pause)
    }
}
