//! The one error of the client.

#[cfg(feature = "serialize-error")]
mod json;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use futures_util::{future, stream};
use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Body, Response, StatusCode};

use crate::answer::{ATTEMPTS, FOREIGN, SUCCESS_STATUS};
use crate::attempt::Unanswered;
use crate::bindings::{self, ResponseValue, types};
use crate::error_code::{ErrorCode, Operation};
use crate::requests::Breach;
use crate::retry::Verdict;
use crate::tls;

/// Why a call failed.
///
/// `Display` is one line for an operator: the operation, the code with its name and summary, ONTAP's words, the field at
/// fault, the HTTP status. Neither it nor `Debug` shows a secret, a header, a URL or a body.
///
/// ```
/// # async fn example(client: ontap_ipsec::Client, policy: ontap_ipsec::types::IpsecPolicyCreate) {
/// use ontap_ipsec::ErrorCode;
///
/// match client.create(&policy).await {
///     Ok(uuid) => println!("created {uuid}"),
///     Err(error) if error.code() == Some(&ErrorCode::DuplicatePolicyName) => println!("already there"),
///     Err(error) => eprintln!("{error}"),
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Error {
    // One pointer, so that a `Result` stays small.
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    operation: Option<Operation>,
    status: Option<StatusCode>,
    code: Option<ErrorCode>,
    message: String,
    target: Option<String>,
    arguments: Vec<ErrorArgument>,
    attempts: u32,
    verdict: Verdict,
    timeout: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What kind of failure it was, and so whose to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serialize-error", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was set up with something that cannot work.
    Configuration,
    /// What proves who the client is could not be had: the source of tokens failed. The cluster has not acted.
    Credentials,
    /// The request breaks a limit or a rule of the API; nothing was sent. The error's [`code`](Error::code) is the one that
    /// ONTAP documents for it, if there is one.
    InvalidRequest,
    /// A policy is not as described in fields that are fixed once it exists, so that [`Client::apply`] changed nothing. The
    /// error's [`arguments`](Error::arguments) are these fields, by dotted name, with the values that the policy has.
    ///
    /// [`Client::apply`]: crate::Client::apply
    FixedAtCreate,
    /// No whole answer came: no connection, a broken one, or a time-out. The cluster may have acted or not.
    Transport,
    /// ONTAP answered with an error.
    Api,
    /// The answer is not what ONTAP's documentation promises: a gateway's page, a redirection, JSON of another form, a job
    /// that has only begun (HTTP status 202). Unless the [`status`](Error::status) is one of a redirection or a failure,
    /// the cluster may have acted.
    UnexpectedAnswer,
}

/// One of the values that ONTAP's message speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serialize-error", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ErrorArgument {
    /// What the value is.
    pub code: Option<String>,
    /// The value.
    pub message: Option<String>,
}

/// A `Result` with the client's error.
pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let inner = Inner {
            kind,
            operation: None,
            status: None,
            code: None,
            message: message.into(),
            target: None,
            arguments: Vec::new(),
            attempts: 0,
            verdict: Verdict::Final,
            timeout: false,
            source: None,
        };
        Self { inner: Box::new(inner) }
    }

    pub(crate) fn during(mut self, operation: Operation) -> Self {
        self.inner.operation = Some(operation);
        self
    }

    pub(crate) fn after(mut self, attempts: u32) -> Self {
        self.inner.attempts = attempts;
        self
    }

    /// Adds what else the caller should know to the message.
    pub(crate) fn noting(mut self, note: &str) -> Self {
        self.inner.message = format!("{}; {note}", self.inner.message);
        self
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner.source = Some(source.into().into());
        self
    }

    /// As what this answer of success says, which lacks what was asked for.
    pub(crate) fn of_success<T>(self, answer: &ResponseValue<T>) -> Self {
        self.answered(answer.status(), answer.headers())
    }

    /// As what the answer with this status and these headers says; the headers hold what the client knows of it.
    fn answered(mut self, status: StatusCode, headers: &HeaderMap) -> Self {
        self.inner.status = Some(status);
        self.inner.attempts = attempts(headers);
        self.inner.verdict = Verdict::of_answer(status, self.inner.code.as_ref());
        self
    }

    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The operation that failed, if it came to one.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.inner.operation
    }

    /// The HTTP status of the answer: one of success if its body held an error all the same, or not what was asked for.
    /// An answer of success that was too large or whose JSON is of another form has none.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// ONTAP's error code: the one that it answered, or the one that it documents for what is wrong with a request that
    /// was not sent. Only the former comes with a [`status`](Self::status).
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.inner.code.as_ref()
    }

    /// ONTAP's words, or for other kinds of failure the client's.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The parameter or field that ONTAP holds at fault.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.inner.target.as_deref()
    }

    /// The values that ONTAP's message speaks of, if it gave them; for [`ErrorKind::FixedAtCreate`], the fields that stand in
    /// the way.
    #[must_use]
    pub fn arguments(&self) -> &[ErrorArgument] {
        &self.inner.arguments
    }

    /// How many attempts there were; 0 if nothing was sent, or if an answer to a read is JSON of another form. Of a list,
    /// those for the page that failed count.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// Whether what the request names does not exist: ONTAP's code 4.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has_code(&["4"])
    }

    /// Whether the request is at odds with what is there: a policy of that name
    /// ([`ErrorCode::DuplicatePolicyName`]), an entry with the same identifiers (code 1), or HTTP status 409.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.code() == Some(&ErrorCode::DuplicatePolicyName)
            || self.has_code(&["1"])
            || self.status() == Some(StatusCode::CONFLICT)
    }

    /// Whether the client is not who may do this: the credentials were refused (HTTP status 401) or could not be had
    /// ([`ErrorKind::Credentials`]), or the account lacks the permission (HTTP status 403, ONTAP's codes 6 and 6691623).
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Credentials
            || matches!(self.status(), Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN))
            || self.has_code(&["6", "6691623"])
    }

    /// Whether the same call may succeed later: no whole answer came, or the cluster is busy. The client has already
    /// tried again where that is safe and its [`RetryPolicy`](crate::RetryPolicy) allows it. A create or a change may
    /// have been carried out all the same.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.inner.verdict != Verdict::Final
    }

    /// Whether it took longer than it may.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.inner.timeout
    }

    /// Whether the cluster may have carried out the request.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.inner.verdict.is_doubtful()
    }

    /// Whether the answer was one of success, of which nothing more can be told.
    pub(crate) fn is_of_success(&self) -> bool {
        self.kind() == ErrorKind::UnexpectedAnswer && self.status().is_none_or(|status| status.is_success())
    }

    fn has_code(&self, codes: &[&str]) -> bool {
        self.code().is_some_and(|code| codes.contains(&code.as_str()))
    }

    /// What to do about it, where that is not plain from the rest.
    fn hint(&self) -> Option<&'static str> {
        match self.status() {
            Some(StatusCode::UNAUTHORIZED) => Some(
                "the cluster does not accept the credentials: check user and password, or the token, and that the \
                 account may log in by the application `http`",
            ),
            Some(StatusCode::FORBIDDEN) => Some(FORBIDDEN),
            _ if self.has_code(&["6", "6691623"]) => Some(FORBIDDEN),
            _ => None,
        }
    }

    /// `fields` are those that cannot become what they should be.
    pub(crate) fn fixed_at_create(fields: Vec<ErrorArgument>) -> Self {
        let shown = fields.iter().map(|field| {
            let (name, value) = (field.code.as_deref().unwrap_or_default(), field.message.as_deref());
            format!("`{name}` is {}", value.unwrap_or("unset"))
        });
        let message = format!(
            "the policy is there, but not as described in fields that are fixed once it exists: {}; nothing was changed",
            shown.collect::<Vec<_>>().join(", ")
        );
        let mut error = Self::new(ErrorKind::FixedAtCreate, message);
        error.inner.arguments = fields;
        error
    }

    fn from_ontap(status: StatusCode, headers: &HeaderMap, error: types::ReturnedError) -> Self {
        let mut ontap = Self::new(ErrorKind::Api, error.message.unwrap_or_default());
        ontap.inner.code = error.code.as_deref().map(ErrorCode::from);
        ontap.inner.target = error.target;
        let arguments = error.arguments.unwrap_or_default().into_iter();
        ontap.inner.arguments =
            arguments.map(|argument| ErrorArgument { code: argument.code, message: argument.message }).collect();
        ontap.answered(status, headers)
    }

    fn from_transport(error: reqwest::Error) -> Self {
        if let Some(carried) = carried(&error) {
            return carried;
        }
        let message = if error.is_timeout() {
            "no connection in time"
        } else if error.is_connect() {
            "no connection to the cluster"
        } else if error.is_builder() {
            return Self::new(ErrorKind::InvalidRequest, "the request could not be put together");
        } else {
            "the connection broke before the answer was whole"
        };
        let (verdict, timeout) = (Verdict::of_transport(&error), error.is_timeout());
        let explanation = tls::explanation(&error);
        // The query of the URL says what is being looked for.
        let error = error.without_url();
        let mut root: &dyn StdError = &error;
        while let Some(cause) = root.source() {
            root = cause;
        }
        let mut transport =
            Self::new(ErrorKind::Transport, format!("{message}: {}", explanation.unwrap_or_else(|| root.to_string())))
                .caused_by(error);
        (transport.inner.verdict, transport.inner.timeout) = (verdict, timeout);
        transport
    }
}

const FORBIDDEN: &str = "the account may not do this: its role needs access to `/api/security/ipsec/policies`, \
                         `readonly` to read and `all` to change (see `security login rest-role`)";

/// How many attempts it took to get the answer with these headers.
pub(crate) fn attempts(headers: &HeaderMap) -> u32 {
    marked(headers, ATTEMPTS).unwrap_or_default()
}

/// What the client noted in the headers of an answer.
fn marked<T: std::str::FromStr>(headers: &HeaderMap, name: HeaderName) -> Option<T> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// The error as one that the bindings hand through. It has to be one of reqwest's, and those come only from reading: so a
/// body that cannot be read, for this error, is.
pub(crate) async fn carrying(error: Error) -> reqwest::Result<Response> {
    let body = stream::once(future::ready(Err::<Vec<u8>, _>(error)));
    let response = Response::from(::http::Response::new(Body::wrap_stream(body)));
    let read = response.bytes().await?;
    Ok(::http::Response::new(read).into())
}

/// The error that [`carrying`] put into one of reqwest's.
fn carried(error: &reqwest::Error) -> Option<Error> {
    let mut source = StdError::source(error);
    while let Some(cause) = source {
        if let Some(carried) = cause.downcast_ref::<Error>() {
            return Some(carried.clone());
        }
        source = cause.source();
    }
    None
}

impl From<Unanswered> for Error {
    fn from(unanswered: Unanswered) -> Self {
        let verdict = unanswered.verdict();
        match unanswered {
            Unanswered::Transport(error) => Self::from_transport(error),
            Unanswered::Slow { limit, of } => {
                let message = format!("{of} did not come within {} s", limit.as_secs_f64());
                let mut slow = Self::new(ErrorKind::Transport, message);
                (slow.inner.verdict, slow.inner.timeout) = (verdict, true);
                slow
            }
            Unanswered::TooLarge { limit } => {
                let message = format!("the answer is larger than {limit} bytes; see `ClientBuilder::max_answer_bytes`");
                Self::new(ErrorKind::UnexpectedAnswer, message)
            }
            Unanswered::Stream => {
                let message = "the body is a stream, which could not be sent another time; nothing was sent";
                Self::new(ErrorKind::InvalidRequest, message)
            }
            Unanswered::Begun { job } => {
                let job = job.map(|job| format!(", as job {job}")).unwrap_or_default();
                let message = format!("the cluster has begun with it{job}, and does not say that it is done");
                let mut begun = Self::new(ErrorKind::UnexpectedAnswer, message);
                begun.inner.status = Some(StatusCode::ACCEPTED);
                begun
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, operation, status, code, message, target, attempts, .. } = &*self.inner;
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        if *kind == ErrorKind::Api {
            match code {
                Some(code) => write!(f, "ONTAP error {code}")?,
                None => f.write_str("ONTAP error")?,
            }
            let summary = code.as_ref().and_then(ErrorCode::summary);
            if let Some(summary) = summary {
                write!(f, ": {summary}")?;
            }
            match (message.is_empty(), summary.is_some()) {
                (true, _) => {}
                (false, true) => write!(f, " ONTAP says: {}", OneLine(message))?,
                (false, false) => write!(f, ": {}", OneLine(message))?,
            }
        } else {
            write!(f, "{}", OneLine(message))?;
        }
        if let Some(target) = target {
            write!(f, " (target {})", OneLine(target))?;
        }
        if let Some(status) = status {
            write!(f, " (HTTP {})", status.as_u16())?;
        }
        if *attempts > 1 {
            write!(f, " (after {attempts} attempts)")?;
        }
        match self.hint() {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// Text from elsewhere, without the characters that would break a log's lines, steer a terminal or turn the direction of
/// writing.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        let steers = |c: char| {
            c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        self.0.chars().try_for_each(|c| f.write_char(if steers(c) { ' ' } else { c }))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, operation, status, code, message, target, arguments, attempts, source, .. } = &*self.inner;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("operation", operation)
            .field("status", status)
            .field("code", code)
            .field("message", message)
            .field("target", target)
            .field("arguments", arguments)
            .field("attempts", attempts)
            .field("source", source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

impl From<Breach> for Error {
    fn from(breach: Breach) -> Self {
        let mut error = Self::new(ErrorKind::InvalidRequest, breach.to_string());
        error.inner.code = breach.code;
        error.inner.target = Some(breach.field);
        error
    }
}

/// Takes over what is safe to show of an error of the bindings.
impl From<bindings::Error<types::ErrorResponse>> for Error {
    fn from(error: bindings::Error<types::ErrorResponse>) -> Self {
        match error {
            bindings::Error::InvalidRequest(message) | bindings::Error::Custom(message) => {
                Self::new(ErrorKind::InvalidRequest, message)
            }
            bindings::Error::CommunicationError(error)
            | bindings::Error::ResponseBodyError(error)
            | bindings::Error::InvalidUpgrade(error) => Self::from_transport(error),
            bindings::Error::ErrorResponse(response) => {
                let headers = response.headers();
                let status = marked(headers, SUCCESS_STATUS).unwrap_or(response.status());
                match (marked::<String>(headers, FOREIGN), response.error.clone()) {
                    (None, Some(error)) => Self::from_ontap(status, headers, error),
                    (what, _) => {
                        let what = what.as_deref().unwrap_or("a body without an error");
                        let message = format!("the answer is not ONTAP's: {what}");
                        Self::new(ErrorKind::UnexpectedAnswer, message).answered(status, headers)
                    }
                }
            }
            bindings::Error::InvalidResponsePayload(body, error) => {
                // The decoder's own words quote the body.
                let message = format!(
                    "the answer is not what ONTAP documents ({} bytes; at line {}, column {})",
                    body.len(),
                    error.line(),
                    error.column()
                );
                Self::new(ErrorKind::UnexpectedAnswer, message)
            }
            bindings::Error::UnexpectedResponse(response) => {
                let status = response.status();
                let message = if status.is_redirection() {
                    "the answer leads elsewhere, and the client does not follow: give it the cluster's own address"
                } else {
                    "the answer's status is none that ONTAP uses"
                };
                Self::new(ErrorKind::UnexpectedAnswer, message).answered(status, response.headers())
            }
        }
    }
}
