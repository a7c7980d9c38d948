//! The security associations of a cluster, which can be read.

use std::future::Future;

use uuid::Uuid;

use super::page::{self, Page};
use super::record;
use crate::error::Result;
use crate::error_code::Operation;
use crate::exchange::Exchange;
use crate::model::types::SecurityAssociation;
use crate::operations::{Operations, SecurityAssociationCollectionGet};

/// The security associations of a cluster: those of IKE, by which peers agree on keys, and those of IPsec, which protect
/// traffic. Made by [`Client::security_associations`](crate::Client::security_associations).
///
/// Its futures own what they need, as those of [`Policies`](crate::Policies) do.
#[derive(Clone, Debug)]
pub struct SecurityAssociations {
    exchange: Exchange,
}

impl SecurityAssociations {
    pub(super) fn new(exchange: &Exchange) -> Self {
        Self { exchange: exchange.clone() }
    }

    /// Starts a list of associations, with all their fields: set filters or other options, and end it with
    /// [`stream`](SecurityAssociationCollectionGet::stream), [`page`](SecurityAssociationCollectionGet::page),
    /// [`count`](SecurityAssociationCollectionGet::count) or [`first`](SecurityAssociationCollectionGet::first).
    /// Associations come and go while the list is read.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// use ontap_ipsec::Filter;
    /// use ontap_ipsec::values::SecurityAssociationType;
    ///
    /// let used = client
    ///     .security_associations()
    ///     .list()
    ///     .type_(SecurityAssociationType::Ipsec)
    ///     .ipsec_outbound_bytes(Filter::more_than(0));
    /// println!("{} associations have sent something", used.count().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> SecurityAssociationCollectionGet {
        Operations::new(&self.exchange).security_association_collection_get().fields(["*"])
    }

    /// Reads the page after `page`, or nothing if that was the last.
    ///
    /// # Errors
    /// [`ErrorKind::UnexpectedResponse`](crate::ErrorKind::UnexpectedResponse) if the link to the page leads out of this
    /// cluster's API.
    pub fn next_page(
        &self,
        page: &Page<SecurityAssociation>,
    ) -> impl Future<Output = Result<Option<Page<SecurityAssociation>>>> + Send + use<> {
        page::next(&self.exchange, Operation::SecurityAssociationCollectionGet, page)
    }

    /// Reads an association.
    ///
    /// # Errors
    /// Without such an association, [`Error::is_not_found`](crate::Error::is_not_found) is true.
    pub fn get(&self, uuid: Uuid) -> impl Future<Output = Result<SecurityAssociation>> + Send + use<> {
        let exchange = self.exchange.clone();
        async move { record::association(&exchange, uuid, &mut exchange.budget()).await }
    }
}
