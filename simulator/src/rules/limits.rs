//! Checks the limits of policies, and the releases of nodes and cluster.

use crate::{
    cluster::{Cluster, Svm},
    refusal::Refusal,
    state::Release,
};

/// Checks whether one more policy can be added.
///
/// # Errors
/// Returns 66257121 for the limit of the SVM, and 66257130 for that of the cluster.
pub(crate) fn check(cluster: &Cluster, svm: Option<&Svm>) -> Result<(), Refusal> {
    if let Some(svm) = svm {
        let count = cluster.policies.len_of_svm(&svm.uuid.to_string());
        if count >= cluster.policies_per_svm {
            let message =
                format!("the SVM {} has {count} policies; policies_per_svm is {}", svm.name, cluster.policies_per_svm);
            return Err(Refusal::rule(66_257_121, message).at("svm"));
        }
    }
    let count = cluster.policies.len();
    if count >= cluster.policies_per_cluster {
        return Err(Refusal::rule(
            66_257_130,
            format!("the cluster has {count} policies; policies_per_cluster is {}", cluster.policies_per_cluster),
        ));
    }
    Ok(())
}

/// # Errors
/// Returns 66257199 if a node is too old, and 66257201 if the cluster is.
pub(super) fn check_releases(cluster: &Cluster) -> Result<(), Refusal> {
    let (first, effective) = (Release::FIRST, cluster.effective_release);
    if let Some(old) = cluster.node_releases.iter().find(|release| **release < first) {
        return Err(Refusal::rule(66_257_199, format!("a node has release {old}; IPsec needs {first} on every node")));
    }
    if effective < first {
        let message = format!("the cluster has the effective release {effective}; IPsec needs {first}");
        return Err(Refusal::rule(66_257_201, message));
    }
    Ok(())
}
