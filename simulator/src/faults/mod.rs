//! Faults: errors on purpose.
//!
//! A [`Fault`] is a description. [`check`] makes a [`pattern`] of requests, [`odds`] and an effect of it. The effect is a
//! delay, or one of the [`network`] or of the cluster.

mod certificate;
pub(crate) mod check;
pub(crate) mod fault;
mod length;
pub(crate) mod network;
mod odds;
mod pattern;
pub(crate) mod settings;

use std::{
    fmt,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::http::{Method, Uri};

pub(crate) use self::length::Length;
pub use self::{certificate::CertificateFault, check::InvalidFault, fault::Fault};
use self::{
    check::{ClusterFault, Compiled, Effect},
    network::Storm,
    odds::Tally,
    pattern::Pattern,
};

/// Tells one fault of a simulator from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaultId(u64);

/// A number, counted from 1 in each simulator.
impl fmt::Display for FaultId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A fault that was set, and how it fared.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FaultReport {
    /// Which one it is.
    pub id: FaultId,
    /// What it is.
    pub fault: Fault,
    /// How many requests it was for, while it could still strike.
    pub seen: u64,
    /// How many of them the fault was applied to.
    pub applied: u64,
    /// Whether it will never strike again: it was applied as often as it was to, or its time is over.
    pub used_up: bool,
}

/// The faults of a simulator, in the order in which they were set.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    set: Mutex<Vec<Set>>,
    last_id: AtomicU64,
}

#[derive(Debug)]
struct Set {
    id: FaultId,
    fault: Fault,
    pattern: Pattern,
    effect: Effect,
    tally: Tally,
}

impl Faults {
    /// Adds a fault behind all others.
    ///
    /// # Errors
    /// If its settings make no sense.
    pub(crate) fn add(&self, fault: Fault) -> Result<FaultId, InvalidFault> {
        let Compiled { pattern, odds, effect } = check::compile(&fault.settings)?;
        let id = FaultId(self.last_id.fetch_add(1, Ordering::Relaxed) + 1);
        let mut set = self.lock();
        set.push(Set { id, fault, pattern, effect, tally: Tally::new(odds) });
        Ok(id)
    }

    /// Takes a fault away; `false` if it is not there.
    pub(crate) fn remove(&self, id: FaultId) -> bool {
        let mut set = self.lock();
        let before = set.len();
        set.retain(|fault| fault.id != id);
        set.len() < before
    }

    /// Takes all faults away.
    pub(crate) fn clear(&self) {
        let mut set = self.lock();
        set.clear();
    }

    /// All faults and how they fared.
    pub(crate) fn reports(&self) -> Vec<FaultReport> {
        let report = |set: &Set| {
            let (seen, applied) = set.tally.counts();
            FaultReport { id: set.id, fault: set.fault.clone(), seen, applied, used_up: set.tally.is_used_up() }
        };
        self.lock().iter().map(report).collect()
    }

    /// Returns the faults of the network that strike this request, if there are any.
    pub(crate) fn on_the_way(&self, method: &Method, uri: &Uri) -> Option<Storm> {
        let mut storm: Option<Storm> = None;
        let mut set = self.lock();
        for one in set.iter_mut() {
            let is_first = storm.as_ref().is_none_or(|storm| storm.fault.is_none());
            let may_strike = match &one.effect {
                Effect::Delay { .. } => true,
                Effect::Network(_) => is_first,
                Effect::Cluster(_) => false,
            };
            if !may_strike || !one.pattern.matches(method, uri) || !one.tally.roll() {
                continue;
            }
            let none = Storm { id: one.id, before: Duration::ZERO, after: Duration::ZERO, fault: None };
            let storm = storm.get_or_insert(none);
            match &one.effect {
                Effect::Delay { time, after_work: false } => storm.before += *time,
                Effect::Delay { time, after_work: true } => storm.after += *time,
                Effect::Network(fault) => (storm.id, storm.fault) = (one.id, Some(fault.clone())),
                Effect::Cluster(_) => {}
            }
        }
        storm
    }

    /// Returns the fault of the cluster that strikes this request, if there is one.
    pub(crate) fn in_the_cluster(&self, method: &Method, uri: &Uri) -> Option<(FaultId, ClusterFault)> {
        let mut set = self.lock();
        set.iter_mut().find_map(|one| {
            let Effect::Cluster(effect) = &one.effect else { return None };
            (one.pattern.matches(method, uri) && one.tally.roll()).then(|| (one.id, effect.clone()))
        })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Set>> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
