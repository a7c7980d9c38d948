//! Bearer tokens, as from an authorization server. ONTAP accepts them from release 9.14 on.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Deserialize;
use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

use crate::faults::TimeSpan;

/// A bearer token that clients can sign in with. Without a limit, the token is valid while the simulator runs.
///
/// `Debug` does not show the token. A file has a table with the key `token` and the keys `requests` and `life`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "a token has no effect before it is added to a simulator"]
pub struct Token {
    token: String,
    requests: Option<u64>,
    life: Option<TimeSpan>,
}

impl Token {
    /// Makes a token without a limit. A token consists of letters, digits and `-._~+/`, with `=` at its end (RFC 6750).
    pub fn new(token: impl Into<String>) -> Self {
        Self { token: token.into(), requests: None, life: None }
    }

    /// Limits the token to this number of requests; later requests are 401. The default is no limit.
    pub fn requests(mut self, requests: u64) -> Self {
        self.requests = Some(requests);
        self
    }

    /// Limits the token to this time; the default is no limit. The time starts with the simulator, or in
    /// [`Simulator::issue_token`](crate::Simulator::issue_token).
    pub fn life(mut self, life: Duration) -> Self {
        self.life = Some(TimeSpan(life));
        self
    }

    fn is_valid(&self) -> bool {
        let body = self.token.trim_end_matches('=');
        !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
    }
}

impl<T: Into<String>> From<T> for Token {
    fn from(token: T) -> Self {
        Self::new(token)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Token")
            .field("requests", &self.requests)
            .field("life", &self.life.map(|TimeSpan(life)| life))
            .finish_non_exhaustive()
    }
}

/// The error for a token that is empty, or has characters that a bearer token cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bearer token is invalid; use letters, digits and -._~+/, with = only at the end")]
#[non_exhaustive]
pub struct InvalidToken;

/// The known tokens.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<Vec<Known>>);

/// A token with its remaining requests, and the end of its life.
type Known = (Token, Option<Instant>);

impl Tokens {
    /// Adds a token. For a known token, the limits start again.
    ///
    /// # Errors
    /// Returns an error for an invalid token.
    pub(crate) fn add(&self, token: Token) -> Result<(), InvalidToken> {
        if !token.is_valid() {
            return Err(InvalidToken);
        }
        let mut known = self.lock();
        known.retain(|(other, _)| other.token != token.token);
        // If the end overflows, the token has no end.
        let end = token.life.and_then(|TimeSpan(life)| Instant::now().checked_add(life));
        known.push((token, end));
        Ok(())
    }

    /// Removes a token. Returns `false` if the token is unknown.
    pub(crate) fn remove(&self, token: &str) -> bool {
        let mut known = self.lock();
        let before = known.len();
        known.retain(|(other, _)| other.token != token);
        known.len() < before
    }

    /// Tells whether the token is known, also if it is used up or expired.
    pub(crate) fn knows(&self, token: &str) -> bool {
        find(&mut self.lock(), token).is_some()
    }

    /// Tells whether a request with this token may sign in. If so, the request is counted.
    pub(crate) fn admit(&self, token: &str) -> bool {
        let mut known = self.lock();
        let Some((found, end)) = find(&mut known, token) else { return false };
        if end.is_some_and(|end| Instant::now() >= end) || found.requests == Some(0) {
            return false;
        }
        found.requests = found.requests.map(|left| left - 1);
        true
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Compares the token with all known ones, each in constant time.
fn find<'a>(known: &'a mut [Known], token: &str) -> Option<&'a mut Known> {
    known.iter_mut().fold(None, |found, one| {
        let same: bool = one.0.token.as_bytes().ct_eq(token.as_bytes()).into();
        if same { Some(one) } else { found }
    })
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Tokens").field(&self.lock().len()).finish()
    }
}
