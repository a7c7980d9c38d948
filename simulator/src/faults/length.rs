//! Lengths of time as a file gives them: a number of seconds, or a number with its unit.

use std::{fmt, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};

/// The longest time that a fault can take. Timers cannot do much more.
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// A length of time in a file, such as `2`, `0.5`, `"200ms"`, `"1.5s"`, `"2m"` or `"1h"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Length(pub(crate) Duration);

const FORM: &str =
    "a number of seconds up to a day, such as 2 or 0.5, or with a unit, such as \"200ms\", \"1.5s\", \"2m\" or \"1h\"";

fn seconds<E: serde::de::Error>(seconds: f64, found: serde::de::Unexpected<'_>) -> Result<Length, E> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| *time <= LONGEST)
        .map(Length)
        .ok_or_else(|| E::invalid_value(found, &FORM))
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LengthVisitor)
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:?}", self.0))
    }
}

struct LengthVisitor;

impl Visitor<'_> for LengthVisitor {
    type Value = Length;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(FORM)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Length, E> {
        seconds(number as f64, serde::de::Unexpected::Signed(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Length, E> {
        seconds(number as f64, serde::de::Unexpected::Unsigned(number))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Length, E> {
        seconds(number, serde::de::Unexpected::Float(number))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Length, E> {
        let found = serde::de::Unexpected::Str(text);
        // The longer unit first: "ms" ends in "s", too.
        for (unit, scale) in [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)] {
            if let Some(number) = text.strip_suffix(unit) {
                return match number.trim_end().parse::<f64>() {
                    Ok(number) => seconds(number * scale, found),
                    Err(_) => Err(E::invalid_value(found, &FORM)),
                };
            }
        }
        Err(E::invalid_value(found, &FORM))
    }
}
