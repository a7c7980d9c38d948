//! Releases of ONTAP.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error as _};

/// A release of ONTAP, such as 9.15.1, without patch level. `FromStr` reads `9.15.1` and `9.15`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    pub(crate) generation: u8,
    pub(crate) major: u8,
    pub(crate) minor: u8,
}

impl Release {
    /// The newest release that the simulator supports: 9.19.1.
    pub const LATEST: Self = Self::new(9, 19, 1);

    /// The default release of a cluster.
    pub(crate) const DEFAULT: Self = Self::new(9, 15, 1);

    /// The first release with the IPsec endpoint.
    pub(crate) const FIRST: Self = Self::new(9, 8, 0);

    pub(crate) const fn new(generation: u8, major: u8, minor: u8) -> Self {
        Self { generation, major, minor }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.generation, self.major, self.minor)
    }
}

impl FromStr for Release {
    type Err = ReleaseError;

    /// Reads `9.15.1`, or `9.15` for `9.15.0`.
    fn from_str(text: &str) -> Result<Self, ReleaseError> {
        let error = || ReleaseError { text: text.to_owned() };
        let mut numbers = Vec::new();
        for part in text.split('.') {
            numbers.push(crate::values::digits::<u8>(part).ok_or_else(error)?);
        }
        match numbers[..] {
            [generation, major] => Ok(Self::new(generation, major, 0)),
            [generation, major, minor] => Ok(Self::new(generation, major, minor)),
            _ => Err(error()),
        }
    }
}

impl<'de> Deserialize<'de> for Release {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The error for a text that is no release.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the release {text:?} is invalid; use the form 9.15.1")]
pub struct ReleaseError {
    text: String,
}
