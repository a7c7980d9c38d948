//! Whether all nodes, and the cluster as a whole, are new enough for IPsec.

use crate::{cluster::Cluster, refusal::Refusal, state::Release};

/// # Errors
/// 66257199 for a node, 66257201 for the cluster.
pub(super) fn check(cluster: &Cluster) -> Result<(), Refusal> {
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
