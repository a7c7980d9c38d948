//! The contenders. Each does a client's work, in a process of its own.

mod by_hand;
mod ours;
mod raw;

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use uuid::Uuid;

use self::by_hand::Decoding;
use crate::work::{Done, Meter, Task, Work};

/// Any failure; the benchmark then ends.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// A contender of this program's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Contender {
    /// This crate.
    Ours,
    /// A loop around reqwest and `serde_json` with plain structs of the same fields.
    ByHand,
    /// The same, which decodes by `Response::json`, as most people do.
    ByHandUsual,
    /// The quicker of them, which fetches the next page while it reads one, as this crate does.
    ByHandAhead,
    /// A loop around hyper that reads bytes, and no more of them than where the next page is.
    Raw,
}

impl Contender {
    /// Does the work.
    ///
    /// # Errors
    /// If a request fails, or the contender is not made for such work.
    pub(crate) async fn work(self, work: &Work) -> Result<Done, Failure> {
        match (work.task, self) {
            (Task::List { page }, Self::Ours) => ours::list(work, page).await,
            (Task::List { page }, Self::ByHand) => by_hand::list(work, page, Decoding::Quick).await,
            (Task::List { page }, Self::ByHandUsual) => by_hand::list(work, page, Decoding::Usual).await,
            (Task::List { page }, Self::ByHandAhead) => by_hand::list_ahead(work, page).await,
            (Task::List { page }, Self::Raw) => raw::list(work, page).await,
            (Task::Change { cycles, at_once }, Self::Ours) => {
                change(ours::changer(work, at_once)?, cycles, at_once).await
            }
            (Task::Change { cycles, at_once }, Self::ByHand) => change(by_hand::changer(work)?, cycles, at_once).await,
            (Task::Change { .. }, Self::ByHandUsual | Self::ByHandAhead | Self::Raw) => Err("it only lists".into()),
        }
    }
}

/// Policies that were read, and what they add up to.
#[derive(Default)]
struct Tally {
    count: u64,
    checksum: u64,
}

impl Tally {
    /// A policy with these texts.
    fn add(&mut self, name: Option<&str>, uuid: Option<&str>, address: Option<&str>) {
        self.count += 1;
        self.checksum += [name, uuid, address].into_iter().flatten().map(|text| text.len() as u64).sum::<u64>();
    }

    fn done(self) -> Done {
        Done { count: self.count, checksum: self.checksum, ..Done::default() }
    }
}

/// What changes policies.
trait Changer: Send + Sync + 'static {
    /// Creates the policy of this number.
    fn create(&self, number: u32) -> impl Future<Output = Result<Uuid, Failure>> + Send;
    /// Puts it out of force.
    fn modify(&self, uuid: Uuid) -> impl Future<Output = Result<(), Failure>> + Send;
    /// Deletes it.
    fn delete(&self, uuid: Uuid) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// Goes through so many cycles, each operation after the one before it in its cycle.
async fn change(changer: impl Changer, cycles: u32, at_once: u32) -> Result<Done, Failure> {
    let (changer, next) = (Arc::new(changer), Arc::new(AtomicU32::new(0)));
    let meter = Meter::start();
    let workers: Vec<_> = (0..at_once)
        .map(|_| {
            let (changer, next) = (Arc::clone(&changer), Arc::clone(&next));
            tokio::spawn(async move {
                let (mut tally, mut latencies) = (Tally::default(), Vec::new());
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= cycles {
                        return Ok::<_, Failure>((tally, latencies));
                    }
                    let uuid = timed(&mut latencies, changer.create(number)).await?;
                    timed(&mut latencies, changer.modify(uuid)).await?;
                    timed(&mut latencies, changer.delete(uuid)).await?;
                    tally.count += 3;
                    tally.checksum += uuid.as_bytes().iter().map(|byte| u64::from(*byte)).sum::<u64>();
                }
            })
        })
        .collect();
    let (mut all, mut latencies) = (Tally::default(), Vec::new());
    for worker in workers {
        let (tally, more) = worker.await??;
        all.count += tally.count;
        all.checksum += tally.checksum;
        latencies.extend(more);
    }
    Ok(meter.stop(all.done(), latencies))
}

async fn timed<T>(
    latencies: &mut Vec<Duration>,
    operation: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let started = Instant::now();
    let result = operation.await;
    latencies.push(started.elapsed());
    result
}
