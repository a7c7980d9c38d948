//! The settings of a fault, as in files.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::faults::time_span::TimeSpan;

/// The kinds of faults. Files have the names in lower case with underscores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    #[default]
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
    Approval,
    SilentPeer,
    WithoutField,
}

/// Writes the name as in files.
impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

impl Kind {
    /// Returns the settings of this kind, without [`COMMON`].
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Delay => &["after_work", "time"],
            Self::SlowBody => &["bytes", "time"],
            Self::Reset => &["after_work"],
            Self::Truncated | Self::WrongLength => &["bytes"],
            Self::Unavailable => &["after_work", "empty", "retry_after", "status"],
            Self::Redirect => &["location", "status"],
            Self::Error => &["after_work", "code", "message", "retry_after", "status", "target"],
            Self::Busy => &["records", "without_link"],
            Self::Job => &["code", "message", "polls", "target", "time"],
            Self::Approval => &[],
            Self::SilentPeer => &["peer"],
            Self::WithoutField => &["field"],
        }
    }
}

/// The settings of every kind.
const COMMON: [&str; 9] = ["method", "path", "query", "skip", "every", "times", "lasting", "probability", "seed"];

/// The settings of all kinds, as in files.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
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
    pub(crate) lasting: Option<TimeSpan>,
    pub(crate) probability: Option<f64>,
    pub(crate) seed: Option<u64>,

    #[serde(default)]
    pub(crate) after_work: bool,
    pub(crate) time: Option<TimeSpan>,
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
    pub(crate) records: Option<u64>,
    #[serde(default)]
    pub(crate) without_link: bool,
    pub(crate) field: Option<String>,
    pub(crate) peer: Option<String>,
}

impl Settings {
    /// Returns the settings that differ from the default, without the kind, sorted by name. The map keeps the order
    /// even if another crate enables `preserve_order` of serde_json.
    pub(crate) fn given(&self) -> BTreeMap<String, Json> {
        let Ok(Json::Object(all)) = serde_json::to_value(self) else { return BTreeMap::new() };
        let is_given = |value: &Json| !matches!(value, Json::Null | Json::Bool(false)) && *value != 0;
        all.into_iter().filter(|(name, value)| name != "kind" && is_given(value)).collect()
    }

    /// Tells whether the fault applies once, because no setting says how often or how long.
    pub(crate) fn is_for_once(&self) -> bool {
        let frequency = self.every.is_some() || self.probability.is_some() || self.lasting.is_some();
        self.times.is_none() && !frequency && !matches!(self.kind, Kind::Approval | Kind::SilentPeer)
    }

    /// Returns the settings that are set, but not for this kind.
    pub(crate) fn foreign(&self) -> Vec<String> {
        let known = |name: &str| COMMON.contains(&name) || self.kind.settings().contains(&name);
        self.given().into_keys().filter(|name| !known(name)).collect()
    }
}

/// The highest number of affected requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged, expecting = "`times` must be a number of 1 or more, or \"always\"")]
pub(crate) enum Times {
    Number(u64),
    Word(Always),
}

/// The text for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Always {
    #[serde(rename = "always")]
    Always,
}
