//! How users write what ONTAP has in another form: a port as a number, and an SVM by its name alone.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads a text that holds a number, or the number.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    deserializer.deserialize_any(Number)
}

/// Reads a reference, or the name that is enough for one.
pub(crate) fn reference<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de> + for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(Reference(PhantomData))
}

/// Describes what [`number`] reads.
#[cfg(feature = "schemars")]
pub(crate) fn number_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": ["string", "integer", "null"] })
}

/// Describes what [`reference`] reads.
#[cfg(feature = "schemars")]
pub(crate) fn reference_schema<T: schemars::JsonSchema>(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "anyOf": [{ "type": ["string", "null"] }, generator.subschema_for::<T>()] })
}

struct Number;

impl Visitor<'_> for Number {
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

struct Reference<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + for<'a> From<&'a str>> Visitor<'de> for Reference<T> {
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
        T::deserialize(MapAccessDeserializer::new(members)).map(Some)
    }
}
