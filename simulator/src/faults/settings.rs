//! The settings of a fault, as they stand in files.

use serde::Deserialize;

use crate::faults::length::Length;

/// The kinds of faults, by their names in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Delay,
    SlowBody,
    Reset,
    Truncated,
    WrongLength,
    Unavailable,
    Redirect,
    Error,
    Busy,
    Job,
}

impl Kind {
    /// The name in files.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::SlowBody => "slow_body",
            Self::Reset => "reset",
            Self::Truncated => "truncated",
            Self::WrongLength => "wrong_length",
            Self::Unavailable => "unavailable",
            Self::Redirect => "redirect",
            Self::Error => "error",
            Self::Busy => "busy",
            Self::Job => "job",
        }
    }
}

/// All settings of all kinds, as they stand in files.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) kind: Kind,

    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) query: Option<String>,

    #[serde(default)]
    pub(crate) skip: u64,
    pub(crate) every: Option<u64>,
    pub(crate) times: Option<Times>,
    pub(crate) probability: Option<f64>,
    pub(crate) seed: Option<u64>,

    #[serde(default)]
    pub(crate) after_work: bool,
    pub(crate) time: Option<Length>,
    pub(crate) bytes: Option<u64>,
    pub(crate) status: Option<u16>,
    pub(crate) retry_after: Option<u32>,
    #[serde(default)]
    pub(crate) empty: bool,
    pub(crate) location: Option<String>,
    pub(crate) code: Option<u32>,
    pub(crate) message: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) polls: Option<u32>,
    #[serde(default)]
    pub(crate) without_link: bool,
}

/// How often a fault strikes at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "`times` is a number from 1 on, or \"always\"")]
pub(crate) enum Times {
    Number(u64),
    Word(Always),
}

/// The word for no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Always {
    #[serde(rename = "always")]
    Always,
}
