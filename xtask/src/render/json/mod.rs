//! For programs. The types below are the contract.

mod changes;
mod drift;

pub use changes::Changes;
pub use drift::Difference;

use super::{Compared, Report};

/// Shows the report as JSON.
///
/// # Errors
/// If JSON cannot hold it.
pub fn render(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let text = match &report.compared {
        Compared::Drift(drift) => serde_json::to_string_pretty(&Difference::new(report, drift)),
        _ => serde_json::to_string_pretty(&Changes::new(report)),
    };
    Ok(text? + "\n")
}
