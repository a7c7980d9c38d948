//! A replaceable clock, for tests.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::{Either, select};
use tokio::sync::Semaphore;

/// The time for all time-outs but that of connecting, and for pauses between attempts. Set by
/// [`ClientBuilder::clock`](crate::ClientBuilder::clock): in tests to [`TestClock`]. The default is [`SystemClock`].
pub trait Clock: fmt::Debug + Send + Sync {
    /// A reading that never goes back, to measure by.
    fn now(&self) -> Instant;

    /// The time of day, which a `Retry-After` may name.
    fn system_time(&self) -> SystemTime;

    /// Waits before the next attempt.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// Waits for a time limit to run out. The default is [`sleep`](Self::sleep).
    fn time_out(&self, limit: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.sleep(limit)
    }
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

/// A clock for tests. Pauses pass at once, and are noted. Time limits never run out, unless a test
/// [says so](Self::expire). Time goes on by both.
///
/// ```
/// use std::time::Duration;
/// use ontap_ipsec::{Client, Clock as _, TestClock};
///
/// # async fn example() -> Result<(), ontap_ipsec::Error> {
/// let clock = TestClock::new();
/// let client = Client::builder("https://cluster.example.com").clock(clock.clone()).build()?;
/// clock.sleep(Duration::from_secs(20)).await;
/// assert_eq!(clock.pauses(), [Duration::from_secs(20)]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TestClock(Arc<Times>);

struct Times {
    start: Instant,
    system_start: SystemTime,
    passed: Mutex<Duration>,
    pauses: Mutex<Vec<Duration>>,
    limits: Mutex<HashMap<Duration, Arc<Semaphore>>>,
}

impl TestClock {
    /// Makes a clock that shows the time of day of the machine.
    #[must_use]
    pub fn new() -> Self {
        Self::at(SystemTime::now())
    }

    /// Makes a clock that shows this time of day.
    #[must_use]
    pub fn at(time: SystemTime) -> Self {
        let (passed, pauses, limits) = Default::default();
        Self(Arc::new(Times { start: Instant::now(), system_start: time, passed, pauses, limits }))
    }

    /// Returns the pauses so far.
    #[must_use]
    pub fn pauses(&self) -> Vec<Duration> {
        self.0.pauses.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets one time limit of this length run out: the one that waits, or the next.
    pub fn expire(&self, limit: Duration) {
        self.limit(limit).add_permits(1);
    }

    fn limit(&self, limit: Duration) -> Arc<Semaphore> {
        let mut limits = self.0.limits.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(limits.entry(limit).or_insert_with(|| Arc::new(Semaphore::new(0))))
    }

    fn passed(&self) -> Duration {
        *self.0.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass(&self, time: Duration) {
        let mut passed = self.0.passed.lock().unwrap_or_else(PoisonError::into_inner);
        *passed = passed.saturating_add(time);
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for TestClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClock").finish_non_exhaustive()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        self.0.start.checked_add(self.passed()).unwrap_or(self.0.start)
    }

    fn system_time(&self) -> SystemTime {
        self.0.system_start.checked_add(self.passed()).unwrap_or(self.0.system_start)
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.pauses.lock().unwrap_or_else(PoisonError::into_inner).push(duration);
        self.pass(duration);
        Box::pin(std::future::ready(()))
    }

    fn time_out(&self, limit: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (clock, expired) = (self.clone(), self.limit(limit));
        Box::pin(async move {
            if let Ok(expired) = expired.acquire().await {
                expired.forget();
                clock.pass(limit);
            }
        })
    }
}

/// Awaits `future`, or returns nothing if `future` takes longer than `limit`. `future` is pinned: by value, each function
/// on the way would hold a second copy.
pub(crate) async fn within<F: Future>(clock: &dyn Clock, limit: Duration, future: Pin<&mut F>) -> Option<F::Output> {
    // The timer is made when it is first waited for: much is there at once, and takes no timer.
    let timer = pin!(async { clock.time_out(limit).await });
    match select(future, timer).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}
