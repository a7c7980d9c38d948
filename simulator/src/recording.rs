//! What arrived, for tests to look at.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    http::{header::AUTHORIZATION, request::Parts},
};

use crate::front::AsSent;

/// A request as it arrived, whether it was answered or refused.
///
/// Headers and body are as sent, credentials and keys included: this is what tests compare. `Debug` leaves out the
/// `authorization` header, the body, and queries that name `secret_key`, so that a failed assertion does not print
/// them. A request whose body could not be read whole is recorded with an empty body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, in capitals.
    pub method: String,
    /// The path and the query, not decoded, and with their dot segments.
    pub path_and_query: String,
    /// Names, in lower case, and values of the headers. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl RecordedRequest {
    pub(crate) fn new(parts: &Parts, body: &Bytes) -> Self {
        Self {
            method: parts.method.to_string(),
            path_and_query: parts
                .extensions
                .get()
                .map(|AsSent(sent)| sent)
                .or_else(|| parts.uri.path_and_query())
                .map_or_else(String::new, ToString::to_string),
            headers: parts
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
                .collect(),
            body: body.to_vec(),
        }
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HIDDEN: &str = "(not shown)";
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| {
                let hidden = name.eq_ignore_ascii_case(AUTHORIZATION.as_str());
                (name.as_str(), if hidden { HIDDEN } else { value })
            })
            .collect();
        let target = match self.path_and_query.split_once('?') {
            // Names can be percent-encoded, too.
            Some((path, query)) if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "secret_key") => {
                format!("{path}?{HIDDEN}")
            }
            _ => self.path_and_query.clone(),
        };
        formatter
            .debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path_and_query", &target)
            .field("headers", &headers)
            .field("body", &format_args!("({} bytes)", self.body.len()))
            .finish()
    }
}

/// The requests so far.
#[derive(Debug)]
pub(crate) struct Recording {
    enabled: bool,
    requests: Mutex<Vec<RecordedRequest>>,
}

impl Recording {
    /// An empty recording; one that is not `enabled` stays so.
    pub(crate) fn new(enabled: bool) -> Self {
        Self { enabled, requests: Mutex::new(Vec::new()) }
    }

    pub(crate) fn add(&self, parts: &Parts, body: &Bytes) {
        if self.enabled {
            let request = RecordedRequest::new(parts, body);
            self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        }
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
