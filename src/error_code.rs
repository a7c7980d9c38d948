//! ONTAP's error codes and the API's operations, generated from the spec.

use std::cmp::Ordering;
use std::fmt;

use crate::release::Release;

include!(concat!(env!("OUT_DIR"), "/error_codes.rs"));

/// The code, and its name where the spec has one: `66257104 duplicate-policy-name`.
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())?;
        match self.name() {
            Some(name) => write!(f, " {name}"),
            None => Ok(()),
        }
    }
}

/// The operation's id in the spec.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl PartialOrd for ErrorCode {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Orders by number, since later releases add codes in between.
impl Ord for ErrorCode {
    fn cmp(&self, other: &Self) -> Ordering {
        let (code, other) = (self.as_str(), other.as_str());
        (code.len(), code).cmp(&(other.len(), other))
    }
}

impl PartialOrd for Operation {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Orders by id, since later releases add operations in between.
impl Ord for Operation {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id().cmp(other.id())
    }
}
