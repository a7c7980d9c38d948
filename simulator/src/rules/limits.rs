//! How many policies there can be.

use crate::{
    cluster::{Cluster, Svm},
    refusal::Refusal,
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
