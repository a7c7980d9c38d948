//! Records requests for tests and for the page.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use axum::{body::Bytes, http::request::Parts, response::Response};
use serde_json::Value as Json;

use crate::{
    api_service::OriginalTarget,
    faults::{FaultId, network::NoResponse},
    redaction,
    refusal::Refusal,
};

/// The highest number of bytes of all recorded requests; the oldest ones are removed first.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The number and the form of the requests that a simulator keeps. All requests together take at most 64 MiB, also with
/// a higher number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recording {
    /// Keeps no requests.
    Off,
    /// Keeps this many requests without their secrets, also in memory. For a simulator that runs for a long time.
    Redacted(usize),
    /// Keeps this many requests with their secrets, for
    /// [`Simulator::requests_with_secrets`](crate::Simulator::requests_with_secrets).
    Whole(usize),
}

impl Default for Recording {
    /// Returns `Whole(10_000)`.
    fn default() -> Self {
        Self::Whole(10_000)
    }
}

/// A recorded request.
///
/// `Debug` never shows secrets, so that a failed assertion does not print them.
/// [`Simulator::requests`](crate::Simulator::requests) returns requests without secrets. The body is empty if the
/// credentials are wrong, or if the simulator could not read the whole body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The original path and query: not decoded, with dot segments and doubled slashes.
    pub path_and_query: String,
    /// The names of the headers, in lower case, and their values. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The time of the arrival.
    pub arrived: SystemTime,
    /// The HTTP status of the response; `None` without a response.
    pub status: Option<u16>,
    /// The ONTAP code of the error in the response.
    pub code: Option<u32>,
    /// The first fault that was applied to the request. A delay is stored only if no other fault was applied.
    pub fault: Option<FaultId>,
}

impl RecordedRequest {
    pub(crate) fn new(parts: &Parts, body: &Bytes) -> Self {
        Self {
            method: parts.method.to_string(),
            path_and_query: parts
                .extensions
                .get()
                .map(|OriginalTarget(original)| original)
                .or_else(|| parts.uri.path_and_query())
                .map_or_else(String::new, ToString::to_string),
            headers: parts
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
                .collect(),
            body: body.to_vec(),
            arrived: SystemTime::now(),
            status: None,
            code: None,
            fault: None,
        }
    }

    /// Returns the path without the query, not decoded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path_and_query.split_once('?').map_or(self.path_and_query.as_str(), |(path, _)| path)
    }

    /// Returns the names and values of the query, decoded, in their original order.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.path_and_query.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// Returns the first header with this name; case does not matter.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns the body if it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<Json> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Returns the request without its secrets.
    fn redacted(&self) -> Self {
        Self {
            path_and_query: redaction::target(&self.path_and_query),
            headers: self.headers.iter().map(|(name, value)| (name.clone(), redaction::header(name, value))).collect(),
            body: redaction::body(&self.body),
            ..self.clone()
        }
    }

    fn size(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.method.len() + self.path_and_query.len() + headers + self.body.len()
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.redacted();
        formatter
            .debug_struct("RecordedRequest")
            .field("method", &shown.method)
            .field("path_and_query", &shown.path_and_query)
            .field("headers", &shown.headers)
            .field("body", &String::from_utf8_lossy(&shown.body))
            .field("status", &shown.status)
            .field("code", &shown.code)
            .field("fault", &shown.fault)
            .finish_non_exhaustive()
    }
}

/// Stores requests.
#[derive(Debug)]
pub(crate) struct Recorder {
    recording: Recording,
    log: Mutex<RequestLog>,
}

/// The stored requests.
#[derive(Debug, Default)]
struct RequestLog {
    requests: VecDeque<RecordedRequest>,
    bytes: usize,
    /// The number of removed requests.
    gone: u64,
}

/// The number of a request, counted from the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place(u64);

impl Recorder {
    pub(crate) fn new(recording: Recording) -> Self {
        Self { recording, log: Mutex::default() }
    }

    /// Tells whether requests are stored.
    pub(crate) fn is_on(&self) -> bool {
        self.most() > 0
    }

    /// Stores a request. Returns its number, or `None` if requests are not stored.
    pub(crate) fn add(&self, parts: &Parts, body: &Bytes) -> Option<Place> {
        if !self.is_on() {
            return None;
        }
        let mut request = RecordedRequest::new(parts, body);
        if let Recording::Redacted(_) = self.recording {
            request = request.redacted();
        }
        let mut log = self.log();
        log.bytes += request.size();
        log.requests.push_back(request);
        let place = Place(log.gone + log.requests.len() as u64 - 1);
        while log.requests.len() > self.most() || (log.bytes > MOST_BYTES && log.requests.len() > 1) {
            let Some(oldest) = log.requests.pop_front() else { break };
            log.bytes -= oldest.size();
            log.gone += 1;
        }
        Some(place)
    }

    /// Stores the fault that was applied to a request, before its response.
    pub(crate) fn applied(&self, place: Option<Place>, fault: FaultId) {
        self.note(place, |request| request.fault = Some(fault));
    }

    /// Stores the response to a request.
    pub(crate) fn answered(&self, place: Option<Place>, response: &Response) {
        let extensions = response.extensions();
        self.note(place, |request| {
            request.fault = extensions.get().copied().or(request.fault);
            if !matches!(extensions.get(), Some(NoResponse)) {
                request.status = Some(response.status().as_u16());
                request.code = extensions.get().map(|refusal: &Refusal| refusal.code);
            }
        });
    }

    /// Changes a stored request, if it is not removed.
    fn note(&self, place: Option<Place>, change: impl FnOnce(&mut RecordedRequest)) {
        let Some(Place(place)) = place else { return };
        let mut log = self.log();
        let index = place.checked_sub(log.gone).and_then(|index| usize::try_from(index).ok());
        if let Some(request) = index.and_then(|index| log.requests.get_mut(index)) {
            change(request);
        }
    }

    /// Returns the requests without their secrets, oldest first.
    pub(crate) fn redacted(&self) -> Vec<RecordedRequest> {
        let requests = self.whole();
        match self.recording {
            Recording::Redacted(_) => requests,
            _ => requests.iter().map(RecordedRequest::redacted).collect(),
        }
    }

    #[cfg(feature = "program")]
    /// Returns the last requests without their secrets, newest first.
    pub(crate) fn last(&self, count: usize) -> Vec<RecordedRequest> {
        self.log().requests.iter().rev().take(count).map(RecordedRequest::redacted).collect()
    }

    /// Returns the requests as they are stored, oldest first.
    pub(crate) fn whole(&self) -> Vec<RecordedRequest> {
        self.log().requests.iter().cloned().collect()
    }

    fn most(&self) -> usize {
        match self.recording {
            Recording::Off => 0,
            Recording::Redacted(most) | Recording::Whole(most) => most,
        }
    }

    fn log(&self) -> MutexGuard<'_, RequestLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
