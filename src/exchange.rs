//! What becomes of one request of the bindings: as many attempts as are safe and allowed, and one answer.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Request, Response, StatusCode};
use tokio::sync::Semaphore;

use crate::answer::{ATTEMPTS, Settled};
use crate::attempt::{Unanswered, attempt};
use crate::clock::Clock;
use crate::credentials::Authorization;
use crate::error::{Error, carrying};
use crate::error_code::Operation;
use crate::limits::Limits;
use crate::retry::{RetryPolicy, Verdict, retry_after};
use crate::trace::Trace;

/// What all requests of a client share.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) authorization: Authorization,
    pub(crate) limits: Limits,
    pub(crate) retry: RetryPolicy,
    pub(crate) clock: Arc<dyn Clock>,
    /// One permit for each request that may be on its way.
    pub(crate) slots: Semaphore,
}

/// How far a call is, over all its requests.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    attempts: AtomicU32,
}

impl Progress {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        Self { started: clock.now(), attempts: AtomicU32::new(0) }
    }

    /// How many attempts there were.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }
}

/// What came of an attempt.
type Outcome = Result<Settled, Unanswered>;

impl Exchange {
    /// The answer to the request, or an error of the client's in one of reqwest's: see [`carrying`].
    pub(crate) async fn run(
        &self,
        http: &reqwest::Client,
        request: &mut Request,
        operation: Operation,
        progress: &Progress,
    ) -> reqwest::Result<Response> {
        let trace = Trace::start(operation, request.url());
        let mut header = match self.authorization.header().await {
            Ok(header) => header,
            Err(error) => return trace.end(carrying(error.during(operation)).await),
        };
        // Whether an attempt so far may have been carried out, and whether the credentials were renewed.
        let (mut doubtful, mut renewed) = (false, false);
        loop {
            if let Some(header) = &header {
                request.headers_mut().insert(AUTHORIZATION, header.clone());
            }
            let number = progress.attempts.fetch_add(1, Ordering::Relaxed) + 1;
            // Its memory serves what comes after it as well.
            let outcome = {
                let attempt = pin!(self.once(http, request, operation));
                trace.attempt(number, self.clock.as_ref(), attempt).await
            };
            if !renewed && let Some(new) = self.renewed(&outcome, header.as_ref()).await {
                match new {
                    Ok(new) => (header, renewed) = (Some(new), true),
                    Err(error) => return trace.end(carrying(error.during(operation).after(number)).await),
                }
                continue;
            }
            if doubtful && operation == Operation::IpsecPolicyDelete && is_missing(&outcome) {
                // It is gone because an earlier attempt was carried out.
                return trace.end(Ok(::http::Response::new("{}").into()));
            }
            let verdict = verdict(&outcome);
            doubtful |= verdict.is_doubtful();
            let wait = outcome.as_ref().ok().and_then(|settled| {
                let headers = settled.response.headers();
                retry_after(headers, self.clock.system_time())
            });
            let pause = verdict.allows_repeating(operation).then(|| self.pause(progress, wait)).flatten();
            let Some(pause) = pause else {
                return trace.end(finish(outcome, operation, number).await);
            };
            trace.pause(number, pause);
            self.clock.sleep(pause).await;
        }
    }

    /// How long to wait before the next attempt of the call, if there may be one.
    pub(crate) fn pause(&self, progress: &Progress, wait: Option<Duration>) -> Option<Duration> {
        let elapsed = self.clock.now().saturating_duration_since(progress.started);
        self.retry.pause(progress.attempts(), elapsed, wait, fastrand::f64())
    }

    async fn once(&self, http: &reqwest::Client, request: &Request, operation: Operation) -> Outcome {
        // The semaphore is never closed; if it were, its limit would be gone and no request lost.
        let _slot = self.slots.acquire().await.ok();
        attempt(http, request, operation, self.limits, self.clock.as_ref(), &self.authorization).await
    }

    /// The header to try again with, if the answer is that the one sent is not good (any more), and there is another.
    async fn renewed(&self, outcome: &Outcome, sent: Option<&HeaderValue>) -> Option<Result<HeaderValue, Error>> {
        let refused = outcome.as_ref().is_ok_and(|settled| settled.response.status() == StatusCode::UNAUTHORIZED);
        if !refused {
            return None;
        }
        self.authorization.renewed(sent?).await.transpose()
    }
}

/// What the bindings get in the end.
async fn finish(outcome: Outcome, operation: Operation, attempts: u32) -> reqwest::Result<Response> {
    match outcome {
        Ok(Settled { mut response, .. }) => {
            response.headers_mut().insert(ATTEMPTS, attempts.into());
            Ok(response)
        }
        Err(unanswered) => carrying(Error::from(unanswered).during(operation).after(attempts)).await,
    }
}

fn verdict(outcome: &Outcome) -> Verdict {
    match outcome {
        Ok(Settled { response, code }) => Verdict::of_answer(response.status(), code.as_ref()),
        Err(unanswered) => unanswered.verdict(),
    }
}

/// Whether the answer is ONTAP's that there is no such policy.
fn is_missing(outcome: &Outcome) -> bool {
    outcome.as_ref().is_ok_and(|settled| settled.code.as_ref().is_some_and(|code| code.as_str() == "4"))
}
