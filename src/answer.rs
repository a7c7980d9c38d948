//! Makes of any HTTP answer one that the bindings can read, so that the status, the headers and the reason of a failure
//! survive whatever stands between the client and the cluster.

use std::fmt;

use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use reqwest::{Body, Response, StatusCode};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::redaction::scrub;

/// The largest body of a success that is read, in bytes. Ten thousand policies, the most that ONTAP puts in one page,
/// take less than a tenth of it.
const SUCCESS_LIMIT: usize = 64 << 20;

/// The largest body of a failure that is read, in bytes.
const FAILURE_LIMIT: usize = 1 << 20;

/// Marks an answer whose body was not ONTAP's; its value says what it was instead.
pub(crate) const FOREIGN: HeaderName = HeaderName::from_static("x-ontap-ipsec-foreign-body");

/// The status of an answer of success whose body holds an error. To the bindings, it is a failure.
pub(crate) const SUCCESS_STATUS: HeaderName = HeaderName::from_static("x-ontap-ipsec-success-status");

/// A body beyond the limit. It stands in the chain of sources of the error that reading the body gives.
#[derive(Debug)]
pub(crate) struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer is larger than {SUCCESS_LIMIT} bytes")
    }
}

impl std::error::Error for TooLarge {}

/// Reads the answer and gives one with the same status and headers, whose body is, for a success, what came, or `{}` if
/// nothing came; for a failure, an ONTAP error body, with `secrets` taken out of it. A success that holds an error, as
/// requests that got only so far are answered, becomes a failure.
pub(crate) async fn settle(response: Response, secrets: &[Zeroizing<String>]) -> reqwest::Result<Response> {
    let (mut status, version) = (response.status(), response.version());
    let mut headers = response.headers().clone();
    // They speak of the body that came, and only this module may set the marks.
    for name in [CONTENT_LENGTH, TRANSFER_ENCODING, FOREIGN, SUCCESS_STATUS] {
        headers.remove(name);
    }
    let body = if status.is_success() {
        match success(response, secrets).await? {
            Success::Body(body) => body,
            Success::Error(envelope) => {
                headers.insert(SUCCESS_STATUS, status.as_u16().into());
                status = StatusCode::INTERNAL_SERVER_ERROR;
                envelope.to_string().into()
            }
        }
    } else if status.is_client_error() || status.is_server_error() {
        failure(response, &mut headers, secrets).await.into()
    } else {
        // A redirection: the body says nothing that the status does not.
        Body::default()
    };
    let mut settled = ::http::Response::new(body);
    *settled.status_mut() = status;
    *settled.version_mut() = version;
    *settled.headers_mut() = headers;
    Ok(settled.into())
}

enum Success {
    Body(Body),
    Error(Value),
}

async fn success(response: Response, secrets: &[Zeroizing<String>]) -> reqwest::Result<Success> {
    let Some(bytes) = read(response, SUCCESS_LIMIT).await? else {
        let too_large = futures_util::stream::once(async { Err::<Vec<u8>, _>(TooLarge) });
        return Ok(Success::Body(Body::wrap_stream(too_large)));
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Success::Body("{}".into()));
    }
    Ok(match envelope(&bytes, secrets) {
        Some(envelope) => Success::Error(envelope),
        None => Success::Body(bytes.into()),
    })
}

async fn failure(response: Response, headers: &mut HeaderMap, secrets: &[Zeroizing<String>]) -> Vec<u8> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("no type");
    let content_type = scrub(content_type.to_owned(), secrets);
    let (envelope, foreign) = match read(response, FAILURE_LIMIT).await {
        Ok(Some(bytes)) => match envelope(&bytes, secrets) {
            Some(envelope) => (envelope, None),
            None if bytes.is_empty() => (json!({}), Some("an empty body".to_owned())),
            None => (json!({}), Some(format!("{} bytes of {content_type}", bytes.len()))),
        },
        Ok(None) => (json!({}), Some(format!("more than {FAILURE_LIMIT} bytes of {content_type}"))),
        Err(_) => (json!({}), Some("a body that broke off".to_owned())),
    };
    if let Some(what) = foreign {
        headers.insert(FOREIGN, HeaderValue::from_str(&what).unwrap_or(HeaderValue::from_static("an unknown body")));
    }
    envelope.to_string().into_bytes()
}

/// The error of an ONTAP body in the form that the spec gives it, or nothing if the body is not ONTAP's. A code that is
/// a number, as old releases and some gateways write it, becomes a string; members of unforeseen types are left out.
fn envelope(body: &[u8], secrets: &[Zeroizing<String>]) -> Option<Value> {
    // Only this member is kept: the body of a success can be large.
    #[derive(serde::Deserialize)]
    struct Envelope {
        error: Map<String, Value>,
    }
    let Envelope { error } = serde_json::from_slice(body).ok()?;
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    // ONTAP's messages can show the value that they refuse.
    let words = |value: Option<&Value>| text(value).map(|text| scrub(text, secrets));
    let arguments: Vec<Value> = error
        .get("arguments")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|argument| json!({ "code": words(argument.get("code")), "message": words(argument.get("message")) }))
        .collect();
    // A code is digits: not a place for a secret, nor for a short password to make another code of it.
    let is_code = |code: &String| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    let (code, message) = (text(error.get("code")).filter(is_code), words(error.get("message")));
    if code.is_none() && message.is_none() {
        return None;
    }
    let target = words(error.get("target"));
    Some(json!({ "error": { "code": code, "message": message, "target": target, "arguments": arguments } }))
}

/// The body, or nothing if it is larger than `limit`; no more than that is held.
async fn read(mut response: Response, limit: usize) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}
