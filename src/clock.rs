//! Time, so that a test can be its master.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

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
pub(crate) async fn within<F: Future>(
    clock: &dyn Clock,
    limit: Duration,
    mut future: Pin<&mut F>,
) -> Option<F::Output> {
    // Much is there at once, and takes no timer.
    let mut timer = None;
    poll_fn(move |context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => timer.get_or_insert_with(|| clock.sleep(limit)).as_mut().poll(context).map(|()| None),
    })
    .await
}
