//! Builds responses: bodies with or without links, errors, and the headers that every response has.

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
    effects::Outcome,
    fields::Field,
    query::selection::Selection,
    record_json::{RecordJson, self_link},
    refusal::Refusal,
    state::Release,
};

/// The form of the responses that a client asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// True for `application/hal+json`, with links. False for `application/json`, which has a link to the next page
    /// only.
    pub(crate) hal: bool,
    /// True if an error lists the values in its message. NetApp's clients ask for the list with a header. The simulator
    /// leaves the list out without the header, which is an assumption.
    pub(crate) arguments: bool,
}

impl Style {
    /// Reads `Accept` and `X-Dot-Error-Arguments`. Recorded on a cluster: if a client accepts both types of JSON, the
    /// response has links.
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
pub(crate) struct ApiResponse {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    /// The body without its records.
    body: Json,
    records: Option<Records>,
    /// The error of the request, or of a part of its work.
    refusal: Option<Refusal>,
}

/// Records and the fields to show. The records become text after the lock on the cluster is released.
#[derive(Debug)]
pub(crate) struct Records {
    records: Vec<Record>,
    selection: Selection,
    links: bool,
}

impl Records {
    /// Makes the records with these fields.
    pub(crate) fn new<'a>(records: impl IntoIterator<Item = &'a Record>, selection: Selection, style: Style) -> Self {
        Self { records: records.into_iter().cloned().collect(), selection, links: style.hal }
    }
}

/// The body of a response, with its records.
struct ResponseBody<'a>(&'a ApiResponse);

impl Serialize for ResponseBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ApiResponse { body, records, .. } = self.0;
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in body.as_object().into_iter().flatten() {
            map.serialize_entry(name, value)?;
        }
        if let Some(Records { records, selection, links }) = records {
            let chosen = |field: &Field| selection.has(field);
            let shown: Vec<_> = records.iter().map(|record| RecordJson { record, chosen, links: *links }).collect();
            map.serialize_entry("records", &shown)?;
        }
        map.end()
    }
}

impl ApiResponse {
    /// Returns 200 with this body.
    pub(crate) fn ok(body: Json) -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), body, records: None, refusal: None }
    }

    /// Returns 200 with the selected fields of one record.
    pub(crate) fn single(record: &Record, selection: &Selection, style: Style) -> Self {
        Self::ok(RecordJson { record, chosen: |field: &Field| selection.has(field), links: style.hal }.tree())
    }

    /// Adds the link `self`, if the client wants links.
    pub(crate) fn linked(mut self, style: Style, path: &str) -> Self {
        if style.hal {
            self.body["_links"] = self_link(path);
        }
        self
    }

    /// Returns 201 with this body and the path of the new resource.
    pub(crate) fn created(location: String, body: Json) -> Self {
        Self { status: StatusCode::CREATED, headers: vec![(header::LOCATION, location)], ..Self::ok(body) }
    }

    /// Returns 202 with this body. `location` is the path of the future resource, if the request creates one.
    pub(crate) fn accepted(location: Option<String>, body: Json) -> Self {
        let headers = location.map(|location| (header::LOCATION, location)).into_iter().collect();
        Self { status: StatusCode::ACCEPTED, headers, ..Self::ok(body) }
    }

    /// Adds the records and `num_records`.
    pub(crate) fn with_records(mut self, records: Records) -> Self {
        self.body["num_records"] = records.records.len().into();
        self.records = Some(records);
        self
    }

    /// Returns the body without its records, for changes.
    pub(crate) fn body_mut(&mut self) -> &mut Json {
        &mut self.body
    }

    /// Returns the error of a request that did a part of its work. `body` describes that part.
    pub(crate) fn refused(style: Style, refusal: Refusal, mut body: Json) -> Self {
        let mut response = error(style, refusal);
        body["error"] = response.body["error"].take();
        response.body = body;
        response
    }

    /// Returns the outcome of a job from the response of its work.
    ///
    /// # Errors
    /// Returns the error of the work.
    pub(crate) fn outcome(self) -> Outcome {
        self.refusal.map_or_else(|| Ok("done".to_owned()), Err)
    }

    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Returns the HTTP response to a request. The response's extensions hold the error for the recording.
pub(crate) fn to_http(style: Style, outcome: Result<ApiResponse, Refusal>) -> Response {
    let api_response = outcome.unwrap_or_else(|refusal| error(style, refusal));
    // Recorded on a cluster: bodies have line breaks and indentation. Serialization cannot fail, as all names are text.
    let text = serde_json::to_string_pretty(&ResponseBody(&api_response)).unwrap_or_default();
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = api_response.status;
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
    for (name, value) in api_response.headers {
        // Every value is ASCII: a UUID, a percent-encoded link or a list of methods.
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    if let Some(refusal) = api_response.refusal {
        response.extensions_mut().insert(refusal);
    }
    response
}

/// Returns the `error` object of a response.
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

fn error(style: Style, refusal: Refusal) -> ApiResponse {
    let error = error_object(style, &refusal);
    let mut response = ApiResponse { status: refusal.status, ..ApiResponse::ok(json!({"error": error})) };
    if refusal.status == StatusCode::UNAUTHORIZED {
        response = response.with(header::WWW_AUTHENTICATE, "Basic realm=\"ONTAP simulator\"");
    }
    if let Some(allow) = refusal.allow {
        response = response.with(header::ALLOW, allow);
    }
    if let Some(seconds) = refusal.retry_after {
        response = response.with(header::RETRY_AFTER, seconds.to_string());
    }
    response.refusal = Some(refusal);
    response
}

/// Returns all fields of a record that the release shows, as JSON without links.
pub(crate) fn full_record(record: &Record, release: Release) -> Json {
    RecordJson { record, chosen: |field: &Field| field.is_readable(release), links: false }.tree()
}
