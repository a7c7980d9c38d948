//! The CA certificates of IPsec, and what can be done with them.

use std::future::Future;

use reqwest::StatusCode;
use uuid::Uuid;

use super::page::{self, Page};
use super::record;
use crate::error::{Error, ErrorKind, Result};
use crate::error_code::Operation;
use crate::exchange::Exchange;
use crate::model::body::RequestBody as _;
use crate::model::types::{IpsecCaCertificate, IpsecCaCertificateCreate};
use crate::operations::{self, IpsecCaCertificateCollectionGet, Operations};

const INSTALL: Operation = Operation::IpsecCaCertificateCreate;

/// The authorities whose signature on a peer's certificate IPsec accepts. Made by
/// [`Client::ca_certificates`](crate::Client::ca_certificates). ONTAP has them from 9.10 on.
///
/// Its futures own what they need, as those of [`Policies`](crate::Policies) do.
#[derive(Clone, Debug)]
pub struct CaCertificates {
    exchange: Exchange,
}

impl CaCertificates {
    pub(super) fn new(exchange: &Exchange) -> Self {
        Self { exchange: exchange.clone() }
    }

    /// Starts a list of CA certificates, with all their fields: set filters or other options, and end it with
    /// [`stream`](IpsecCaCertificateCollectionGet::stream), [`page`](IpsecCaCertificateCollectionGet::page),
    /// [`count`](IpsecCaCertificateCollectionGet::count) or [`first`](IpsecCaCertificateCollectionGet::first).
    pub fn list(&self) -> IpsecCaCertificateCollectionGet {
        Operations::new(&self.exchange).ipsec_ca_certificate_collection_get().fields(["*"])
    }

    /// Reads the page after `page`, or nothing if that was the last.
    ///
    /// # Errors
    /// [`ErrorKind::UnexpectedResponse`] if the link to the page leads out of this cluster's API.
    pub fn next_page(
        &self,
        page: &Page<IpsecCaCertificate>,
    ) -> impl Future<Output = Result<Option<Page<IpsecCaCertificate>>>> + Send + use<> {
        page::next(&self.exchange, Operation::IpsecCaCertificateCollectionGet, page)
    }

    /// Reads a CA certificate by the UUID of the certificate.
    ///
    /// # Errors
    /// If IPsec does not trust the certificate, [`Error::is_not_found`] is true.
    pub fn get(&self, uuid: Uuid) -> impl Future<Output = Result<IpsecCaCertificate>> + Send + use<> {
        let exchange = self.exchange.clone();
        async move { record::ca_certificate(&exchange, uuid, &mut exchange.budget()).await }
    }

    /// Has IPsec trust a CA certificate, and returns its UUID. The certificate has to be on the cluster already, which a
    /// POST to `/security/certificates` of ONTAP's API does.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client, uuid: uuid::Uuid) -> Result<(), ontap_ipsec::Error> {
    /// use ontap_ipsec::types::IpsecCaCertificateCreate;
    ///
    /// client.ca_certificates().install(&IpsecCaCertificateCreate::for_svm("svm1", uuid)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// If the response is lost, `install` looks for the certificate. If IPsec trusts it, it counts as installed. If not,
    /// `install` sends the request again, as far as the [`RetryPolicy`](crate::RetryPolicy) allows.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] if `certificate.uuid` is missing or no UUID; nothing is sent then.
    /// [`ErrorCode::CaCertificateNotInstalled`](crate::ErrorCode::CaCertificateNotInstalled) if the cluster has no such
    /// certificate. [`Error::is_conflict`] is true if IPsec trusts it already.
    pub fn install(&self, certificate: &IpsecCaCertificateCreate) -> impl Future<Output = Result<Uuid>> + Send + use<> {
        let checked = certificate.check().map_err(|error| self.exchange.at_host(error.during(INSTALL)));
        let uuid = certificate.certificate.as_ref().and_then(|certificate| certificate.uuid.as_deref()?.parse().ok());
        let body = certificate.clone().without_read_only();
        let install = Operations::new(&self.exchange).ipsec_ca_certificate_create(body);
        async move {
            checked?;
            self::install(&install, uuid.unwrap_or_default()).await
        }
    }

    /// Has IPsec trust a CA certificate no more. The certificate stays on the cluster. If a response was lost, a
    /// certificate that is not trusted at the next attempt counts as removed.
    ///
    /// # Errors
    /// If IPsec does not trust the certificate, [`Error::is_not_found`] is true.
    pub fn remove(&self, uuid: Uuid) -> impl Future<Output = Result<()>> + Send + use<> {
        let remove = Operations::new(&self.exchange).ipsec_ca_certificate_delete(uuid);
        async move {
            let mut budget = remove.exchange.budget();
            record::gone(remove.send_within(&mut budget).await, &budget)
        }
    }
}

async fn install(install: &operations::IpsecCaCertificateCreate, uuid: Uuid) -> Result<Uuid> {
    let exchange = &install.exchange;
    let mut budget = exchange.budget();
    loop {
        let error = match install.send_within(&mut budget).await {
            Ok(response) if response.status() == StatusCode::CREATED => return Ok(uuid),
            Ok(response) => {
                let message = "the response does not say that IPsec trusts the certificate";
                let error = Error::new(ErrorKind::UnexpectedResponse, message).with_status(response.status());
                budget.fail(INSTALL, &error);
                exchange.at_host(error.during(INSTALL).after(budget.failures))
            }
            Err(error) => error,
        };
        let accepted = error.is_unclear_success();
        let is_trusted_already = budget.in_doubt && error.is_conflict();
        if !is_trusted_already {
            let is_unclear = accepted || error.verdict().is_doubtful();
            let Some(pause) = is_unclear.then(|| exchange.pause(&budget, &error)).flatten() else { return Err(error) };
            exchange.clock().sleep(pause).await;
        }
        // A certificate is that of one SVM or of the cluster, so that its UUID says it all.
        match record::ca_certificate(exchange, uuid, &mut budget).await {
            Ok(_) => return Ok(uuid),
            Err(missing) if missing.is_not_found() && accepted => {
                return Err(error.noting("IPsec does not trust the certificate so far"));
            }
            Err(missing) if missing.is_not_found() && !is_trusted_already => {}
            Err(_) if is_trusted_already => return Err(error),
            Err(_) => return Err(error.noting("it is unknown whether IPsec trusts the certificate")),
        }
    }
}
