//! All policies, by UUID, by name, and in the order of creation.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    ops::Bound,
    sync::Arc,
};

use uuid::Uuid;

use crate::{
    cluster::record::{Pool, Record},
    fields,
};

/// One IPsec policy, without its key.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) uuid: Uuid,
    pub(crate) record: Record,
    /// Rises with every policy that is made; the order of records where no other is asked for.
    pub(crate) sequence: u64,
}

/// Notes each change of the policies, before the request that asked for it gets its response.
pub(crate) trait Journal: Send {
    /// The policy of this sequence number is new, changed or gone.
    fn changed(&mut self, policies: &Policies, sequence: u64);

    /// No change follows.
    fn close(&mut self, policies: &Policies);
}

/// The policies and their indexes.
#[derive(Default)]
pub(crate) struct Policies {
    by_sequence: BTreeMap<u64, Policy>,
    by_uuid: HashMap<Uuid, u64>,
    by_name: BTreeSet<(Arc<str>, u64)>,
    /// How many policies an SVM has, by its UUID. Those of the cluster are not counted here.
    per_svm: HashMap<Arc<str>, usize>,
    next_sequence: u64,
    pool: Pool,
    journal: Option<Box<dyn Journal>>,
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

    /// The policy of this sequence number.
    pub(crate) fn at(&self, sequence: u64) -> Option<&Policy> {
        self.by_sequence.get(&sequence)
    }

    /// The policies of this name, one for each SVM at most, oldest first.
    pub(crate) fn named<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Policy> + use<'a> {
        let name: Arc<str> = name.into();
        self.by_name.range((Arc::clone(&name), 0)..=(name, u64::MAX)).filter_map(|(_, sequence)| self.at(*sequence))
    }

    /// The policies after this place, oldest first; all of them without a place.
    pub(crate) fn after(&self, sequence: Option<u64>) -> impl Iterator<Item = &Policy> {
        let start = sequence.map_or(Bound::Unbounded, Bound::Excluded);
        self.by_sequence.range((start, Bound::Unbounded)).map(|(_, policy)| policy)
    }

    /// Adds a policy at the end.
    pub(crate) fn add(&mut self, uuid: Uuid, mut record: Record) {
        self.pool.share(&mut record);
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        self.by_uuid.insert(uuid, sequence);
        self.by_name.extend(record.shared(fields::NAME).map(|name| (name, sequence)));
        if let Some(svm) = record.shared(fields::SVM_UUID) {
            *self.per_svm.entry(svm).or_default() += 1;
        }
        self.by_sequence.insert(sequence, Policy { uuid, record, sequence });
        self.changed(sequence);
    }

    /// The sequence number that the next policy gets.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.next_sequence
    }

    /// Leaves out the sequence numbers before this one, which policies had that are gone.
    pub(crate) fn skip_to(&mut self, sequence: u64) {
        self.next_sequence = self.next_sequence.max(sequence);
    }

    /// Replaces what a policy holds; name and SVM have to stay what they are.
    pub(crate) fn update(&mut self, uuid: Uuid, mut record: Record) {
        self.pool.share(&mut record);
        if let Some(policy) = self.by_uuid.get(&uuid).and_then(|sequence| self.by_sequence.get_mut(sequence)) {
            policy.record = record;
            let sequence = policy.sequence;
            self.changed(sequence);
        }
    }

    /// Takes a policy away; `None` if there is none of this UUID.
    pub(crate) fn remove(&mut self, uuid: Uuid) -> Option<Policy> {
        let sequence = self.by_uuid.remove(&uuid)?;
        let policy = self.by_sequence.remove(&sequence)?;
        if let Some(name) = policy.record.shared(fields::NAME) {
            self.by_name.remove(&(name, sequence));
        }
        if let Some(count) = policy.record.text(fields::SVM_UUID).and_then(|svm| self.per_svm.get_mut(svm)) {
            *count -= 1;
        }
        self.changed(sequence);
        Some(policy)
    }

    /// Sets what notes the changes from now on.
    pub(crate) fn note_in(&mut self, journal: Box<dyn Journal>) {
        self.journal = Some(journal);
    }

    /// Ends the notes.
    pub(crate) fn close_journal(&mut self) {
        if let Some(mut journal) = self.journal.take() {
            journal.close(self);
        }
    }

    fn changed(&mut self, sequence: u64) {
        if let Some(mut journal) = self.journal.take() {
            journal.changed(self, sequence);
            self.journal = Some(journal);
        }
    }
}

impl fmt::Debug for Policies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.by_sequence.values()).finish()
    }
}
