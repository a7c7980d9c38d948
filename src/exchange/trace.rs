//! Traces of requests: a span for each operation, an event for each attempt.
//!
//! Names are those of OpenTelemetry's semantic conventions for HTTP clients, where they have one. Neither bodies nor
//! headers nor queries are recorded: they hold keys, credentials, and what is being looked for.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::Url;
use tracing::{Instrument as _, Span, debug, field, info, info_span};

use super::response::Response;
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::error_code::Operation;
use crate::retry::verdict::Verdict;

/// The trace of one request, with its repetitions.
pub(super) struct Trace {
    span: Span,
}

impl Trace {
    pub(super) fn start(operation: Operation, url: &Url) -> Self {
        let span = info_span!(
            "ontap_ipsec",
            otel.kind = "client",
            otel.name = %format_args!("{} {}", operation.method(), operation.path()),
            ontap.operation = operation.id(),
            http.request.method = operation.method(),
            url.template = operation.path(),
            server.address = url.host_str().unwrap_or_default(),
            server.port = url.port_or_known_default(),
            http.response.status_code = field::Empty,
            http.request.resend_count = field::Empty,
            ontap.error.code = field::Empty,
            error.type = field::Empty,
        );
        Self { span }
    }

    /// Runs an attempt inside the span, and tells what came of it, unless nothing was sent. The duration has the wait for a
    /// slot in it.
    pub(super) async fn attempt(
        &self,
        number: u32,
        clock: &dyn Clock,
        attempt: Pin<&mut impl Future<Output = Result<Result<Response<()>>>>>,
    ) -> Result<Result<Response<()>>> {
        let started = clock.now();
        let outcome = attempt.instrument(self.span.clone()).await?;
        let milliseconds = clock.now().saturating_duration_since(started).as_millis();
        let duration_ms = u64::try_from(milliseconds).unwrap_or(u64::MAX);
        self.span.record("http.request.resend_count", number - 1);
        let (status, code) = match &outcome {
            Ok(response) => (Some(response.status), None),
            Err(error) => (error.status(), error.code().map(|code| code.as_str())),
        };
        self.span.in_scope(|| match (status, &outcome) {
            (None, Err(error)) => {
                let error = name(error);
                self.span.record("error.type", error);
                debug!(attempt = number, error.type = error, duration_ms, "not answered");
            }
            _ => {
                let status = status.map(|status| status.as_u16());
                self.span.record("http.response.status_code", status);
                self.span.record("ontap.error.code", code);
                debug!(
                    attempt = number,
                    http.response.status_code = status,
                    ontap.error.code = code,
                    duration_ms,
                    "answered"
                );
            }
        });
        Ok(outcome)
    }

    /// Tells that there will be another attempt.
    pub(super) fn pause(&self, number: u32, pause: Duration) {
        let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        self.span.in_scope(|| info!(attempt = number, pause_ms, "trying again after a pause"));
    }

    /// Ends the span with what the caller gets.
    pub(super) fn end<T>(self, outcome: Result<T>) -> Result<T> {
        if let Err(error) = &outcome {
            match error.status() {
                Some(status) => self.span.record("error.type", status.as_str()),
                None => self.span.record("error.type", name(error)),
            };
        }
        outcome
    }
}

/// Returns what kind of failure it is, in a word.
fn name(error: &Error) -> &'static str {
    match (error.kind(), error.verdict()) {
        _ if error.is_timeout() => "timeout",
        (ErrorKind::Transport, Verdict::Lost) => "connection",
        (ErrorKind::Transport, _) => "connect",
        _ => "request",
    }
}
