//! Cases that the documents leave open.

use serde::Deserialize;

/// A policy of a kind that REST may accept or refuse, according to the documents. The simulator accepts it, unless
/// [`ClusterState::refuse`](crate::ClusterState::refuse) is set.
///
/// A file has the name in lower case with underscores, such as `"policy_without_endpoints"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UndocumentedCase {
    /// A policy without a local or a remote subnet. The command line requires both. The error is 66257143.
    PolicyWithoutEndpoints,
    /// A policy with `psk` and a remote subnet of more than one host, without a `remote_identity`. NetApp's guide to
    /// IPsec requires the field. The error is 66257138.
    PeersWithoutIdentity,
    /// A policy with `pki` without a `local_identity`. NetApp's guide to IPsec requires the field. The error is 2.
    PkiWithoutLocalIdentity,
}
