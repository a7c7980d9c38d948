//! A pre-shared key on its way from the request to the check of its length. It is never kept.

use std::fmt;

/// A key that does not show itself.
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(key: String) -> Self {
        Self(key)
    }

    /// Whether the key has one of the lengths that ONTAP takes.
    pub(crate) fn has_valid_length(&self) -> bool {
        (18..=128).contains(&self.0.chars().count())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}
