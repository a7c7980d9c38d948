//! Stores the records of a resource. Finds them by UUID, by name, and in the order of creation.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    ops::Bound,
    sync::Arc,
};

use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    cluster::record::{Pool, Record},
    fields,
};

/// One record of a collection: a policy, without its key, or a record of another resource.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) uuid: Uuid,
    pub(crate) record: Record,
    /// The sequence number. Each new item gets a higher one, so the number is the default order.
    pub(crate) sequence: u64,
}

/// The sequence number of an item and rarely needed values. Items stay small, so that a search through all items is
/// fast.
#[derive(Clone, Copy, Debug)]
struct Place {
    sequence: u64,
    /// The time of the creation or the last change. Changes that keep the associations do not count, here and in
    /// `changes`.
    changed: Instant,
    /// The number of changes.
    changes: u32,
}

/// Records each change of the policies before the response to its request.
pub(crate) trait Journal: Send {
    /// Records that the policy with this sequence number is new, changed or deleted.
    fn changed(&mut self, policies: &Items, sequence: u64);

    /// Completes the journal after the last change.
    fn close(&mut self, policies: &Items);
}

/// Items and their indexes.
#[derive(Default)]
pub(crate) struct Items {
    by_sequence: BTreeMap<u64, Item>,
    by_uuid: HashMap<Uuid, Place>,
    by_name: BTreeSet<(Arc<str>, u64)>,
    /// The number of policies of each SVM, by UUID. Policies of the cluster are not counted.
    per_svm: HashMap<Arc<str>, usize>,
    next_sequence: u64,
    pool: Pool,
    journal: Option<Box<dyn Journal>>,
}

impl Items {
    /// Returns the number of items.
    pub(crate) fn len(&self) -> usize {
        self.by_sequence.len()
    }

    /// Returns the number of policies of the SVM with this UUID.
    pub(crate) fn len_of_svm(&self, uuid: &str) -> usize {
        self.per_svm.get(uuid).copied().unwrap_or_default()
    }

    /// Returns the item with this UUID.
    pub(crate) fn get(&self, uuid: Uuid) -> Option<&Item> {
        self.at(self.by_uuid.get(&uuid)?.sequence)
    }

    /// Returns the time of the last change, or of the creation, and the number of changes.
    pub(crate) fn changes(&self, uuid: Uuid) -> Option<(Instant, u32)> {
        self.by_uuid.get(&uuid).map(|place| (place.changed, place.changes))
    }

    /// Returns the item with this sequence number.
    pub(crate) fn at(&self, sequence: u64) -> Option<&Item> {
        self.by_sequence.get(&sequence)
    }

    /// Returns the policies with this name, oldest first. Each SVM has at most one.
    pub(crate) fn named<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Item> + use<'a> {
        let name: Arc<str> = name.into();
        self.by_name.range((Arc::clone(&name), 0)..=(name, u64::MAX)).filter_map(|(_, sequence)| self.at(*sequence))
    }

    /// Returns the items after this sequence number, oldest first; all items for `None`.
    pub(crate) fn after(&self, sequence: Option<u64>) -> impl Iterator<Item = &Item> {
        let start = sequence.map_or(Bound::Unbounded, Bound::Excluded);
        self.by_sequence.range((start, Bound::Unbounded)).map(|(_, policy)| policy)
    }

    /// Adds an item as the newest one.
    pub(crate) fn add(&mut self, uuid: Uuid, mut record: Record) {
        self.pool.share(&mut record);
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        self.by_uuid.insert(uuid, Place { sequence, changed: Instant::now(), changes: 0 });
        self.by_name.extend(record.shared(fields::NAME).map(|name| (name, sequence)));
        if let Some(svm) = record.shared(fields::SVM_UUID) {
            *self.per_svm.entry(svm).or_default() += 1;
        }
        self.by_sequence.insert(sequence, Item { uuid, record, sequence });
        self.changed(sequence);
    }

    /// Returns the sequence number of the next item.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.next_sequence
    }

    /// Skips the sequence numbers before this one, which deleted policies had.
    pub(crate) fn skip_to(&mut self, sequence: u64) {
        self.next_sequence = self.next_sequence.max(sequence);
    }

    /// Replaces the record of a policy. Name and SVM must stay the same.
    pub(crate) fn update(&mut self, uuid: Uuid, mut record: Record) {
        self.pool.share(&mut record);
        let Some(place) = self.by_uuid.get_mut(&uuid) else { return };
        let Some(item) = self.by_sequence.get_mut(&place.sequence) else { return };
        if !leaves_associations(&item.record, &record) {
            *place = Place { changed: Instant::now(), changes: place.changes.wrapping_add(1), ..*place };
        }
        item.record = record;
        let sequence = place.sequence;
        self.changed(sequence);
    }

    /// Removes a policy, if it exists.
    pub(crate) fn remove(&mut self, uuid: Uuid) -> Option<Item> {
        let Place { sequence, .. } = self.by_uuid.remove(&uuid)?;
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

    /// Sets the journal for the following changes.
    pub(crate) fn note_in(&mut self, journal: Box<dyn Journal>) {
        self.journal = Some(journal);
    }

    /// Closes the journal.
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

/// Tells whether the security associations of a policy stay after this change: `certificate_modify_keepsa` is true and
/// only the certificate differs.
fn leaves_associations(before: &Record, after: &Record) -> bool {
    let aside = [fields::CERTIFICATE_MODIFY_KEEPSA, fields::CERTIFICATE_NAME, fields::CERTIFICATE_UUID];
    after.text(fields::CERTIFICATE_MODIFY_KEEPSA) == Some("true") && !after.differs(before, &aside)
}

impl fmt::Debug for Items {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.by_sequence.values()).finish()
    }
}
