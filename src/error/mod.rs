//! The one error of the client.

mod display;
#[cfg(feature = "serialize-error")]
mod json;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;

use crate::error_code::{ErrorCode, Operation};
use crate::release::InvalidRelease;
use crate::retry::verdict::Verdict;

/// Why a call failed.
///
/// `Display` is one line for an operator: the operation, the code with its name and summary, ONTAP's words, the field at
/// fault, the HTTP status. Neither it nor `Debug` shows a secret, a header, a URL or a body.
///
/// ```
/// # async fn example(client: ontap_ipsec::Client, policy: ontap_ipsec::types::IpsecPolicyCreate) {
/// use ontap_ipsec::ErrorCode;
///
/// match client.policies().create(&policy).await {
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
    host: Option<Arc<str>>,
    status: Option<StatusCode>,
    code: Option<ErrorCode>,
    message: String,
    target: Option<String>,
    arguments: Vec<ErrorArgument>,
    attempts: u32,
    verdict: Verdict,
    timeout: bool,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The kind of a failure: it says who can fix it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serialize-error", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was set up with something that cannot work.
    Configuration,
    /// The source of tokens failed, or gave none. The cluster has not acted, unless an earlier attempt of the call
    /// reached it.
    Credentials,
    /// The request breaks a limit or a rule of the API; nothing was sent. The error's [`code`](Error::code) is the one that
    /// ONTAP documents for it, if there is one.
    InvalidRequest,
    /// A policy differs in a field that is fixed at create, or in an address that the description does not have.
    /// [`Policies::apply`] changed nothing. The error's [`arguments`](Error::arguments) are these fields, by dotted name,
    /// with the values that the policy has.
    ///
    /// [`Policies::apply`]: crate::Policies::apply
    FixedAtCreate,
    /// No whole response came: no connection, a broken one, or a time-out. The cluster may have acted or not.
    Transport,
    /// ONTAP answered with an error.
    Api,
    /// A policy has no IPsec association in the time that [`Policies::established`](crate::Policies::established) was
    /// given, or can have none. The message says why.
    NotEstablished,
    /// Multi-admin verification protects the operation (HTTP status 202): nothing was done. An administrator has to
    /// approve the request whose number the error's [`arguments`](Error::arguments) have as `index`. Accounts of an SVM
    /// do not meet it.
    ApprovalRequired,
    /// The response is not one that ONTAP documents: a gateway's page, a redirect, JSON of another form, a job that has
    /// only begun (HTTP status 202). Unless the [`status`](Error::status) is 3xx or 4xx, the cluster may have acted.
    UnexpectedResponse,
}

/// One of the values that ONTAP's message speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serialize-error", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ErrorArgument {
    /// The name of the value.
    pub code: Option<String>,
    /// The value.
    pub message: Option<String>,
}

/// Setters of what the layers above know.
macro_rules! setters {
    ($($method:ident($field:ident: $of:ty);)*) => {
        impl Error {$(
            pub(crate) fn $method(mut self, $field: $of) -> Self {
                self.inner.$field = $field.into();
                self
            }
        )*}
    };
}

setters! {
    after(attempts: u32);
    at(host: Arc<str>);
    during(operation: Operation);
    judged(verdict: Verdict);
    retried_after(retry_after: Option<Duration>);
}

/// A `Result` with the client's error.
pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Makes an error, for tests of code that handles errors. The methods `with_` add status, code, target and arguments.
    ///
    /// ```
    /// use ontap_ipsec::{Error, ErrorCode, ErrorKind, StatusCode};
    ///
    /// let busy = Error::new(ErrorKind::Api, "too many requests").with_status(StatusCode::TOO_MANY_REQUESTS);
    /// assert!(busy.is_retryable());
    /// let taken = Error::new(ErrorKind::Api, "in use").with_code(ErrorCode::DuplicatePolicyName);
    /// assert!(taken.is_conflict() && !taken.is_retryable());
    /// ```
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let inner = Inner {
            kind,
            operation: None,
            host: None,
            status: None,
            code: None,
            message: message.into(),
            target: None,
            arguments: Vec::new(),
            attempts: 0,
            verdict: if kind == ErrorKind::Transport { Verdict::Lost } else { Verdict::Final },
            timeout: false,
            retry_after: None,
            source: None,
        };
        Self { inner: Box::new(inner) }
    }

    /// Sets the HTTP status of the response.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.inner.status = Some(status);
        self.inner.verdict = Verdict::of_response(status, self.code());
        self
    }

    /// Sets ONTAP's error code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<ErrorCode>) -> Self {
        self.inner.code = Some(code.into());
        self.inner.verdict = Verdict::of_response(self.inner.status.unwrap_or_default(), self.code());
        self
    }

    /// Sets the parameter or field at fault.
    #[must_use]
    pub fn with_target(mut self, target: impl Into<String>) -> Self {
        self.inner.target = Some(target.into());
        self
    }

    /// Sets the values that the message speaks of.
    #[must_use]
    pub fn with_arguments(mut self, arguments: impl Into<Vec<ErrorArgument>>) -> Self {
        self.inner.arguments = arguments.into();
        self
    }

    pub(crate) fn timed_out(mut self) -> Self {
        self.inner.timeout = true;
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

    /// Makes the error of a request that was not sent, because of `field`.
    pub(crate) fn refused(field: &str, code: Option<ErrorCode>, cause: impl fmt::Display) -> Self {
        let code_note = code.as_ref().map(|code| format!(", ONTAP would answer {code}")).unwrap_or_default();
        let message = format!("`{field}` {cause}; nothing was sent{code_note}");
        let mut error = Self::new(ErrorKind::InvalidRequest, message).with_target(field);
        error.inner.code = code;
        error
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

    /// The cluster that the client talked to, as the URL names it: a host, or host and port. None before a client is
    /// made.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.inner.host.as_deref()
    }

    /// The HTTP status of the response, if there was one. It is a 2xx if the body held an error all the same, or not
    /// what was asked for.
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

    /// ONTAP's words, or for other kinds of failure the client's. Longer texts are cut after 2,000 bytes.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The parameter or field that ONTAP holds at fault.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.inner.target.as_deref()
    }

    /// Returns the values that ONTAP's message is about; at most 100. For [`ErrorKind::FixedAtCreate`], these are the
    /// fields that differ. For [`ErrorKind::ApprovalRequired`], `index` is the number of the request. After a create
    /// whose response was lost, `uuid` is the policy of that name.
    #[must_use]
    pub fn arguments(&self) -> &[ErrorArgument] {
        &self.inner.arguments
    }

    /// How many attempts of the call failed, this one included; 0 if nothing was tried. A token source that fails counts as
    /// an attempt. In a list, each page is a call.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// Whether what the request names does not exist: ONTAP's code 4, 66257116 of old releases for policies, or one of
    /// those for a CA certificate that IPsec does not trust.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        let of_ca = [ErrorCode::CaCertificateNotTrusted, ErrorCode::CaCertificateNotRemovable];
        self.has_code(&["4", "66257116"]) || self.code().is_some_and(|code| of_ca.contains(code))
    }

    /// Whether there is a policy of that name; ONTAP has a general code for it, too.
    pub(crate) fn is_duplicate(&self) -> bool {
        self.code() == Some(&ErrorCode::DuplicatePolicyName) || self.has_code(&["1"])
    }

    /// Tells whether the request conflicts with what exists. A policy of that name ([`ErrorCode::DuplicatePolicyName`]),
    /// an entry with the same identifiers (code 1), and HTTP status 409 are conflicts.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.is_duplicate() || self.status() == Some(StatusCode::CONFLICT)
    }

    /// Tells whether the account is the cause. The credentials were refused (HTTP status 401), there were none
    /// ([`ErrorKind::Credentials`]), or the account lacks a permission (HTTP status 403, ONTAP's codes 6 and 6691623).
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Credentials
            || matches!(self.status(), Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN))
            || self.has_code(&["6", "6691623"])
    }

    /// Whether the same call may succeed later: no whole response came, or the cluster is busy. The client has already
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

    /// How long the response asked to wait before the next attempt (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.inner.verdict
    }

    /// Whether the response was a 2xx that does not say what it should.
    pub(crate) fn is_unclear_success(&self) -> bool {
        self.kind() == ErrorKind::UnexpectedResponse && self.status().is_some_and(|status| status.is_success())
    }

    fn has_code(&self, codes: &[&str]) -> bool {
        self.code().is_some_and(|code| codes.contains(&code.as_str()))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

/// As [`ErrorKind::Configuration`].
impl From<InvalidRelease> for Error {
    fn from(invalid: InvalidRelease) -> Self {
        Self::new(ErrorKind::Configuration, invalid.to_string())
    }
}

/// Never happens: for conversions that cannot fail.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
