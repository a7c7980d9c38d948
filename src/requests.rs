//! What the spec says of request bodies and the bindings do not do.

use std::fmt;

use crate::SecretKey;
use crate::bindings::types;

/// A body that can be looked over before it is sent.
pub(crate) trait RequestBody: Sized {
    /// Checks the lengths that the spec sets.
    fn check(&self) -> Result<(), OutOfLimits>;

    /// The body less the members that only ONTAP sets, so that parts of a policy that was read can be sent again.
    fn without_read_only(self) -> Self;
}

/// A value that is too short or too long. It has the length, never the value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OutOfLimits {
    pub(crate) field: &'static str,
    pub(crate) characters: usize,
    pub(crate) minimum: usize,
    pub(crate) maximum: usize,
}

impl fmt::Display for OutOfLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, characters, minimum, maximum } = self;
        write!(f, "`{field}` has {characters} characters, and ONTAP takes {minimum} to {maximum}")
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

fn within(field: &'static str, value: &impl Text, minimum: usize, maximum: usize) -> Result<(), OutOfLimits> {
    let characters = value.text().chars().count();
    if (minimum..=maximum).contains(&characters) {
        Ok(())
    } else {
        Err(OutOfLimits { field, characters, minimum, maximum })
    }
}

include!(concat!(env!("OUT_DIR"), "/requests.rs"));
