//! The same work, done by several in turn, again and again.

use crate::contenders::Failure;
use crate::figures::{least, median, most};
use crate::stage::{Outcome, Stage, Who};
use crate::work::Task;

/// The results of all rounds.
pub(crate) struct Rounds {
    rows: Vec<Row>,
}

/// The results of one contender.
pub(crate) struct Row {
    pub(crate) who: Who,
    /// It took part in the first round, and in each that is so many after one in which it did.
    every: usize,
    outcomes: Vec<Outcome>,
}

/// Somebody, and on how many policies.
pub(crate) type Entry = (Who, u32);

impl Rounds {
    /// Lets the contenders do the work in turn, in so many rounds. Slow contenders skip some rounds. The first round
    /// warms up and does not count. A foreign contender that cannot do the work is left out, with a message.
    ///
    /// # Errors
    /// If one fails, or did not do all of the work.
    pub(crate) fn run(
        stage: &mut Stage,
        entries: &[Entry],
        tls: bool,
        task: Task,
        rounds: usize,
        rounds_slow: usize,
    ) -> Result<Self, Failure> {
        let mut rows = Vec::new();
        for &(who, policies) in entries {
            if !stage.has(who) {
                continue;
            }
            match stage.run(who, policies, tls, task) {
                Ok(_) => {
                    let every = if who.is_slow() { rounds.div_ceil(rounds_slow) } else { 1 };
                    rows.push((policies, Row { who, every, outcomes: Vec::new() }));
                }
                Err(error) if who.is_foreign() => crate::tell(&format!("cannot take part: {error}")),
                Err(error) => return Err(error),
            }
        }
        for round in 0..rounds {
            for (policies, row) in rows.iter_mut().filter(|(_, row)| round.is_multiple_of(row.every)) {
                row.outcomes.push(stage.run(row.who, *policies, tls, task)?);
            }
        }
        agree(&rows, task)?;
        Ok(Self { rows: rows.into_iter().map(|(_, row)| row).collect() })
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns a quantity of one contender, for one policy or operation, as a multiple of another contender's, for each
    /// round with both. Returns nothing if one of them took no part.
    pub(crate) fn ratios(&self, who: Who, of: Who, something: impl Fn(&Outcome) -> f64) -> Option<Vec<f64>> {
        let row = |who| self.rows.iter().find(|row| row.who == who);
        let each = |outcome: &Outcome| something(outcome) / outcome.done.count as f64;
        let (who, of) = (row(who)?, row(of)?);
        let rounds = 0..who.outcomes.len() * who.every;
        Some(rounds.filter_map(|round| Some(each(who.of(round)?) / each(of.of(round)?))).collect())
    }
}

impl Row {
    /// Returns the result of a round, if the contender took part.
    fn of(&self, round: usize) -> Option<&Outcome> {
        self.outcomes.get(round.is_multiple_of(self.every).then_some(round / self.every)?)
    }

    /// Something of each round.
    pub(crate) fn values(&self, something: impl Fn(&Outcome) -> f64) -> Vec<f64> {
        self.outcomes.iter().map(something).collect()
    }
}

/// Whether all did the whole work, with no more requests than it needs, and those who looked into it saw the same.
fn agree(rows: &[(u32, Row)], task: Task) -> Result<(), Failure> {
    let mut seen: Vec<(u64, u64, &'static str)> = Vec::new();
    for (policies, row) in rows {
        for Outcome { done, requests, .. } in &row.outcomes {
            let (wanted, needed) = match task {
                Task::List { page } => (u64::from(*policies), u64::from(policies.div_ceil(page))),
                Task::Change { cycles, .. } => (u64::from(cycles) * 3, u64::from(cycles) * 3),
            };
            let name = row.who.name();
            if (done.count, *requests) != (wanted, needed) {
                let done = done.count;
                let message =
                    format!("{name} did {done} of {wanted} with {requests} requests, where {needed} were needed");
                return Err(message.into());
            }
            // Bytes are all that the raw loop sees; and UUIDs of what is created are other ones each time.
            if done.checksum == 0 || matches!(task, Task::Change { .. }) {
                continue;
            }
            match seen.iter().find(|(count, ..)| *count == done.count) {
                None => seen.push((done.count, done.checksum, name)),
                Some((_, checksum, _)) if *checksum == done.checksum => {}
                Some((.., other)) => return Err(format!("{name} and {other} did not read the same").into()),
            }
        }
    }
    Ok(())
}

/// A cell of a table: the middle one, and the least and the most if there are several.
pub(crate) fn cell(values: &[f64], digits: usize) -> String {
    let middle = median(values);
    if values.len() < 2 {
        return format!("{middle:.digits$}");
    }
    format!("{middle:.digits$} ({:.digits$}-{:.digits$})", least(values), most(values))
}
