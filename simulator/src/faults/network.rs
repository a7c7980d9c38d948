//! Applies faults of the network and of a proxy in front of the cluster.

use std::{
    convert::Infallible,
    future::{Future, pending, ready},
    io,
    time::Duration,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER},
    },
    response::Response,
};
use futures_util::{StreamExt as _, stream};
use tokio::time::sleep;

use crate::faults::FaultId;

/// The effect of a network fault, other than a delay.
#[derive(Clone, Debug)]
pub(crate) enum NetworkFault {
    SlowBody { pause: Duration, piece: u64 },
    Reset { after_work: bool },
    Truncated { bytes: Option<u64> },
    WrongLength { bytes: u64 },
    Unavailable { status: StatusCode, retry_after: Option<u32>, empty: bool, after_work: bool },
    Redirect { status: StatusCode, location: HeaderValue },
}

/// The time to let a part of a body reach the client before the connection breaks.
const ON_ITS_WAY: Duration = Duration::from_millis(5);

/// The network faults that apply to one request.
#[derive(Debug)]
pub(crate) struct NetworkFaults {
    /// The fault to record: the first one that is no delay, or the first delay.
    pub(crate) id: FaultId,
    pub(crate) before: Duration,
    pub(crate) after: Duration,
    pub(crate) fault: Option<NetworkFault>,
}

/// Marks a response that is not sent: the connection is reset, or with HTTP/2 the stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoResponse;

impl NetworkFaults {
    /// Tells whether the fault also makes the body slow or incomplete, so that the connection is silent.
    pub(crate) fn stays_silent(&self) -> bool {
        matches!(self.fault, Some(NetworkFault::SlowBody { .. } | NetworkFault::WrongLength { .. }))
    }

    /// Returns the response for the client. The response's extensions hold the number of the fault, unless the fault is
    /// a delay.
    pub(crate) async fn apply(self, work: impl Future<Output = Response>) -> Response {
        sleep_at_all(self.before).await;
        let response = match self.fault {
            None => work.await,
            Some(fault) => {
                let mut response = fault.apply(work).await;
                response.extensions_mut().insert(self.id);
                response
            }
        };
        sleep_at_all(self.after).await;
        response
    }
}

impl NetworkFault {
    async fn apply(self, work: impl Future<Output = Response>) -> Response {
        match self {
            Self::SlowBody { pause, piece } => {
                let piece = usize::try_from(piece).unwrap_or(usize::MAX);
                with_body(work.await, |body| (body.len() as u64, in_pieces(body, piece, pause))).await
            }
            Self::Reset { after_work } => {
                if after_work {
                    work.await;
                }
                let mut response = Response::new(Body::empty());
                response.extensions_mut().insert(NoResponse);
                response
            }
            Self::Truncated { bytes } => {
                with_body(work.await, |body| {
                    let kept = bytes.map_or(body.len() / 2, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
                    let part = body.slice(..kept.min(body.len()));
                    (body.len() as u64, broken_off(part, kept < body.len()))
                })
                .await
            }
            Self::WrongLength { bytes } => {
                with_body(work.await, |body| {
                    let announced = (body.len() as u64).saturating_add(bytes);
                    let silence = stream::once(pending::<Result<Bytes, Infallible>>());
                    (announced, Body::from_stream(stream::once(ready(Ok(body))).chain(silence)))
                })
                .await
            }
            Self::Unavailable { status, retry_after, empty, after_work } => {
                if after_work {
                    work.await;
                }
                page(status, retry_after, empty)
            }
            Self::Redirect { status, location } => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = status;
                response.headers_mut().insert(LOCATION, location);
                response
            }
        }
    }
}

/// Sleeps, but returns at once for a zero duration: Tokio's `sleep` would wait up to a millisecond.
async fn sleep_at_all(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

/// Replaces the body and `Content-Length` of a response. `change` gets the whole body.
async fn with_body(response: Response, change: impl FnOnce(Bytes) -> (u64, Body)) -> Response {
    let (parts, body) = response.into_parts();
    // Bodies of this simulator are in memory, so reading them cannot fail.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut response = Response::from_parts(parts, Body::empty());
    // An empty body stays as it is: a response to HEAD keeps its `Content-Length`.
    if !body.is_empty() {
        let (announced, body) = change(body);
        response.headers_mut().insert(CONTENT_LENGTH, announced.into());
        *response.body_mut() = body;
    }
    response
}

/// Sends the body in pieces of `piece` bytes, with a pause before each.
fn in_pieces(body: Bytes, piece: usize, pause: Duration) -> Body {
    Body::from_stream(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        sleep(pause).await;
        let next = rest.split_to(piece.min(rest.len()));
        Some((Ok::<_, Infallible>(next), rest))
    }))
}

/// Sends the body. If it is incomplete, the connection then breaks, or with HTTP/2 the stream.
fn broken_off(body: Bytes, is_part: bool) -> Body {
    let end = stream::once(async {
        // An error at once would also drop the bytes that are not sent yet.
        sleep(ON_ITS_WAY).await;
        Err(io::Error::other("a fault cut the body short"))
    });
    Body::from_stream(stream::once(ready(Ok(body))).chain(end).take(if is_part { 2 } else { 1 }))
}

fn page(status: StatusCode, retry_after: Option<u32>, empty: bool) -> Response {
    let reason = status.canonical_reason().unwrap_or("Error");
    let mut response = Response::new(if empty {
        Body::empty()
    } else {
        Body::from(format!(
            "<!DOCTYPE html>\n<html><head><title>{0} {reason}</title></head>\n<body><h1>{0} {reason}</h1>\n\
             <p>The proxy got no response from the cluster.</p></body></html>\n",
            status.as_u16()
        ))
    });
    *response.status_mut() = status;
    if !empty {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    }
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}
