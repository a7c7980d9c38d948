//! Reading more and more policies: neither the time of each nor the memory may grow.

use crate::contenders::{Contender, Failure};
use crate::figures::Figures;
use crate::rounds::{Rounds, cell};
use crate::sizes::Sizes;
use crate::stage::{Outcome, Stage, Who};
use crate::table::Table;
use crate::tell;
use crate::work::Task;

const OURS: Who = Who::Own(Contender::Ours);
const BY_HAND: Who = Who::Own(Contender::ByHand);

/// Measures it.
///
/// # Errors
/// If a contender fails, or they do not agree on what they read.
pub(crate) fn measure(stage: &mut Stage, sizes: &Sizes, figures: &mut Figures) -> Result<(), Failure> {
    tell(&format!("\n== scale: {} policies a page, all fields", sizes.page));
    let mut table = Table::of(&["", "policies", "us/policy", "CPU us/policy", "peak MiB"]);
    let mut peaks = Vec::new();
    for policies in sizes.scale {
        let entries = [(OURS, policies), (BY_HAND, policies)];
        let rounds = Rounds::run(stage, &entries, false, Task::List { page: sizes.page }, sizes.rounds_scale, 1)?;
        for row in rounds.rows() {
            let each = |seconds: f64, outcome: &Outcome| seconds * 1e6 / outcome.done.count as f64;
            let time = row.values(|outcome| each(outcome.done.seconds, outcome));
            let processor = row.values(|outcome| each(outcome.done.cpu_seconds, outcome));
            let peak = row.values(|outcome| outcome.done.peak_bytes as f64 / f64::from(1 << 20));
            let (name, size) = (row.who.name(), Some(u64::from(policies)));
            figures.add("scale", name, size, "µs a policy", &time);
            figures.add("scale", name, size, "CPU µs a policy", &processor);
            figures.add("scale", name, size, "peak MiB", &peak);
            table.add(vec![name.to_owned(), policies.to_string(), cell(&time, 2), cell(&processor, 2), cell(&peak, 1)]);
            if row.who == OURS {
                peaks.push(peak);
            }
        }
    }
    tell(&table.text());
    if let (Some(few), Some(many)) = (peaks.first(), peaks.last()) {
        let ratios: Vec<f64> = many.iter().zip(few).map(|(many, few)| many / few).collect();
        let [few, _, many] = sizes.scale;
        figures.judge(&format!("scale: peak memory of {many} policies, against that of {few}"), &ratios, 1.1, false);
    }
    Ok(())
}
