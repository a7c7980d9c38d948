//! The state of the simulated cluster, with its policies.

mod associations;
mod edit;
mod items;
mod record;

use std::{collections::HashSet, time::Duration};

use tokio::time::Instant;
use uuid::Uuid;

pub use self::edit::ClusterEdit;
pub(crate) use self::{
    associations::Associations,
    items::{Item, Items, Journal},
    record::Record,
};
use crate::{
    faults::{CertificateFault, TimeSpan},
    fields,
    refusal::Refusal,
    resources::{CA_CERTIFICATE, CONFIG},
    state::{
        self, CertificateKind, ClusterState, DEFAULT_IPSPACE, Ipspace, Release, StateError, SvmKind, UndocumentedCase,
    },
    values,
};

/// The default name of the cluster.
const DEFAULT_NAME: &str = "simulator";

/// The default name of the node.
const DEFAULT_NODE: &str = "node1";

/// An SVM.
#[derive(Clone, Debug)]
pub(crate) struct Svm {
    pub(crate) name: String,
    pub(crate) uuid: Uuid,
    pub(crate) kind: SvmKind,
    /// The index of the IPspace in [`Cluster::ipspaces`].
    pub(crate) ipspace: usize,
    pub(crate) migrating: bool,
}

/// The name and UUID of an object.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) uuid: Uuid,
}

/// A certificate.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(crate) name: String,
    pub(crate) uuid: Uuid,
    pub(crate) kind: CertificateKind,
    /// The UUID of the owning SVM; `None` for a certificate of the cluster.
    pub(crate) svm: Option<Uuid>,
}

/// The state of the simulated cluster.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) uuid: Uuid,
    pub(crate) release: Release,
    pub(crate) effective_release: Release,
    pub(crate) node_releases: Vec<Release>,
    /// The values that most associations share, first for IKE, then for IPsec.
    common: [Record; 2],
    pub(crate) metrocluster: bool,
    pub(crate) bgp_md5: bool,
    /// The configuration of IPsec as a whole.
    pub(crate) config: Record,
    /// The time of the last switch of IPsec, on or off.
    pub(crate) switched: Instant,
    pub(crate) switches: u32,
    /// The time from a change of a policy until its associations are up.
    pub(crate) negotiation_time: Duration,
    pub(crate) refuses: Vec<UndocumentedCase>,
    pub(crate) certificate_fault: Option<CertificateFault>,
    pub(crate) policies_per_svm: usize,
    pub(crate) policies_per_cluster: usize,
    /// The IPspaces; the first one is `Default`.
    pub(crate) ipspaces: Vec<Named>,
    pub(crate) svms: Vec<Svm>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) policies: Items,
    /// The CA certificates that IPsec trusts.
    pub(crate) ca_certificates: Items,
}

impl Cluster {
    /// Makes the described cluster, without policies.
    ///
    /// # Errors
    /// Returns an error for a repeated name or UUID, a reference to an unknown object, or an unknown release.
    pub(crate) fn new(state: &ClusterState) -> Result<Self, StateError> {
        let release = state.release.unwrap_or(Release::DEFAULT);
        if !(Release::FIRST..=Release::LATEST).contains(&release) {
            let (first, last) = (Release::FIRST, Release::LATEST);
            return Err(StateError::new(format!("release {release} is not supported; use {first} to {last}")));
        }
        let mut ipspaces = Vec::new();
        let given = state.ipspaces.iter().map(|ipspace| (&ipspace.name, ipspace.uuid()));
        if !state.ipspaces.iter().any(|ipspace| ipspace.name == DEFAULT_IPSPACE) {
            let default = Ipspace::new(DEFAULT_IPSPACE);
            ipspaces.push(Named { uuid: default.uuid(), name: default.name });
        }
        ipspaces.extend(given.map(|(name, uuid)| Named { name: name.clone(), uuid }));
        // Policies of the cluster use the first IPspace, so `Default` must be first.
        ipspaces.sort_by_key(|ipspace| ipspace.name != DEFAULT_IPSPACE);
        unique("IPspace", ipspaces.iter().map(|ipspace| (None, ipspace.name.as_str(), ipspace.uuid)))?;

        let svms = state.svms.iter().map(|given| svm(&ipspaces, given)).collect::<Result<Vec<_>, _>>()?;
        check_svms(&svms)?;
        let certificates =
            state.certificates.iter().map(|given| certificate(&svms, given)).collect::<Result<Vec<_>, _>>()?;
        check_certificates(&certificates)?;

        let name = state.name.clone().unwrap_or_else(|| DEFAULT_NAME.to_owned());
        let node = state.nodes.first().map_or(DEFAULT_NODE, |node| node.name.as_str());
        let mut config = Record::new(&CONFIG);
        config.set(fields::ENABLED, (!state.ipsec_disabled).to_string());
        config.set(fields::OFFLOAD_ENABLED, "false");
        config.set(fields::REPLAY_WINDOW, "0");
        let mut cluster = Self {
            name,
            uuid: Uuid::new_v4(),
            release,
            effective_release: state.effective_release.unwrap_or(release),
            node_releases: state.nodes.iter().map(|node| node.release).collect(),
            common: associations::common(&Named { name: node.to_owned(), uuid: state::made_up_uuid("node", node) }),
            metrocluster: state.metrocluster,
            bgp_md5: state.bgp_md5,
            config,
            switched: Instant::now(),
            switches: 0,
            negotiation_time: state.negotiation_time.map_or(Duration::ZERO, |TimeSpan(time)| time),
            refuses: state.refuse.clone(),
            certificate_fault: state.certificate_fault,
            policies_per_svm: state.limits.policies_per_svm.unwrap_or(usize::MAX),
            policies_per_cluster: state.limits.policies_per_cluster.unwrap_or(usize::MAX),
            ipspaces,
            svms,
            certificates,
            policies: Items::default(),
            ca_certificates: Items::default(),
        };
        for given in state.certificates.iter().filter(|given| given.added_to_ipsec) {
            let certificate = certificate(&cluster.svms, given)?;
            if !certificate.kind.is_authority() {
                return Err(StateError::new(format!(
                    "certificate {}: added_to_ipsec needs a CA certificate; set the type to client_ca, server_ca or root_ca",
                    given.name
                )));
            }
            cluster.ca_certificates.add(certificate.uuid, cluster.ca_record(&certificate));
        }
        Ok(cluster)
    }

    /// Tells whether IPsec is on.
    pub(crate) fn ipsec_enabled(&self) -> bool {
        self.config.text(fields::ENABLED) == Some("true")
    }

    /// Replaces the configuration of IPsec. Switching IPsec on or off ends all associations.
    pub(crate) fn configure(&mut self, config: Record) {
        if config.text(fields::ENABLED) != self.config.text(fields::ENABLED) {
            self.switched = Instant::now();
            self.switches = self.switches.wrapping_add(1);
        }
        self.config = config;
    }

    /// Makes the record of a CA certificate that IPsec trusts.
    pub(crate) fn ca_record(&self, certificate: &Certificate) -> Record {
        let mut record = Record::new(&CA_CERTIFICATE);
        record.set(fields::CERTIFICATE_UUID, certificate.uuid.to_string());
        record.set(fields::SCOPE, if certificate.svm.is_some() { "svm" } else { "cluster" });
        if let Some(svm) = self.svms.iter().find(|svm| Some(svm.uuid) == certificate.svm) {
            record.set(fields::SVM_NAME, svm.name.as_str());
            record.set(fields::SVM_UUID, svm.uuid.to_string());
        }
        record
    }

    /// Tells whether IPsec trusts a CA of the cluster or of the SVM with this UUID.
    pub(crate) fn trusts_an_authority(&self, svm: Option<&str>) -> bool {
        self.ca_certificates.after(None).any(|ca| {
            let owner = ca.record.text(fields::SVM_UUID);
            owner.is_none() || owner == svm
        })
    }

    /// Finds an SVM by name, by UUID, or by both.
    ///
    /// # Errors
    /// Returns the error of `unknown[0]` for an unknown name, and of `unknown[1]` for an unknown UUID. If the two
    /// belong to different SVMs, the code is 2621706.
    pub(crate) fn find_svm(
        &self,
        name: Option<&str>,
        uuid: Option<&str>,
        unknown: [&dyn Fn(&str) -> Refusal; 2],
    ) -> Result<Option<&Svm>, Refusal> {
        let by_name = name.map(|name| self.svms.iter().find(|svm| svm.name == name).ok_or_else(|| unknown[0](name)));
        let by_uuid = uuid.map(|uuid| {
            self.svms.iter().find(|svm| Some(svm.uuid) == values::uuid(uuid)).ok_or_else(|| unknown[1](uuid))
        });
        match (by_name.transpose()?, by_uuid.transpose()?) {
            (Some(one), Some(other)) if one.uuid != other.uuid => {
                Err(Refusal::two_svms(&one.name, &other.uuid.to_string()))
            }
            (one, other) => Ok(one.or(other)),
        }
    }

    /// # Errors
    /// Returns 2 while IPsec is off, because the command line then shows no policies. The code of the REST API is
    /// unknown.
    pub(crate) fn check_readable(&self) -> Result<(), Refusal> {
        if self.ipsec_enabled() { Ok(()) } else { Err(Refusal::ipsec_is_off()) }
    }
}

/// Makes the described SVM.
fn svm(ipspaces: &[Named], given: &state::Svm) -> Result<Svm, StateError> {
    let ipspace = ipspaces.iter().position(|ipspace| ipspace.name == given.ipspace).ok_or_else(|| {
        StateError::new(format!(
            "SVM {}: the cluster has no IPspace {}; add the IPspace first",
            given.name, given.ipspace
        ))
    })?;
    let (name, uuid) = (given.name.clone(), given.uuid());
    Ok(Svm { name, uuid, kind: given.kind, ipspace, migrating: given.migrating })
}

fn check_svms(svms: &[Svm]) -> Result<(), StateError> {
    unique("SVM", svms.iter().map(|svm| (None, svm.name.as_str(), svm.uuid)))
}

/// Makes the described certificate.
fn certificate(svms: &[Svm], given: &state::Certificate) -> Result<Certificate, StateError> {
    let svm = match &given.svm {
        None => None,
        Some(name) => Some(svms.iter().find(|svm| svm.name == *name).map(|svm| svm.uuid).ok_or_else(|| {
            StateError::new(format!("certificate {}: the cluster has no SVM {name}; add the SVM first", given.name))
        })?),
    };
    Ok(Certificate { name: given.name.clone(), uuid: given.uuid(), kind: given.kind, svm })
}

/// Different SVMs can have certificates with the same name.
fn check_certificates(certificates: &[Certificate]) -> Result<(), StateError> {
    let owned = certificates.iter().map(|certificate| (certificate.svm, certificate.name.as_str(), certificate.uuid));
    unique("certificate", owned)
}

/// Checks that UUIDs are unique, and names unique for each owner.
fn unique<'a>(kind: &str, things: impl Iterator<Item = (Option<Uuid>, &'a str, Uuid)>) -> Result<(), StateError> {
    let (mut names, mut uuids) = (HashSet::new(), HashSet::new());
    for (owner, name, uuid) in things {
        if name.is_empty() {
            return Err(StateError::new(format!("the {kind} with the UUID {uuid} has an empty name; set name")));
        }
        if !names.insert((owner, name)) {
            return Err(StateError::new(format!("two {kind}s have the name {name}; rename one of them")));
        }
        if !uuids.insert(uuid) {
            return Err(StateError::new(format!(
                "the {kind} {name} has the UUID {uuid} of an earlier {kind}; change one of the UUIDs"
            )));
        }
    }
    Ok(())
}
