//! The outcomes of all clusters, as a table.

use std::fmt::Write as _;

use ontap_ipsec::{Change, Field};

use crate::rollout::Report;

/// A line for each cluster, in the order of the reports, and one for all of them.
pub(crate) fn of(reports: &[Report]) -> String {
    let width = reports.iter().map(|report| report.cluster.len()).max().unwrap_or_default().max("cluster".len());
    let mut text = format!("{:<width$}  {:<9}  {:<36}  {:>8}  {}\n", "cluster", "outcome", "policy", "time", "remarks");
    let mut counts = [0; 4];
    for Report { cluster, outcome, took } in reports {
        let (index, uuid, remarks) = match outcome {
            Ok(applied) => {
                let (index, remarks) = match &applied.change {
                    Change::Created => (0, String::new()),
                    Change::Modified(fields) => (1, changed(fields)),
                    _ => (2, String::new()),
                };
                (index, applied.uuid.to_string(), remarks)
            }
            // It tells how many attempts there were, if there were several.
            Err(error) => (3, "-".to_owned(), error.to_string()),
        };
        counts[index] += 1;
        let row =
            format!("{cluster:<width$}  {:<9}  {uuid:<36}  {:>6.2} s  {remarks}", NAMES[index], took.as_secs_f64());
        let _ = writeln!(text, "{}", row.trim_end());
    }
    let counted: Vec<_> = NAMES.iter().zip(counts).map(|(name, count)| format!("{count} {name}")).collect();
    let _ = writeln!(text, "{} clusters: {}", reports.len(), counted.join(", "));
    text
}

const NAMES: [&str; 4] = ["created", "modified", "unchanged", "failed"];

fn changed(fields: &[Field]) -> String {
    let fields: Vec<_> = fields.iter().map(|field| field.as_str()).collect();
    format!("changed {}", fields.join(", "))
}
