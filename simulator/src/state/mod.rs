//! The description of a cluster and its faults, in code or in a TOML file.

mod certificate;
mod release;
mod svm;
mod undocumented_case;

use std::{fmt, time::Duration};

use serde::Deserialize;
use serde_json::Value as Json;
use uuid::Uuid;

pub(crate) use self::svm::DEFAULT_IPSPACE;
pub use self::{
    certificate::{Certificate, CertificateKind},
    release::{Release, ReleaseError},
    svm::{Ipspace, Svm, SvmKind},
    undocumented_case::UndocumentedCase,
};
use crate::{
    faults::{CertificateFault, Fault, TimeSpan},
    tokens::Token,
};

/// The description of a simulated cluster at its start.
///
/// The default is a cluster of one node with ONTAP 9.15.1, without limits, certificates, policies and SVMs.
/// [`Builder::start`](crate::Builder::start) adds `svm1` to a cluster without SVMs.
///
/// ```
/// use ontap_ipsec_simulator::{Certificate, ClusterState, Ipspace, Svm};
///
/// let state = ClusterState::default()
///     .ipspace(Ipspace::new("blue"))
///     .svm(Svm::data("svm1"))
///     .svm(Svm::data("svm2").in_ipspace("blue").migrating())
///     .certificate(Certificate::new("ipsec").of_svm("svm1"))
///     .policies_per_svm(100);
///
/// let same = ClusterState::from_toml(r#"
///     ipspace = [{ name = "blue" }]
///     svm = [{ name = "svm1" }, { name = "svm2", ipspace = "blue", migrating = true }]
///     certificate = [{ name = "ipsec", svm = "svm1", type = "server" }]
///     limits = { policies_per_svm = 100 }
/// "#)?;
/// assert_eq!(state, same);
/// # Ok::<(), ontap_ipsec_simulator::StateError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterState {
    pub(crate) name: Option<String>,
    pub(crate) release: Option<Release>,
    pub(crate) effective_release: Option<Release>,
    pub(crate) metrocluster: bool,
    pub(crate) ipsec_disabled: bool,
    pub(crate) bgp_md5: bool,
    pub(crate) negotiation_time: Option<TimeSpan>,
    pub(crate) refuse: Vec<UndocumentedCase>,
    pub(crate) made_up_policies: u32,
    pub(crate) limits: Limits,
    #[serde(rename = "node")]
    pub(crate) nodes: Vec<Node>,
    #[serde(rename = "ipspace")]
    pub(crate) ipspaces: Vec<Ipspace>,
    #[serde(rename = "svm")]
    pub(crate) svms: Vec<Svm>,
    #[serde(rename = "certificate")]
    pub(crate) certificates: Vec<Certificate>,
    #[serde(rename = "policy")]
    pub(crate) policies: Vec<InitialPolicy>,
    #[serde(rename = "token")]
    pub(crate) tokens: Vec<Token>,
    #[serde(rename = "fault")]
    pub(crate) faults: Vec<Fault>,
    pub(crate) certificate_fault: Option<CertificateFault>,
}

/// The limits of the number of policies. The default is no limit, because ONTAP's limits depend on the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) policies_per_svm: Option<usize>,
    pub(crate) policies_per_cluster: Option<usize>,
}

/// A node of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) release: Release,
}

/// A policy at the start, as the body of a POST.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub(crate) struct InitialPolicy(pub(crate) Json);

impl fmt::Debug for InitialPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("InitialPolicy").field(&self.0["name"]).finish_non_exhaustive()
    }
}

impl ClusterState {
    /// Reads a description in TOML. All keys are optional:
    ///
    /// ```
    /// # let text = r#"
    /// name = "cluster1"
    /// release = "9.15.1"           # the release of ONTAP, from 9.8 to 9.19.1
    /// effective_release = "9.8.0"  # lower during an update; default: release
    /// # certificate_fault = "expired"  # a bad server certificate: see `CertificateFault`
    /// metrocluster = false         # true: part of a MetroCluster configuration
    /// ipsec_disabled = false       # true: IPsec is off for the cluster
    /// negotiation_time = "2s"      # time until security associations are up; default: 0
    /// bgp_md5 = false              # true: a BGP peer group uses MD5, which needs IPsec from 9.16 on
    /// refuse = []                  # cases that this cluster refuses: see `UndocumentedCase`
    /// made_up_policies = 0         # number of additional policies: policy-0001 and so on
    /// limits = { policies_per_svm = 100, policies_per_cluster = 1000 }
    ///
    /// [[node]]                     # the first node has the security associations; default: node1
    /// name = "node1"
    /// release = "9.15.1"
    ///
    /// [[ipspace]]                  # the IPspace Default always exists
    /// name = "blue"
    /// uuid = "0a1f6f62-8c43-4b3f-9d25-94d1ef4a1b54"  # default: computed from the name, here and below
    ///
    /// [[svm]]
    /// name = "svm1"
    /// kind = "data"                # or admin, or node
    /// ipspace = "blue"             # default: Default
    /// migrating = false
    ///
    /// [[certificate]]
    /// name = "ipsec"
    /// svm = "svm1"                 # default: the cluster owns the certificate
    /// type = "server"              # or client, client_ca, server_ca, root_ca
    /// added_to_ipsec = false       # true: IPsec trusts this CA certificate from the start
    ///
    /// [[policy]]                   # the body of a POST, and checked like one
    /// name = "nfs"
    /// svm = { name = "svm1" }
    /// secret_key = "only for the simulator"
    ///
    /// [[token]]                    # a bearer token to sign in with: see `Token`
    /// token = "only-for-the-simulator"
    /// requests = 100
    ///
    /// [[fault]]                    # what goes wrong, and how often: see `Fault`
    /// kind = "unavailable"
    /// status = 503
    /// times = 2
    /// # "#;
    /// # ontap_ipsec_simulator::ClusterState::from_toml(text)?;
    /// # Ok::<(), ontap_ipsec_simulator::StateError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error, with the line, for invalid TOML, an unknown key, or an invalid value.
    #[cfg(feature = "program")]
    pub fn from_toml(text: &str) -> Result<Self, StateError> {
        toml::from_str(text).map_err(|error| StateError {
            line: error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1),
            message: error.message().to_owned(),
        })
    }

    /// Sets the name of the cluster. The default is `simulator`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the release of all nodes, from 9.8 to [`Release::LATEST`]. The default is 9.15.1.
    ///
    /// The release decides the available features. Certificates and `authentication_method` need 9.10, the filter by
    /// `action` 9.15, the offload 9.16, `ppk` 9.17, and `certificate_modify_keepsa` 9.18.
    #[must_use]
    pub fn release(mut self, release: Release) -> Self {
        self.release = Some(release);
        self
    }

    /// Sets the effective release of the cluster, which is lower than the nodes' release during an update. The default
    /// is the release of the cluster. With a release before 9.8, the cluster refuses policies (66257201).
    #[must_use]
    pub fn effective_release(mut self, release: Release) -> Self {
        self.effective_release = Some(release);
        self
    }

    /// Adds a node with this release. With a release before 9.8, the cluster refuses policies (66257199).
    #[must_use]
    pub fn node(mut self, name: impl Into<String>, release: Release) -> Self {
        self.nodes.push(Node { name: name.into(), release });
        self
    }

    /// Makes the cluster part of a MetroCluster configuration. The default is no MetroCluster.
    #[must_use]
    pub fn metrocluster(mut self) -> Self {
        self.metrocluster = true;
        self
    }

    /// Switches IPsec off for the cluster; the default is on. Policies then cannot be read (2), but still be created,
    /// changed and deleted.
    #[must_use]
    pub fn ipsec_disabled(mut self) -> Self {
        self.ipsec_disabled = true;
        self
    }

    /// Sets the time until security associations are up; the default is 0. The time starts when a policy is created or
    /// changed, or when IPsec is switched on.
    #[must_use]
    pub fn negotiation_time(mut self, time: Duration) -> Self {
        self.negotiation_time = Some(TimeSpan(time));
        self
    }

    /// Makes a BGP peer group use MD5, which is off by default. IPsec then cannot be switched off from release 9.16 on
    /// (66257496).
    #[must_use]
    pub fn bgp_md5(mut self) -> Self {
        self.bgp_md5 = true;
        self
    }

    /// Makes the cluster refuse this case, which the documents leave open. The default is to accept it.
    #[must_use]
    pub fn refuse(mut self, case: UndocumentedCase) -> Self {
        self.refuse.push(case);
        self
    }

    /// Adds an IPspace.
    #[must_use]
    pub fn ipspace(mut self, ipspace: Ipspace) -> Self {
        self.ipspaces.push(ipspace);
        self
    }

    /// Adds an SVM.
    #[must_use]
    pub fn svm(mut self, svm: Svm) -> Self {
        self.svms.push(svm);
        self
    }

    /// Adds a certificate.
    #[must_use]
    pub fn certificate(mut self, certificate: Certificate) -> Self {
        self.certificates.push(certificate);
        self
    }

    /// Adds a bearer token to sign in with.
    #[must_use]
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        self.tokens.push(token.into());
        self
    }

    /// Adds a fault after the earlier ones.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Adds a policy. `body` is the body of a POST, and is checked like one.
    #[must_use]
    pub fn policy(mut self, body: Json) -> Self {
        self.policies.push(InitialPolicy(body));
        self
    }

    /// Adds this many generated policies, `policy-0001` and so on; the default is 0. The data SVMs get them in turn.
    /// All simulators generate the same policies, with the same UUIDs.
    #[must_use]
    pub fn made_up_policies(mut self, count: u32) -> Self {
        self.made_up_policies = count;
        self
    }

    /// Sets the limit of policies for each SVM (66257121). The default is no limit.
    #[must_use]
    pub fn policies_per_svm(mut self, limit: usize) -> Self {
        self.limits.policies_per_svm = Some(limit);
        self
    }

    /// Sets the limit of policies for the cluster (66257130). The default is no limit.
    #[must_use]
    pub fn policies_per_cluster(mut self, limit: usize) -> Self {
        self.limits.policies_per_cluster = Some(limit);
        self
    }
}

/// The reason why the description of a cluster is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateError {
    line: Option<usize>,
    message: String,
}

impl StateError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { line: None, message: message.into() }
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "line {line}: {}", self.message.trim_end().replace('\n', "; ")),
            None => formatter.write_str(&self.message),
        }
    }
}

impl std::error::Error for StateError {}

/// Returns a UUID that depends only on the kind and the name.
pub(crate) fn made_up_uuid(kind: &str, name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{kind} {name}").as_bytes())
}
