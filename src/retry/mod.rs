//! When a request is sent again, and after what pause.

mod backoff;
mod retry_after;
pub(crate) mod verdict;

use std::time::Duration;

pub(crate) use retry_after::retry_after;

/// How often and how long the client tries again what failed for a while.
///
/// It tries again only what is safe to send twice:
///
/// - a read: whenever no whole answer came, or the answer says that the cluster is busy;
/// - a delete: likewise. If an earlier attempt may have been carried out, an answer that there is no such policy means
///   for [`Policies::delete`](crate::Policies::delete) that it was;
/// - a change: when it did not reach the cluster, or the answer says that the cluster is busy. Sent again after a lost
///   answer, it could undo what somebody else changed in between;
/// - a create: when it did not reach the cluster, or one of ONTAP's codes says that it was not carried out.
///   [`Policies::create`](crate::Policies::create) goes further: after another failure it looks for the policy, and sends it
///   again only if it is not there. So does [`CaCertificates::install`](crate::CaCertificates::install).
///
/// A token source that fails is asked again, too.
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
    pub(crate) deadline: Duration,
}

/// Four attempts in all; a first pause of up to half a second; no pause of more than 20 seconds, unless `Retry-After`
/// asks for up to 60; two minutes for the whole call.
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

    /// How long one call may take in all, whatever it consists of: attempts, pauses, look-ups, and waiting for other
    /// requests of the client. Nothing starts after the deadline, and the last attempt gets what is left of it. Only the time
    /// of a token source is its own. Of a list that is streamed, each page is a call. A deadline below `return_timeout` (15
    /// seconds unless set) can end a list before ONTAP does.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Returns the pause before the next attempt, or nothing if there is none. `left` is the time left of the call, and
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
