//! The table of documented error codes, with the operations that return each, and a way to trigger it.

use serde::{Serialize, Serializer};

/// The kind of trigger of an error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Trigger {
    /// A request that breaks a rule.
    Request,
    /// A request to a cluster in a certain state; see [`ClusterState`](crate::ClusterState).
    Cluster,
    /// The fault `error` with this code; see [`Fault::error`](crate::Fault::error). No request can trigger the code.
    Fault,
}

/// A documented error code of the endpoint, with a way to trigger it. In JSON, the operations are a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CodeEntry {
    /// The code.
    pub code: u32,
    /// The path of the resource or collection, without `/api`.
    pub path: &'static str,
    /// The operations whose reference pages list the code: `POST`, `PATCH`, `DELETE`, separated by spaces.
    #[serde(serialize_with = "list")]
    pub operations: &'static str,
    /// The kind of trigger.
    pub trigger: Trigger,
    /// The way to trigger the code, in words.
    pub how: &'static str,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "this is how serde calls it")]
fn list<S: Serializer>(operations: &&'static str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(operations.split(' '))
}

/// Generates the table and its documentation from the same lines.
macro_rules! codes {
    ($($path:literal { $($code:literal $operations:literal $trigger:ident $how:literal;)* })*) => {
        /// All error codes in NetApp's reference pages of IPsec of release 9.17.1, and how to trigger each. The pages
        /// of 9.15.1 lack the codes for the offload, BGP and post-quantum keys.
        ///
        /// A code for POST and PATCH can be triggered by both, if a PATCH can set the field.
        ///
        /// | Path | Code | Operations | Trigger | How |
        /// |---|---|---|---|---|
        $($(#[doc = concat!(
            "| ", $path, " | ", $code, " | ", $operations, " | ", stringify!($trigger), " | ", $how, " |"
        )])*)*
        pub static ERROR_CODES: &[CodeEntry] = &[
            $($(CodeEntry {
                code: $code,
                path: $path,
                operations: $operations,
                trigger: Trigger::$trigger,
                how: $how,
            },)*)*
        ];
    };
}

codes! {
"/security/ipsec/policies" {
    66257096 "DELETE" Fault "the connections of the deleted policy stay";
    66257097 "PATCH" Fault "the change cannot be stored";
    66257099 "POST PATCH" Request "`protocol` with a list or a range, such as `6,17`";
    66257100 "POST PATCH" Request "`local_endpoint.port` with a list, such as `80,443`";
    66257101 "POST PATCH" Request "`remote_endpoint.port` with a list";
    66257102 "POST" Fault "IKEv1, which no field can select";
    66257104 "POST" Request "the `name` of an existing policy of the same SVM, or of the cluster";
    66257107 "POST" Request "a `secret_key` or `ppk.shared_key` that starts with `0x` and is not hexadecimal";
    66257109 "POST" Request "a `secret_key` or `ppk.shared_key` that starts with `0s` and is not Base64";
    66257110 "POST PATCH" Fault "the policy cannot be added to the order of policies";
    66257112 "POST" Fault "`bypass` or `discard` with a key or certificate, which the simulator otherwise accepts";
    66257113 "POST PATCH" Request "`local_endpoint.address` or `.netmask` with a list or a range";
    66257114 "POST PATCH" Request "`remote_endpoint.address` or `.netmask` with a list or a range";
    66257115 "POST PATCH" Request "a port that is a range, such as `80-90`";
    66257117 "POST" Cluster "an SVM of the kind `admin` or `node`";
    66257120 "POST PATCH" Request "`esp_udp` with an endpoint whose netmask is not 32";
    66257121 "POST" Cluster "as many policies in the SVM as `policies_per_svm` allows";
    66257125 "POST PATCH" Request "a local IPv4 address without a netmask, or a netmask without an address";
    66257126 "POST PATCH" Request "a remote IPv4 address without a netmask, or a netmask without an address";
    66257127 "POST PATCH" Request "a local address or netmask of zero";
    66257128 "POST PATCH" Request "a remote zero address with a netmask other than 0, or a netmask of 0 with another address";
    66257129 "POST PATCH" Request "the remote subnet `0.0.0.0/0` or `::/0` without a local or remote port";
    66257130 "POST" Cluster "as many policies as `policies_per_cluster` allows";
    66257131 "POST PATCH" Request "`esp_udp` with an IPv6 address";
    66257132 "POST" Request "a port that is not a number from 0 to 65535";
    66257133 "POST" Request "`psk` without a `secret_key`";
    66257134 "POST" Request "`pki` without a certificate";
    66257135 "POST PATCH" Cluster "the name of a certificate that the SVM does not have, or the UUID of another SVM's certificate";
    66257136 "POST PATCH" Request "`psk` with a certificate";
    66257137 "POST" Request "`pki` with a `secret_key`";
    66257138 "POST PATCH" Request "`pki` without a `remote_identity`";
    66257139 "POST PATCH" Cluster "a UUID that no certificate has";
    66257140 "POST PATCH" Cluster "a certificate of a type other than `client` and `server`";
    66257142 "POST PATCH" Cluster "an SVM that is `migrating`";
    66257143 "POST PATCH" Request "an address or a netmask that is an empty string";
    66257144 "POST" Request "`esp_transport` or `esp_udp` with neither key nor certificate";
    66257148 "POST" Request "a `name` that is empty, has more than 64 characters, or is not ASCII";
    66257153 "POST PATCH" Request "a `ppk.identity` without a `ppk.shared_key`, or in a PATCH of a policy without a key, from 9.17 on";
    66257154 "POST PATCH" Request "a `ppk.shared_key` without a `ppk.identity`, or a PATCH that removes the identity, from 9.17 on";
    66257199 "POST PATCH" Cluster "a node with a release before 9.8";
    66257200 "POST PATCH" Request "a `secret_key` or `ppk.shared_key` that is not ASCII or does not have 18 to 128 characters; a PATCH cannot set a key, so use the fault `error`";
    66257201 "POST PATCH" Cluster "an `effective_release` before 9.8";
    66257202 "POST" Cluster "an `svm.name` that no SVM has";
    66257203 "POST" Cluster "an `svm.uuid` that no SVM has";
    66257204 "POST" Cluster "`ipspace.name` and `ipspace.uuid` of different IPspaces";
    66257205 "POST" Cluster "an IPspace that the SVM is not in";
    66257305 "POST PATCH" Cluster "`certificate.name` and `certificate.uuid` of different certificates";
    66257396 "POST" Cluster "the admin SVM of a `metrocluster`";
}
"/security/ipsec" {
    66256898 "PATCH" Fault "IPsec cannot be switched on";
    66256899 "PATCH" Fault "IPsec cannot be switched off";
    66256913 "PATCH" Request "another `offload_enabled` while IPsec is on, from 9.16 on";
    66256915 "PATCH" Request "`offload_enabled` together with a `replay_window`, from 9.16 on";
    66257007 "PATCH" Fault "the size of the replay window cannot be stored";
    66257199 "PATCH" Cluster "a node with a release before 9.8, or an `effective_release` before 9.8";
    66257496 "PATCH" Cluster "`enabled` false on a cluster with `bgp_md5`, from 9.16 on";
}
"/security/ipsec/ca-certificates" {
    66257298 "DELETE" Cluster "the UUID of a certificate that the cluster has and IPsec does not";
    66257303 "DELETE" Request "a UUID that no certificate of the cluster has";
    66257304 "POST" Request "a certificate that the SVM or the cluster does not have, or that is not of a CA";
}
}
