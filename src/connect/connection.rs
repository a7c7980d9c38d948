//! The settings and connections that all requests of a client share.

use std::sync::Arc;

use reqwest::Url;
use reqwest::header::HeaderMap;
use tokio::sync::Semaphore;

use super::credentials::Authorization;
use crate::clock::Clock;
use crate::limits::Limits;
use crate::release::Release;
use crate::retry::RetryPolicy;

/// The way to one cluster, as it was set up.
pub(crate) struct Connection {
    pub(crate) http: reqwest::Client,
    /// The URL of the API, without a slash at its end.
    pub(crate) base: Url,
    /// The cluster's host, for errors.
    pub(crate) host: Arc<str>,
    pub(crate) headers: Arc<HeaderMap>,
    pub(crate) authorization: Authorization,
    pub(crate) limits: Limits,
    pub(crate) retry: RetryPolicy,
    /// The release of the cluster, if the client was told.
    pub(crate) release: Option<Release>,
    pub(crate) clock: Arc<dyn Clock>,
    /// One permit for each request that may run at a time.
    pub(crate) slots: Arc<Semaphore>,
}
