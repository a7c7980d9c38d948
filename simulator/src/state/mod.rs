//! The description of a cluster and of its faults, by code or by a TOML file.

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

/// The description of a simulated cluster when it starts.
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

/// Limits of the number of policies. ONTAP's own limits depend on the platform; none is set by default.
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

/// A policy that is there from the start, as a POST would make it.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub(crate) struct InitialPolicy(pub(crate) Json);

impl fmt::Debug for InitialPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("InitialPolicy").field(&self.0["name"]).finish_non_exhaustive()
    }
}

impl ClusterState {
    /// Reads the TOML form. All of it is optional:
    ///
    /// ```
    /// # let text = r#"
    /// name = "cluster1"
    /// release = "9.15.1"           # what clients are told, and what decides which fields there are; from 9.8
    /// effective_release = "9.8.0"  # what the cluster as a whole can do; the release by default
    /// # certificate_fault = "expired"  # a certificate that clients refuse: see `CertificateFault`
    /// metrocluster = false         # whether the cluster is part of a MetroCluster configuration
    /// ipsec_disabled = false       # whether IPsec is switched off for the cluster
    /// negotiation_time = "2s"      # how long security associations take to come up; none by default
    /// bgp_md5 = false              # whether a BGP peer group uses MD5, which needs IPsec from 9.16 on
    /// refuse = []                  # what the documents leave open, and this cluster refuses: see `UndocumentedCase`
    /// made_up_policies = 0         # policies besides those below: policy-0001 and so on
    /// limits = { policies_per_svm = 100, policies_per_cluster = 1000 }
    ///
    /// [[node]]                     # the first one has the security associations; node1 without any
    /// name = "node1"
    /// release = "9.15.1"
    ///
    /// [[ipspace]]                  # besides Default
    /// name = "blue"
    /// uuid = "0a1f6f62-8c43-4b3f-9d25-94d1ef4a1b54"  # made up without it, here and below
    ///
    /// [[svm]]
    /// name = "svm1"
    /// kind = "data"                # or admin, or node
    /// ipspace = "blue"             # Default without it
    /// migrating = false
    ///
    /// [[certificate]]
    /// name = "ipsec"
    /// svm = "svm1"                 # owned by the cluster without it
    /// type = "server"              # or client, client_ca, server_ca, root_ca
    /// added_to_ipsec = false       # whether IPsec trusts it, as the certificate of a CA, from the start
    ///
    /// [[policy]]                   # as in the body of a POST, and checked as one
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
    /// Text that is no TOML, unknown names, and values of the wrong form, with the line that they are in.
    #[cfg(feature = "program")]
    pub fn from_toml(text: &str) -> Result<Self, StateError> {
        toml::from_str(text).map_err(|error| StateError {
            line: error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1),
            message: error.message().to_owned(),
        })
    }

    /// The name of the cluster; `simulator` by default.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The release that every node runs, if nothing else is said; 9.15.1 by default, and 9.8 at least.
    ///
    /// The release decides which parts exist: certificates and `authentication_method` from 9.10, `action` as a filter
    /// from 9.15, offload from 9.16. `ppk` came with 9.17, `certificate_modify_keepsa` with 9.18. The newest release is
    /// [`Release::LATEST`].
    #[must_use]
    pub fn release(mut self, release: Release) -> Self {
        self.release = Some(release);
        self
    }

    /// Sets the release of the cluster as a whole, which lags behind while nodes are updated; that of the nodes unless
    /// set. Before 9.8, the cluster refuses policies (66257201).
    #[must_use]
    pub fn effective_release(mut self, release: Release) -> Self {
        self.effective_release = Some(release);
        self
    }

    /// Adds a node that runs this release; before 9.8, policies are refused (66257199).
    #[must_use]
    pub fn node(mut self, name: impl Into<String>, release: Release) -> Self {
        self.nodes.push(Node { name: name.into(), release });
        self
    }

    /// Makes the cluster part of a MetroCluster configuration.
    #[must_use]
    pub fn metrocluster(mut self) -> Self {
        self.metrocluster = true;
        self
    }

    /// Switches IPsec off for the cluster. Policies cannot be read then (2), but made, changed and deleted.
    #[must_use]
    pub fn ipsec_disabled(mut self) -> Self {
        self.ipsec_disabled = true;
        self
    }

    /// Sets how long security associations take to come up; no time unless set. The time starts when a policy is made or
    /// changed, or when IPsec is switched on.
    #[must_use]
    pub fn negotiation_time(mut self, time: Duration) -> Self {
        self.negotiation_time = Some(TimeSpan(time));
        self
    }

    /// Lets a BGP peer group use MD5, so that IPsec cannot be switched off from release 9.16 on (66257496).
    #[must_use]
    pub fn bgp_md5(mut self) -> Self {
        self.bgp_md5 = true;
        self
    }

    /// Lets the cluster refuse what the documents leave open, and the simulator accepts otherwise.
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

    /// Adds something that goes wrong, behind what was added before.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Adds a policy: the body of the POST that would make it.
    #[must_use]
    pub fn policy(mut self, body: Json) -> Self {
        self.policies.push(InitialPolicy(body));
        self
    }

    /// Adds this many made-up policies, `policy-0001` and so on, to the data SVMs in turn. All simulators make the same
    /// policies, UUIDs included.
    #[must_use]
    pub fn made_up_policies(mut self, count: u32) -> Self {
        self.made_up_policies = count;
        self
    }

    /// How many policies each SVM takes (66257121 beyond that).
    #[must_use]
    pub fn policies_per_svm(mut self, limit: usize) -> Self {
        self.limits.policies_per_svm = Some(limit);
        self
    }

    /// How many policies the cluster takes (66257130 beyond that).
    #[must_use]
    pub fn policies_per_cluster(mut self, limit: usize) -> Self {
        self.limits.policies_per_cluster = Some(limit);
        self
    }
}

/// Why a cluster cannot be as it was described.
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

/// The UUID of something that has none of its own, always the same for the same name.
pub(crate) fn made_up_uuid(kind: &str, name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{kind} {name}").as_bytes())
}
