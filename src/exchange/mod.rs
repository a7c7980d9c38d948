//! One call to the cluster: as many attempts as are safe and allowed, within one budget.

mod attempt;
mod body;
mod budget;
mod outcome;
pub(crate) mod query;
mod release;
mod response;
mod trace;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Request, StatusCode, Url};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::connect::connection::Connection;
use crate::connect::tokens::AuthorizationHeader;
use crate::error::{Error, ErrorKind, Result};
use crate::error_code::Operation;
use crate::model::body::{Body, DEFAULT_RETURN_TIMEOUT, LONGEST_RETURN_TIMEOUT};
use crate::model::secret::SecretKey;
use crate::redaction::scrub;
use crate::task::{self, Task};
use attempt::{attempt, spare_slot};
use body::Reader;
use query::Query;
use trace::Trace;

pub(crate) use budget::Budget;
pub use response::Response;

/// The longest URL that the HTTP library takes, in bytes.
const LONGEST_URL: usize = u16::MAX as usize - 1;

/// How much memory is set aside for a request's body, in bytes: a policy with all its fields.
const EXPECTED_BODY: usize = 512;

/// The way to a cluster, with what was set for this clone of the client. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Exchange {
    connection: Arc<Connection>,
    /// Sent with each request.
    pub(crate) headers: Arc<HeaderMap>,
    pub(crate) deadline: Duration,
}

impl Exchange {
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            headers: Arc::clone(&connection.headers),
            deadline: connection.retry.deadline,
            connection: Arc::new(connection),
        }
    }

    pub(crate) fn base(&self) -> &Url {
        &self.connection.base
    }

    /// Returns how many requests there may be at a time.
    pub(crate) fn concurrent_requests(&self) -> usize {
        self.connection.limits.concurrent_requests.max(1)
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.connection.clock.as_ref()
    }

    /// Starts a call.
    pub(crate) fn budget(&self) -> Budget {
        Budget::new(self.clock().now(), self.deadline)
    }

    /// Adds where it happened to an error.
    pub(crate) fn at_host(&self, error: Error) -> Error {
        error.at(Arc::clone(&self.connection.host))
    }

    /// Returns a text of the cluster's that can be shown.
    pub(crate) fn clean(&self, text: String, keys: &[&SecretKey]) -> String {
        let mut secrets = self.connection.authorization.secrets();
        secrets.extend(keys.iter().map(|key| Zeroizing::new(key.expose().to_owned())));
        scrub(text, &secrets)
    }

    /// Makes the request of an operation, without credentials.
    pub(crate) fn request(
        &self,
        operation: Operation,
        path: &str,
        query: &Query,
        body: Option<&impl Body>,
    ) -> Result<Request> {
        let placed = |error: Error| self.at_host(error.during(operation));
        let refused = |message: String| placed(not_sent(message));
        if let Some(release) = self.connection.release {
            release::check(release, operation, query, body).map_err(placed)?;
        }
        let mut url = self.connection.base.clone();
        url.set_path(&[url.path(), path].concat());
        query.write(&mut url).map_err(placed)?;
        let method = Method::from_bytes(operation.method().as_bytes()).map_err(|error| refused(error.to_string()))?;
        let mut request = self.bare(method, url).map_err(placed)?;
        if let Some(body) = body {
            let mut json = Vec::with_capacity(EXPECTED_BODY);
            serde_json::to_writer(&mut json, body).map_err(|error| refused(error.to_string()))?;
            if json == b"{}" {
                return Err(refused(format!("`{operation}` was given an empty body; nothing was sent")));
            }
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(json.into());
        }
        Ok(request)
    }

    /// Makes the request of a URL that a response named.
    pub(crate) fn get(&self, url: Url) -> Result<Request> {
        self.bare(Method::GET, url)
    }

    fn bare(&self, method: Method, url: Url) -> Result<Request> {
        let length = url.as_str().len();
        if length > LONGEST_URL {
            let message = format!("the URL has {length} bytes, and HTTP takes {LONGEST_URL}; nothing was sent");
            return Err(not_sent(message));
        }
        let mut request = Request::new(method, url);
        *request.headers_mut() = HeaderMap::clone(&self.headers);
        Ok(request)
    }

    /// Sends a request whose response has a body of this type.
    pub(crate) async fn send<T: DeserializeOwned + Send>(
        &self,
        operation: Operation,
        request: &Request,
        budget: &mut Budget,
    ) -> Result<Response<T>> {
        let mut value = None;
        let reader = &mut |bytes: &[u8]| {
            value = Some(body::decode(bytes)?);
            Ok(())
        };
        let response = self.run(operation, request, budget, reader).await?;
        // `run` is `Ok` only after the reader was.
        value
            .map(|value| response.with_body(value))
            .ok_or_else(|| Error::new(ErrorKind::UnexpectedResponse, "the body was not read"))
    }

    /// Sends a request whose response has no documented body.
    pub(crate) async fn send_for_nothing(
        &self,
        operation: Operation,
        request: &Request,
        budget: &mut Budget,
    ) -> Result<Response<()>> {
        self.run(operation, request, budget, &mut body::nothing).await
    }

    /// Sends a request. `reader` reads the body, so that this code is compiled once for all types of bodies.
    async fn run(
        &self,
        operation: Operation,
        request: &Request,
        budget: &mut Budget,
        reader: &mut Reader<'_>,
    ) -> Result<Response<()>> {
        task::runtime().map_err(|error| self.at_host(error.during(operation)))?;
        let trace = Trace::start(operation, request.url());
        let outcome = pin!(self.attempts(operation, request, budget, reader, &trace)).await;
        let placed = |error: Error| self.at_host(error.during(operation).after(budget.failures));
        trace.end(outcome.map_err(|error| placed(release::explain(operation, error))))
    }

    async fn attempts(
        &self,
        operation: Operation,
        request: &Request,
        budget: &mut Budget,
        reader: &mut Reader<'_>,
        trace: &Trace,
    ) -> Result<Response<()>> {
        let authorization = &self.connection.authorization;
        let (mut number, mut is_renewed, mut last) = (0, false, None::<Error>);
        let mut proof = authorization.proof().await;
        loop {
            number += 1;
            let outcome = match &proof {
                Ok(proof) => {
                    let attempt = pin!(self.attempt(operation, request, proof.as_ref(), *budget, reader));
                    // The error of an attempt says more than that there was no time for another one.
                    trace.attempt(number, self.clock(), attempt).await.map_err(|error| match last.take() {
                        Some(last) => last.noting(error.message()),
                        None => error,
                    })?
                }
                Err(error) => Err(error.clone()),
            };
            let mut error = match outcome {
                Ok(response) => return Ok(Response { attempts: budget.failures + 1, ..response }),
                Err(error) => error,
            };
            budget.fail(operation, &error);
            if let Ok(Some(refused)) = &proof
                && !is_renewed
                && error.status() == Some(StatusCode::UNAUTHORIZED)
            {
                match authorization.renewed(refused).await {
                    Ok(Some(new)) => {
                        (proof, is_renewed, last) = (Ok(Some(new)), true, Some(error));
                        continue;
                    }
                    Ok(None) => {}
                    Err(failure) => error = failure,
                }
            }
            let pause = error.verdict().allows_repeating(operation).then(|| self.pause(budget, &error)).flatten();
            let Some(pause) = pause else { return Err(error) };
            trace.pause(number, pause);
            self.clock().sleep(pause).await;
            last = Some(error);
            proof = authorization.proof().await;
        }
    }

    /// Makes one attempt.
    ///
    /// # Errors
    /// The outer error: nothing was sent. The inner error: no response came, or one of failure.
    async fn attempt(
        &self,
        operation: Operation,
        request: &Request,
        proof: Option<&AuthorizationHeader>,
        budget: Budget,
        reader: &mut Reader<'_>,
    ) -> Result<Result<Response<()>>> {
        let sent = copy(request, proof)?;
        let collecting = return_timeout(request, operation);
        // In a box: the future of a call is less than half as large so, and moving it costs more than the memory.
        let attempt = |slot| Box::pin(attempt(Arc::clone(&self.connection), slot, sent, collecting, budget));
        // Other calls would wait for a slot whose future nobody polls. An attempt that waits, or has the last slot, therefore
        // runs in a task of its own.
        let received = match spare_slot(&self.connection) {
            Some(slot) => attempt(Some(slot)).await,
            None => Task::start(attempt(None))?.await.unwrap_or_else(|stopped| Ok(Err(stopped))),
        };
        Ok(received?.and_then(|received| self.connection.judge(request, received, reader)))
    }

    /// Returns how long to wait before the next attempt of the call, if there may be one.
    pub(crate) fn pause(&self, budget: &Budget, error: &Error) -> Option<Duration> {
        let left = budget.left(self.clock());
        self.connection.retry.pause(budget.failures, left, error.retry_after(), fastrand::f64())
    }

    /// Returns the pause before the request after the `number`th that was good for nothing, if the call has time for it.
    pub(crate) fn backoff(&self, budget: &Budget, number: u32) -> Option<Duration> {
        self.connection.retry.backoff(number, budget.left(self.clock()), fastrand::f64())
    }
}

/// Returns how long ONTAP may collect records before it answers.
fn return_timeout(request: &Request, operation: Operation) -> Duration {
    let asked = request.url().query_pairs().find(|(name, _)| name == "return_timeout");
    let seconds = match asked {
        Some((_, seconds)) => seconds.parse().unwrap_or(LONGEST_RETURN_TIMEOUT),
        None if operation.has_return_timeout() => DEFAULT_RETURN_TIMEOUT,
        None => 0,
    };
    // ONTAP refuses a longer one; an endless wait must not come of it.
    Duration::from_secs(seconds.min(LONGEST_RETURN_TIMEOUT))
}

/// Copies a request, and adds credentials.
fn copy(request: &Request, proof: Option<&AuthorizationHeader>) -> Result<Request> {
    // None of our bodies is a stream, which alone cannot be copied.
    let mut copy = request.try_clone().ok_or_else(|| not_sent("the body is a stream"))?;
    if let Some(proof) = proof {
        copy.headers_mut().insert(AUTHORIZATION, proof.header.clone());
    }
    Ok(copy)
}

fn not_sent(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, why)
}

/// No header is shown.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("url", &self.connection.base.as_str()).finish_non_exhaustive()
    }
}
