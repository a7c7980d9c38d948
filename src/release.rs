//! Releases of ONTAP.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// A release of ONTAP, such as 9.15.1, without its patch level. Releases compare by age.
///
/// ```
/// use ontap_ipsec::{Operation, Release};
///
/// let release: Release = "9.11.1".parse()?;
/// assert!(Operation::IpsecPolicyCreate.introduced() < release);
/// # Ok::<(), ontap_ipsec::InvalidRelease>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    generation: u8,
    major: u8,
    minor: u8,
}

impl Release {
    pub(crate) const fn new(generation: u8, major: u8, minor: u8) -> Self {
        Self { generation, major, minor }
    }
}

/// As the documentation writes it: `9.15.1`, or `9.8` for the first of its line.
impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.generation, self.major)?;
        match self.minor {
            0 => Ok(()),
            minor => write!(f, ".{minor}"),
        }
    }
}

/// Reads `9.15.1`, `9.15`, or `9.15.1P3`, whose patch level is left out.
impl FromStr for Release {
    type Err = InvalidRelease;

    fn from_str(text: &str) -> Result<Self, InvalidRelease> {
        let read = || {
            let (release, patch) = match text.find(|c: char| c.is_ascii_uppercase()) {
                Some(at) => text.split_at(at),
                None => (text, ""),
            };
            // `u8` would also read `+9`.
            let digits = |number: &str| number.bytes().all(|digit| digit.is_ascii_digit());
            let mut numbers = release.split('.').map(|number| number.parse().ok().filter(|_| digits(number)));
            let (generation, major) = (numbers.next()??, numbers.next()??);
            let minor = numbers.next().unwrap_or(Some(0))?;
            let is_whole = numbers.next().is_none() && patch.bytes().all(|byte| byte.is_ascii_alphanumeric());
            is_whole.then_some(Self { generation, major, minor })
        };
        read().ok_or_else(|| InvalidRelease { text: text.to_owned() })
    }
}

/// A text that is no release. Returned by [`Release::from_str`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRelease {
    text: String,
}

impl fmt::Display for InvalidRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no release of ONTAP; a release looks like `9.15.1`", self.text)
    }
}

impl Error for InvalidRelease {}
