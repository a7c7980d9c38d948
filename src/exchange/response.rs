//! A response, read whole.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::error::Result;

/// A response whose body was read, or could not be.
pub(super) struct Received {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Result<Vec<u8>>,
    /// Whether ONTAP took as long for it as `return_timeout` allows.
    pub(super) has_run_out: bool,
}

/// A 2xx response: its status, its headers and its body.
///
/// `Debug` shows the body and no header.
#[derive(Clone, PartialEq)]
pub struct Response<T> {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: T,
    pub(super) attempts: u32,
    /// Whether ONTAP took as long for it as `return_timeout` allows.
    pub(crate) has_run_out: bool,
}

impl Response<()> {
    pub(super) fn with_body<T>(self, body: T) -> Response<T> {
        let Self { status, headers, body: (), attempts, has_run_out } = self;
        Response { status, headers, body, attempts, has_run_out }
    }
}

impl<T> Response<T> {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers, as they came.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &T {
        &self.body
    }

    /// Returns the body.
    #[must_use]
    pub fn into_body(self) -> T {
        self.body
    }

    /// How many requests of the call it took, this one included.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).field("body", &self.body).finish_non_exhaustive()
    }
}
