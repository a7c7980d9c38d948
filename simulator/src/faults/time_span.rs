//! Reads times in files: a number of seconds, or a number with a unit.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The longest time of a fault, one day. Tokio's timers do not support much longer times.
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// A time in a file, such as `2`, `0.5`, `"200ms"`, `"1.5s"`, `"2m"` or `"1h"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeSpan(pub(crate) Duration);

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "the time must be a number of seconds up to a day, such as 2 or 0.5, or have a unit, such as \"200ms\""
)]
enum Written {
    Number(f64),
    Text(String),
}

impl<'de> Deserialize<'de> for TimeSpan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = match Written::deserialize(deserializer)? {
            Written::Number(seconds) => Some(seconds),
            // `"ms"` comes first, because it also ends in `"s"`.
            Written::Text(text) => [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)]
                .into_iter()
                .find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, scale)))
                .and_then(|(number, scale)| Some(number.trim_end().parse::<f64>().ok()? * scale)),
        };
        let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        time.filter(|time| *time <= LONGEST).map(Self).ok_or_else(|| {
            D::Error::custom(
                "the time must be a number of seconds up to a day, such as 2 or 0.5, or have a unit, such as \"200ms\"",
            )
        })
    }
}

impl Serialize for TimeSpan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:?}", self.0))
    }
}
