//! Judging a response by its status and its body, and the errors of requests without a response.

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use reqwest::{Body, Request, StatusCode};
use zeroize::Zeroizing;

use super::body::{OntapError, Reader, Unreadable, accepted, approval, envelope};
use super::response::{Received, Response};
use crate::connect::connection::Connection;
use crate::connect::tls;
use crate::error::{Error, ErrorArgument, ErrorKind, Result};
use crate::model::body::Secrets;
use crate::redaction::scrub;
use crate::retry::retry_after;
use crate::retry::verdict::Verdict;

impl Connection {
    /// Tells a success from a failure, whatever stands between the client and the cluster.
    pub(super) fn judge(&self, request: &Request, received: Received, reader: &mut Reader<'_>) -> Result<Response<()>> {
        let Received { status, headers, body, has_run_out } = received;
        match self.read(request, status, &headers, body, reader) {
            Ok(()) => Ok(Response { status, headers, body: (), attempts: 0, has_run_out }),
            Err(error) => Err(error.retried_after(retry_after(&headers, self.clock.system_time()))),
        }
    }

    fn read(
        &self,
        request: &Request,
        status: StatusCode,
        headers: &HeaderMap,
        body: Result<Vec<u8>>,
        reader: &mut Reader<'_>,
    ) -> Result<()> {
        let unexpected = |message: String| Error::new(ErrorKind::UnexpectedResponse, message).with_status(status);
        let foreign = |what: String| unexpected(format!("the response is not ONTAP's: {what}"));
        let media = || self.media(request, headers);
        if status.is_success() {
            let body = body.map_err(|error| match error.kind() {
                ErrorKind::UnexpectedResponse => error.with_status(status),
                _ => error,
            })?;
            let body = if body.trim_ascii().is_empty() { b"{}" } else { body.as_slice() };
            let bytes = body.len();
            let read = if status == StatusCode::ACCEPTED { begun(body, headers) } else { reader(body).map(|()| None) };
            return match read {
                Ok(None) => Ok(()),
                Ok(Some(begun)) => Err(begun.with_status(status)),
                Err(Unreadable::Refusal(error)) => Err(self.refusal(request, status, error)),
                Err(Unreadable::NotJson { line, column }) => {
                    let what =
                        format!("{bytes} bytes of {}, no JSON object from line {line}, column {column} on", media());
                    Err(foreign(what))
                }
                Err(Unreadable::OtherForm { line, column }) => {
                    let what = format!("({bytes} bytes; at line {line}, column {column})");
                    Err(unexpected(format!("the response is not what ONTAP documents {what}")))
                }
            };
        }
        if !is_failure(status) {
            return Err(unexpected(
                match headers.contains_key(LOCATION) {
                    true => "the response is a redirect, and redirects are not followed; use the cluster's management address",
                    false => "ONTAP does not use this status",
                }
                .to_owned(),
            ));
        }
        // A body that cannot be read takes nothing from the status.
        Err(match body {
            // ONTAP's messages can show a value that is not UTF-8, which takes nothing from the code.
            Ok(body) => match envelope(String::from_utf8_lossy(&body).as_bytes()).ok().and_then(|it| it.error()) {
                Some(error) => self.refusal(request, status, error),
                None if body.is_empty() => foreign("an empty body".to_owned()),
                None => foreign(format!("{} bytes of {}", body.len(), media())),
            },
            Err(error) if error.kind() == ErrorKind::UnexpectedResponse => {
                foreign(format!("more than {} bytes of {}", self.limits.failure_bytes, media()))
            }
            Err(_) => foreign("a body that broke off".to_owned()),
        })
    }

    /// Makes an error of ONTAP's one of ours. ONTAP's messages can show the value that they refuse.
    fn refusal(&self, request: &Request, status: StatusCode, error: OntapError) -> Error {
        let secrets = self.secrets(request);
        let clean = |text: Option<String>| text.map(|text| scrub(text, &secrets));
        let OntapError { code, message, target, arguments } = error;
        let arguments = arguments.into_iter();
        let arguments: Vec<_> =
            arguments.map(|(code, message)| ErrorArgument { code: clean(code), message: clean(message) }).collect();
        let mut refusal = Error::new(ErrorKind::Api, clean(message).unwrap_or_default())
            .with_status(status)
            .with_arguments(arguments);
        if let Some(code) = code {
            refusal = refusal.with_code(code.as_str());
        }
        match clean(target) {
            Some(target) => refusal.with_target(target),
            None => refusal,
        }
    }

    /// Returns what the body is said to be.
    fn media(&self, request: &Request, headers: &HeaderMap) -> String {
        let secrets = self.secrets(request);
        let words = |name: HeaderName| Some(scrub(headers.get(name)?.to_str().ok()?.to_owned(), &secrets));
        let media = words(CONTENT_TYPE).unwrap_or("no type".to_owned());
        match words(CONTENT_ENCODING) {
            // The client asks for no compression, and undoes none.
            Some(encoding) => format!("{media} compressed as {encoding}"),
            None => media,
        }
    }

    /// Gathers the secrets that a response could repeat. Most responses have no text to clean, so that they are gathered
    /// only when one has.
    fn secrets(&self, request: &Request) -> Vec<Zeroizing<String>> {
        let mut secrets = self.authorization.secrets();
        let body = request.body().and_then(Body::as_bytes).unwrap_or_default();
        let Secrets(keys) = serde_json::from_slice(body).unwrap_or_default();
        secrets.extend(keys.into_iter().map(|key| Zeroizing::new(key.expose().to_owned())));
        secrets
    }
}

/// Returns what a 202 response says. A job that has begun can still fail: a caller who takes it for done relies on a
/// policy that is not there.
fn begun(body: &[u8], headers: &HeaderMap) -> std::result::Result<Option<Error>, Unreadable> {
    let envelope = accepted(body)?;
    let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
    Ok(Some(match (envelope.job(), approval(body, location)) {
        (Some(job), _) => {
            let message =
                format!("the cluster has started job {job} for the operation, and does not say that the job is done");
            Error::new(ErrorKind::UnexpectedResponse, message)
        }
        (None, Some(request)) => {
            let message = format!(
                "nothing was done: multi-admin verification is on, and an administrator has to approve request \
                 {request} (`security multi-admin-verify request approve {request}`); then make the call again"
            );
            let argument = ErrorArgument { code: Some("index".to_owned()), message: Some(request.to_string()) };
            Error::new(ErrorKind::ApprovalRequired, message).with_arguments([argument])
        }
        (None, None) => {
            let message = "the cluster has started the operation, and does not say that it is done; or multi-admin \
                 verification is on, and an administrator has to approve it (`security multi-admin-verify request show`)";
            Error::new(ErrorKind::UnexpectedResponse, message)
        }
    }))
}

pub(super) fn is_failure(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

pub(super) fn too_large(limit: usize) -> Error {
    let message = format!("the response is larger than {limit} bytes; see `ClientBuilder::max_response_bytes`");
    Error::new(ErrorKind::UnexpectedResponse, message)
}

pub(super) fn slow(what: &str, limit: Duration) -> Error {
    Error::new(ErrorKind::Transport, format!("{what} did not come within {} s", limit.as_secs_f64())).timed_out()
}

pub(super) fn too_late(deadline: Duration) -> Error {
    let message = format!("the call exceeded its deadline ({} s; see `RetryPolicy::deadline`)", deadline.as_secs_f64());
    Error::new(ErrorKind::Transport, message).judged(Verdict::NotDone).timed_out()
}

pub(super) fn no_slot(deadline: Duration, requests: usize) -> Error {
    let message = format!(
        "the call waited for other requests of the client until its deadline ({} s; see `RetryPolicy::deadline`); \
         `max_concurrent_requests` is {requests}",
        deadline.as_secs_f64()
    );
    Error::new(ErrorKind::Transport, message).judged(Verdict::NotDone).timed_out()
}

/// Makes an error of the HTTP library one of ours.
pub(super) fn transport(error: reqwest::Error) -> Error {
    let explanation = tls::explanation(&error);
    let (connecting, slow) = (error.is_connect(), error.is_timeout());
    let message = if slow {
        "no connection in time"
    } else if connecting {
        "no connection to the cluster"
    } else if error.is_builder() {
        return Error::new(ErrorKind::InvalidRequest, "the HTTP library refused the request")
            .caused_by(error.without_url());
    } else {
        "the connection broke before the response was whole"
    };
    // A certificate that is not trusted is no better the next time.
    let verdict = match (&explanation, connecting) {
        (Some(_), _) => Verdict::Final,
        (None, true) => Verdict::NotDone,
        (None, false) => Verdict::Lost,
    };
    // The query of the URL says what is being looked for.
    let error = error.without_url();
    let mut root: &dyn StdError = &error;
    while let Some(cause) = root.source() {
        root = cause;
    }
    let message = format!("{message}: {}", explanation.unwrap_or_else(|| root.to_string()));
    let transport = Error::new(ErrorKind::Transport, message).caused_by(error).judged(verdict);
    if slow { transport.timed_out() } else { transport }
}
