//! Bearer tokens, as an authorization server outside of the cluster would hand them out. ONTAP takes them from release
//! 9.14 on.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Deserialize;
use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

use crate::faults::TimeSpan;

/// A bearer token that clients can sign in with. Without a limit it is good for as long as the simulator runs.
///
/// `Debug` does not show the token. In a file, it is a table with the key `token` and the names of the methods here.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "a token is good only where it is known"]
pub struct Token {
    token: String,
    requests: Option<u64>,
    life: Option<TimeSpan>,
}

impl Token {
    /// A token of these characters, which are letters, digits and `-._~+/=`, as RFC 6750 has it.
    pub fn new(token: impl Into<String>) -> Self {
        Self { token: token.into(), requests: None, life: None }
    }

    /// Lets it be good for this many requests; any more are answered with 401.
    pub fn requests(mut self, requests: u64) -> Self {
        self.requests = Some(requests);
        self
    }

    /// Lets it be good for this long from the start of the simulator on, or from when it is handed to it later.
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

/// A token that no client could send: it is empty, or has characters that no bearer token has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token is made of letters, digits and -._~+/ with = at its end")]
#[non_exhaustive]
pub struct InvalidToken;

/// The tokens that are known.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<Vec<Known>>);

/// A token, with the requests that are left of it, and its end.
type Known = (Token, Option<Instant>);

impl Tokens {
    /// Adds a token. The life of a known token starts again.
    ///
    /// # Errors
    /// If no client could send it.
    pub(crate) fn add(&self, token: Token) -> Result<(), InvalidToken> {
        if !token.is_valid() {
            return Err(InvalidToken);
        }
        let mut known = self.lock();
        known.retain(|(other, _)| other.token != token.token);
        // A life beyond the end of time is none.
        let end = token.life.and_then(|TimeSpan(life)| Instant::now().checked_add(life));
        known.push((token, end));
        Ok(())
    }

    /// Forgets a token; `false` if it is not known.
    pub(crate) fn remove(&self, token: &str) -> bool {
        let mut known = self.lock();
        let before = known.len();
        known.retain(|(other, _)| other.token != token);
        known.len() < before
    }

    /// Whether there is such a token, even if it is good no more.
    pub(crate) fn knows(&self, token: &str) -> bool {
        find(&mut self.lock(), token).is_some()
    }

    /// Whether a request with this token is let in. Counts it if so.
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

/// Compares all, and each in constant time.
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
