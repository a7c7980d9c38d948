//! How long, how large and how many.

use std::time::Duration;

/// The limits of one client. Set by [`crate::ClientBuilder`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The limit for setting up a connection, TLS included.
    pub(crate) connect_timeout: Duration,
    /// The limit for each next piece of a response; `return_timeout` is added for the first piece.
    pub(crate) read_timeout: Duration,
    /// The limit for one attempt; `return_timeout` is added.
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
