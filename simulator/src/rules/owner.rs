//! The owner of a policy: its name, its SVM, its IPspace.

use crate::{
    body::Given,
    cluster::{Cluster, Item, Named, Svm},
    fields,
    refusal::{Refusal, shorten},
    state::SvmKind,
    values,
};

/// The name of a new policy.
///
/// # Errors
/// Returns 2 if there is no name, and 66257148 if the name is too long, empty, or not ASCII.
pub(super) fn name(given: &Given) -> Result<&str, Refusal> {
    let name = given.text(fields::NAME).ok_or_else(|| Refusal::missing(fields::NAME))?;
    if !(1..=64).contains(&name.len()) || !is_printable(name) {
        return Err(Refusal::rule(66_257_148, "a policy's name has 1 to 64 printable characters of ASCII").at("name"));
    }
    Ok(name)
}

/// Whether the text consists of ASCII's printable characters, the space among them.
pub(super) fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// # Errors
/// 66257104 where the SVM, or the cluster itself, has a policy of this name.
pub(crate) fn name_is_free(cluster: &Cluster, svm: Option<&Svm>, name: &str) -> Result<(), Refusal> {
    let svm = svm.map(|svm| svm.uuid.to_string());
    if cluster.policies.named(name).any(|policy| policy.record.text(fields::SVM_UUID) == svm.as_deref()) {
        let message = format!("the name {} is taken in this SVM", shorten(name));
        return Err(Refusal::rule(66_257_104, message).at("name").showing("value", name));
    }
    Ok(())
}

/// The SVM that a new policy is for; `None` for a policy of the cluster.
///
/// # Errors
/// Returns 66257202 and 66257203 for an unknown name and UUID, and 2621706 if they are of two SVMs. 66257396 and 66257117
/// mean that the SVM serves no data; 66257142, that it is being moved.
pub(super) fn svm<'a>(cluster: &'a Cluster, given: &Given) -> Result<Option<&'a Svm>, Refusal> {
    let unknown = |code, field, what| {
        move |value: &str| {
            Refusal::rule(code, format!("no SVM has the {what} {}", shorten(value))).at(field).showing("value", value)
        }
    };
    let by_name = unknown(66_257_202, fields::SVM_NAME, "name");
    let by_uuid = unknown(66_257_203, fields::SVM_UUID, "UUID");
    let (name, uuid) = (given.text(fields::SVM_NAME), given.text(fields::SVM_UUID));
    let svm = cluster.find_svm(name, uuid, [&by_name, &by_uuid])?;
    let Some(svm) = svm else { return Ok(None) };
    match svm.kind {
        SvmKind::Data => {}
        SvmKind::Admin if cluster.metrocluster => {
            let message = format!("{} is the admin SVM, which has no IPsec in a MetroCluster configuration", svm.name);
            return Err(Refusal::rule(66_257_396, message).at("svm"));
        }
        SvmKind::Admin | SvmKind::Node => {
            let message = format!("{} is no data SVM, and only those take policies", svm.name);
            return Err(Refusal::rule(66_257_117, message).at("svm"));
        }
    }
    check_not_migrating(Some(svm))?;
    Ok(Some(svm))
}

/// The SVM of a policy that exists.
pub(super) fn of<'a>(cluster: &'a Cluster, policy: &Item) -> Option<&'a Svm> {
    let uuid = values::uuid(policy.record.text(fields::SVM_UUID)?)?;
    cluster.svms.iter().find(|svm| svm.uuid == uuid)
}

/// # Errors
/// 66257142 for an SVM that is on its way to another cluster.
pub(super) fn check_not_migrating(svm: Option<&Svm>) -> Result<(), Refusal> {
    match svm.filter(|svm| svm.migrating) {
        None => Ok(()),
        Some(svm) => {
            let message = format!("{} is on its way to another cluster: try again when it has arrived", svm.name);
            Err(Refusal::rule(66_257_142, message).at("svm"))
        }
    }
}

/// The IPspace of a new policy: that of its SVM, or `Default` for the cluster's own.
///
/// # Errors
/// 66257204 for a name and a UUID that are not of one IPspace, 66257205 for one that the SVM is not in. For an unknown
/// IPspace no code is documented: with an SVM, which cannot be in it, 66257205 fits; without, it is 262197.
pub(super) fn ipspace<'a>(cluster: &'a Cluster, svm: Option<&Svm>, given: &Given) -> Result<&'a Named, Refusal> {
    let name = given.text(fields::IPSPACE_NAME);
    let uuid = given.text(fields::IPSPACE_UUID);
    let wanted = cluster.ipspaces.iter().position(|ipspace| {
        name.is_none_or(|name| ipspace.name == name) && uuid.is_none_or(|uuid| Some(ipspace.uuid) == values::uuid(uuid))
    });
    let shown = name.or(uuid).unwrap_or_default();
    match (wanted, svm) {
        // `Default`, which is the first one, if nothing was asked for.
        (_, None) if name.is_none() && uuid.is_none() => Ok(&cluster.ipspaces[0]),
        (_, Some(svm)) if name.is_none() && uuid.is_none() => Ok(&cluster.ipspaces[svm.ipspace]),
        (None, _) if name.is_some() && uuid.is_some() => {
            Err(Refusal::rule(66_257_204, "ipspace.name and ipspace.uuid are not of one IPspace").at("ipspace"))
        }
        (Some(wanted), None) => Ok(&cluster.ipspaces[wanted]),
        (Some(wanted), Some(svm)) if svm.ipspace == wanted => Ok(&cluster.ipspaces[wanted]),
        (_, Some(svm)) => {
            let message = format!("the SVM {} is not in the IPspace {}", svm.name, shorten(shown));
            Err(Refusal::rule(66_257_205, message).at("ipspace").showing("value", shown))
        }
        (None, None) => {
            let field = if name.is_some() { fields::IPSPACE_NAME } else { fields::IPSPACE_UUID };
            Err(Refusal::invalid(field, Some(shown), "the cluster has no such IPspace"))
        }
    }
}
