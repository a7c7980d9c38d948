//! The certificates for policies with `pki`, and the CA certificates that IPsec can trust.

use serde::Deserialize;
use uuid::Uuid;

/// A certificate of the simulated cluster.
///
/// The simulator stores only its name, UUID, type and SVM, and never signs or verifies with it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) uuid: Option<Uuid>,
    #[serde(default)]
    pub(crate) svm: Option<String>,
    #[serde(default, rename = "type")]
    pub(crate) kind: CertificateKind,
    #[serde(default)]
    pub(crate) added_to_ipsec: bool,
}

/// The type of a certificate, as in ONTAP's certificate store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CertificateKind {
    /// `client`: a client certificate. IPsec can use it.
    Client,
    /// `server`: a server certificate. IPsec can use it.
    #[default]
    Server,
    /// `client_ca`: a CA for client certificates. A policy cannot use this type or the following ones (66257140).
    ClientCa,
    /// `server_ca`: a CA for server certificates.
    ServerCa,
    /// `root_ca`: a CA of the cluster itself.
    RootCa,
}

impl CertificateKind {
    /// Tells whether the certificate is that of a CA.
    pub(crate) fn is_authority(self) -> bool {
        !matches!(self, Self::Client | Self::Server)
    }
}

impl Certificate {
    /// Describes a certificate of the type `server` that the cluster owns and every SVM can use.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), uuid: None, svm: None, kind: CertificateKind::Server, added_to_ipsec: false }
    }

    /// Sets the UUID. The default is computed from name and SVM, and is the same in every simulator.
    #[must_use]
    pub fn with_uuid(mut self, uuid: Uuid) -> Self {
        self.uuid = Some(uuid);
        self
    }

    /// Sets the owning SVM. Other SVMs cannot use the certificate (66257135).
    #[must_use]
    pub fn of_svm(mut self, name: impl Into<String>) -> Self {
        self.svm = Some(name.into());
        self
    }

    /// Sets the type.
    #[must_use]
    pub fn of_kind(mut self, kind: CertificateKind) -> Self {
        self.kind = kind;
        self
    }

    /// Makes IPsec trust this CA certificate from the start, like a POST on `/api/security/ipsec/ca-certificates`. The
    /// default is not trusted. Only a CA certificate can be trusted.
    #[must_use]
    pub fn added_to_ipsec(mut self) -> Self {
        self.added_to_ipsec = true;
        self
    }

    pub(crate) fn uuid(&self) -> Uuid {
        self.uuid.unwrap_or_else(|| {
            let owner = self.svm.as_deref().unwrap_or_default();
            super::made_up_uuid("certificate", &format!("{owner} {}", self.name))
        })
    }
}
