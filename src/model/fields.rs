//! The fields of records by name: for what a list returns and how it is sorted.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::values::open_enum;
use crate::error_code::Operation;
use crate::release::Release;

include!(concat!(env!("OUT_DIR"), "/fields.rs"));

impl Field {
    /// For `order_by`: the smallest value first, which is also the default.
    #[must_use]
    pub fn ascending(self) -> SortKey {
        SortKey { field: self, descending: false }
    }

    /// For `order_by`: the largest value first.
    ///
    /// ```
    /// # fn example(client: ontap_ipsec::Client) {
    /// use ontap_ipsec::Field;
    ///
    /// let names = client.policies().list().fields([Field::Name, Field::SvmName]).order_by([Field::Name.descending()]);
    /// # }
    /// ```
    #[must_use]
    pub fn descending(self) -> SortKey {
        SortKey { field: self, descending: true }
    }
}

/// A field to sort by, and which way. Made by [`Field::ascending`] and [`Field::descending`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SortKey {
    field: Field,
    descending: bool,
}

/// Writes the key as in `order_by`: `name`, or `name desc`.
impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.descending { " desc" } else { "" };
        write!(f, "{}{direction}", self.field)
    }
}
