//! Faults: errors that a test sets on purpose.
//!
//! A [`Fault`] holds settings. [`check`] makes a [`pattern`], a [`frequency`] and an effect from them. An effect is a
//! delay, a [`network`] fault or a cluster fault.

mod certificate;
pub(crate) mod check;
pub(crate) mod fault;
mod frequency;
pub(crate) mod network;
mod pattern;
pub(crate) mod settings;
mod time_span;

use std::{
    fmt,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::http::{Method, Uri};

pub(crate) use self::time_span::TimeSpan;
pub use self::{certificate::CertificateFault, check::InvalidFault, fault::Fault};
use self::{
    check::{CheckedFault, ClusterFault, Effect},
    frequency::RequestCounter,
    network::NetworkFaults,
    pattern::Pattern,
};

/// The number of a fault in its simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaultId(u64);

/// Writes the number, counted from 1 in each simulator.
impl fmt::Display for FaultId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A fault of a simulator, with its counters.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FaultReport {
    /// The number of the fault.
    pub id: FaultId,
    /// The description of the fault.
    pub fault: Fault,
    /// The number of matching requests, until the fault was used up.
    pub seen: u64,
    /// The number of requests that the fault was applied to.
    pub applied: u64,
    /// True if the fault cannot apply any more, because [`Fault::times`] or [`Fault::lasting`] is reached.
    pub used_up: bool,
}

/// The faults of a simulator, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    active: Mutex<Vec<ActiveFault>>,
    last_id: AtomicU64,
}

#[derive(Debug)]
struct ActiveFault {
    id: FaultId,
    fault: Fault,
    pattern: Pattern,
    effect: Effect,
    counter: RequestCounter,
}

impl Faults {
    /// Adds a fault after the others.
    ///
    /// # Errors
    /// Returns an error if the settings are invalid.
    pub(crate) fn add(&self, fault: Fault) -> Result<FaultId, InvalidFault> {
        let CheckedFault { pattern, frequency, effect } = check::compile(&fault.settings)?;
        let id = FaultId(self.last_id.fetch_add(1, Ordering::Relaxed) + 1);
        let mut active = self.lock();
        active.push(ActiveFault { id, fault, pattern, effect, counter: RequestCounter::new(frequency) });
        Ok(id)
    }

    /// Removes a fault. Returns `false` if the fault does not exist.
    pub(crate) fn remove(&self, id: FaultId) -> bool {
        let mut active = self.lock();
        let before = active.len();
        active.retain(|fault| fault.id != id);
        active.len() < before
    }

    /// Removes all faults.
    pub(crate) fn clear(&self) {
        let mut active = self.lock();
        active.clear();
    }

    /// Returns all faults with their counters.
    pub(crate) fn reports(&self) -> Vec<FaultReport> {
        let report = |active: &ActiveFault| {
            let (seen, applied) = active.counter.counts();
            FaultReport {
                id: active.id,
                fault: active.fault.clone(),
                seen,
                applied,
                used_up: active.counter.is_used_up(),
            }
        };
        self.lock().iter().map(report).collect()
    }

    /// Returns the network faults that apply to this request, if any.
    pub(crate) fn network_faults_for(&self, method: &Method, uri: &Uri) -> Option<NetworkFaults> {
        let mut network_faults: Option<NetworkFaults> = None;
        let mut active = self.lock();
        for one in active.iter_mut() {
            let is_first = network_faults.as_ref().is_none_or(|network_faults| network_faults.fault.is_none());
            let may_apply = match &one.effect {
                Effect::Delay { .. } => true,
                Effect::Network(_) => is_first,
                Effect::Cluster(_) => false,
            };
            if !may_apply || !one.pattern.matches(method, uri) || !one.counter.count_and_decide() {
                continue;
            }
            let none = NetworkFaults { id: one.id, before: Duration::ZERO, after: Duration::ZERO, fault: None };
            let network_faults = network_faults.get_or_insert(none);
            match &one.effect {
                Effect::Delay { time, after_work: false } => network_faults.before += *time,
                Effect::Delay { time, after_work: true } => network_faults.after += *time,
                Effect::Network(fault) => (network_faults.id, network_faults.fault) = (one.id, Some(fault.clone())),
                Effect::Cluster(_) => {}
            }
        }
        network_faults
    }

    /// Returns the cluster fault that applies to this request, if any.
    pub(crate) fn cluster_fault_for(&self, method: &Method, uri: &Uri) -> Option<(FaultId, ClusterFault)> {
        let mut active = self.lock();
        active.iter_mut().find_map(|one| {
            let Effect::Cluster(effect) = &one.effect else { return None };
            (one.pattern.matches(method, uri) && one.counter.count_and_decide()).then(|| (one.id, effect.clone()))
        })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<ActiveFault>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
