//! Strict reading of policies that users write, as in files. Without a mistyped member, a policy would cover more traffic. A
//! port may be a number, and an SVM its name alone.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::types;

include!(concat!(env!("OUT_DIR"), "/written.rs"));

/// An object that is read member by member.
pub(crate) trait Written: Default {
    /// The names of the members.
    const NAMES: &'static [&'static str];

    /// Reads the value of a member.
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, members: &mut A) -> Result<(), A::Error>;
}

/// Reads an object. A member that is given twice is an error. An unknown member is an error unless the object is open.
struct Members<T> {
    is_open: bool,
    of: PhantomData<T>,
}

impl<'de, T: Written> Visitor<'de> for Members<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<T, A::Error> {
        let (mut value, mut seen) = (T::default(), 0_u64);
        while let Some(place) = members.next_key_seed(Name { names: T::NAMES, is_open: self.is_open })? {
            let Some(name) = T::NAMES.get(place) else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            if seen & 1 << place != 0 {
                return Err(A::Error::duplicate_field(name));
            }
            seen |= 1 << place;
            value.read(name, &mut members)?;
        }
        Ok(value)
    }
}

/// Reads the name of a member as its place among the known ones, without a copy.
struct Name {
    names: &'static [&'static str],
    is_open: bool,
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        match self.names.iter().position(|known| *known == name) {
            None if !self.is_open => Err(unknown(name, self.names)),
            place => Ok(place.unwrap_or(self.names.len())),
        }
    }
}

/// Reads a part of a record, or nothing.
pub(crate) fn open<'de, T: Written, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(PartVisitor { is_open: true, of: PhantomData })
}

fn unknown<E: Error>(name: &str, names: &[&str]) -> E {
    let distance = |known: &&&str| strsim::damerau_levenshtein(name, known);
    // A longer name is no mistyped one, and would take long to compare.
    let nearest = names.iter().filter(|_| name.len() <= 100).min_by_key(distance);
    match nearest {
        Some(nearest) => E::custom(format!("unknown member `{name}`; the nearest known one is `{nearest}`")),
        None => E::custom(format!("unknown member of {} bytes; known are {}", name.len(), names.join(", "))),
    }
}

/// A text that holds a number, or the number.
struct Number(Option<String>);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number(deserializer).map(Self)
    }
}

/// A reference, or the name that is enough for one.
struct Reference<T>(Option<T>);

impl<'de, T: Written + for<'a> From<&'a str>> Deserialize<'de> for Reference<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReferenceVisitor(PhantomData)).map(Self)
    }
}

/// An object in a body.
struct Part<T>(Option<T>);

impl<'de, T: Written> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PartVisitor { is_open: false, of: PhantomData }).map(Self)
    }
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    deserializer.deserialize_any(NumberVisitor)
}

/// Describes what [`Number`] reads.
#[cfg(feature = "schemars")]
pub(crate) fn number_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": ["string", "integer", "null"] })
}

/// Describes what [`Reference`] reads.
#[cfg(feature = "schemars")]
pub(crate) fn reference_schema<T: schemars::JsonSchema>(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "anyOf": [{ "type": ["string", "null"] }, generator.subschema_for::<T>()] })
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a whole number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<String>, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Option<String>, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Option<String>, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Option<String>, E> {
        Ok(None)
    }
}

struct ReferenceVisitor<T>(PhantomData<T>);

impl<'de, T: Written + for<'a> From<&'a str>> Visitor<'de> for ReferenceVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or an object with a name or a UUID")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<T>, E> {
        Ok(Some(name.into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Option<T>, A::Error> {
        Members { is_open: false, of: PhantomData }.visit_map(members).map(Some)
    }
}

struct PartVisitor<T> {
    is_open: bool,
    of: PhantomData<T>,
}

impl<'de, T: Written> Visitor<'de> for PartVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        match self.is_open {
            true => Ok(None),
            false => {
                Err(E::custom("there is no object; leave the member out; an endpoint of any address is written `{}`"))
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Option<T>, A::Error> {
        Members { is_open: self.is_open, of: PhantomData }.visit_map(members).map(Some)
    }
}
