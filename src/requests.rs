//! What the spec says of request bodies and the bindings do not do.

use std::fmt;

use crate::SecretKey;
use crate::bindings::types;
use crate::error_code::ErrorCode;
use crate::fields::Field;
use crate::rules::Rules as _;

/// A body that can be looked over before it is sent.
pub(crate) trait RequestBody: Sized {
    /// Checks the lengths that the spec sets, and the documented rules.
    fn check(&self) -> Result<(), Breach>;

    /// The body less the members that only ONTAP sets, so that parts of a policy that was read can be sent again.
    fn without_read_only(self) -> Self;
}

/// A rule that a request breaks, for which ONTAP would refuse it. It never has a key in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    /// The dotted name of the field at fault.
    pub(crate) field: String,
    /// The code that ONTAP documents for it, if it does.
    pub(crate) code: Option<ErrorCode>,
    /// What is wrong with the field, as the rest of a sentence about it.
    pub(crate) cause: String,
}

impl Breach {
    pub(crate) fn of(field: &Field, code: &ErrorCode, cause: impl Into<String>) -> Self {
        Self { field: field.to_string(), code: Some(code.clone()), cause: cause.into() }
    }

    pub(crate) fn uncoded(field: &Field, cause: impl Into<String>) -> Self {
        Self { field: field.to_string(), code: None, cause: cause.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, code, cause } = self;
        write!(f, "`{field}` {cause}; nothing was sent")?;
        match code {
            Some(code) => write!(f, ", ONTAP would answer {code}"),
            None => Ok(()),
        }
    }
}

trait Text {
    fn text(&self) -> &str;
}

impl Text for String {
    fn text(&self) -> &str {
        self
    }
}

impl Text for SecretKey {
    fn text(&self) -> &str {
        self.expose()
    }
}

fn within(
    field: &str,
    value: &impl Text,
    minimum: usize,
    maximum: usize,
    code: Option<ErrorCode>,
) -> Result<(), Breach> {
    let characters = value.text().chars().count();
    if (minimum..=maximum).contains(&characters) {
        return Ok(());
    }
    let cause = format!("has {characters} characters, and ONTAP takes {minimum} to {maximum}");
    Err(Breach { field: field.to_owned(), code, cause })
}

include!(concat!(env!("OUT_DIR"), "/requests.rs"));
