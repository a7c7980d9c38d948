//! One request and its answer, or why there is none.

use std::fmt;
use std::pin::pin;
use std::time::Duration;

use reqwest::Request;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::answer::{Reader, Settled};
use crate::clock::{Clock, within};
use crate::credentials::Authorization;
use crate::error_code::Operation;
use crate::limits::Limits;
use crate::requests::{DEFAULT_RETURN_TIMEOUT, LONGEST_RETURN_TIMEOUT, SECRET_FIELDS};
use crate::retry::Verdict;
use crate::values;

/// Why there is no whole answer, or none yet.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// The connection was not made, or broke.
    Transport(reqwest::Error),
    /// Something took longer than it may.
    Slow {
        /// How long it may take.
        limit: Duration,
        /// What was waited for.
        of: &'static str,
    },
    /// The body of a success is too large.
    TooLarge {
        /// How large it may be, in bytes.
        limit: usize,
    },
    /// The body of the request is a stream, which cannot be sent a second time, and so was not sent at all.
    Stream,
    /// The cluster has begun, and has not said that it is done.
    Begun {
        /// What it does it as.
        job: Option<Uuid>,
    },
}

impl Unanswered {
    pub(crate) fn verdict(&self) -> Verdict {
        match self {
            Self::Transport(error) => Verdict::of_transport(error),
            Self::Slow { .. } => Verdict::Lost,
            Self::TooLarge { .. } | Self::Stream | Self::Begun { .. } => Verdict::Final,
        }
    }

    /// What kind of failure it is, in a word, for traces.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Transport(error) if error.is_timeout() => "timeout",
            Self::Transport(error) if error.is_connect() => "connect",
            Self::Transport(_) => "connection",
            Self::Slow { .. } => "timeout",
            Self::TooLarge { .. } => "too_large",
            Self::Stream => "stream",
            Self::Begun { .. } => "not_done",
        }
    }
}

/// Sends a copy of the request, once, and reads the answer. What is secret in the request or belongs to the authorization
/// is kept out of the answer's text.
pub(crate) async fn attempt(
    http: &reqwest::Client,
    request: &Request,
    operation: Operation,
    limits: Limits,
    clock: &dyn Clock,
    authorization: &Authorization,
) -> Result<Settled, Unanswered> {
    let patience = return_timeout(request);
    let whole = limits.timeout.saturating_add(patience);
    let first = limits.connect_timeout.saturating_add(limits.read_timeout).saturating_add(patience);
    let exchange = pin!(async {
        let copy = request.try_clone().ok_or(Unanswered::Stream)?;
        let response = within(clock, first, pin!(http.execute(copy)))
            .await
            .ok_or(Unanswered::Slow { limit: first, of: "an answer" })?
            .map_err(Unanswered::Transport)?;
        Reader { operation, limits, clock, secrets: Secrets { authorization, request } }.settle(response).await
    });
    within(clock, whole, exchange).await.unwrap_or(Err(Unanswered::Slow { limit: whole, of: "a whole answer" }))
}

/// How long ONTAP may collect records before it answers: what the request says, or what ONTAP takes for a list.
fn return_timeout(request: &Request) -> Duration {
    let list = Operation::IpsecPolicyCollectionGet;
    let asked = request.url().query_pairs().find(|(name, _)| name == "return_timeout");
    let seconds = match asked {
        Some((_, seconds)) => seconds.parse().unwrap_or(LONGEST_RETURN_TIMEOUT),
        None if request.method() == list.method() && request.url().path().ends_with(list.path()) => {
            DEFAULT_RETURN_TIMEOUT
        }
        None => 0,
    };
    // ONTAP refuses a longer one; an endless wait must not come of it.
    Duration::from_secs(seconds.min(LONGEST_RETURN_TIMEOUT))
}

/// Where the secrets are that an answer could repeat. Most answers say nothing that would have to be cleaned of them, so
/// that they are gathered only when one does.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a> {
    authorization: &'a Authorization,
    request: &'a Request,
}

impl Secrets<'_> {
    /// All of them, those in the body of the request among them.
    pub(crate) fn gather(self) -> Vec<Zeroizing<String>> {
        let mut secrets = self.authorization.secrets();
        let body = self.request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        secrets.extend(serde_json::from_slice(body).map(|InBody(secrets)| secrets).unwrap_or_default());
        secrets
    }
}

/// The texts in the secret fields of an object, of which the other fields are passed over.
struct InBody(Vec<Zeroizing<String>>);

impl<'de> Deserialize<'de> for InBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InBodyVisitor)
    }
}

struct InBodyVisitor;

impl<'de> Visitor<'de> for InBodyVisitor {
    type Value = InBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<InBody, A::Error> {
        let mut secrets = Vec::new();
        while let Some(Name { is_secret }) = members.next_key()? {
            if !is_secret {
                members.next_value::<IgnoredAny>()?;
            } else if let Member::Text(secret) = members.next_value()? {
                secrets.push(secret);
            }
        }
        Ok(InBody(secrets))
    }
}

/// The name of a field.
struct Name {
    is_secret: bool,
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self { is_secret: SECRET_FIELDS.contains(&name) }
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        values::read(deserializer)
    }
}

/// What a secret field holds.
#[derive(Deserialize)]
#[serde(untagged)]
enum Member {
    Text(Zeroizing<String>),
    Other(IgnoredAny),
}
