//! Checks the rules that the documents leave open for REST. The cluster file decides them.

use std::net::IpAddr;

use crate::{
    cluster::{Cluster, Record},
    fields,
    refusal::Refusal,
    state::UndocumentedCase,
};

/// # Errors
/// Returns the code of the [`UndocumentedCase`] that the cluster file refuses.
pub(super) fn check(cluster: &Cluster, record: &Record) -> Result<(), Refusal> {
    let refuses = |case| cluster.refuses.contains(&case);
    let is_unset = |name| record.text(name).is_none_or(str::is_empty);
    let method = record.text(fields::AUTHENTICATION_METHOD).unwrap_or_default();
    if refuses(UndocumentedCase::PolicyWithoutEndpoints)
        && let Some(names) = [&fields::LOCAL, &fields::REMOTE].into_iter().find(|names| is_unset(names.address))
    {
        let message = "this cluster refuses policies without a local and a remote subnet";
        return Err(Refusal::rule(66_257_143, message).at(names.address));
    }
    if refuses(UndocumentedCase::PeersWithoutIdentity)
        && method == "psk"
        && is_unset(fields::REMOTE_IDENTITY)
        && has_many_peers(record)
    {
        let message = "this cluster refuses a remote subnet without a remote_identity";
        return Err(Refusal::rule(66_257_138, message).at(fields::REMOTE_IDENTITY));
    }
    if refuses(UndocumentedCase::PkiWithoutLocalIdentity) && method == "pki" && is_unset(fields::LOCAL_IDENTITY) {
        return Err(Refusal::missing(fields::LOCAL_IDENTITY));
    }
    Ok(())
}

/// Tells whether the remote endpoint is more than one host.
fn has_many_peers(record: &Record) -> bool {
    let address = record.text(fields::REMOTE.address).and_then(|address| address.parse().ok());
    let host = match address {
        Some(IpAddr::V4(_)) => "32",
        Some(IpAddr::V6(_)) => "128",
        None => return false,
    };
    record.text(fields::REMOTE.netmask) != Some(host)
}
