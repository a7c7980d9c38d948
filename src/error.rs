//! The one error of the client.

use std::error::Error as StdError;
use std::fmt;

use reqwest::StatusCode;

use crate::answer::{FOREIGN, SUCCESS_STATUS, TooLarge};
use crate::bindings::{self, types};
use crate::error_code::{ErrorCode, Operation};
use crate::hooks::Carried;
use crate::requests::OutOfLimits;
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
pub struct Error {
    // One pointer, so that a `Result` stays small.
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    operation: Option<Operation>,
    status: Option<StatusCode>,
    code: Option<ErrorCode>,
    message: String,
    target: Option<String>,
    arguments: Vec<ErrorArgument>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of failure it was, and so whose to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was set up with something that cannot work.
    Configuration,
    /// What proves who the client is could not be had: the source of tokens failed. The cluster has not acted.
    Credentials,
    /// The request breaks a limit of the API; nothing was sent.
    InvalidRequest,
    /// No whole answer came: no connection, a broken one, or a time-out. The cluster may have acted or not.
    Transport,
    /// ONTAP answered with an error.
    Api,
    /// The answer is not what ONTAP's documentation promises: a gateway's page, a redirection, JSON of another form.
    UnexpectedAnswer,
}

/// One of the values that ONTAP's message speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
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
            source: None,
        };
        Self { inner: Box::new(inner) }
    }

    pub(crate) fn during(mut self, operation: Operation) -> Self {
        self.inner.operation = Some(operation);
        self
    }

    fn answered(mut self, status: StatusCode) -> Self {
        self.inner.status = Some(status);
        self
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner.source = Some(source.into());
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

    /// The HTTP status of the answer: one of success if its body held an error all the same. An answer of success that
    /// could not be read has none.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// ONTAP's error code.
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

    /// The values that ONTAP's message speaks of, if it gave them.
    #[must_use]
    pub fn arguments(&self) -> &[ErrorArgument] {
        &self.inner.arguments
    }

    /// Whether what the request names does not exist: ONTAP's code 4.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code().is_some_and(|code| code.as_str() == "4")
    }

    fn from_ontap(status: StatusCode, error: types::ReturnedError) -> Self {
        let mut ontap = Self::new(ErrorKind::Api, error.message.unwrap_or_default()).answered(status);
        ontap.inner.code = error.code.as_deref().map(ErrorCode::from);
        ontap.inner.target = error.target;
        let arguments = error.arguments.unwrap_or_default().into_iter();
        ontap.inner.arguments =
            arguments.map(|argument| ErrorArgument { code: argument.code, message: argument.message }).collect();
        ontap
    }

    fn from_transport(error: reqwest::Error) -> Self {
        let mut source = StdError::source(&error);
        while let Some(cause) = source {
            if cause.is::<TooLarge>() {
                return Self::new(ErrorKind::UnexpectedAnswer, TooLarge.to_string());
            }
            if let Some(error) = cause.downcast_ref().and_then(Carried::take) {
                return error;
            }
            source = cause.source();
        }
        let message = if error.is_timeout() {
            "no whole answer came in time"
        } else if error.is_connect() {
            "no connection to the cluster"
        } else if error.is_builder() {
            return Self::new(ErrorKind::InvalidRequest, "the request could not be put together");
        } else {
            "the connection broke before the answer was whole"
        };
        let explanation = tls::explanation(&error);
        // The query of the URL says what is being looked for.
        let error = error.without_url();
        let mut root: &dyn StdError = &error;
        while let Some(cause) = root.source() {
            root = cause;
        }
        let message = format!("{message}: {}", explanation.unwrap_or_else(|| root.to_string()));
        Self::new(ErrorKind::Transport, message).caused_by(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, operation, status, code, message, target, .. } = &*self.inner;
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
        Ok(())
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
        let Inner { kind, operation, status, code, message, target, arguments, source } = &*self.inner;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("operation", operation)
            .field("status", status)
            .field("code", code)
            .field("message", message)
            .field("target", target)
            .field("arguments", arguments)
            .field("source", source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

impl From<OutOfLimits> for Error {
    fn from(limits: OutOfLimits) -> Self {
        let mut error = Self::new(ErrorKind::InvalidRequest, limits.to_string());
        error.inner.target = Some(limits.field.to_owned());
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
                let success = response.headers().get(SUCCESS_STATUS).and_then(|status| status.to_str().ok());
                let status = success.and_then(|status| status.parse().ok()).unwrap_or(response.status());
                let foreign = response.headers().get(FOREIGN).and_then(|what| what.to_str().ok());
                match (foreign, response.error.clone()) {
                    (None, Some(error)) => Self::from_ontap(status, error),
                    (what, _) => {
                        let what = what.unwrap_or("a body without an error");
                        let message = format!("the answer is not ONTAP's: {what}");
                        Self::new(ErrorKind::UnexpectedAnswer, message).answered(status)
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
                Self::new(ErrorKind::UnexpectedAnswer, message).answered(status)
            }
        }
    }
}
