//! Makes of any HTTP answer one that the bindings can read, so that the status, the headers and the reason of a failure
//! survive whatever stands between the client and the cluster.

use std::pin::pin;

use http::Extensions;
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use reqwest::{Body, Response, ResponseBuilderExt as _, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ErrorCode;
use crate::attempt::{Secrets, Unanswered};
use crate::clock::{Clock, within};
use crate::decoded;
use crate::error_code::Operation;
use crate::limits::Limits;
use crate::redaction::scrub;

/// Marks an answer whose body was not ONTAP's; its value says what it was instead.
pub(crate) const FOREIGN: HeaderName = HeaderName::from_static("x-ontap-ipsec-foreign-body");

/// The status of an answer of success whose body holds an error. To the bindings, it is a failure.
pub(crate) const SUCCESS_STATUS: HeaderName = HeaderName::from_static("x-ontap-ipsec-success-status");

/// How many attempts it took to get this answer.
pub(crate) const ATTEMPTS: HeaderName = HeaderName::from_static("x-ontap-ipsec-attempts");

/// How much memory is set aside for a body because of the length that it is said to have, in bytes: a page of a thousand
/// policies with all their fields.
const MOST_EXPECTED: usize = 1 << 20;

/// What the body of an answer is read with.
pub(crate) struct Reader<'a> {
    pub(crate) operation: Operation,
    pub(crate) limits: Limits,
    pub(crate) clock: &'a dyn Clock,
    /// What must not stay in the text of a failure.
    pub(crate) secrets: Secrets<'a>,
}

/// An answer that the bindings can read.
pub(crate) struct Settled {
    pub(crate) response: Response,
    /// The code of the error that it holds.
    pub(crate) code: Option<ErrorCode>,
}

/// What a body holds.
enum Content {
    /// What was asked for, as far as can be told.
    Result(Vec<u8>),
    /// A list or what was created, and with it what it says.
    Decoded(Vec<u8>, Extensions),
    /// An error of ONTAP's, in the form that the spec gives it.
    Error { code: Option<ErrorCode>, envelope: Value },
    /// Something that ONTAP does not send, in words.
    Foreign(String),
}

impl Reader<'_> {
    /// Reads the answer and gives one with the same headers, whose body is, for a success, what came, or `{}` if nothing
    /// came; for a failure, an ONTAP error body, with the secrets taken out of it. A success that holds an error, as
    /// requests that got only so far are answered, or that is not ONTAP's, becomes a failure. One that says that the
    /// cluster has only begun is no answer.
    pub(crate) async fn settle(&self, mut response: Response) -> Result<Settled, Unanswered> {
        let limit = match response.status() {
            status if status.is_success() => self.limits.success_bytes,
            status if status.is_client_error() || status.is_server_error() => self.limits.failure_bytes,
            // A redirection: the body says nothing that the status does not.
            _ => return self.settled(response, Ok(Vec::new())),
        };
        // Nothing else is waited for, so that what waits is small.
        let body = self.read(&mut response, limit).await;
        self.settled(response, body)
    }

    /// The answer, with the body that was read of it, or why it could not be.
    fn settled(&self, mut response: Response, body: Result<Vec<u8>, Unanswered>) -> Result<Settled, Unanswered> {
        let (status, version) = (response.status(), response.version());
        let mut headers = std::mem::take(response.headers_mut());
        // They speak of the body that came, and only the client may set the marks; of attempts, it always does.
        for name in [CONTENT_LENGTH, TRANSFER_ENCODING, FOREIGN, SUCCESS_STATUS] {
            headers.remove(name);
        }
        // Without one, reqwest parses a placeholder.
        let mut url = ::http::response::Builder::new().url(response.url().clone());
        let content = self.content(status, &headers, body)?;
        let mut settled = ::http::Response::new(Body::default());
        if let Some(url) = url.extensions_mut() {
            *settled.extensions_mut() = std::mem::take(url);
        }
        *settled.status_mut() = match content {
            Content::Error { .. } | Content::Foreign(_) if status.is_success() => {
                headers.insert(SUCCESS_STATUS, status.as_u16().into());
                StatusCode::INTERNAL_SERVER_ERROR
            }
            _ => status,
        };
        let code = match content {
            Content::Result(body) => {
                *settled.body_mut() = body.into();
                None
            }
            Content::Decoded(body, decoded) => {
                *settled.body_mut() = body.into();
                settled.extensions_mut().extend(decoded);
                None
            }
            Content::Error { code, envelope } => {
                *settled.body_mut() = envelope.to_string().into();
                code
            }
            Content::Foreign(what) => {
                let what = HeaderValue::from_str(&what).unwrap_or(HeaderValue::from_static("an unknown body"));
                headers.insert(FOREIGN, what);
                *settled.body_mut() = "{}".into();
                None
            }
        };
        *settled.version_mut() = version;
        *settled.headers_mut() = headers;
        Ok(Settled { response: settled.into(), code })
    }

    fn content(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: Result<Vec<u8>, Unanswered>,
    ) -> Result<Content, Unanswered> {
        if !(status.is_success() || status.is_client_error() || status.is_server_error()) {
            return Ok(Content::Result(Vec::new()));
        }
        if status.is_success() {
            let body = body?;
            if status != StatusCode::ACCEPTED
                && let Some(decoded) = decoded::of(self.operation, &body)
            {
                return Ok(Content::Decoded(body, decoded));
            }
            let empty = body.iter().all(u8::is_ascii_whitespace);
            return Ok(match self.error(&body) {
                // What has begun can fail yet: who took it for done would rely on a policy that is not there.
                Ok(None) if status == StatusCode::ACCEPTED => return Err(Unanswered::Begun { job: job(&body) }),
                _ if empty && status == StatusCode::ACCEPTED => return Err(Unanswered::Begun { job: None }),
                _ if empty => Content::Result(b"{}".to_vec()),
                Ok(Some(error)) => error,
                Ok(None) => Content::Result(body),
                Err(place) => {
                    let media = self.media(headers);
                    Content::Foreign(format!("{} bytes of {media}, no JSON object {place}", body.len()))
                }
            });
        }
        // A body that cannot be had takes nothing from the status.
        Ok(match body {
            // ONTAP's messages can show a value that is not UTF-8, which takes nothing from the code.
            Ok(body) => match self.error(String::from_utf8_lossy(&body).as_bytes()) {
                Ok(Some(error)) => error,
                _ if body.is_empty() => Content::Foreign("an empty body".to_owned()),
                _ => Content::Foreign(format!("{} bytes of {}", body.len(), self.media(headers))),
            },
            Err(Unanswered::TooLarge { limit }) => {
                Content::Foreign(format!("more than {limit} bytes of {}", self.media(headers)))
            }
            Err(_) => Content::Foreign("a body that broke off".to_owned()),
        })
    }

    /// What the body is said to be.
    fn media(&self, headers: &HeaderMap) -> String {
        let secrets = self.secrets.gather();
        let words = |name: HeaderName| Some(scrub(headers.get(name)?.to_str().ok()?.to_owned(), &secrets));
        let media = words(CONTENT_TYPE).unwrap_or("no type".to_owned());
        match words(CONTENT_ENCODING) {
            // The client asks for no compression, and undoes none.
            Some(encoding) => format!("{media} compressed as {encoding}"),
            None => media,
        }
    }

    /// The body; no more than `limit` bytes of it are held.
    async fn read(&self, response: &mut Response, limit: usize) -> Result<Vec<u8>, Unanswered> {
        let length = response.content_length().unwrap_or_default();
        // A length that is too much need not be waited for.
        if length > limit as u64 {
            return Err(Unanswered::TooLarge { limit });
        }
        // What is only announced takes no more memory than this.
        let mut body = Vec::with_capacity(usize::try_from(length).unwrap_or(limit).min(MOST_EXPECTED));
        let longest = self.limits.read_timeout;
        loop {
            match within(self.clock, longest, pin!(response.chunk())).await {
                None => return Err(Unanswered::Slow { limit: longest, of: "more of the answer" }),
                Some(Err(error)) => return Err(Unanswered::Transport(error)),
                Some(Ok(None)) => return Ok(body),
                Some(Ok(Some(chunk))) if chunk.len() > limit - body.len() => {
                    return Err(Unanswered::TooLarge { limit });
                }
                Some(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            }
        }
    }

    /// The error in a body, if it holds one of ONTAP's, or where it stops being a JSON object. A code that is a number, as
    /// old releases and some gateways write it, becomes a string; members of unforeseen types are left out.
    fn error(&self, body: &[u8]) -> Result<Option<Content>, String> {
        // Only this member is kept: the body of a success can be large.
        #[derive(serde::Deserialize)]
        struct Envelope {
            #[serde(default)]
            error: Value,
        }
        // An array would do for a structure otherwise.
        if body.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
            return Err("from its beginning on".to_owned());
        }
        let Envelope { error } = serde_json::from_slice(body)
            .map_err(|error| format!("from line {}, column {} on", error.line(), error.column()))?;
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        // A code is digits: not a place for a secret, nor for a short password to make another code of it.
        let is_code = |code: &String| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
        let (code, message) = (text(&error["code"]).filter(is_code), text(&error["message"]));
        if code.is_none() && message.is_none() {
            return Ok(None);
        }
        // ONTAP's messages can show the value that they refuse.
        let secrets = self.secrets.gather();
        let words = |value: &Value| text(value).map(|text| scrub(text, &secrets));
        let arguments: Vec<Value> = error["arguments"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|argument| json!({ "code": words(&argument["code"]), "message": words(&argument["message"]) }))
            .collect();
        let (message, target) = (words(&error["message"]), words(&error["target"]));
        Ok(Some(Content::Error {
            code: code.as_deref().map(ErrorCode::from),
            envelope: json!({ "error": { "code": code, "message": message, "target": target, "arguments": arguments } }),
        }))
    }
}

/// The job that the body names.
fn job(body: &[u8]) -> Option<Uuid> {
    #[derive(serde::Deserialize)]
    struct Accepted {
        job: Job,
    }
    #[derive(serde::Deserialize)]
    struct Job {
        uuid: Uuid,
    }
    serde_json::from_slice(body).ok().map(|Accepted { job: Job { uuid } }| uuid)
}
