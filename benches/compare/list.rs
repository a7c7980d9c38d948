//! Reading all policies, with all their fields.

use crate::contenders::{Contender, Failure};
use crate::figures::{Figures, median};
use crate::rounds::{Rounds, cell};
use crate::sizes::Sizes;
use crate::stage::{Outcome, Stage, Who};
use crate::table::Table;
use crate::tell;
use crate::work::Task;

const OURS: Who = Who::Own(Contender::Ours);
const BY_HAND: Who = Who::Own(Contender::ByHand);
const USUAL: Who = Who::Own(Contender::ByHandUsual);
const AHEAD: Who = Who::Own(Contender::ByHandAhead);
const RAW: Who = Who::Own(Contender::Raw);

fn seconds(outcome: &Outcome) -> f64 {
    outcome.done.seconds
}

fn cpu(outcome: &Outcome) -> f64 {
    outcome.done.cpu_seconds
}

/// Measures it, without TLS or with it.
///
/// # Errors
/// If a contender of ours fails, or they do not agree on what they read.
pub(crate) fn measure(stage: &mut Stage, sizes: &Sizes, tls: bool, figures: &mut Figures) -> Result<(), Failure> {
    let group = if tls { "list, with TLS" } else { "list" };
    tell(&format!("\n== {group}: {} policies, {} a page, all fields", sizes.list, sizes.page));
    let entries = [
        (OURS, sizes.list),
        (BY_HAND, sizes.list),
        (USUAL, sizes.list),
        (AHEAD, sizes.list),
        (RAW, sizes.list),
        (Who::Generated, sizes.list),
        (Who::NetAppFast, sizes.list),
        (Who::NetApp, sizes.list_slow),
    ];
    let rounds = Rounds::run(stage, &entries, tls, Task::List { page: sizes.page }, sizes.rounds, sizes.rounds_slow)?;
    let mut table =
        Table::of(&["", "policies/s", "CPU us/policy", "peak MiB", "server busy", "time/by hand", "CPU/by hand"]);
    for row in rounds.rows() {
        let name = row.who.name();
        let rate = row.values(|outcome| outcome.done.count as f64 / outcome.done.seconds);
        let processor = row.values(|outcome| outcome.done.cpu_seconds * 1e6 / outcome.done.count as f64);
        let peak = row.values(|outcome| outcome.done.peak_bytes as f64 / f64::from(1 << 20));
        // Python's interpreter starts meanwhile, but it does not ask the server for anything then.
        let busy = row.values(|outcome| outcome.server_seconds / outcome.done.seconds * 100.0);
        let mut cells = vec![
            name.to_owned(),
            cell(&rate, 0),
            cell(&processor, 2),
            cell(&peak, 1),
            format!("{:.0} %", median(&busy)),
        ];
        figures.add(group, name, None, "policies/s", &rate);
        figures.add(group, name, None, "CPU µs a policy", &processor);
        figures.add(group, name, None, "peak MiB", &peak);
        figures.add(group, name, None, "server busy %", &busy);
        for (quantity, ratios) in [
            ("time, by hand = 1", rounds.ratios(row.who, BY_HAND, seconds)),
            ("CPU time, by hand = 1", rounds.ratios(row.who, BY_HAND, cpu)),
        ] {
            let ratios = ratios.unwrap_or_default();
            cells.push(cell(&ratios, 3));
            figures.add(group, name, None, quantity, &ratios);
        }
        table.add(cells);
    }
    tell(&table.text());
    if stage.has(Who::NetApp) && sizes.list_slow != sizes.list {
        tell(&format!("the rate of get_collection is that of {} policies", sizes.list_slow));
    }
    notes(&rounds, group, figures);
    targets(&rounds, group, figures);
    Ok(())
}

/// Writes the notes that readers of the table need.
fn notes(rounds: &Rounds, group: &str, figures: &mut Figures) {
    if let Some(raw) = rounds.rows().iter().find(|row| row.who == RAW) {
        let throughput = raw.values(|outcome| outcome.done.bytes as f64 / outcome.done.seconds / f64::from(1 << 20));
        figures.add(group, RAW.name(), None, "MiB/s", &throughput);
        let faster = rounds.ratios(BY_HAND, RAW, seconds).unwrap_or_default();
        // If the raw loop is no faster, the server may be the limit.
        let verdict = if median(&faster) >= 1.5 { "is not" } else { "MAY BE" };
        tell(&format!(
            "the server {verdict} the bottleneck: it gives the raw loop {} MiB/s, {} times what the loop by hand takes",
            cell(&throughput, 0),
            cell(&faster, 2)
        ));
    }
    let (Some(wall), Some(processor)) = (rounds.ratios(OURS, AHEAD, seconds), rounds.ratios(OURS, AHEAD, cpu)) else {
        return;
    };
    figures.add(group, OURS.name(), None, "time, by hand with a page ahead = 1", &wall);
    tell(&format!(
        "fetching one page ahead hides waiting, not work: against a loop by hand that does so too, ours takes {} of its \
         time and {} of its CPU time",
        cell(&wall, 3),
        cell(&processor, 3)
    ));
}

fn targets(rounds: &Rounds, group: &str, figures: &mut Figures) {
    let mut judge = |what: &str, ratios: Option<Vec<f64>>, limit, at_least| match ratios {
        Some(ratios) => {
            figures.judge(&format!("{group}: {what}"), &ratios, limit, at_least);
        }
        None => tell(&format!("not judged: {what}")),
    };
    judge("time, against the loop by hand", rounds.ratios(OURS, BY_HAND, seconds), 1.05, false);
    judge("rate, against netapp-ontap's get_collection", rounds.ratios(Who::NetApp, OURS, seconds), 100.0, true);
    judge(
        "rate, against netapp-ontap's fast_get_collection",
        rounds.ratios(Who::NetAppFast, OURS, seconds),
        10.0,
        true,
    );
}
