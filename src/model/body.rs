//! Request bodies, checked before they are sent, and what is secret in them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

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

    /// The members that may be sent and are never returned.
    fn secrets(&self) -> Vec<&SecretKey>;
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

fn one_of(field: &str, value: i64, known: &[i64]) -> Result<()> {
    if known.contains(&value) {
        return Ok(());
    }
    let known: Vec<_> = known.iter().map(ToString::to_string).collect();
    Err(Error::refused(field, None, format!("is {value}, and ONTAP takes {}", known.join(", "))))
}

/// The secrets in the JSON of a request body, at any depth.
#[derive(Default)]
pub(crate) struct Secrets(pub(crate) Vec<SecretKey>);

impl<'de> Deserialize<'de> for Secrets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(Self::default())
    }
}

/// Takes in an object or a list; other values hold no secret.
impl<'de> Visitor<'de> for Secrets {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> std::result::Result<Self, A::Error> {
        while let Some(name) = members.next_key::<Cow<'_, str>>()? {
            match SECRETS.contains(&&*name) {
                true => self.0.extend(members.next_value::<Option<SecretKey>>()?),
                false => self.0.extend(members.next_value::<Self>()?.0),
            }
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> std::result::Result<Self, A::Error> {
        while let Some(Self(found)) = items.next_element()? {
            self.0.extend(found);
        }
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> std::result::Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> std::result::Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> std::result::Result<Self, E> {
        Ok(self)
    }
}

include!(concat!(env!("OUT_DIR"), "/requests.rs"));
