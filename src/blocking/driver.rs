//! The thread on which a client's runtime runs.

use std::future::Future;
use std::sync::mpsc;
use std::{io, thread};

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::error::{Error, ErrorKind, Result};

/// A current-thread runtime, on a thread that drives it until this is dropped.
///
/// Without the thread, the runtime would stand still between calls: no page would be fetched ahead, and time-outs would
/// count the time that the caller spends elsewhere while nobody listens to the answer.
pub(super) struct Driver {
    runtime: Handle,
    /// The thread waits for this to be dropped. It is the thread that drops the runtime then, so that this never happens
    /// inside another one, which would panic.
    _running: oneshot::Sender<()>,
}

impl Driver {
    pub(super) fn start() -> Result<Self> {
        let (running, stopped) = oneshot::channel();
        let (started, runtime) = mpsc::sync_channel(1);
        let thread = thread::Builder::new().name(env!("CARGO_PKG_NAME").into());
        thread.spawn(move || drive(&started, stopped)).map_err(unavailable)?;
        let runtime = runtime.recv().map_err(io::Error::other).and_then(|started| started).map_err(unavailable)?;
        Ok(Self { runtime, _running: running })
    }

    /// Awaits `future` on the driver's thread, and blocks this one meanwhile. It can be called wherever a thread may
    /// block: a runtime that is entered here could not.
    ///
    /// # Errors
    /// [`ErrorKind::Transport`] if the driver's thread is gone.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        future: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let (done, outcome) = mpsc::sync_channel(1);
        // Nobody waits any more if the send fails.
        drop(self.runtime.spawn(async move { drop(done.send(future.await)) }));
        let gone = |_| Err(Error::new(ErrorKind::Transport, "the thread of the blocking client has stopped"));
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
        let turn = async {
            tokio::task::yield_now().await;
            Ok(())
        };
        driver.wait(turn).unwrap();
        assert_eq!(gone.try_recv(), Err(mpsc::TryRecvError::Empty));
        drop(driver);
        assert_eq!(gone.recv(), Err(mpsc::RecvError), "its tasks are gone, and this did not wait for ever");
    }

    #[test]
    fn it_waits_inside_another_runtime_and_can_be_dropped_there() {
        let other = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let waited = other.block_on(async {
            tokio::task::spawn_blocking(|| Driver::start().unwrap().wait(async { Ok(7) })).await.unwrap()
        });
        assert_eq!(waited.unwrap(), 7);
    }
}
