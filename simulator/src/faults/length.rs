//! Lengths of time as a file gives them: a number of seconds, or a number with its unit.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The longest time that a fault can take. Timers cannot do much more.
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// A length of time in a file, such as `2`, `0.5`, `"200ms"`, `"1.5s"`, `"2m"` or `"1h"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Length(pub(crate) Duration);

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "it is a number of seconds up to a day, such as 2 or 0.5, or with a unit, such as \"200ms\""
)]
enum Written {
    Number(f64),
    Text(String),
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = match Written::deserialize(deserializer)? {
            Written::Number(seconds) => Some(seconds),
            // The longer unit first: "ms" ends in "s", too.
            Written::Text(text) => [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)]
                .into_iter()
                .find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, scale)))
                .and_then(|(number, scale)| Some(number.trim_end().parse::<f64>().ok()? * scale)),
        };
        let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        time.filter(|time| *time <= LONGEST).map(Self).ok_or_else(|| {
            D::Error::custom(
                "it is a number of seconds up to a day, such as 2 or 0.5, or with a unit, such as \"200ms\"",
            )
        })
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:?}", self.0))
    }
}
