//! Clocks and time limits of tests.

use std::time::{Duration, SystemTime};

pub(crate) use ontap_ipsec::TestClock;

/// A time limit that no other limit equals, to be run out by [`TestClock::expire`].
pub(crate) const TIMEOUT: Duration = Duration::from_secs(1000);

/// Midnight before the date of the RFC's examples for HTTP dates.
pub(crate) const EPOCH: Duration = Duration::from_secs(784_080_000);

/// A clock that shows [`EPOCH`].
pub(crate) fn clock() -> TestClock {
    TestClock::at(SystemTime::UNIX_EPOCH + EPOCH)
}
