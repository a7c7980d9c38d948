//! The thread on which a client's runtime runs.

use std::future::Future;
use std::io;
use std::sync::mpsc;
use std::thread::{self, ThreadId};

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::error::{Error, ErrorKind, Result};
use crate::retry::verdict::Verdict;

/// A current-thread runtime, on a thread that drives it until this is dropped.
///
/// Without the thread, the runtime would stop between two calls. No page would be fetched ahead, and the caller's own
/// work would count against the time-outs.
pub(super) struct Driver {
    runtime: Handle,
    thread: ThreadId,
    /// The thread waits for this to be dropped. It is the thread that drops the runtime then, so that this never happens
    /// inside another one, which would panic.
    _running: oneshot::Sender<()>,
}

impl Driver {
    pub(super) fn start() -> Result<Self> {
        let (running, stopped) = oneshot::channel();
        let (started, runtime) = mpsc::sync_channel(1);
        let thread = thread::Builder::new().name(env!("CARGO_PKG_NAME").into());
        let thread = thread.spawn(move || drive(&started, stopped)).map_err(unavailable)?.thread().id();
        let runtime = runtime.recv().map_err(io::Error::other).and_then(|started| started).map_err(unavailable)?;
        Ok(Self { runtime, thread, _running: running })
    }

    /// Awaits `future` on the driver's thread, and blocks this one meanwhile. No runtime is entered here, which would panic
    /// inside another one.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] on the driver's own thread, as in a token source: the call would wait for itself.
    /// [`ErrorKind::Transport`] if the thread is gone or `future` panics.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        future: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        if thread::current().id() == self.thread {
            let message =
                "the blocking client was called by its own thread, which would wait for itself; nothing was sent";
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        let (done, outcome) = mpsc::sync_channel(1);
        // Nobody waits any more if the send fails.
        drop(self.runtime.spawn(async move { drop(done.send(future.await)) }));
        let message = "the thread of the blocking client stopped, or the call panicked";
        let gone = |_| Err(Error::new(ErrorKind::Transport, message).judged(Verdict::Final));
        outcome.recv().unwrap_or_else(gone)
    }
}

/// Runs a runtime until the other end of `stopped` is gone.
fn drive(started: &mpsc::SyncSender<io::Result<Handle>>, stopped: oneshot::Receiver<()>) {
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            // `start` waits for it, and nobody else would hear it.
            let _ = started.send(Err(error));
            return;
        }
    };
    let _ = started.send(Ok(runtime.handle().clone()));
    // It ends with an error, that nothing will be sent: that is the sign.
    let _ = runtime.block_on(stopped);
    // A host name that is being looked up would be waited for otherwise.
    runtime.shutdown_background();
}

fn unavailable(error: io::Error) -> Error {
    Error::new(ErrorKind::Configuration, format!("no thread for the blocking client could be started: {error}"))
        .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_ends_with_the_driver_and_not_before() {
        let driver = Driver::start().unwrap();
        let (held, gone) = mpsc::channel::<()>();
        driver.runtime.spawn(async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        let work = async {
            tokio::task::yield_now().await;
            Ok(())
        };
        driver.wait(work).unwrap();
        assert_eq!(gone.try_recv(), Err(mpsc::TryRecvError::Empty));
        drop(driver);
        assert_eq!(gone.recv(), Err(mpsc::RecvError), "its tasks are gone, and this did not wait for ever");
    }
}
