//! Answers: bodies with and without links, errors, and the headers that all of them have.

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{self, ACCEPT},
    },
    response::Response,
};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Value as Json, json};

use crate::{
    cluster::Record,
    ending::Outcome,
    fields::Field,
    query::selection::Selection,
    refusal::Refusal,
    shown::{Shown, self_link},
    state::Release,
};

/// How the client wants its answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// `application/hal+json`, with links, rather than `application/json`, which has only the link to the next page.
    pub(crate) hal: bool,
    /// Errors with the values that their messages speak of. NetApp's clients ask for them with a header; that they
    /// do not come without it is an assumption.
    pub(crate) arguments: bool,
}

impl Style {
    /// Reads `Accept` and `X-Dot-Error-Arguments`. Recorded: with both types of JSON accepted, links come.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let accepts = |wanted: &str| {
            let ranges = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
            let mut names = ranges.flat_map(|value| value.split(',')).filter_map(|range| range.split(';').next());
            names.any(|name| name.trim().eq_ignore_ascii_case(wanted))
        };
        let arguments = headers.get("x-dot-error-arguments");
        Self {
            hal: !accepts("application/json") || accepts("application/hal+json"),
            arguments: arguments.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true")),
        }
    }
}

/// The response to a request, before it becomes text.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    /// All of the body but its records.
    body: Json,
    records: Option<Records>,
    /// The refusal of a part of the work, or of all of it.
    refusal: Option<Refusal>,
}

/// Records and a choice of their fields. Records become text once the lock on the cluster is released.
#[derive(Debug)]
pub(crate) struct Records {
    records: Vec<Record>,
    selection: Selection,
    links: bool,
}

impl Records {
    /// The selected fields of these records.
    pub(crate) fn new<'a>(records: impl IntoIterator<Item = &'a Record>, selection: Selection, style: Style) -> Self {
        Self { records: records.into_iter().cloned().collect(), selection, links: style.hal }
    }
}

/// The whole body of an answer.
struct Whole<'a>(&'a Answer);

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Answer { body, records, .. } = self.0;
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in body.as_object().into_iter().flatten() {
            map.serialize_entry(name, value)?;
        }
        if let Some(Records { records, selection, links }) = records {
            let chosen = |field: &Field| selection.has(field);
            let shown: Vec<_> = records.iter().map(|record| Shown { record, chosen, links: *links }).collect();
            map.serialize_entry("records", &shown)?;
        }
        map.end()
    }
}

impl Answer {
    /// 200 with this body.
    pub(crate) fn ok(body: Json) -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), body, records: None, refusal: None }
    }

    /// 200 with the selected fields of one record.
    pub(crate) fn single(record: &Record, selection: &Selection, style: Style) -> Self {
        Self::ok(Shown { record, chosen: |field: &Field| selection.has(field), links: style.hal }.tree())
    }

    /// Adds the link to itself, where the client wants links.
    pub(crate) fn linked(mut self, style: Style, path: &str) -> Self {
        if style.hal {
            self.body["_links"] = self_link(path);
        }
        self
    }

    /// 201 with this body, and where the new resource is.
    pub(crate) fn created(location: String, body: Json) -> Self {
        Self { status: StatusCode::CREATED, headers: vec![(header::LOCATION, location)], ..Self::ok(body) }
    }

    /// 202 with this body, and where the new resource will be, if there is to be one.
    pub(crate) fn accepted(location: Option<String>, body: Json) -> Self {
        let headers = location.map(|location| (header::LOCATION, location)).into_iter().collect();
        Self { status: StatusCode::ACCEPTED, headers, ..Self::ok(body) }
    }

    /// Adds records and their number.
    pub(crate) fn with_records(mut self, records: Records) -> Self {
        self.body["num_records"] = records.records.len().into();
        self.records = Some(records);
        self
    }

    /// The body without its records, to change it.
    pub(crate) fn body_mut(&mut self) -> &mut Json {
        &mut self.body
    }

    /// The answer to a request that was refused after a part of it was done; the body tells of that part.
    pub(crate) fn refused(style: Style, refusal: Refusal, mut body: Json) -> Self {
        let mut answer = error(style, refusal);
        body["error"] = answer.body["error"].take();
        answer.body = body;
        answer
    }

    /// Returns the outcome of a job whose work has this answer.
    ///
    /// # Errors
    /// The refusal of a part of the work.
    pub(crate) fn outcome(self) -> Outcome {
        self.refusal.map_or_else(|| Ok("done".to_owned()), Err)
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Returns the response to a request. Extensions hold the refusal, for the recording.
pub(crate) fn response(style: Style, outcome: Result<Answer, Refusal>) -> Response {
    let answer = outcome.unwrap_or_else(|refusal| error(style, refusal));
    // Recorded: bodies are laid out for people. There is nothing in them that JSON could not hold.
    let text = serde_json::to_string_pretty(&Whole(&answer)).unwrap_or_default();
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    let content_type = if style.hal { "application/hal+json" } else { "application/json" };
    for (name, value) in [
        (header::CONTENT_TYPE, content_type),
        (header::SERVER, "libzapid-httpd"),
        (header::CACHE_CONTROL, "no-cache,no-store,must-revalidate"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'self'; script-src 'self'; frame-ancestors 'self'"),
        (header::VARY, "Accept-Encoding"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in answer.headers {
        // Values are ASCII: UUIDs, percent-encoded links and lists of methods.
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    if let Some(refusal) = answer.refusal {
        response.extensions_mut().insert(refusal);
    }
    response
}

/// The object that tells of an error.
pub(crate) fn error_object(style: Style, refusal: &Refusal) -> Json {
    let mut error = json!({"message": refusal.message, "code": refusal.code.to_string()});
    if let Some(target) = &refusal.target {
        error["target"] = target.as_str().into();
    }
    if style.arguments && !refusal.arguments.is_empty() {
        let arguments = refusal.arguments.iter().map(|(code, message)| json!({"code": code, "message": message}));
        error["arguments"] = arguments.collect();
    }
    error
}

fn error(style: Style, refusal: Refusal) -> Answer {
    let error = error_object(style, &refusal);
    let mut answer = Answer { status: refusal.status, ..Answer::ok(json!({"error": error})) };
    if refusal.status == StatusCode::UNAUTHORIZED {
        answer = answer.with(header::WWW_AUTHENTICATE, "Basic realm=\"ONTAP simulator\"");
    }
    if let Some(allow) = refusal.allow {
        answer = answer.with(header::ALLOW, allow);
    }
    if let Some(seconds) = refusal.retry_after {
        answer = answer.with(header::RETRY_AFTER, seconds.to_string());
    }
    answer.refusal = Some(refusal);
    answer
}

/// All that a release shows of a record, as JSON without links.
pub(crate) fn whole(record: &Record, release: Release) -> Json {
    Shown { record, chosen: |field: &Field| field.is_readable(release), links: false }.tree()
}
