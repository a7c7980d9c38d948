//! Policies that are put together such that what belongs together is there.

use uuid::Uuid;

use super::secret::SecretKey;
use super::types::{CertificateReference, IpsecEndpoint, IpsecPolicyCreate, IpspaceReference, PpkCreate, SvmReference};
use super::values::{IpsecAction, IpsecAuthenticationMethod};
use crate::error::{Error, Result};

/// Where a policy works: in one SVM, or for the cluster itself. A name or a UUID becomes that of an SVM.
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
    pub(crate) svm: Option<SvmReference>,
    ipspace: Option<IpspaceReference>,
}

macro_rules! scope_from {
    ($($svm:ty),*) => {$(
        /// The scope of this SVM.
        impl From<$svm> for PolicyScope {
            fn from(svm: $svm) -> Self {
                Self::svm(svm)
            }
        }
    )*};
}

scope_from!(&str, &String, String, Uuid, SvmReference);

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

    /// Names the IPspace, by name or UUID. Without a name, the SVM's own IPspace is used; another one is refused.
    #[must_use]
    pub fn in_ipspace(mut self, ipspace: impl Into<IpspaceReference>) -> Self {
        self.ipspace = Some(ipspace.into());
        self
    }
}

/// The proof of identity between the peers of a policy that protects traffic. `Debug` shows no key.
#[derive(Clone, Debug, PartialEq)]
pub struct Authentication(IpsecPolicyCreate);

impl Authentication {
    /// With a pre-shared key.
    #[must_use]
    pub fn psk(key: impl Into<SecretKey>) -> Self {
        let policy = IpsecPolicyCreate::default().with_authentication_method(IpsecAuthenticationMethod::Psk);
        Self(policy.with_secret_key(key))
    }

    /// With certificates: the cluster presents the one of this name or UUID, and the peer has to present one for
    /// `remote_identity`.
    ///
    /// ONTAP has an error for a missing identity (66257138). To leave it out all the same, set the field
    /// `remote_identity` of the policy to `None`.
    #[must_use]
    pub fn pki(certificate: impl Into<CertificateReference>, remote_identity: impl Into<String>) -> Self {
        let policy = IpsecPolicyCreate::default().with_authentication_method(IpsecAuthenticationMethod::Pki);
        Self(policy.with_certificate(certificate).with_remote_identity(remote_identity))
    }

    /// Mixes a post-quantum pre-shared key into the keys of IKE as well. Both peers know the key by `identity`, of 6 to
    /// 64 characters. ONTAP takes such keys from 9.17 on, and never returns one.
    ///
    /// ```
    /// use ontap_ipsec::Authentication;
    ///
    /// let keys = Authentication::psk("from where such things are kept").with_post_quantum_key("site-a-to-b", "from there too");
    /// ```
    #[must_use]
    pub fn with_post_quantum_key(self, identity: impl Into<String>, key: impl Into<SecretKey>) -> Self {
        Self(self.0.with_ppk(PpkCreate::default().with_identity(identity).with_shared_key(key)))
    }
}

/// Policies by what they do with the traffic: those that protect it need an [`Authentication`], the others have none.
///
/// The fields can be changed further. A new policy without an endpoint covers any address and port at that end, and
/// without a protocol, all of them. [`Policies::apply`](crate::Policies::apply) leaves them in an existing policy as they are:
/// [`IpsecEndpoint::any`] and [`Protocol::Any`](crate::Protocol::Any) say that they are meant.
///
/// ```
/// use std::net::Ipv4Addr;
///
/// use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicyCreate};
/// use ontap_ipsec::{Authentication, Protocol};
///
/// let key = "from where such things are kept";
/// let nfs = IpsecPolicyCreate::esp_transport("nfs", "svm1", Authentication::psk(key))
///     .with_local_endpoint(IpsecEndpoint::host(Ipv4Addr::new(192, 0, 2, 10)).with_port(2049))
///     .with_remote("198.51.100.0/24")?
///     .with_protocol(Protocol::Tcp);
/// assert_eq!(nfs.authentication_method, Some("psk".into()));
///
/// let dns = IpsecPolicyCreate::bypass("dns", "svm1")
///     .with_remote_endpoint(IpsecEndpoint::any().with_port(53))
///     .with_protocol(Protocol::Udp);
/// # Ok::<(), ontap_ipsec::Error>(())
/// ```
impl IpsecPolicyCreate {
    /// Protects the traffic with ESP in transport mode.
    #[must_use]
    pub fn esp_transport(
        name: impl Into<String>,
        scope: impl Into<PolicyScope>,
        authentication: Authentication,
    ) -> Self {
        authentication.0.that(IpsecAction::EspTransport, name.into(), scope.into())
    }

    /// Protects the traffic with ESP in UDP, which goes over IPv4 only (error 66257131).
    #[must_use]
    pub fn esp_udp(name: impl Into<String>, scope: impl Into<PolicyScope>, authentication: Authentication) -> Self {
        authentication.0.that(IpsecAction::EspUdp, name.into(), scope.into())
    }

    /// Lets the traffic through unprotected.
    #[must_use]
    pub fn bypass(name: impl Into<String>, scope: impl Into<PolicyScope>) -> Self {
        Self::default().that(IpsecAction::Bypass, name.into(), scope.into())
    }

    /// Drops the traffic.
    #[must_use]
    pub fn discard(name: impl Into<String>, scope: impl Into<PolicyScope>) -> Self {
        Self::default().that(IpsecAction::Discard, name.into(), scope.into())
    }

    /// Sets `local_endpoint`, the end of the traffic at the cluster, from text such as `192.0.2.10` or `198.51.100.0/24`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for text that is neither an address nor a network.
    pub fn with_local<E>(self, endpoint: E) -> Result<Self>
    where
        E: TryInto<IpsecEndpoint>,
        Error: From<E::Error>,
    {
        Ok(self.with_local_endpoint(endpoint.try_into()?))
    }

    /// Sets `remote_endpoint`, the end of the traffic at the peer, as [`with_local`](Self::with_local) does.
    ///
    /// # Errors
    /// Those of [`with_local`](Self::with_local).
    pub fn with_remote<E>(self, endpoint: E) -> Result<Self>
    where
        E: TryInto<IpsecEndpoint>,
        Error: From<E::Error>,
    {
        Ok(self.with_remote_endpoint(endpoint.try_into()?))
    }

    fn that(self, action: IpsecAction, name: String, scope: PolicyScope) -> Self {
        let PolicyScope { svm, ipspace } = scope;
        Self { action: Some(action), name: Some(name), svm, ipspace, ..self }
    }
}
