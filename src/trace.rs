//! What can be seen of requests: a span for each operation, an event for each attempt.
//!
//! Names are those of OpenTelemetry's semantic conventions for HTTP clients, where they have one. Neither bodies nor
//! headers nor queries are recorded: they hold keys, credentials, and what is being looked for.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::{Response, Url};
use tracing::{Instrument as _, Span, debug, field, info, info_span};

use crate::answer::Settled;
use crate::attempt::Unanswered;
use crate::clock::Clock;
use crate::error_code::Operation;

/// The trace of one operation.
pub(crate) struct Trace {
    span: Span,
}

impl Trace {
    pub(crate) fn start(operation: Operation, url: &Url) -> Self {
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

    /// Runs an attempt inside the span, and tells what came of it.
    pub(crate) async fn attempt(
        &self,
        number: u32,
        clock: &dyn Clock,
        attempt: Pin<&mut impl Future<Output = Result<Settled, Unanswered>>>,
    ) -> Result<Settled, Unanswered> {
        let started = clock.now();
        let outcome = attempt.instrument(self.span.clone()).await;
        let milliseconds = clock.now().saturating_duration_since(started).as_millis();
        let duration_ms = u64::try_from(milliseconds).unwrap_or(u64::MAX);
        self.span.record("http.request.resend_count", number - 1);
        self.span.in_scope(|| match &outcome {
            Ok(Settled { response, code }) => {
                let status = response.status().as_u16();
                let code = code.as_ref().map(|code| code.as_str());
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
            Err(unanswered) => {
                let error = unanswered.name();
                self.span.record("error.type", error);
                debug!(attempt = number, error.type = error, duration_ms, "not answered");
            }
        });
        outcome
    }

    /// Tells that there will be another attempt.
    pub(crate) fn pause(&self, number: u32, pause: Duration) {
        let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        self.span.in_scope(|| info!(attempt = number, pause_ms, "trying again after a pause"));
    }

    /// Ends the span with what the caller gets.
    pub(crate) fn end(self, outcome: reqwest::Result<Response>) -> reqwest::Result<Response> {
        if let Ok(response) = &outcome {
            let status = response.status();
            if status.is_client_error() || status.is_server_error() {
                self.span.record("error.type", status.as_str());
            }
        }
        outcome
    }
}
