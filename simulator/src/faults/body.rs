//! Bodies that come slowly, in part, or of another length than announced.

use std::{
    convert::Infallible,
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// A body in pieces, with a pause before each of them.
#[derive(Debug)]
pub(crate) struct Slow {
    rest: Bytes,
    piece: usize,
    pause: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl Slow {
    /// `piece` is a number of bytes and at least 1.
    pub(crate) fn new(body: Bytes, piece: usize, pause: Duration) -> Self {
        Self { rest: body, piece: piece.max(1), pause, sleep: Box::pin(sleep(pause)) }
    }
}

impl Body for Slow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.sleep.as_mut().poll(context));
        self.sleep = Box::pin(sleep(self.pause));
        let piece = self.piece.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

/// A body of which another length is announced than comes.
#[derive(Debug)]
pub(crate) struct Announced {
    part: Bytes,
    announced: u64,
    /// What is to happen after the part.
    after: After,
}

#[derive(Debug)]
enum After {
    /// The end of the connection, or with HTTP/2 of the stream, once the part is on its way: an error at once would
    /// take it along.
    Break(Pin<Box<Sleep>>),
    /// Nothing, for as long as the client waits.
    Silence,
}

/// How long a part takes at most to be on its way.
const ON_ITS_WAY: Duration = Duration::from_millis(5);

impl Announced {
    /// Breaks off after the part.
    pub(crate) fn broken_off(part: Bytes, announced: u64) -> Self {
        Self { part, announced, after: After::Break(Box::pin(sleep(ON_ITS_WAY))) }
    }

    /// Keeps the client waiting after the part.
    pub(crate) fn stalled(part: Bytes, announced: u64) -> Self {
        Self { part, announced, after: After::Silence }
    }
}

impl Body for Announced {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        if !self.part.is_empty() {
            let part = std::mem::take(&mut self.part);
            self.announced = self.announced.saturating_sub(part.len() as u64);
            return Poll::Ready(Some(Ok(Frame::data(part))));
        }
        match &mut self.after {
            After::Break(sleep) => {
                ready!(sleep.as_mut().poll(context));
                Poll::Ready(Some(Err(BrokenOff)))
            }
            After::Silence => Poll::Pending,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

/// The body ended early, as it was told to.
#[derive(Debug)]
pub(crate) struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a fault cut the body short")
    }
}

impl Error for BrokenOff {}
