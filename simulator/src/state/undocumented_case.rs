//! Questions that the documents leave open.

use serde::Deserialize;

/// A policy that REST may accept or refuse; the documents do not say which. The simulator accepts it, unless
/// [`ClusterState::refuse`](crate::ClusterState::refuse) names it.
///
/// In a file, it is the name in lower case with underscores, such as `"policy_without_endpoints"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UndocumentedCase {
    /// A policy without a local or a remote subnet. The command line wants both. Refused with 66257143.
    PolicyWithoutEndpoints,
    /// A policy with `psk` whose remote subnet is more than one host, without a `remote_identity`. The vendor's guide to
    /// IPsec wants one. Refused with 66257138.
    PeersWithoutIdentity,
    /// A policy with `pki` without a `local_identity`. The vendor's guide to IPsec wants one. Refused with 2.
    PkiWithoutLocalIdentity,
}
