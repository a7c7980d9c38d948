//! The certificates that policies with `pki` can name, and those of the CAs that IPsec can trust.

use serde::Deserialize;
use uuid::Uuid;

/// A certificate in the store of the simulated cluster.
///
/// Only its name, UUID, type and SVM are there: nothing is ever signed or verified with it.
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

/// The type of a certificate, in the words of ONTAP's certificate store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CertificateKind {
    /// `client`: for the side that connects. IPsec takes it.
    Client,
    /// `server`: for the side that is connected to. IPsec takes it.
    #[default]
    Server,
    /// `client_ca`: an authority for clients. IPsec refuses it (66257140), as it does the others below.
    ClientCa,
    /// `server_ca`: an authority for servers.
    ServerCa,
    /// `root_ca`: an authority of the cluster's own.
    RootCa,
}

impl CertificateKind {
    /// Whether it is the certificate of a CA.
    pub(crate) fn is_authority(self) -> bool {
        !matches!(self, Self::Client | Self::Server)
    }
}

impl Certificate {
    /// A certificate of the type `server` that the cluster owns, so that every SVM can use it.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), uuid: None, svm: None, kind: CertificateKind::Server, added_to_ipsec: false }
    }

    /// With this UUID. Without one, it is made from name and SVM, and so the same in every simulator.
    #[must_use]
    pub fn with_uuid(mut self, uuid: Uuid) -> Self {
        self.uuid = Some(uuid);
        self
    }

    /// Owned by this SVM, which alone can use it (66257135 for the others).
    #[must_use]
    pub fn of_svm(mut self, name: impl Into<String>) -> Self {
        self.svm = Some(name.into());
        self
    }

    /// Of this type.
    #[must_use]
    pub fn of_kind(mut self, kind: CertificateKind) -> Self {
        self.kind = kind;
        self
    }

    /// Trusted by IPsec from the start, as a POST on `/api/security/ipsec/ca-certificates` has it. Only certificates of
    /// CAs can be.
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
