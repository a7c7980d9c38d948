//! All policies, found without a search: by UUID, by name, by their place in the order of creation or of names.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
    sync::Arc,
};

use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    cluster::record::{Pool, Record},
    fields,
    values::Value,
};

/// One IPsec policy. Its key is not kept, for nothing here needs it.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) uuid: Uuid,
    pub(crate) record: Record,
    /// Rises with every policy that is made; the order of records where no other is asked for.
    pub(crate) sequence: u64,
}

/// The policies and their indexes.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    by_sequence: BTreeMap<u64, Policy>,
    by_uuid: HashMap<Uuid, u64>,
    by_name: BTreeSet<(Arc<str>, u64)>,
    /// How many policies an SVM has, by its UUID. Those of the cluster are not counted here.
    per_svm: HashMap<Arc<str>, usize>,
    next_sequence: u64,
    pool: Pool,
    /// How many policies were looked at, to see what needs no search.
    #[cfg(test)]
    pub(crate) looks: std::sync::atomic::AtomicUsize,
    /// How many changes there were, for whoever waits for one.
    changes: watch::Sender<u64>,
}

impl Policies {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.by_sequence.len()
    }

    /// How many of them are of the SVM of this UUID.
    pub(crate) fn len_of_svm(&self, uuid: &str) -> usize {
        self.per_svm.get(uuid).copied().unwrap_or_default()
    }

    /// The policy of this UUID.
    pub(crate) fn get(&self, uuid: Uuid) -> Option<&Policy> {
        self.at(*self.by_uuid.get(&uuid)?)
    }

    /// The policy at this place in the order of creation.
    fn at(&self, sequence: u64) -> Option<&Policy> {
        self.by_sequence.get(&sequence).map(|policy| self.look(policy))
    }

    /// Every policy that leaves here passes by.
    fn look<'a>(&self, policy: &'a Policy) -> &'a Policy {
        #[cfg(test)]
        self.looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        policy
    }

    /// The policies of this name, one for each SVM at most, oldest first.
    pub(crate) fn named<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Policy> + use<'a> {
        let name: Arc<str> = name.into();
        self.by_name.range((Arc::clone(&name), 0)..=(name, u64::MAX)).filter_map(|(_, sequence)| self.at(*sequence))
    }

    /// The policies after this place, oldest first; all of them without a place.
    pub(crate) fn after(&self, sequence: Option<u64>) -> impl Iterator<Item = &Policy> {
        let start = sequence.map_or(Bound::Unbounded, Bound::Excluded);
        self.by_sequence.range((start, Bound::Unbounded)).map(|(_, policy)| self.look(policy))
    }

    /// The policies after this place in the order of names, and of creation among those of one name.
    pub(crate) fn by_name_after<'a>(
        &'a self,
        place: Option<(&str, u64)>,
    ) -> impl Iterator<Item = &'a Policy> + use<'a> {
        let start = place.map_or(Bound::Unbounded, |(name, sequence)| Bound::Excluded((name.into(), sequence)));
        self.by_name.range((start, Bound::Unbounded)).filter_map(|(_, sequence)| self.at(*sequence))
    }

    /// Adds a policy at the end.
    pub(crate) fn add(&mut self, uuid: Uuid, mut record: Record) {
        self.pool.compact(&mut record);
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        self.by_uuid.insert(uuid, sequence);
        if let Some(Value::Text(name)) = record.get(fields::NAME) {
            self.by_name.insert((Arc::clone(name), sequence));
        }
        if let Some(Value::Text(svm)) = record.get(fields::SVM_UUID) {
            *self.per_svm.entry(Arc::clone(svm)).or_default() += 1;
        }
        self.by_sequence.insert(sequence, Policy { uuid, record, sequence });
        self.changed();
    }

    /// Adds a policy at this place, which has to be after all others.
    pub(crate) fn add_at(&mut self, sequence: u64, uuid: Uuid, record: Record) {
        self.next_sequence = self.next_sequence.max(sequence);
        self.add(uuid, record);
    }

    /// The place that the next policy gets.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.next_sequence
    }

    /// Leaves out the places before this one, which policies had that are gone.
    pub(crate) fn skip_to(&mut self, sequence: u64) {
        self.next_sequence = self.next_sequence.max(sequence);
    }

    /// A count that changes with the policies.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Replaces what a policy holds; name and SVM have to stay what they are.
    pub(crate) fn update(&mut self, uuid: Uuid, mut record: Record) {
        self.pool.compact(&mut record);
        if let Some(policy) = self.by_uuid.get(&uuid).and_then(|sequence| self.by_sequence.get_mut(sequence)) {
            policy.record = record;
            self.changed();
        }
    }

    /// Takes a policy away; `None` if there is none of this UUID.
    pub(crate) fn remove(&mut self, uuid: Uuid) -> Option<Policy> {
        let sequence = self.by_uuid.remove(&uuid)?;
        let policy = self.by_sequence.remove(&sequence)?;
        if let Some(Value::Text(name)) = policy.record.get(fields::NAME) {
            self.by_name.remove(&(Arc::clone(name), sequence));
        }
        if let Some(count) = policy.record.text(fields::SVM_UUID).and_then(|svm| self.per_svm.get_mut(svm)) {
            *count -= 1;
        }
        self.changed();
        Some(policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(name: &str, svm: &str) -> Record {
        let mut record = Record::default();
        record.set(fields::NAME, name);
        record.set(fields::SVM_UUID, svm);
        record
    }

    fn names<'a>(policies: impl Iterator<Item = &'a Policy>) -> Vec<&'a str> {
        policies.map(|policy| policy.record.text(fields::NAME).unwrap()).collect()
    }

    #[test]
    fn every_index_follows_every_change() {
        let mut policies = Policies::default();
        let uuids: Vec<_> = (1..=4).map(Uuid::from_u128).collect();
        for (uuid, (name, svm)) in uuids.iter().zip([("c", "1"), ("a", "1"), ("b", "2"), ("a", "2")]) {
            policies.add(*uuid, policy(name, svm));
        }
        assert_eq!(names(policies.after(None)), ["c", "a", "b", "a"]);
        assert_eq!(names(policies.after(Some(1))), ["b", "a"]);
        assert_eq!(names(policies.by_name_after(None)), ["a", "a", "b", "c"]);
        assert_eq!(names(policies.by_name_after(Some(("a", 1)))), ["a", "b", "c"]);
        assert_eq!(policies.named("a").map(|policy| policy.uuid).collect::<Vec<_>>(), [uuids[1], uuids[3]]);
        assert_eq!((policies.len_of_svm("1"), policies.len_of_svm("2"), policies.len_of_svm("3")), (2, 2, 0));

        assert_eq!(policies.remove(uuids[1]).unwrap().uuid, uuids[1]);
        assert!(policies.remove(uuids[1]).is_none());
        assert_eq!(names(policies.after(Some(0))), ["b", "a"]);
        assert_eq!(names(policies.by_name_after(Some(("a", 1)))), ["a", "b", "c"]);
        assert_eq!((policies.len(), policies.len_of_svm("1")), (3, 1));

        policies.add(uuids[1], policy("d", "1"));
        assert_eq!(names(policies.after(None)), ["c", "b", "a", "d"]);
        assert_eq!(policies.get(uuids[1]).unwrap().sequence, 4);
    }
}
