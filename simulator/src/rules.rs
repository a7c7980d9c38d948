//! The documented checks, and what ONTAP adds to a policy that passes them.
//!
//! Assumptions, where no document says more:
//! - `action` is `esp_transport` when left out; without `authentication_method`, a key means `psk`, else a certificate
//!   means `pki`.
//! - `bypass` and `discard` make `authentication_method` `none`; key and certificate are ignored, unchecked.
//! - Every certificate exists. One given by name gets a UUID made from it, one given by UUID a name.
//! - There is one IPspace, `Default`.
//! - The lengths of name and key are counted in characters, and characters beyond ASCII are let through: the documents
//!   give the lengths, and ASCII only in the names of the errors.
//! - A policy without a protocol covers `any`, an endpoint without a port `0-0`.

use std::net::IpAddr;

use uuid::Uuid;

use crate::{
    body::Given,
    cluster::{Cluster, DEFAULT_IPSPACE, Policy, Record, Svm},
    fields::{self, EndpointNames},
    refusal::Refusal,
    values::{self, Value},
};

/// What a netmask is for an IPv6 address without one.
const DEFAULT_IPV6_PREFIX: u8 = 64;

/// Checks the fields of a new policy and completes them. Says also whether the policy has a key.
///
/// # Errors
/// The codes of the broken rule; see [`Refusal`].
pub(crate) fn create(cluster: &Cluster, uuid: Uuid, given: &Given) -> Result<(Record, bool), Refusal> {
    let name = given.text(fields::NAME).ok_or_else(|| Refusal::missing(fields::NAME))?;
    if !(1..=64).contains(&name.chars().count()) {
        return Err(Refusal::name_length());
    }
    let svm = svm(cluster, given)?;
    if is_taken(cluster, svm, name) {
        return Err(Refusal::name_taken(name));
    }

    let mut record = Record::default();
    apply(&mut record, given);
    record.set(fields::UUID, uuid.to_string());
    match svm {
        Some(svm) => {
            record.set(fields::SVM_NAME, &svm.name);
            record.set(fields::SVM_UUID, svm.uuid.to_string());
            record.set(fields::SCOPE, "svm");
        }
        None => record.set(fields::SCOPE, "cluster"),
    }
    ipspace(&mut record)?;
    if record.get(fields::ENABLED).is_none() {
        record.put(fields::ENABLED, Some(Value::Flag(true)));
    }
    let keyed = authentication(&mut record, given)?;
    complete(&mut record)?;
    Ok((record, keyed))
}

/// Merges the changes into a policy and checks the outcome.
///
/// # Errors
/// The codes of the broken rule; see [`Refusal`].
pub(crate) fn modify(policy: &Policy, given: &Given) -> Result<Record, Refusal> {
    let mut record = policy.record.clone();
    apply(&mut record, given);
    if record.get(fields::ENABLED).is_none() {
        record.put(fields::ENABLED, policy.record.get(fields::ENABLED).cloned());
    }
    let (name, uuid) = (fields::CERTIFICATE_NAME, fields::CERTIFICATE_UUID);
    match (given.text(name).is_some(), given.text(uuid).is_some()) {
        // The other half named the certificate of before.
        (true, false) => record.put(uuid, None),
        (false, true) => record.put(name, None),
        (true, true) | (false, false) => {}
    }
    match record.text(fields::AUTHENTICATION_METHOD) {
        Some("psk") if !policy.keyed => return Err(Refusal::no_key()),
        Some("pki") if !has_certificate(&record) => return Err(Refusal::no_certificate()),
        _ => {}
    }
    complete(&mut record)?;
    Ok(record)
}

/// Writes the given values over those of the record.
fn apply(record: &mut Record, given: &Given) {
    for (name, value) in &given.values {
        record.put(name, value.clone());
    }
}

/// The SVM that the policy is for; `None` for a policy of the cluster.
fn svm<'a>(cluster: &'a Cluster, given: &Given) -> Result<Option<&'a Svm>, Refusal> {
    let by_name = match given.text(fields::SVM_NAME) {
        None => None,
        Some(name) => {
            let svm = cluster.svms.iter().find(|svm| svm.name == name);
            Some(svm.ok_or_else(|| Refusal::unknown_svm_name(name))?)
        }
    };
    let by_uuid = match given.text(fields::SVM_UUID) {
        None => None,
        Some(uuid) => {
            let svm = cluster.svms.iter().find(|svm| svm.uuid.to_string() == uuid);
            Some(svm.ok_or_else(|| Refusal::unknown_svm_uuid(uuid))?)
        }
    };
    match (by_name, by_uuid) {
        (Some(one), Some(other)) if one.uuid != other.uuid => {
            Err(Refusal::two_svms(&one.name, &other.uuid.to_string()))
        }
        (one, other) => Ok(one.or(other)),
    }
}

/// Whether the SVM, or the cluster itself, has a policy of this name.
fn is_taken(cluster: &Cluster, svm: Option<&Svm>, name: &str) -> bool {
    let svm = svm.map(|svm| svm.uuid.to_string());
    cluster.policies().iter().any(|policy| {
        policy.record.text(fields::NAME) == Some(name) && policy.record.text(fields::SVM_UUID) == svm.as_deref()
    })
}

fn ipspace(record: &mut Record) -> Result<(), Refusal> {
    let (default_name, default_uuid) = DEFAULT_IPSPACE;
    let default_uuid = default_uuid.to_string();
    for (field, default) in [(fields::IPSPACE_NAME, default_name), (fields::IPSPACE_UUID, &default_uuid)] {
        match record.text(field) {
            Some(other) if other != default => {
                return Err(Refusal::invalid(field, Some(other), "the only IPspace is Default"));
            }
            _ => record.set(field, default),
        }
    }
    Ok(())
}

/// Settles action and authentication method; says whether a key is used.
fn authentication(record: &mut Record, given: &Given) -> Result<bool, Refusal> {
    let action = record.text(fields::ACTION).unwrap_or("esp_transport").to_owned();
    record.set(fields::ACTION, &action);
    if matches!(action.as_str(), "bypass" | "discard") {
        record.set(fields::AUTHENTICATION_METHOD, "none");
        record.put(fields::CERTIFICATE_NAME, None);
        record.put(fields::CERTIFICATE_UUID, None);
        return Ok(false);
    }
    if given.secret_key.as_ref().is_some_and(|key| !key.has_valid_length()) {
        return Err(Refusal::key_length());
    }
    let method = match record.text(fields::AUTHENTICATION_METHOD) {
        Some(method) => method.to_owned(),
        None if given.secret_key.is_some() => "psk".to_owned(),
        None if has_certificate(record) => "pki".to_owned(),
        None => "none".to_owned(),
    };
    match method.as_str() {
        "psk" if given.secret_key.is_none() => return Err(Refusal::no_key()),
        "pki" if !has_certificate(record) => return Err(Refusal::no_certificate()),
        "none" => return Err(Refusal::no_authentication(&action)),
        _ => {}
    }
    record.set(fields::AUTHENTICATION_METHOD, method);
    Ok(given.secret_key.is_some())
}

fn has_certificate(record: &Record) -> bool {
    record.get(fields::CERTIFICATE_NAME).or_else(|| record.get(fields::CERTIFICATE_UUID)).is_some()
}

/// Fills in what ONTAP knows better than the client, in a new policy and in a changed one.
fn complete(record: &mut Record) -> Result<(), Refusal> {
    if record.get(fields::PROTOCOL).is_none() {
        record.set(fields::PROTOCOL, "any");
    }
    certificate(record);
    endpoint(record, &fields::LOCAL, 66_257_125)?;
    endpoint(record, &fields::REMOTE, 66_257_126)
}

/// Makes up the half of a certificate's reference that is missing.
fn certificate(record: &mut Record) {
    let (name, uuid) = (record.text(fields::CERTIFICATE_NAME), record.text(fields::CERTIFICATE_UUID));
    match (name, uuid) {
        (Some(name), None) => {
            let uuid = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
            record.set(fields::CERTIFICATE_UUID, uuid.to_string());
        }
        (None, Some(uuid)) => {
            let name = format!("certificate-{uuid}");
            record.set(fields::CERTIFICATE_NAME, name);
        }
        _ => {}
    }
}

/// Checks one endpoint and puts it into the form that ONTAP returns. `code` is the error for half an endpoint.
fn endpoint(record: &mut Record, names: &EndpointNames, code: u32) -> Result<(), Refusal> {
    if record.get(names.port).is_none() {
        record.set(names.port, "0-0");
    }
    // The address is valid: it was put into its normal form when the body was read.
    let address = record.text(names.address).and_then(|address| address.parse::<IpAddr>().ok());
    let (family, netmask) = match (address, record.text(names.netmask)) {
        (None, None) => {
            record.put(names.family, None);
            return Ok(());
        }
        (None, Some(_)) => return Err(Refusal::half_an_endpoint(code, names.netmask, names.address)),
        (Some(IpAddr::V4(_)), None) => return Err(Refusal::half_an_endpoint(code, names.address, names.netmask)),
        (Some(IpAddr::V6(_)), None) => ("ipv6", DEFAULT_IPV6_PREFIX),
        (Some(address), Some(netmask)) => {
            let length = values::prefix_length_for(address, netmask).ok_or_else(|| {
                Refusal::invalid(names.netmask, Some(netmask), "it does not fit the family of the address")
            })?;
            (if address.is_ipv4() { "ipv4" } else { "ipv6" }, length)
        }
    };
    record.set(names.family, family);
    record.set(names.netmask, netmask.to_string());
    Ok(())
}
