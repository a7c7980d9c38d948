//! How long, how large and how many.

use std::time::Duration;

/// The limits of one client. Set by [`crate::ClientBuilder`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Of setting up a connection, TLS and all.
    pub(crate) connect_timeout: Duration,
    /// Of waiting for the next piece of an answer; before the first, `return_timeout` comes on top.
    pub(crate) read_timeout: Duration,
    /// Of one attempt as a whole; `return_timeout` comes on top.
    pub(crate) timeout: Duration,
    /// The largest body of a success that is read, in bytes.
    pub(crate) success_bytes: usize,
    /// The largest body of a failure that is read, in bytes.
    pub(crate) failure_bytes: usize,
    /// How many requests are on their way at a time.
    pub(crate) concurrent_requests: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(60),
            // Ten thousand policies, the most that ONTAP puts in one page, take less than a tenth of it.
            success_bytes: 64 << 20,
            failure_bytes: 1 << 20,
            concurrent_requests: 6,
        }
    }
}
