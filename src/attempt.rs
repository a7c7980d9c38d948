//! One request and its answer, or why there is none.

use std::pin::pin;
use std::time::Duration;

use reqwest::Request;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::answer::{Reader, Settled};
use crate::clock::{Clock, within};
use crate::error_code::Operation;
use crate::limits::Limits;
use crate::requests::{DEFAULT_RETURN_TIMEOUT, LONGEST_RETURN_TIMEOUT, SECRET_FIELDS};
use crate::retry::Verdict;

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
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Member {
        Text(Zeroizing<String>),
        Other(serde::de::IgnoredAny),
    }
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    let members: std::collections::HashMap<String, Member> = serde_json::from_slice(body).unwrap_or_default();
    members
        .into_iter()
        .filter(|(name, _)| SECRET_FIELDS.contains(&name.as_str()))
        .filter_map(|(_, member)| match member {
            Member::Text(secret) => Some(secret),
            Member::Other(_) => None,
        })
        .collect()
}
