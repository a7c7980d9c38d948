//! Reading bodies of responses: the documented type, or ONTAP's error.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;
use uuid::Uuid;

/// The largest error that is read, in bytes. ONTAP's are a few hundred; as JSON values, large ones take much memory.
const LARGEST_ERROR: usize = 64 << 10;

/// Reads the body of a 2xx response.
pub(super) type Reader<'a> = dyn FnMut(&[u8]) -> Result<(), Unreadable> + Send + 'a;

/// Why the body of a 2xx response is not what was asked for.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// It holds an error of ONTAP's, as of a request that got only so far.
    Refusal(OntapError),
    /// It is no JSON object from here on.
    NotJson { line: usize, column: usize },
    /// It is a JSON object of another form.
    OtherForm { line: usize, column: usize },
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            Category::Data => Self::OtherForm { line, column },
            _ => Self::NotJson { line, column },
        }
    }
}

/// Decodes a body that is a JSON object. A body is parsed twice only if it may have a member `error`.
pub(super) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    // To check UTF-8 for the whole body is faster than for each string.
    let text = str::from_utf8(body).map_err(|error| {
        let before = &body[..error.valid_up_to()];
        let (line, column) = before.split(|byte| *byte == b'\n').fold((0, 0), |(line, _), text| (line + 1, text.len()));
        Unreadable::OtherForm { line, column: column + 1 }
    })?;
    if text.contains("\"error\"") || text.contains("\\u00") {
        nothing(body)?;
    }
    check_object(body)?;
    Ok(serde_json::from_str(text)?)
}

/// Reads a body that has nothing to say, but is a JSON object all the same, and holds no error.
pub(super) fn nothing(body: &[u8]) -> Result<(), Unreadable> {
    match envelope(body)?.error() {
        Some(error) => Err(Unreadable::Refusal(error)),
        None => Ok(()),
    }
}

/// Reads what a body says when it is not what was asked for.
pub(super) fn envelope(body: &[u8]) -> Result<Envelope<'_>, Unreadable> {
    check_object(body)?;
    Ok(serde_json::from_slice(body)?)
}

/// serde also reads arrays as structs; reject them.
fn check_object(body: &[u8]) -> Result<(), Unreadable> {
    match body.trim_ascii_start().first() {
        Some(b'{') => Ok(()),
        _ => Err(Unreadable::NotJson { line: 1, column: 1 }),
    }
}

/// The members of a body that is not of the documented type.
#[derive(Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    job: Option<&'a RawValue>,
}

/// An error of ONTAP's, as far as it is legible.
#[derive(Debug, PartialEq)]
pub(super) struct OntapError {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) target: Option<String>,
    /// Each with its code and its message.
    pub(super) arguments: Vec<(Option<String>, Option<String>)>,
}

impl Envelope<'_> {
    /// Returns why ONTAP refused the request. Members of other types than documented are left out, since gateways write
    /// errors of their own form; but old releases write codes as numbers.
    pub(super) fn error(&self) -> Option<OntapError> {
        let raw = self.error?.get();
        if raw.len() > LARGEST_ERROR {
            let message = Some(format!("an error of {} bytes, too large to be read", raw.len()));
            return Some(OntapError { code: None, message, target: None, arguments: Vec::new() });
        }
        let error: Value = serde_json::from_str(raw).ok()?;
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        // A code is digits: not a place for a secret, nor for a short password to make another code of it.
        let is_code = |code: &String| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
        let (code, message) = (text(&error["code"]).filter(is_code), text(&error["message"]));
        let arguments = error["arguments"].as_array().into_iter().flatten();
        let arguments = arguments.map(|argument| (text(&argument["code"]), text(&argument["message"]))).collect();
        let any = code.is_some() || message.is_some();
        any.then(|| OntapError { code, message, target: text(&error["target"]), arguments })
    }

    /// Returns the job that goes on.
    pub(super) fn job(&self) -> Option<Uuid> {
        #[derive(Deserialize)]
        struct Job {
            uuid: Uuid,
        }
        serde_json::from_str(self.job?.get()).ok().map(|Job { uuid }| uuid)
    }
}
