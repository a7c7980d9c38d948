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
use crate::retry::verdict::Verdict;
use crate::task::Task;

/// How many of the latest tokens are kept out of errors: a response can come to a request that was sent with an earlier
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

/// The proof of who the client is, as it was sent with a request.
#[derive(Clone)]
pub(crate) struct AuthorizationHeader {
    /// Marked so that HTTP libraries do not print it.
    pub(crate) header: HeaderValue,
    /// How often the token source had been asked.
    pub(super) asked: u64,
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
    /// The last failure of the source, for callers that waited for it.
    failure: Option<String>,
}

impl Tokens {
    pub(crate) fn new(source: TokenSource) -> Self {
        Self { source, state: Mutex::default(), asked: AtomicU64::new(0), latest: SyncMutex::default() }
    }

    /// Returns the current token; asks the source if there is no token yet.
    pub(crate) async fn proof(tokens: &Arc<Self>) -> Result<AuthorizationHeader, Error> {
        if let Ok(state) = tokens.state.try_lock()
            && let Some(token) = &state.token
        {
            return tokens.header_of(token);
        }
        let (tokens, asked) = (Arc::clone(tokens), tokens.asked.load(Ordering::Acquire));
        // In a task: a future that nobody polls would keep the lock, and other calls would wait for it.
        let proof = Task::start(async move {
            let mut state = tokens.state.lock().await;
            match &state.token {
                Some(token) => tokens.header_of(token),
                None => tokens.ask(&mut state, asked).await,
            }
        });
        proof?.await?
    }

    /// Returns another token than the one that was refused, or nothing if the source has no other.
    pub(crate) async fn renewed(
        tokens: &Arc<Self>,
        refused: &AuthorizationHeader,
    ) -> Result<Option<AuthorizationHeader>, Error> {
        let (tokens, refused) = (Arc::clone(tokens), refused.clone());
        let asked = tokens.asked.load(Ordering::Acquire);
        Task::start(async move { tokens.other(&refused, asked).await })?.await?
    }

    async fn other(&self, refused: &AuthorizationHeader, asked: u64) -> Result<Option<AuthorizationHeader>, Error> {
        let mut state = self.state.lock().await;
        if let Some(token) = &state.token {
            let sent = self.header_of(token)?;
            if sent.header != refused.header {
                return Ok(Some(sent));
            }
            // The source was asked since the refused request was sent, and has no other token.
            if sent.asked != refused.asked {
                return Ok(None);
            }
            // If the source failed, the next request would be sent with a refused token.
            state.token = None;
        }
        let sent = self.ask(&mut state, asked).await?;
        Ok((sent.header != refused.header).then_some(sent))
    }

    fn header_of(&self, token: &str) -> Result<AuthorizationHeader, Error> {
        Ok(AuthorizationHeader { header: sensitive(&bearer(token)?)?, asked: self.asked.load(Ordering::Acquire) })
    }

    /// The latest tokens.
    pub(crate) fn secrets(&self) -> Vec<Zeroizing<String>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Asks the source, unless it failed while the caller waited for its turn: `asked` is how often it had been asked
    /// before that.
    async fn ask(&self, state: &mut State, asked: u64) -> Result<AuthorizationHeader, Error> {
        if self.asked.load(Ordering::Acquire) != asked
            && let Some(failure) = &state.failure
        {
            return Err(Error::new(ErrorKind::Credentials, failure.clone()).judged(Verdict::NotDone));
        }
        let answer = (self.source.0)().await;
        self.asked.fetch_add(1, Ordering::AcqRel);
        state.failure = None;
        let token = match answer {
            Ok(token) => token,
            Err(error) => {
                let error = presentable(error, &self.secrets());
                let message = format!("the source of tokens failed: {}", in_one(&*error));
                state.failure = Some(message.clone());
                return Err(Error::new(ErrorKind::Credentials, message).caused_by(error).judged(Verdict::NotDone));
            }
        };
        let sent = self.header_of(&token).map_err(|error| {
            let message = format!("the source of tokens returned no valid token: {}", error.message());
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
        Ok(sent)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

/// Returns the header's value for a token.
///
/// # Errors
/// [`ErrorKind::Configuration`] if the token has characters that no header can carry. RFC 6750, section 2.1, allows still
/// fewer.
pub(crate) fn bearer(token: &str) -> Result<Zeroizing<String>, Error> {
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = "a token has to be of visible ASCII characters, without spaces and line ends";
        return Err(Error::new(ErrorKind::Configuration, message));
    }
    Ok(Zeroizing::new(format!("Bearer {token}")))
}

/// Makes a header that HTTP libraries do not print. Its copy of the secret lives as long as the request, so that no
/// header is kept.
pub(crate) fn sensitive(value: &str) -> Result<HeaderValue, Error> {
    let mut header = HeaderValue::from_str(value)
        .map_err(|_| Error::new(ErrorKind::Configuration, "the credentials do not fit into an HTTP header"))?;
    header.set_sensitive(true);
    Ok(header)
}
