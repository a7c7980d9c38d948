//! Checks the documented rules, and completes records that pass.
//!
//! # Order
//! The first broken rule decides the error. A POST of a policy is checked in this order. A PATCH skips the checks of
//! name, owner and limits.
//! 1. Each value of the body alone, in the order of the body ([`one_value`](crate::one_value)).
//! 2. The releases of nodes and cluster ([`limits`]).
//! 3. The name, the SVM with its kind and migration, the IPspace, the uniqueness of the name ([`owner`]).
//! 4. The limits of SVM and cluster ([`limits`]).
//! 5. The endpoints, local one first: address and netmask, wildcards, ports, the action ([`endpoints`]).
//! 6. The key or certificate, then the remote identity ([`authentication`]).
//! 7. The post-quantum key and its identity ([`ppk`]).
//! 8. The rules that the cluster file sets ([`undocumented`]).

mod authentication;
pub(crate) mod ca_certificates;
pub(crate) mod codes;
pub(crate) mod config;
pub(crate) mod endpoints;
pub(crate) mod limits;
pub(crate) mod owner;
mod ppk;
mod undocumented;

use uuid::Uuid;

use crate::{
    body::Given,
    cluster::{Cluster, Item, Record},
    fields,
    refusal::Refusal,
    resources::POLICY,
};

/// Checks the fields of a new policy and adds default values.
///
/// # Errors
/// Returns the code of the first broken rule.
pub(crate) fn create(cluster: &Cluster, uuid: Uuid, given: &Given) -> Result<Record, Refusal> {
    limits::check_releases(cluster)?;
    let name = owner::name(given)?;
    let svm = owner::svm(cluster, given)?;
    let ipspace = owner::ipspace(cluster, svm, given)?;
    owner::name_is_free(cluster, svm, name)?;
    limits::check(cluster, svm)?;

    let mut record = Record::new(&POLICY);
    apply(&mut record, given);
    record.set(fields::UUID, uuid.to_string());
    match svm {
        Some(svm) => {
            record.set(fields::SVM_NAME, svm.name.as_str());
            record.set(fields::SVM_UUID, svm.uuid.to_string());
            record.set(fields::SCOPE, "svm");
        }
        None => record.set(fields::SCOPE, "cluster"),
    }
    record.set(fields::IPSPACE_NAME, ipspace.name.as_str());
    record.set(fields::IPSPACE_UUID, ipspace.uuid.to_string());
    if record.text(fields::ACTION).is_none() {
        record.set(fields::ACTION, "esp_transport");
    }
    if record.text(fields::ENABLED).is_none() {
        record.set(fields::ENABLED, "true");
    }
    complete(&mut record)?;
    authentication::of_a_new_policy(cluster, svm, &mut record, given)?;
    ppk::of_a_new_policy(&mut record, given)?;
    undocumented::check(cluster, &record)?;
    Ok(record)
}

/// Applies the changes to a policy and checks the result.
///
/// # Errors
/// Returns the code of the first broken rule.
pub(crate) fn modify(cluster: &Cluster, policy: &Item, given: &Given) -> Result<Record, Refusal> {
    limits::check_releases(cluster)?;
    let svm = owner::of(cluster, policy);
    owner::check_not_migrating(svm)?;
    let mut record = policy.record.clone();
    apply(&mut record, given);
    if record.text(fields::ENABLED).is_none() {
        record.put(fields::ENABLED, policy.record.shared(fields::ENABLED));
    }
    endpoints::forget_masks_of_the_other_family(&mut record, policy, given);
    complete(&mut record)?;
    authentication::of_a_changed_policy(cluster, svm, &mut record, given)?;
    ppk::of_a_changed_policy(policy, &mut record)?;
    undocumented::check(cluster, &record)?;
    Ok(record)
}

/// Sets the given values in the record.
fn apply(record: &mut Record, given: &Given) {
    for (name, value) in &given.values {
        record.put(name, value.clone());
    }
}

/// Adds the values that ONTAP computes, for new and changed policies.
fn complete(record: &mut Record) -> Result<(), Refusal> {
    if record.text(fields::PROTOCOL).is_none() {
        record.set(fields::PROTOCOL, "any");
    }
    endpoints::check(record)
}
