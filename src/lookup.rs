//! Finding a policy by what makes it unique: its SVM and its name.

use crate::Client;
use crate::bindings::types::{IpsecPolicy, SvmReference};
use crate::error::Result;
use crate::query::Filter;
use crate::values::NetworkScope;

/// The policy of this name in the SVM that is referred to, or among those of the cluster. A reference that names nothing
/// is none; of one with both name and UUID, the name counts.
pub(crate) async fn policy(client: &Client, svm: Option<&SvmReference>, name: &str) -> Result<Option<IpsecPolicy>> {
    let of_svm = svm.and_then(|svm| svm.name.as_deref());
    let of_uuid = svm.and_then(|svm| svm.uuid.as_deref()).filter(|_| of_svm.is_none());
    let mut found = client.list(|all| {
        // What cannot be written as a filter is still told apart below.
        let all = match String::try_from(Filter::literal(name)) {
            Ok(name) => all.name(name),
            Err(_) => all,
        };
        match (of_svm, of_uuid) {
            (Some(svm), _) => all.svm_name(Filter::literal(svm)),
            (None, Some(uuid)) => all.svm_uuid(Filter::literal(uuid)),
            (None, None) => all.scope(NetworkScope::Cluster.as_str()),
        }
    });
    while let Some(policy) = found.try_next().await? {
        let (its_svm, its_uuid) =
            policy.svm.as_ref().map_or((None, None), |svm| (svm.name.as_deref(), svm.uuid.as_deref()));
        let is_there = match of_uuid {
            Some(uuid) => its_uuid.is_some_and(|its| its.eq_ignore_ascii_case(uuid)),
            None => its_svm == of_svm,
        };
        if is_there && policy.name.as_deref() == Some(name) {
            return Ok(Some(policy));
        }
    }
    Ok(None)
}
