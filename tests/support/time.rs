//! A clock that a test is the master of.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use ontap_ipsec::Clock;
use tokio::sync::Semaphore;

/// The shortest wait that is a time-out; what is shorter is a pause between attempts.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(1000);

/// Pauses pass at once, and are noted. Time-outs never come unless they are [called for](Self::expire).
#[derive(Clone)]
pub(crate) struct TestClock(Arc<State>);

struct State {
    start: Instant,
    pauses: Mutex<Vec<Duration>>,
    expired: Mutex<HashMap<Duration, Arc<Semaphore>>>,
}

impl TestClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(State { start: Instant::now(), pauses: Mutex::default(), expired: Mutex::default() }))
    }

    /// The pauses so far.
    pub(crate) fn pauses(&self) -> Vec<Duration> {
        self.0.pauses.lock().unwrap().clone()
    }

    /// Lets one time-out of this length come, the one that waits or the next.
    pub(crate) fn expire(&self, timeout: Duration) {
        self.timer(timeout).add_permits(1);
    }

    fn timer(&self, timeout: Duration) -> Arc<Semaphore> {
        Arc::clone(self.0.expired.lock().unwrap().entry(timeout).or_insert_with(|| Arc::new(Semaphore::new(0))))
    }
}

impl fmt::Debug for TestClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TestClock")
    }
}

/// Midnight before the date of the RFC's examples for HTTP dates.
pub(crate) const EPOCH: Duration = Duration::from_secs(784_080_000);

impl Clock for TestClock {
    fn now(&self) -> Instant {
        self.0.start + self.pauses().into_iter().sum::<Duration>()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + EPOCH + self.pauses().into_iter().sum::<Duration>()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if duration < TIMEOUT {
            self.0.pauses.lock().unwrap().push(duration);
            return Box::pin(std::future::ready(()));
        }
        let timer = self.timer(duration);
        Box::pin(async move { timer.acquire().await.unwrap().forget() })
    }
}
