//! How many policies there can be, and whether all nodes are new enough for IPsec.

use crate::{
    cluster::{Cluster, Svm},
    refusal::Refusal,
    state::Release,
};

/// Checks that there can be one more.
///
/// # Errors
/// 66257121 for the SVM, 66257130 for the cluster.
pub(crate) fn check(cluster: &Cluster, svm: Option<&Svm>) -> Result<(), Refusal> {
    if let Some(svm) = svm {
        let count = cluster.policies.len_of_svm(&svm.uuid.to_string());
        if count >= cluster.policies_per_svm {
            let message = format!("the SVM {} has {count} policies, and cannot have more", svm.name);
            return Err(Refusal::rule(66_257_121, message).at("svm"));
        }
    }
    let count = cluster.policies.len();
    if count >= cluster.policies_per_cluster {
        return Err(Refusal::rule(66_257_130, format!("the cluster has {count} policies, and cannot have more")));
    }
    Ok(())
}

/// # Errors
/// 66257199 for a node, 66257201 for the cluster.
pub(super) fn check_releases(cluster: &Cluster) -> Result<(), Refusal> {
    let (first, effective) = (Release::FIRST, cluster.effective_release);
    if let Some(old) = cluster.node_releases.iter().find(|release| **release < first) {
        return Err(Refusal::rule(66_257_199, format!("a node runs {old}, and IPsec needs {first} on every node")));
    }
    if effective < first {
        let message = format!("the cluster as a whole is at {effective} still, and IPsec needs {first}");
        return Err(Refusal::rule(66_257_201, message));
    }
    Ok(())
}
