//! The other resources: the configuration, CA certificates and security associations.

use std::sync::Arc;

use uuid::Uuid;

use super::handle::handle;
use super::list::List;
use crate::client::Page;
use crate::model::types::{Ipsec, IpsecCaCertificate, IpsecCaCertificateCreate, IpsecModify, SecurityAssociation};
use crate::operations::{IpsecCaCertificateCollectionGet, SecurityAssociationCollectionGet};

handle! {
    /// The IPsec configuration of a cluster, as the async [`Config`](crate::Config) has it.
    Config {
        get() -> Ipsec;
        modify(changes: &IpsecModify) -> ();
        enable() -> ();
        disable() -> ();
    }
}

handle! {
    /// The CA certificates that IPsec trusts, as the async [`CaCertificates`](crate::CaCertificates) has them.
    CaCertificates {
        get(uuid: Uuid) -> IpsecCaCertificate;
        install(certificate: &IpsecCaCertificateCreate) -> Uuid;
        remove(uuid: Uuid) -> ();
        next_page(page: &Page<IpsecCaCertificate>) -> Option<Page<IpsecCaCertificate>>;
    }
}

impl CaCertificates {
    /// Starts a list of CA certificates. See [`CaCertificates::list`](crate::CaCertificates::list).
    pub fn list(&self) -> List<IpsecCaCertificateCollectionGet> {
        List { driver: Arc::clone(&self.driver), list: self.handle.list() }
    }
}

handle! {
    /// The security associations of a cluster, as the async [`SecurityAssociations`](crate::SecurityAssociations) has them.
    SecurityAssociations {
        get(uuid: Uuid) -> SecurityAssociation;
        next_page(page: &Page<SecurityAssociation>) -> Option<Page<SecurityAssociation>>;
    }
}

impl SecurityAssociations {
    /// Starts a list of associations. See [`SecurityAssociations::list`](crate::SecurityAssociations::list).
    pub fn list(&self) -> List<SecurityAssociationCollectionGet> {
        List { driver: Arc::clone(&self.driver), list: self.handle.list() }
    }
}
