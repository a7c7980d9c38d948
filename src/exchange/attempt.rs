//! One attempt: a request goes out, and a response is read whole.

use std::pin::pin;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Request, StatusCode};
use tokio::sync::SemaphorePermit;

use super::body::Reader;
use super::budget::Budget;
use super::outcome::{is_failure, no_slot, slow, too_large, too_late, transport};
use super::response::Response;
use crate::clock::within;
use crate::connect::connection::Connection;
use crate::error::Result;
use crate::error_code::Operation;
use crate::limits::Limits;
use crate::model::body::{DEFAULT_RETURN_TIMEOUT, LONGEST_RETURN_TIMEOUT};
use crate::retry::retry_after;

/// How much memory is set aside for a body because of its `Content-Length`, in bytes: a page of a thousand policies with
/// all their fields.
const MOST_EXPECTED: usize = 1 << 20;

/// The status and the headers of a response.
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) attempts: u32,
}

impl Head {
    pub(super) fn with_body<T>(self, body: T) -> Response<T> {
        Response { status: self.status, headers: self.headers, body, attempts: self.attempts }
    }
}

impl Connection {
    /// Waits for a slot, no longer than what is left of the call.
    pub(super) async fn slot(&self, budget: &Budget) -> Result<Option<SemaphorePermit<'_>>> {
        let clock = self.clock.as_ref();
        let in_time = |left: Duration| if left.is_zero() { Err(too_late(budget.deadline)) } else { Ok(left) };
        let left = in_time(budget.left(clock))?;
        let slot = within(clock, left, pin!(self.slots.acquire())).await;
        let slot = slot.ok_or_else(|| no_slot(budget.deadline, self.limits.concurrent_requests))?;
        in_time(budget.left(clock))?;
        // The semaphore is never closed; if it were, its limit would be gone and no request lost.
        Ok(slot.ok())
    }

    /// Awaits the response, and reads it, within the limits and what is left of the call.
    pub(super) async fn attempt(
        &self,
        sending: impl Future<Output = reqwest::Result<reqwest::Response>>,
        request: &Request,
        operation: Operation,
        budget: &Budget,
        reader: &mut Reader<'_>,
    ) -> Result<Head> {
        let clock = self.clock.as_ref();
        let Limits { connect_timeout, read_timeout, timeout, .. } = self.limits;
        let collecting = return_timeout(request, operation);
        let left = budget.left(clock);
        let whole = timeout.min(left).saturating_add(collecting);
        let first = connect_timeout.saturating_add(read_timeout).saturating_add(collecting);
        let exchange = pin!(async {
            let response = within(clock, first, pin!(sending)).await;
            let mut response = response.ok_or_else(|| slow("an answer", first))?.map_err(transport)?;
            let status = response.status();
            let body = match status {
                _ if status.is_success() => self.read(&mut response, self.limits.success_bytes).await,
                _ if is_failure(status) => self.read(&mut response, self.limits.failure_bytes).await,
                // A redirection: the body says nothing that the status does not.
                _ => Ok(Vec::new()),
            };
            // There is no `.await` below, which keeps the future small.
            let headers = std::mem::take(response.headers_mut());
            match self.judge(request, status, &headers, body, reader) {
                Ok(()) => Ok(Head { status, headers, attempts: 0 }),
                Err(error) => Err(error.retried_after(retry_after(&headers, clock.system_time()))),
            }
        });
        let what = if left < timeout { "a whole answer before the deadline of the call" } else { "a whole answer" };
        within(clock, whole, exchange).await.unwrap_or_else(|| Err(slow(what, whole)))
    }

    /// Reads the body; no more than `limit` bytes of it are held.
    async fn read(&self, response: &mut reqwest::Response, limit: usize) -> Result<Vec<u8>> {
        let length = response.content_length().unwrap_or_default();
        // A length that is too much need not be waited for.
        if length > limit as u64 {
            return Err(too_large(limit));
        }
        let mut body = Vec::with_capacity(usize::try_from(length).unwrap_or(limit).min(MOST_EXPECTED));
        let longest = self.limits.read_timeout;
        loop {
            match within(self.clock.as_ref(), longest, pin!(response.chunk())).await {
                None => return Err(slow("more of the answer", longest)),
                Some(Err(error)) => return Err(transport(error)),
                Some(Ok(None)) => return Ok(body),
                Some(Ok(Some(chunk))) if chunk.len() > limit - body.len() => return Err(too_large(limit)),
                Some(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            }
        }
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
