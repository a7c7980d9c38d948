//! The requests that arrived, for tests and for the page.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use axum::{body::Bytes, http::request::Parts, response::Response};
use serde_json::Value as Json;

use crate::{
    api_service::AsSent,
    faults::{FaultId, network::NoResponse},
    redaction,
    refusal::Refusal,
};

/// How many bytes the requests of a recording take at most; the oldest go when there are more.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// What a simulator keeps of the requests that it gets: nothing, or the last so many, which is bounded by 64 MiB in any
/// case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recording {
    /// Nothing is kept.
    Off,
    /// So many are kept without their secrets, which are gone then: for a simulator that runs for long.
    Redacted(usize),
    /// So many are kept as they were sent, for
    /// [`Simulator::requests_with_secrets`](crate::Simulator::requests_with_secrets).
    Whole(usize),
}

impl Default for Recording {
    /// The last 10,000 requests, as sent.
    fn default() -> Self {
        Self::Whole(10_000)
    }
}

/// A request as it arrived, whether it was answered or refused.
///
/// From [`Simulator::requests`](crate::Simulator::requests) it comes without secrets; `Debug` never shows any, so that a
/// failed assertion does not print them. A request with wrong credentials is recorded with an empty body, and so is one
/// whose body could not be read whole.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, in capitals.
    pub method: String,
    /// The path and the query, as they were sent: not decoded, dot segments and doubled slashes kept.
    pub path_and_query: String,
    /// Names, in lower case, and values of the headers. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// When it arrived.
    pub arrived: SystemTime,
    /// The status that it was answered with; `None` as long as there is no answer.
    pub status: Option<u16>,
    /// ONTAP's code of the error that it was answered with.
    pub code: Option<u32>,
    /// The first fault that was applied to it. A delay counts only if no other fault was.
    pub fault: Option<FaultId>,
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
            arrived: SystemTime::now(),
            status: None,
            code: None,
            fault: None,
        }
    }

    /// The path without the query, not decoded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path_and_query.split_once('?').map_or(self.path_and_query.as_str(), |(path, _)| path)
    }

    /// Names and values of the query, decoded, in the order that they were sent in.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.path_and_query.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The first header of this name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body, if it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<Json> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The request without its secrets.
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

/// Keeps requests.
#[derive(Debug)]
pub(crate) struct Recorder {
    recording: Recording,
    log: Mutex<RequestLog>,
}

/// The requests that are still there.
#[derive(Debug, Default)]
struct RequestLog {
    requests: VecDeque<RecordedRequest>,
    bytes: usize,
    /// How many requests have gone for want of space.
    gone: u64,
}

/// Which request of a recording it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place(u64);

impl Recorder {
    pub(crate) fn new(recording: Recording) -> Self {
        Self { recording, log: Mutex::default() }
    }

    /// Whether anything is ever kept.
    pub(crate) fn is_on(&self) -> bool {
        self.most() > 0
    }

    /// Keeps the request, and returns where, if it does.
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

    /// Notes a fault that was applied to a request on its way.
    pub(crate) fn applied(&self, place: Option<Place>, fault: FaultId) {
        self.note(place, |request| request.fault = Some(fault));
    }

    /// Notes how a request was answered.
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

    /// Changes what is kept of a request, if it is still there.
    fn note(&self, place: Option<Place>, change: impl FnOnce(&mut RecordedRequest)) {
        let Some(Place(place)) = place else { return };
        let mut log = self.log();
        let index = place.checked_sub(log.gone).and_then(|index| usize::try_from(index).ok());
        if let Some(request) = index.and_then(|index| log.requests.get_mut(index)) {
            change(request);
        }
    }

    /// The requests without their secrets, oldest first.
    pub(crate) fn redacted(&self) -> Vec<RecordedRequest> {
        let requests = self.whole();
        match self.recording {
            Recording::Redacted(_) => requests,
            _ => requests.iter().map(RecordedRequest::redacted).collect(),
        }
    }

    #[cfg(feature = "program")]
    /// The last requests without their secrets, newest first.
    pub(crate) fn last(&self, count: usize) -> Vec<RecordedRequest> {
        self.log().requests.iter().rev().take(count).map(RecordedRequest::redacted).collect()
    }

    /// The requests as they are kept, oldest first.
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
