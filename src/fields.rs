//! The fields of a policy by name: for what a list returns and how it is sorted.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::values::{FieldList, OrderBy, open_enum};

include!(concat!(env!("OUT_DIR"), "/fields.rs"));

impl Field {
    /// For [`OrderBy`]: the smallest value first, which is the order without a word, too.
    #[must_use]
    pub fn ascending(self) -> SortKey {
        SortKey { field: self, descending: false }
    }

    /// For [`OrderBy`]: the largest value first.
    ///
    /// ```
    /// # fn example(client: ontap_ipsec::Client) {
    /// use ontap_ipsec::Field;
    ///
    /// let names = client.list(|all| all.fields([Field::Name, Field::SvmName]).order_by(Field::Name.descending()));
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

/// As in `order_by`: `name`, or `name desc`.
impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.descending { " desc" } else { "" };
        write!(f, "{}{direction}", self.field)
    }
}

impl From<Field> for SortKey {
    fn from(field: Field) -> Self {
        field.ascending()
    }
}

/// The dotted name.
impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.as_str().to_owned()
    }
}

impl From<SortKey> for String {
    fn from(key: SortKey) -> Self {
        key.to_string()
    }
}

impl From<Field> for FieldList {
    fn from(field: Field) -> Self {
        [field].into()
    }
}

impl From<Field> for OrderBy {
    fn from(field: Field) -> Self {
        [field].into()
    }
}

impl From<SortKey> for OrderBy {
    fn from(key: SortKey) -> Self {
        [key].into()
    }
}
