//! Policies as text: JSON, with a line for each policy, as GET shows them. Keys are in no policy, and so not here.

use std::{
    collections::HashSet,
    fmt,
    io::{self, Read, Write},
};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, SeqAccess, Visitor},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    cluster::{Cluster, Policy, Pool, Record},
    fields::{self, FIELDS},
    shown::Shown,
    values::{self, Kind, Value},
};

/// What the file says that it is. The number changes when an older program could misread it.
const FORMAT: &str = "ontap-ipsec-simulator policies 1";

/// Fields that every policy has.
const REQUIRED: [&str; 7] = [
    fields::ACTION,
    fields::ENABLED,
    fields::IPSPACE_NAME,
    fields::IPSPACE_UUID,
    fields::NAME,
    fields::SCOPE,
    fields::UUID,
];

/// The highest place that the next policy can have. No program gets there, and beyond the end of numbers there is none.
const LAST_SEQUENCE: u64 = u64::MAX / 2;

/// The policies of one moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    next_sequence: u64,
    policies: Vec<Policy>,
}

impl Snapshot {
    pub(super) fn of(cluster: &Cluster) -> Self {
        Self {
            next_sequence: cluster.policies.next_sequence(),
            policies: cluster.policies.after(None).cloned().collect(),
        }
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\"format\": {}, \"next_sequence\": {}, \"policies\": [", json!(FORMAT), self.next_sequence)?;
        let mut separator = "";
        for policy in &self.policies {
            write!(out, "{separator}\n{{\"sequence\": {}, \"policy\": ", policy.sequence)?;
            let shown = Shown { record: &policy.record, chosen: |_| true, links: false };
            serde_json::to_writer(&mut *out, &shown)?;
            out.write_all(b"}")?;
            separator = ",";
        }
        out.write_all(b"\n]}\n")
    }
}

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(rename = "format", deserialize_with = "format")]
    _format: (),
    next_sequence: u64,
    #[serde(deserialize_with = "policies")]
    policies: Vec<StoredPolicy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPolicy {
    sequence: u64,
    #[serde(deserialize_with = "record")]
    policy: Record,
}

/// Adds the policies of the text to a cluster without policies.
///
/// # Errors
/// Text that is not of this form, and policies that the cluster cannot have: with an SVM, an IPspace or a certificate
/// that it does not consist of, or with the UUID or the name of another. Limits are not checked, for they can be set
/// below what is there on a running cluster, too.
pub(super) fn read(text: impl Read, cluster: &mut Cluster) -> Result<(), String> {
    let stored: Stored = serde_json::from_reader(text).map_err(|error| error.to_string())?;
    if stored.next_sequence > LAST_SEQUENCE {
        return Err(format!("next_sequence is {}, which leaves too few for policies to come", stored.next_sequence));
    }
    let mut names = HashSet::new();
    let mut next = 0;
    for StoredPolicy { sequence, policy } in stored.policies {
        let name = policy.text(fields::NAME).unwrap_or_default().to_owned();
        let refuse = |why: String| Err(format!("policy {name:?}: {why}"));
        if sequence < next || sequence >= stored.next_sequence {
            return refuse(format!("its sequence {sequence} is not after the one before and below next_sequence"));
        }
        next = sequence + 1;
        if let Err(why) = check_references(cluster, &policy) {
            return refuse(why);
        }
        let uuid = policy.text(fields::UUID).and_then(values::uuid).unwrap_or_default();
        if cluster.policies.get(uuid).is_some() {
            return refuse(format!("the UUID {uuid} is there twice"));
        }
        if !names.insert((policy.text(fields::SVM_UUID).map(str::to_owned), name.clone())) {
            return refuse("its SVM has an earlier one of this name".to_owned());
        }
        cluster.policies.add_at(sequence, uuid, policy);
    }
    cluster.policies.skip_to(stored.next_sequence);
    Ok(())
}

/// Checks that the cluster has what the policy refers to.
fn check_references(cluster: &Cluster, policy: &Record) -> Result<(), String> {
    let svms = cluster.svms.iter().map(|svm| (svm.name.as_str(), svm.uuid));
    check_reference(policy, "SVM", [fields::SVM_NAME, fields::SVM_UUID], svms)?;
    let ipspaces = cluster.ipspaces.iter().map(|ipspace| (ipspace.name.as_str(), ipspace.uuid));
    check_reference(policy, "IPspace", [fields::IPSPACE_NAME, fields::IPSPACE_UUID], ipspaces)?;
    let certificates = cluster.certificates.iter().map(|certificate| (certificate.name.as_str(), certificate.uuid));
    check_reference(policy, "certificate", [fields::CERTIFICATE_NAME, fields::CERTIFICATE_UUID], certificates)?;
    let scope = if policy.get(fields::SVM_UUID).is_some() { "svm" } else { "cluster" };
    match policy.text(fields::SCOPE) == Some(scope) {
        true => Ok(()),
        false => Err(format!("its scope has to be {scope}")),
    }
}

fn check_reference<'a>(
    policy: &Record,
    kind: &str,
    [name, uuid]: [&str; 2],
    mut known: impl Iterator<Item = (&'a str, Uuid)>,
) -> Result<(), String> {
    match (policy.text(name), policy.text(uuid)) {
        (None, None) => Ok(()),
        (Some(name), Some(uuid)) => {
            let wanted = values::uuid(uuid);
            if known.any(|(known, uuid)| known == name && Some(uuid) == wanted) {
                return Ok(());
            }
            Err(format!("the cluster has no {kind} {name} with the UUID {uuid}; add it, or take the policy out"))
        }
        _ => Err(format!("{name} and {uuid} go together")),
    }
}

fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        FORMAT => Ok(()),
        other => Err(D::Error::custom(format_args!("the format is {other:?}, and only {FORMAT:?} is known"))),
    }
}

/// Reads the list, with one copy of what many policies have in common: all of them are there before the first goes into
/// the cluster.
fn policies<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<StoredPolicy>, D::Error> {
    struct List;

    impl<'de> Visitor<'de> for List {
        type Value = Vec<StoredPolicy>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a list of policies")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let (mut pool, mut policies) = (Pool::default(), Vec::new());
            while let Some(mut stored) = items.next_element::<StoredPolicy>()? {
                pool.compact(&mut stored.policy);
                policies.push(stored);
            }
            Ok(policies)
        }
    }

    deserializer.deserialize_seq(List)
}

/// Reads a policy as GET shows it. At once, since JSON takes many times the memory.
fn record<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Record, D::Error> {
    let mut record = Record::default();
    let members = serde_json::Map::deserialize(deserializer)?;
    for (name, json) in members {
        match json {
            Json::Object(members) => {
                for (member, json) in members {
                    put(&mut record, &format!("{name}.{member}"), json).map_err(D::Error::custom)?;
                }
            }
            json => put(&mut record, &name, json).map_err(D::Error::custom)?,
        }
    }
    match REQUIRED.iter().find(|name| record.get(name).is_none()) {
        None => Ok(record),
        Some(name) => Err(D::Error::custom(format_args!("a policy without {name}"))),
    }
}

fn put(record: &mut Record, name: &str, json: Json) -> Result<(), String> {
    if name == fields::SECRET_KEY {
        return Err("secret_key has no place here: keys are never kept".to_owned());
    }
    let field =
        FIELDS.iter().find(|field| field.name == name).ok_or_else(|| format!("policies have no field {name}"))?;
    let value = match (json, field.kind) {
        (Json::Bool(flag), Kind::Flag) => Some(Value::Flag(flag)),
        (Json::String(text), kind) if kind != Kind::Flag => kind.normal(&text).map(|text| Value::Text(text.into())),
        _ => None,
    };
    match value {
        None => Err(format!("{name} has a value that it cannot have")),
        value => {
            record.put(field.name, value);
            Ok(())
        }
    }
}
