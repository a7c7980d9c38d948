//! Known misprints: the list of deviations says where the page is not to be believed.

use crate::deviations::Deviation;

use super::Changes;

/// Puts the reason of each deviation to the changes in which the value comes or goes that it sets right. Of fields, the
/// list speaks by schema and not by path, so that notes are for what belongs to an operation.
pub fn annotate(changes: &mut Changes, deviations: &[Deviation]) {
    for change in &mut changes.changes {
        let rule = change.rule.to_string();
        let of_this = |deviation: &&Deviation| {
            deviation.rule.id() == rule
                && deviation.documented.is_some()
                && [&change.from, &change.to].contains(&&deviation.documented)
                && change.operations.iter().all(|operation| deviation.operations.contains(operation))
                && change.operations.iter().any(|key| deviation.subject == format!("{key} {}", change.subject))
        };
        if let Some(deviation) = deviations.iter().find(of_this) {
            change.note = Some(deviation.reason.trim().to_owned());
        }
    }
}
