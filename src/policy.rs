//! Policies that are put together such that what belongs together is there.

use crate::SecretKey;
use crate::bindings::types::{CertificateReference, IpsecEndpoint, IpsecPolicyCreate, IpspaceReference, SvmReference};
use crate::protocol::Protocol;
use crate::values::{IpsecAction, IpsecAuthenticationMethod};

/// Where a policy works: in one SVM, or for the cluster itself.
///
/// ```
/// use ontap_ipsec::PolicyScope;
///
/// let by_name = PolicyScope::svm("svm1");
/// let by_uuid = PolicyScope::svm(uuid::uuid!("02c9e252-41be-11e9-81d5-00a0986138f7"));
/// let of_cluster = PolicyScope::cluster().in_ipspace("Default");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyScope {
    svm: Option<SvmReference>,
    ipspace: Option<IpspaceReference>,
}

impl PolicyScope {
    /// The SVM of this name, or of this UUID.
    #[must_use]
    pub fn svm(svm: impl Into<SvmReference>) -> Self {
        Self { svm: Some(svm.into()), ipspace: None }
    }

    /// The cluster: such a policy has no SVM.
    #[must_use]
    pub fn cluster() -> Self {
        Self { svm: None, ipspace: None }
    }

    /// In the IPspace of this name or UUID. It can be left out; an SVM has to be in the IPspace that is given.
    #[must_use]
    pub fn in_ipspace(mut self, ipspace: impl Into<IpspaceReference>) -> Self {
        self.ipspace = Some(ipspace.into());
        self
    }
}

/// How the peers of a policy that protects traffic prove who they are. Its `Debug` shows no key.
#[derive(Clone, Debug, PartialEq)]
pub struct Authentication(Means);

#[derive(Clone, Debug, PartialEq)]
enum Means {
    Key(SecretKey),
    Certificate { certificate: CertificateReference, remote_identity: String },
}

impl Authentication {
    /// With a pre-shared key.
    #[must_use]
    pub fn psk(key: impl Into<SecretKey>) -> Self {
        Self(Means::Key(key.into()))
    }

    /// With certificates: the cluster presents the one of this name or UUID, and the peer has to present one for
    /// `remote_identity`.
    ///
    /// The identity is asked for because the reference has an error for its lack (66257138); to leave it out all the same,
    /// set the field `remote_identity` of the policy to `None`.
    #[must_use]
    pub fn pki(certificate: impl Into<CertificateReference>, remote_identity: impl Into<String>) -> Self {
        Self(Means::Certificate { certificate: certificate.into(), remote_identity: remote_identity.into() })
    }
}

/// Policies by what they do with the traffic: those that protect it need an [`Authentication`], the others have none.
///
/// What comes out is the plain type, whose fields can be changed further. Without an endpoint, a policy covers any
/// address and port at that end, without a protocol, all of them.
///
/// ```
/// use std::net::Ipv4Addr;
///
/// use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicyCreate};
/// use ontap_ipsec::{Authentication, PolicyScope, Protocol};
///
/// let key = "from where such things are kept";
/// let nfs = IpsecPolicyCreate::esp_transport("nfs", PolicyScope::svm("svm1"), Authentication::psk(key))
///     .with_local(IpsecEndpoint::host(Ipv4Addr::new(192, 0, 2, 10)).with_port(2049))
///     .with_remote("198.51.100.0/24".parse::<IpsecEndpoint>()?)
///     .with_protocol(Protocol::Tcp);
/// assert_eq!(nfs.authentication_method, Some("psk".into()));
///
/// let dns = IpsecPolicyCreate::bypass("dns", PolicyScope::svm("svm1"))
///     .with_remote(IpsecEndpoint::any().with_port(53))
///     .with_protocol(Protocol::Udp);
/// # Ok::<(), ontap_ipsec::Error>(())
/// ```
impl IpsecPolicyCreate {
    /// Protects the traffic with ESP in transport mode.
    #[must_use]
    pub fn esp_transport(name: impl Into<String>, scope: PolicyScope, authentication: Authentication) -> Self {
        Self::protecting(IpsecAction::EspTransport, name.into(), scope, authentication)
    }

    /// Protects the traffic with ESP in UDP, which goes over IPv4 only (error 66257131).
    #[must_use]
    pub fn esp_udp(name: impl Into<String>, scope: PolicyScope, authentication: Authentication) -> Self {
        Self::protecting(IpsecAction::EspUdp, name.into(), scope, authentication)
    }

    /// Lets the traffic through unprotected.
    #[must_use]
    pub fn bypass(name: impl Into<String>, scope: PolicyScope) -> Self {
        Self::plain(IpsecAction::Bypass, name.into(), scope)
    }

    /// Drops the traffic.
    #[must_use]
    pub fn discard(name: impl Into<String>, scope: PolicyScope) -> Self {
        Self::plain(IpsecAction::Discard, name.into(), scope)
    }

    /// With this end at the cluster.
    #[must_use]
    pub fn with_local(mut self, endpoint: impl Into<IpsecEndpoint>) -> Self {
        self.local_endpoint = Some(endpoint.into());
        self
    }

    /// With this end at the peer.
    #[must_use]
    pub fn with_remote(mut self, endpoint: impl Into<IpsecEndpoint>) -> Self {
        self.remote_endpoint = Some(endpoint.into());
        self
    }

    /// For this protocol only.
    #[must_use]
    pub fn with_protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = Some(protocol.into());
        self
    }

    /// With the identity that the cluster presents to the peer, and the one that it expects of it.
    #[must_use]
    pub fn with_identities(mut self, local: impl Into<String>, remote: impl Into<String>) -> Self {
        self.local_identity = Some(local.into());
        self.remote_identity = Some(remote.into());
        self
    }

    /// In force or not; a policy for which nothing is said is put in force.
    #[must_use]
    pub fn with_enabled(mut self, enabled: bool) -> Self {
        self.enabled = Some(enabled);
        self
    }

    fn plain(action: IpsecAction, name: String, scope: PolicyScope) -> Self {
        let PolicyScope { svm, ipspace } = scope;
        Self { action: Some(action), name: Some(name), svm, ipspace, ..Self::default() }
    }

    fn protecting(action: IpsecAction, name: String, scope: PolicyScope, authentication: Authentication) -> Self {
        let policy = Self::plain(action, name, scope);
        match authentication.0 {
            Means::Key(key) => {
                Self { authentication_method: Some(IpsecAuthenticationMethod::Psk), secret_key: Some(key), ..policy }
            }
            Means::Certificate { certificate, remote_identity } => Self {
                authentication_method: Some(IpsecAuthenticationMethod::Pki),
                certificate: Some(certificate),
                remote_identity: Some(remote_identity),
                ..policy
            },
        }
    }
}
