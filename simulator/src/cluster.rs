//! The state: SVMs, the one IPspace, and the policies in the order of their creation.

use std::collections::BTreeMap;

use uuid::{Uuid, uuid};

use crate::values::Value;

/// The IPspace that every cluster has. Its UUID is made up, and the same in every simulator.
pub(crate) const DEFAULT_IPSPACE: (&str, Uuid) = ("Default", uuid!("3f8a1d04-86d1-11e0-ae1c-123478563412"));

/// What a policy holds, by dotted field name. A field without a value is not there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record(BTreeMap<&'static str, Value>);

impl Record {
    /// The value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The text of a field.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    /// Gives the field a text.
    pub(crate) fn set(&mut self, name: &'static str, text: impl Into<String>) {
        self.put(name, Some(Value::Text(text.into())));
    }

    /// Gives the field a value, or takes its value away.
    pub(crate) fn put(&mut self, name: &'static str, value: Option<Value>) {
        match value {
            Some(value) => self.0.insert(name, value),
            None => self.0.remove(name),
        };
    }
}

/// One IPsec policy.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) uuid: Uuid,
    pub(crate) record: Record,
    /// Whether a pre-shared key was given. The key itself is not kept, for nothing here needs it.
    pub(crate) keyed: bool,
    /// Rises with every policy that is made; the order of records where no other is asked for.
    pub(crate) sequence: u64,
}

/// A storage VM.
#[derive(Clone, Debug)]
pub(crate) struct Svm {
    pub(crate) name: String,
    pub(crate) uuid: Uuid,
}

/// Everything that the simulated cluster knows.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) uuid: Uuid,
    pub(crate) svms: Vec<Svm>,
    policies: Vec<Policy>,
    departed: Vec<Policy>,
    next_sequence: u64,
}

impl Cluster {
    /// A cluster with these SVMs and no policies.
    pub(crate) fn new(svms: Vec<Svm>) -> Self {
        Self { uuid: Uuid::new_v4(), svms, policies: Vec::new(), departed: Vec::new(), next_sequence: 0 }
    }

    /// The policies, oldest first.
    pub(crate) fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The policy of this UUID.
    pub(crate) fn policy(&self, uuid: Uuid) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.uuid == uuid)
    }

    /// The policy of this UUID, even if it was deleted: a client that deletes while it turns pages still has to find
    /// its place.
    pub(crate) fn policy_ever(&self, uuid: Uuid) -> Option<&Policy> {
        self.policy(uuid).or_else(|| self.departed.iter().find(|policy| policy.uuid == uuid))
    }

    /// Adds a policy at the end.
    pub(crate) fn add(&mut self, uuid: Uuid, record: Record, keyed: bool) {
        self.policies.push(Policy { uuid, record, keyed, sequence: self.next_sequence });
        self.next_sequence += 1;
    }

    /// Replaces what a policy holds.
    pub(crate) fn update(&mut self, uuid: Uuid, record: Record) {
        if let Some(policy) = self.policies.iter_mut().find(|policy| policy.uuid == uuid) {
            policy.record = record;
        }
    }

    /// Takes a policy away; `false` if there is none of this UUID.
    pub(crate) fn remove(&mut self, uuid: Uuid) -> bool {
        let Some(index) = self.policies.iter().position(|policy| policy.uuid == uuid) else { return false };
        let policy = self.policies.remove(index);
        self.departed.push(policy);
        true
    }
}
