//! A future in a task of its own.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tracing::Instrument as _;

use crate::error::{Error, ErrorKind, Result};

/// A future that goes on although nobody polls the handle. Dropping the handle stops it.
#[must_use = "the task is stopped when this is dropped"]
pub(crate) struct Task<T>(JoinHandle<T>);

impl<T: Send + 'static> Task<T> {
    /// Starts the task, in the current span.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] outside a Tokio runtime.
    pub(crate) fn start(future: impl Future<Output = T> + Send + 'static) -> Result<Self> {
        Ok(Self(runtime()?.spawn(future.in_current_span())))
    }
}

/// Returns the Tokio runtime. Timers and sockets panic without a runtime.
///
/// # Errors
/// [`ErrorKind::Configuration`] outside a runtime.
pub(crate) fn runtime() -> Result<Handle> {
    Handle::try_current().map_err(|error| {
        let message = "the client was called outside a Tokio runtime; use one, or the client of the feature `blocking`";
        Error::new(ErrorKind::Configuration, message).caused_by(error)
    })
}

impl<T> Future for Task<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Do not show the message of a panic: it could hold a secret.
        let stopped = |_| {
            Error::new(
                ErrorKind::Transport,
                "the task of the request was stopped, for instance since its runtime ended",
            )
        };
        pin!(&mut self.get_mut().0).poll(context).map_err(stopped)
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
