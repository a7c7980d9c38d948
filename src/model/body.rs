//! Request bodies, checked before they are sent.

use serde::Serialize;

use super::rules::Rules as _;
use super::secret::SecretKey;
use super::types;
use crate::error::{Error, Result};

/// A body that can be looked over before it is sent.
pub(crate) trait RequestBody: Sized {
    /// Checks the lengths that the spec sets, and the documented rules.
    fn check(&self) -> Result<()>;

    /// Returns the body less the members that only ONTAP sets, so that parts of a policy that was read can be sent again.
    fn without_read_only(self) -> Self;
}

/// The body that an operation sends; `()` stands for none.
pub(crate) trait Body: Serialize {
    /// Whether the body has a field that came after the operation, by dotted name.
    fn has(&self, field: &str) -> bool;
}

impl Body for () {
    fn has(&self, _: &str) -> bool {
        false
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

fn within(field: &str, value: &impl Text, minimum: usize, maximum: usize, code: Option<&str>) -> Result<()> {
    let characters = value.text().chars().count();
    if (minimum..=maximum).contains(&characters) {
        return Ok(());
    }
    let cause = format!("has {characters} characters, and ONTAP takes {minimum} to {maximum}");
    Err(Error::refused(field, code.map(Into::into), cause))
}

include!(concat!(env!("OUT_DIR"), "/requests.rs"));
