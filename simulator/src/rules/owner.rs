//! Checks the name, the SVM and the IPspace of a policy.

use crate::{
    body::Given,
    cluster::{Cluster, Item, Named, Svm},
    fields,
    refusal::{Refusal, shorten},
    state::SvmKind,
    values,
};

/// Returns the name of a new policy.
///
/// # Errors
/// Returns 2 without a name, and 66257148 if the name is too long, empty, or not ASCII.
pub(super) fn name(given: &Given) -> Result<&str, Refusal> {
    let name = given.text(fields::NAME).ok_or_else(|| Refusal::missing(fields::NAME))?;
    if !(1..=64).contains(&name.len()) || !is_printable(name) {
        return Err(Refusal::rule(66_257_148, "name must have 1 to 64 printable ASCII characters").at("name"));
    }
    Ok(name)
}

/// Tells whether the text has only printable ASCII characters; the space is one.
pub(super) fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// # Errors
/// Returns 66257104 if a policy of the same owner has this name. The owner is the SVM or the cluster.
pub(crate) fn name_is_free(cluster: &Cluster, svm: Option<&Svm>, name: &str) -> Result<(), Refusal> {
    let svm = svm.map(|svm| svm.uuid.to_string());
    if cluster.policies.named(name).any(|policy| policy.record.text(fields::SVM_UUID) == svm.as_deref()) {
        let message = format!("a policy of this owner already has the name {}", shorten(name));
        return Err(Refusal::rule(66_257_104, message).at("name").showing("value", name));
    }
    Ok(())
}

/// Returns the SVM of a new policy; `None` for a policy of the cluster.
///
/// # Errors
/// Returns 66257202 for an unknown name, 66257203 for an unknown UUID, and 2621706 if they belong to different SVMs. An
/// SVM that is no data SVM is 66257117, or 66257396 for the admin SVM in MetroCluster. An SVM in migration is 66257142.
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
            let message = format!("the admin SVM {} cannot have policies in a MetroCluster configuration", svm.name);
            return Err(Refusal::rule(66_257_396, message).at("svm"));
        }
        SvmKind::Admin | SvmKind::Node => {
            let message = format!("the SVM {} is not a data SVM; only data SVMs can have policies", svm.name);
            return Err(Refusal::rule(66_257_117, message).at("svm"));
        }
    }
    check_not_migrating(Some(svm))?;
    Ok(Some(svm))
}

/// Returns the SVM of an existing policy.
pub(super) fn of<'a>(cluster: &'a Cluster, policy: &Item) -> Option<&'a Svm> {
    let uuid = values::uuid(policy.record.text(fields::SVM_UUID)?)?;
    cluster.svms.iter().find(|svm| svm.uuid == uuid)
}

/// # Errors
/// Returns 66257142 for an SVM that is migrating to another cluster.
pub(super) fn check_not_migrating(svm: Option<&Svm>) -> Result<(), Refusal> {
    match svm.filter(|svm| svm.migrating) {
        None => Ok(()),
        Some(svm) => {
            let message =
                format!("the SVM {} is migrating to another cluster; try again after the migration", svm.name);
            Err(Refusal::rule(66_257_142, message).at("svm"))
        }
    }
}

/// Returns the IPspace of a new policy: that of its SVM, or `Default` for a policy of the cluster.
///
/// # Errors
/// Returns 66257204 if name and UUID belong to different IPspaces, and 66257205 if the SVM is not in the IPspace. No
/// code is documented for an unknown IPspace. With an SVM, the code is 66257205, because the SVM cannot be in it;
/// without, 262197.
pub(super) fn ipspace<'a>(cluster: &'a Cluster, svm: Option<&Svm>, given: &Given) -> Result<&'a Named, Refusal> {
    let name = given.text(fields::IPSPACE_NAME);
    let uuid = given.text(fields::IPSPACE_UUID);
    let wanted = cluster.ipspaces.iter().position(|ipspace| {
        name.is_none_or(|name| ipspace.name == name) && uuid.is_none_or(|uuid| Some(ipspace.uuid) == values::uuid(uuid))
    });
    let shown = name.or(uuid).unwrap_or_default();
    match (wanted, svm) {
        // The first IPspace is `Default`.
        (_, None) if name.is_none() && uuid.is_none() => Ok(&cluster.ipspaces[0]),
        (_, Some(svm)) if name.is_none() && uuid.is_none() => Ok(&cluster.ipspaces[svm.ipspace]),
        (None, _) if name.is_some() && uuid.is_some() => {
            Err(Refusal::rule(66_257_204, "ipspace.name and ipspace.uuid belong to different IPspaces").at("ipspace"))
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
