//! The UUIDs of records, and the CA certificates that can be named by one.

use uuid::Uuid;

use super::types::{
    CaCertificateReference, IpsecCaCertificate, IpsecCaCertificateCreate, IpsecPolicy, SecurityAssociation,
    SvmReference,
};

impl IpsecPolicy {
    /// Returns the policy's UUID, if the record has one that can be read.
    #[must_use]
    pub fn id(&self) -> Option<Uuid> {
        self.uuid.as_deref()?.parse().ok()
    }
}

impl IpsecCaCertificate {
    /// Returns the UUID of the certificate, if the record has one that can be read.
    #[must_use]
    pub fn id(&self) -> Option<Uuid> {
        self.certificate.as_ref()?.uuid.as_deref()?.parse().ok()
    }
}

impl SecurityAssociation {
    /// Returns the association's UUID, if the record has one that can be read.
    #[must_use]
    pub fn id(&self) -> Option<Uuid> {
        self.uuid.as_deref()?.parse().ok()
    }
}

impl IpsecCaCertificateCreate {
    /// The certificate of this UUID, for an SVM of this name or UUID.
    #[must_use]
    pub fn for_svm(svm: impl Into<SvmReference>, certificate: Uuid) -> Self {
        Self::for_cluster(certificate).with_svm(svm)
    }

    /// The certificate of this UUID, for the cluster itself.
    #[must_use]
    pub fn for_cluster(certificate: Uuid) -> Self {
        Self::default().with_certificate(certificate)
    }
}

/// By UUID.
impl From<Uuid> for CaCertificateReference {
    fn from(uuid: Uuid) -> Self {
        Self::default().with_uuid(uuid.to_string())
    }
}
