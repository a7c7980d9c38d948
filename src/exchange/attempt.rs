//! One attempt: a request goes out, and a response is read whole.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Request;
use tokio::sync::OwnedSemaphorePermit;

use super::budget::Budget;
use super::outcome::{is_failure, no_slot, slow, too_large, too_late, transport};
use super::response::Received;
use crate::clock::within;
use crate::connect::connection::Connection;
use crate::error::Result;
use crate::limits::Limits;

/// How much memory is set aside for a body because of its `Content-Length`, in bytes: a page of a thousand policies with
/// all their fields.
const MOST_EXPECTED: usize = 1 << 20;

/// How much earlier than after its `return_timeout` ONTAP may have given up.
const TOLERANCE: Duration = Duration::from_millis(500);

/// Sends the request and reads the response, within the limits and the rest of the call's time. Without `slot`, `attempt`
/// waits for one first. ONTAP may collect records for `collecting` before it answers.
///
/// # Errors
/// The outer error: nothing was sent. The inner error: no response came.
pub(super) async fn attempt(
    connection: Arc<Connection>,
    slot: Option<OwnedSemaphorePermit>,
    request: Request,
    collecting: Duration,
    budget: Budget,
) -> Result<Result<Received>> {
    let _slot = match slot {
        Some(slot) => slot,
        None => self::slot(&connection, &budget).await?,
    };
    let clock = connection.clock.as_ref();
    let Limits { connect_timeout, read_timeout, timeout, .. } = connection.limits;
    let left = budget.left(clock);
    if left.is_zero() {
        return Err(too_late(budget.deadline));
    }
    let limit = timeout.saturating_add(collecting);
    let whole = limit.min(left);
    let first = connect_timeout.saturating_add(read_timeout).saturating_add(collecting);
    let started = clock.now();
    let sending = connection.http.execute(request);
    let exchange = pin!(async {
        let response = within(clock, first, pin!(sending)).await;
        let mut response = response.ok_or_else(|| slow("a response", first))?.map_err(transport)?;
        let status = response.status();
        let body = match status {
            _ if status.is_success() => read(&connection, &mut response, connection.limits.success_bytes).await,
            _ if is_failure(status) => read(&connection, &mut response, connection.limits.failure_bytes).await,
            // A redirection: the body says nothing that the status does not.
            _ => Ok(Vec::new()),
        };
        let took = clock.now().saturating_duration_since(started);
        let has_run_out = !collecting.is_zero() && took + TOLERANCE >= collecting;
        Ok(Received { status, headers: std::mem::take(response.headers_mut()), body, has_run_out })
    });
    let what = if left < limit { "a whole response before the deadline of the call" } else { "a whole response" };
    Ok(within(clock, whole, exchange).await.unwrap_or_else(|| Err(slow(what, whole))))
}

/// Returns a slot that is free, unless it is the last.
pub(super) fn spare_slot(connection: &Connection) -> Option<OwnedSemaphorePermit> {
    let slot = Arc::clone(&connection.slots).try_acquire_owned().ok()?;
    (connection.slots.available_permits() > 0).then_some(slot)
}

/// Waits for a slot, no longer than what is left of the call.
async fn slot(connection: &Connection, budget: &Budget) -> Result<OwnedSemaphorePermit> {
    let left = budget.left(connection.clock.as_ref());
    let slot = within(connection.clock.as_ref(), left, pin!(Arc::clone(&connection.slots).acquire_owned())).await;
    // The semaphore is never closed.
    slot.and_then(|slot| slot.ok()).ok_or_else(|| no_slot(budget.deadline, connection.limits.concurrent_requests))
}

/// Reads the body; no more than `limit` bytes of it are held.
async fn read(connection: &Connection, response: &mut reqwest::Response, limit: usize) -> Result<Vec<u8>> {
    let length = response.content_length().unwrap_or_default();
    // A length that is too much need not be waited for.
    if length > limit as u64 {
        return Err(too_large(limit));
    }
    let mut body = Vec::with_capacity(usize::try_from(length).unwrap_or(limit).min(MOST_EXPECTED));
    let longest = connection.limits.read_timeout;
    loop {
        match within(connection.clock.as_ref(), longest, pin!(response.chunk())).await {
            None => return Err(slow("more of the response", longest)),
            Some(Err(error)) => return Err(transport(error)),
            Some(Ok(None)) => return Ok(body),
            Some(Ok(Some(chunk))) if chunk.len() > limit - body.len() => return Err(too_large(limit)),
            Some(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
        }
    }
}
