//! ONTAP's error codes and the API's operations, generated from the spec.

use std::fmt;

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
