//! Waits for the association of a policy, and finds out why it does not come up.

use std::time::Duration;

use uuid::Uuid;

use super::record;
use crate::error::{Error, ErrorKind, Result};
use crate::error_code::Operation;
use crate::exchange::Exchange;
use crate::model::filter::Filter;
use crate::model::types::{IpsecPolicy, SecurityAssociation};
use crate::model::values::{IkeState, IpsecAction, IpsecAuthenticationMethod, NetworkScope, SecurityAssociationType};
use crate::operations::Operations;

/// The pause after the first look, doubled after each further look.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between looks.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// How long a look may take although the time is up.
const GRACE: Duration = Duration::from_secs(10);

pub(super) async fn established(exchange: &Exchange, uuid: Uuid, deadline: Duration) -> Result<SecurityAssociation> {
    let mut exchange = exchange.clone();
    let started = exchange.clock().now();
    let policy = record::policy(&exchange, uuid, &mut exchange.budget()).await?;
    if let Some(action @ (IpsecAction::Bypass | IpsecAction::Discard)) = &policy.action {
        return Err(missing(&exchange, format!("its action is `{action}`, which protects nothing")));
    }
    let longest = exchange.deadline;
    let mut pause = FIRST_PAUSE;
    loop {
        let left = deadline.saturating_sub(exchange.clock().now().saturating_duration_since(started));
        exchange.deadline = longest.min(left.max(GRACE));
        let looked = look(&exchange, &policy, SecurityAssociationType::Ipsec).await;
        let left = deadline.saturating_sub(exchange.clock().now().saturating_duration_since(started));
        match looked {
            Ok(Some(found)) => return Ok(found),
            // A cluster that is busy or cut off for a while may have one later.
            Err(error) if left.is_zero() || !error.is_retryable() => return Err(error),
            Ok(None) if left.is_zero() => {
                let explained = why(&exchange, uuid).await;
                return Err(explained.unwrap_or_else(|error| {
                    missing(&exchange, format!("the cause is unknown: {}", error.message())).timed_out()
                }));
            }
            _ => {}
        }
        exchange.clock().sleep(pause.min(left)).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Returns an association of the policy.
async fn look(
    exchange: &Exchange,
    policy: &IpsecPolicy,
    of_type: SecurityAssociationType,
) -> Result<Option<SecurityAssociation>> {
    let name = policy.name.as_deref().unwrap_or_default();
    let list = Operations::new(exchange).security_association_collection_get().fields(["*"]).type_(of_type.clone());
    let svm = policy.svm.as_ref();
    let list = match (svm.and_then(|svm| svm.uuid.as_deref()), svm.and_then(|svm| svm.name.as_deref())) {
        (Some(uuid), _) => list.svm_uuid(uuid),
        (None, Some(name)) => list.svm_name(name),
        (None, None) => list.scope(NetworkScope::Cluster),
    };
    // A name that no filter can express is compared below.
    let list = match Filter::literal(name).into_text() {
        Ok(_) => list.policy_name(name),
        Err(_) => list,
    };
    let mut associations = list.stream();
    while let Some(association) = associations.try_next().await? {
        if association.policy_name.as_deref() == Some(name) && association.type_ == Some(of_type.clone()) {
            return Ok(Some(association));
        }
    }
    Ok(None)
}

/// Finds out why a policy has no association, as far as the cluster knows.
async fn why(exchange: &Exchange, uuid: Uuid) -> Result<Error> {
    let mut budget = exchange.budget();
    if record::config(exchange, &mut budget).await?.enabled == Some(false) {
        let cause = "IPsec is off for the cluster; `Client::config` has `enable`";
        return Ok(missing(exchange, cause));
    }
    let policy = record::policy(exchange, uuid, &mut budget).await?;
    if policy.enabled == Some(false) {
        return Ok(missing(exchange, "the policy is disabled; change its `enabled` to true"));
    }
    let is_pki = policy.authentication_method == Some(IpsecAuthenticationMethod::Pki);
    let certificates = Operations::new(exchange).ipsec_ca_certificate_collection_get();
    if is_pki && certificates.count().await? == 0 {
        let cause = "it authenticates by certificates, and IPsec trusts no CA certificate; `Client::ca_certificates` has \
                     `install`";
        return Ok(missing(exchange, cause));
    }
    let proof = if is_pki { "the certificates, and who signed them" } else { "the key" };
    let state =
        look(exchange, &policy, SecurityAssociationType::Ike).await?.map(|found| found.ike.and_then(|ike| ike.state));
    let cause = match state {
        Some(state) => {
            let shown = |state: IkeState| format!("`{}`", exchange.clean(state.to_string(), &[]));
            let state = state.map_or("in an unknown state".to_owned(), shown);
            format!("IKE is {state} for it; compare the identities and {proof} at both ends")
        }
        None => format!(
            "IKE has not begun for it: there may have been no traffic that it covers; otherwise look at the address of \
             the peer, whether UDP ports 500 and 4500 reach it, and the identities and {proof} at both ends"
        ),
    };
    Ok(missing(exchange, cause).timed_out())
}

/// Makes the error of a policy without an association.
fn missing(exchange: &Exchange, cause: impl std::fmt::Display) -> Error {
    let error = Error::new(ErrorKind::NotEstablished, format!("the policy has no IPsec association: {cause}"));
    exchange.at_host(error.during(Operation::SecurityAssociationCollectionGet))
}
