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
            Self::TooLarge { .. } | Self::Begun { .. } => Verdict::Final,
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
            Self::Begun { .. } => "not_done",
        }
    }
}

/// Sends the request, once, and reads the answer. `secrets` are kept out of the answer's text, as are those of the body.
pub(crate) async fn attempt(
    http: &reqwest::Client,
    request: Request,
    operation: Operation,
    limits: Limits,
    clock: &dyn Clock,
    mut secrets: Vec<Zeroizing<String>>,
) -> Result<Settled, Unanswered> {
    secrets.extend(secrets_in_body(&request));
    let patience = return_timeout(&request);
    let whole = limits.timeout.saturating_add(patience);
    let first = limits.connect_timeout.saturating_add(limits.read_timeout).saturating_add(patience);
    let exchange = pin!(async {
        let response = within(clock, first, pin!(http.execute(request)))
            .await
            .ok_or(Unanswered::Slow { limit: first, of: "an answer" })?
            .map_err(Unanswered::Transport)?;
        Reader { operation, limits, clock, secrets: &secrets }.settle(response).await
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

/// The secrets that a request carries in its body, so that an answer that repeats one can be cleaned of it.
fn secrets_in_body(request: &Request) -> Vec<Zeroizing<String>> {
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    serde_json::from_slice(body).map(|Secrets(secrets)| secrets).unwrap_or_default()
}

/// The texts in the secret fields of an object, of which the other fields are passed over.
struct Secrets(Vec<Zeroizing<String>>);

impl<'de> Deserialize<'de> for Secrets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SecretsVisitor)
    }
}

struct SecretsVisitor;

impl<'de> Visitor<'de> for SecretsVisitor {
    type Value = Secrets;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Secrets, A::Error> {
        let mut secrets = Vec::new();
        while let Some(Name { is_secret }) = members.next_key()? {
            if !is_secret {
                members.next_value::<IgnoredAny>()?;
            } else if let Member::Text(secret) = members.next_value()? {
                secrets.push(secret);
            }
        }
        Ok(Secrets(secrets))
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
