//! How each error code can be met in the simulator, which tells that itself.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde::Deserialize;
use thiserror::Error;

use super::cargo::{self, CargoError};

/// What makes the simulator answer with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trigger {
    /// A request that breaks a rule.
    Request,
    /// A request to a cluster in a certain state.
    Cluster,
    /// A fault that orders the answer.
    Order,
}

/// How a code is met.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Meeting {
    /// The code.
    pub code: u64,
    /// The methods that it comes from.
    pub operations: Vec<String>,
    /// What kind of thing brings it about.
    pub trigger: Trigger,
    /// What to do, in Markdown.
    pub how: String,
}

/// Why the simulator did not tell it.
#[derive(Debug, Error)]
pub enum MeetingsError {
    /// It does not build, or failed.
    #[error("the simulator cannot be asked for its error codes: {0}")]
    Cargo(#[from] CargoError),
    /// It tells it in another form.
    #[error("what the simulator says of its error codes cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// One side has codes that the other lacks.
    #[error(
        "the spec and the simulator have different error codes; only in the spec: {spec}; only in the simulator: \
             {simulator}; mend the spec's catalogue or simulator/src/rules/codes.rs"
    )]
    Differ {
        /// Those that only the spec has.
        spec: String,
        /// Those that only the simulator has.
        simulator: String,
    },
}

/// Asks the simulator of the workspace at `root`, which cargo builds.
pub(super) fn ask(root: &Path) -> Result<Vec<Meeting>, MeetingsError> {
    // A failure to say what goes on is no reason to stop.
    let _ = writeln!(io::stderr().lock(), "asking the simulator for its error codes; cargo builds it where it has to");
    let arguments = ["run", "--quiet", "--locked", "--package", "ontap-ipsec-simulator", "--", "--error-codes"];
    Ok(serde_json::from_str(&cargo::run(root, &arguments)?)?)
}

/// The meetings by their codes, if they are of the same codes as the catalogue.
pub(super) fn by_code(
    meetings: Vec<Meeting>,
    catalogue: impl Iterator<Item = u64>,
) -> Result<BTreeMap<u64, Meeting>, MeetingsError> {
    let mut of: BTreeMap<u64, Meeting> = meetings.into_iter().map(|one| (one.code, one)).collect();
    let mut matched = BTreeMap::new();
    let mut unmet = Vec::new();
    for code in catalogue {
        match of.remove(&code) {
            Some(meeting) => drop(matched.insert(code, meeting)),
            None => unmet.push(code),
        }
    }
    if unmet.is_empty() && of.is_empty() {
        return Ok(matched);
    }
    let list = |codes: Vec<u64>| match codes.is_empty() {
        true => "none".to_owned(),
        false => codes.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
    };
    Err(MeetingsError::Differ { spec: list(unmet), simulator: list(of.into_keys().collect()) })
}
