//! One record by itself: reading it, and taking it away.

use uuid::Uuid;

use crate::error::{Error, ErrorKind, Result};
use crate::error_code::Operation;
use crate::exchange::{Budget, Exchange, Response};
use crate::model::types::{Ipsec, IpsecCaCertificate, IpsecPolicy, SecurityAssociation};
use crate::operations::Operations;

/// Reads a policy.
pub(super) async fn policy(exchange: &Exchange, uuid: Uuid, budget: &mut Budget) -> Result<IpsecPolicy> {
    let response = Operations::new(exchange).ipsec_policy_get(uuid).send_within(budget).await?;
    let is_it = response.body().id() == Some(uuid);
    asked_for(exchange, Operation::IpsecPolicyGet, response, is_it, "policy")
}

/// Reads a CA certificate of IPsec.
pub(super) async fn ca_certificate(exchange: &Exchange, uuid: Uuid, budget: &mut Budget) -> Result<IpsecCaCertificate> {
    let response = Operations::new(exchange).ipsec_ca_certificate_get(uuid).send_within(budget).await?;
    let is_it = response.body().id() == Some(uuid);
    asked_for(exchange, Operation::IpsecCaCertificateGet, response, is_it, "CA certificate")
}

/// Reads a security association.
pub(super) async fn association(exchange: &Exchange, uuid: Uuid, budget: &mut Budget) -> Result<SecurityAssociation> {
    let response = Operations::new(exchange).security_association_get(uuid).send_within(budget).await?;
    let is_it = response.body().id() == Some(uuid);
    asked_for(exchange, Operation::SecurityAssociationGet, response, is_it, "security association")
}

/// Reads the configuration.
pub(super) async fn config(exchange: &Exchange, budget: &mut Budget) -> Result<Ipsec> {
    let response = Operations::new(exchange).ipsec_get().send_within(budget).await?;
    let is_it = response.body().enabled.is_some();
    asked_for(exchange, Operation::IpsecGet, response, is_it, "IPsec configuration")
}

/// Returns the record of a response. A record with another identifier, or without one, is not the requested record.
fn asked_for<T>(
    exchange: &Exchange,
    operation: Operation,
    response: Response<T>,
    is_it: bool,
    what: &str,
) -> Result<T> {
    if is_it {
        return Ok(response.into_body());
    }
    let error = Error::new(ErrorKind::UnexpectedResponse, format!("the response does not hold the {what} asked for"))
        .with_status(response.status())
        .after(response.attempts());
    Err(exchange.at_host(error.during(operation)))
}

/// Judges the end of a delete. If a response was lost, a record that is not there at the next attempt was deleted.
pub(super) fn gone(outcome: Result<Response<()>>, budget: &Budget) -> Result<()> {
    match outcome {
        Err(error) if !(budget.in_doubt && error.is_not_found()) => Err(error),
        _ => Ok(()),
    }
}
