//! Reading bodies of responses: the documented type, or ONTAP's error.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;
use uuid::Uuid;

/// The largest error that is read, in bytes. ONTAP's are a few hundred; as JSON values, large ones take much memory.
const LARGEST_ERROR: usize = 64 << 10;

/// How many arguments of an error are kept.
const MOST_ARGUMENTS: usize = 100;

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
        accepted(body)?;
    }
    check_object(body)?;
    Ok(serde_json::from_str(text)?)
}

/// Reads the body of a response without a documented one: `{}`, or an object with a member that all of ONTAP's have. A
/// gateway's page in JSON says nothing of the cluster.
pub(super) fn nothing(body: &[u8]) -> Result<(), Unreadable> {
    let is_empty = body.iter().filter(|byte| !byte.is_ascii_whitespace()).eq(b"{}");
    // Nothing of the texts is used, so that they need not be UTF-8.
    if accepted(String::from_utf8_lossy(body).as_bytes())?.is_of_ontap() || is_empty {
        Ok(())
    } else {
        Err(Unreadable::OtherForm { line: 1, column: 1 })
    }
}

/// Reads a body that may hold an error although the status is a 2xx.
pub(super) fn accepted(body: &[u8]) -> Result<Envelope<'_>, Unreadable> {
    let envelope = envelope(body)?;
    match (envelope.error(), envelope.error) {
        (Some(error), _) => Err(Unreadable::Refusal(error)),
        (None, Some(_)) => Err(Unreadable::OtherForm { line: 1, column: 1 }),
        (None, None) => Ok(envelope),
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
    #[serde(borrow)]
    records: Option<&'a RawValue>,
    #[serde(borrow)]
    num_records: Option<&'a RawValue>,
    #[serde(borrow, rename = "_links")]
    links: Option<&'a RawValue>,
}

/// Returns the number of the request that has to be approved. No recording shows where it stands: the link and the member
/// `index` are those of the resource `/security/multi-admin-verify/requests`.
pub(super) fn approval(body: &[u8], location: Option<&str>) -> Option<u64> {
    fn of_link(link: &str) -> Option<u64> {
        let number = link.split_once("/multi-admin-verify/requests")?.1.trim_start_matches(['/', '?']);
        let number = number.trim_start_matches("index=");
        number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    }
    fn of_value(value: &Value) -> Option<u64> {
        match value {
            Value::String(text) => of_link(text),
            Value::Array(items) => items.iter().find_map(of_value),
            Value::Object(members) => {
                let index =
                    members.get("index").and_then(|index| index.as_u64().or_else(|| index.as_str()?.parse().ok()));
                index.or_else(|| members.values().find_map(of_value))
            }
            _ => None,
        }
    }
    let body = Some(body).filter(|body| body.len() <= LARGEST_ERROR);
    location.and_then(of_link).or_else(|| of_value(&serde_json::from_slice(body?).ok()?))
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
        let arguments = arguments
            .take(MOST_ARGUMENTS)
            .map(|argument| (text(&argument["code"]), text(&argument["message"])))
            .collect();
        let any = code.is_some() || message.is_some();
        any.then(|| OntapError { code, message, target: text(&error["target"]), arguments })
    }

    fn is_of_ontap(&self) -> bool {
        [self.job, self.records, self.num_records, self.links].iter().any(Option::is_some)
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
