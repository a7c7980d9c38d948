//! Creating policies, modifying and deleting them.

use crate::contenders::{Contender, Failure};
use crate::figures::Figures;
use crate::rounds::{Rounds, cell};
use crate::sizes::Sizes;
use crate::stage::{Stage, Who};
use crate::table::Table;
use crate::tell;
use crate::work::Task;

const OURS: Who = Who::Own(Contender::Ours);
const BY_HAND: Who = Who::Own(Contender::ByHand);

/// Measures it, so many cycles at a time.
///
/// # Errors
/// If a contender of ours fails.
pub(crate) fn measure(stage: &mut Stage, sizes: &Sizes, at_once: u32, figures: &mut Figures) -> Result<(), Failure> {
    let group = if at_once == 1 { "change, one at a time".to_owned() } else { format!("change, {at_once} at a time") };
    let cycles = sizes.cycles;
    tell(&format!("\n== {group}: {cycles} times create, modify, delete"));
    let entries = [(OURS, sizes.list), (BY_HAND, sizes.list), (Who::Generated, sizes.list)];
    let rounds =
        Rounds::run(stage, &entries, false, Task::Change { cycles, at_once }, sizes.rounds, sizes.rounds_slow)?;
    let heads =
        ["", "operations/s", "median us", "p99 us", "CPU us/operation", "server busy %", "time/by hand", "CPU/by hand"];
    let mut table = Table::of(&heads);
    for row in rounds.rows() {
        let name = row.who.name();
        let mut cells = vec![name.to_owned()];
        for (quantity, values, digits) in [
            ("operations/s", row.values(|outcome| outcome.done.count as f64 / outcome.done.seconds), 0),
            ("median µs", row.values(|outcome| outcome.done.median_seconds * 1e6), 0),
            ("99th percentile µs", row.values(|outcome| outcome.done.slow_seconds * 1e6), 0),
            (
                "CPU µs an operation",
                row.values(|outcome| outcome.done.cpu_seconds * 1e6 / outcome.done.count as f64),
                1,
            ),
            ("server busy %", row.values(|outcome| outcome.server_seconds / outcome.done.seconds * 100.0), 0),
            (
                "time, by hand = 1",
                rounds.ratios(row.who, BY_HAND, |outcome| outcome.done.seconds).unwrap_or_default(),
                3,
            ),
            (
                "CPU time, by hand = 1",
                rounds.ratios(row.who, BY_HAND, |outcome| outcome.done.cpu_seconds).unwrap_or_default(),
                3,
            ),
        ] {
            cells.push(cell(&values, digits));
            figures.add(&group, name, None, quantity, &values);
        }
        table.add(cells);
    }
    tell(&table.text());
    let ratios = rounds.ratios(OURS, BY_HAND, |outcome| outcome.done.seconds).unwrap_or_default();
    // Many at a time, the futures do not all fit into the caches.
    let limit = if at_once == 1 { 1.03 } else { 1.10 };
    figures.judge(&format!("{group}: time, against the loop by hand"), &ratios, limit, false);
    Ok(())
}
