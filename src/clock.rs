//! Time, so that a test can be its master.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::{Either, select};

/// What the client knows of time: all its time-outs but that of connecting, and the pauses between attempts, come from
/// here. Set by [`ClientBuilder::clock`](crate::ClientBuilder::clock), for tests; the default is [`SystemClock`].
pub trait Clock: fmt::Debug + Send + Sync {
    /// A reading that never goes back, to measure by.
    fn now(&self) -> Instant;

    /// The time of day, which a `Retry-After` may name.
    fn system_time(&self) -> SystemTime;

    /// Is ready when `duration` has passed.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The machine's clock, and the timers of the Tokio runtime that the client runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// What `future` gives, or nothing if it takes longer than `limit`. It comes pinned: each function that took one by value
/// would hold it twice, and so would the function above it.
pub(crate) async fn within<F: Future>(clock: &dyn Clock, limit: Duration, future: Pin<&mut F>) -> Option<F::Output> {
    // It is made when it is first waited for: much is there at once, and takes no timer.
    let timer = pin!(async { clock.sleep(limit).await });
    match select(future, timer).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}
