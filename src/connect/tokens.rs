//! Bearer tokens that are fetched when they are needed, and again when the cluster refuses one.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::redaction::{in_one, presentable};

/// How many of the latest tokens are kept out of errors: an answer can come to a request that was sent with an earlier
/// one.
const REMEMBERED: usize = 4;

type BoxError = Box<dyn StdError + Send + Sync>;
type Asked = Pin<Box<dyn Future<Output = Result<Zeroizing<String>, BoxError>> + Send>>;

/// Where tokens come from.
#[derive(Clone)]
pub(crate) struct TokenSource(Arc<dyn Fn() -> Asked + Send + Sync>);

impl TokenSource {
    pub(crate) fn new<F, A, T, E>(ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<T, E>> + Send + 'static,
        T: Into<String>,
        E: Into<BoxError>,
    {
        Self(Arc::new(move || {
            let asked = ask();
            Box::pin(async move { asked.await.map(|token| Zeroizing::new(token.into())).map_err(Into::into) })
        }))
    }
}

/// The token of the moment, and where the next one comes from.
pub(crate) struct Tokens {
    source: TokenSource,
    /// Held while the source is asked, so that it is asked once however many requests wait.
    state: Mutex<State>,
    /// How often the source was asked, to the end.
    asked: AtomicU64,
    latest: SyncMutex<VecDeque<Zeroizing<String>>>,
}

#[derive(Default)]
struct State {
    token: Option<Zeroizing<String>>,
    /// What the source said when it failed last, for those that waited meanwhile.
    failure: Option<String>,
}

impl Tokens {
    pub(crate) fn new(source: TokenSource) -> Self {
        Self { source, state: Mutex::default(), asked: AtomicU64::new(0), latest: SyncMutex::default() }
    }

    /// The token of the moment; the source is asked for one if there is none.
    pub(crate) async fn header(&self) -> Result<HeaderValue, Error> {
        let asked = self.asked.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        match &state.token {
            Some(token) => sensitive(&bearer(token)?),
            None => self.ask(&mut state, asked).await,
        }
    }

    /// Another token than the one that was refused, or nothing if the source has no other.
    pub(crate) async fn renewed(&self, refused: &HeaderValue) -> Result<Option<HeaderValue>, Error> {
        let asked = self.asked.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(token) = &state.token {
            let header = sensitive(&bearer(token)?)?;
            if header != refused {
                return Ok(Some(header));
            }
            // Not only of no use now: were the source to fail, the next request would be sent in vain.
            state.token = None;
        }
        let header = self.ask(&mut state, asked).await?;
        Ok((header != refused).then_some(header))
    }

    /// The latest tokens.
    pub(crate) fn secrets(&self) -> Vec<Zeroizing<String>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Asks the source, unless it failed while the caller waited for its turn: `asked` is how often it had been asked
    /// before that.
    async fn ask(&self, state: &mut State, asked: u64) -> Result<HeaderValue, Error> {
        if self.asked.load(Ordering::Acquire) != asked
            && let Some(failure) = &state.failure
        {
            return Err(Error::new(ErrorKind::Credentials, failure.clone()));
        }
        let answer = (self.source.0)().await;
        self.asked.fetch_add(1, Ordering::AcqRel);
        state.failure = None;
        let token = match answer {
            Ok(token) => token,
            Err(error) => {
                let error = presentable(error, &self.secrets());
                let message = format!("no token was to be had from its source: {}", in_one(&*error));
                state.failure = Some(message.clone());
                return Err(Error::new(ErrorKind::Credentials, message).caused_by(error));
            }
        };
        let header = bearer(&token).and_then(|value| sensitive(&value)).map_err(|error| {
            let message = format!("what came from the source of tokens is none: {}", error.message());
            state.failure = Some(message.clone());
            Error::new(ErrorKind::Credentials, message)
        })?;
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.back() != Some(&token) {
            latest.push_back(token.clone());
        }
        if latest.len() > REMEMBERED {
            latest.pop_front();
        }
        drop(latest);
        state.token = Some(token);
        Ok(header)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

/// What the header says that carries a token.
///
/// # Errors
/// [`ErrorKind::Configuration`] if it is none (RFC 6750, section 2.1, allows still fewer characters).
pub(crate) fn bearer(token: &str) -> Result<Zeroizing<String>, Error> {
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = "a token has to be of visible ASCII characters, without spaces and line ends";
        return Err(Error::new(ErrorKind::Configuration, message));
    }
    Ok(Zeroizing::new(format!("Bearer {token}")))
}

/// A header with a secret, marked so that HTTP libraries do not print it. What it copies of the secret lives as long as
/// the requests that are sent with it, which is why none is kept.
pub(crate) fn sensitive(value: &str) -> Result<HeaderValue, Error> {
    let mut header = HeaderValue::from_str(value)
        .map_err(|_| Error::new(ErrorKind::Configuration, "the credentials do not fit into an HTTP header"))?;
    header.set_sensitive(true);
    Ok(header)
}
