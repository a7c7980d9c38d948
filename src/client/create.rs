//! Creating a policy exactly once, even if the response is lost.

use reqwest::StatusCode;
use reqwest::header::LOCATION;
use uuid::Uuid;

use super::comparison::{Difference, differences};
use super::lookup;
use crate::error::{Error, ErrorArgument, ErrorKind, Result};
use crate::error_code::Operation;
use crate::exchange::{Budget, Exchange, Response};
use crate::model::body::RequestBody as _;
use crate::model::types::{IpsecPolicy, IpsecPolicyCreate, IpsecPolicyResponse};
use crate::operations::{self, Operations};
use crate::retry::verdict::Verdict;

const OPERATION: Operation = Operation::IpsecPolicyCreate;

/// A policy that exists after a create.
pub(super) struct Created {
    pub(super) uuid: Uuid,
    /// Whether no response named the policy, and it was found afterwards: its key is not known.
    pub(super) was_found: bool,
}

/// Checks the policy, and makes the operation.
pub(super) fn prepare(exchange: &Exchange, policy: &IpsecPolicyCreate) -> Result<operations::IpsecPolicyCreate> {
    policy.check().map_err(|error| exchange.at_host(error.during(OPERATION)))?;
    Ok(Operations::new(exchange).ipsec_policy_create(policy.clone().without_read_only()))
}

/// Creates a policy that may be there already.
pub(super) async fn create(create: &operations::IpsecPolicyCreate, budget: &mut Budget) -> Result<Uuid> {
    run(create, budget, false).await.map(|created| created.uuid)
}

/// Creates a policy that was looked for and is not there.
pub(super) async fn create_absent(create: &operations::IpsecPolicyCreate, budget: &mut Budget) -> Result<Created> {
    run(create, budget, true).await
}

async fn run(create: &operations::IpsecPolicyCreate, budget: &mut Budget, mut was_absent: bool) -> Result<Created> {
    let exchange = &create.exchange;
    let request = create.request()?;
    budget.in_doubt = false;
    loop {
        let error = match exchange.send(OPERATION, &request, budget).await {
            Ok(created) => match named(exchange, &create.body, &created) {
                Some(uuid) => return Ok(Created { uuid, was_found: false }),
                None => {
                    let message = "the policy was accepted, but the response does not name it; look for it with `find`";
                    let error = Error::new(ErrorKind::UnexpectedResponse, message).with_status(created.status());
                    budget.fail(OPERATION, &error);
                    exchange.at_host(error.during(OPERATION).after(budget.failures))
                }
            },
            Err(error) => error,
        };
        let accepted = error.is_unclear_success();
        let name_in_use = budget.in_doubt && error.is_duplicate();
        if !name_in_use {
            let unclear = accepted || error.verdict().is_doubtful();
            let Some(pause) = unclear.then(|| exchange.pause(budget, &error)).flatten() else { return Err(error) };
            exchange.clock().sleep(pause).await;
        }
        let policy = &create.body;
        let name = policy.name.as_deref().unwrap_or_default();
        let Ok(found) = lookup::policy(exchange, policy.svm.as_ref(), name, budget).await else {
            return Err(error.noting("it is unknown whether the policy was created"));
        };
        let Some(found) = found else {
            match (accepted, name_in_use) {
                (true, _) => return Err(error.noting("there is no policy of that name so far")),
                (false, true) => return Err(error),
                (false, false) => {
                    was_absent = true;
                    continue;
                }
            }
        };
        let differences = differences(policy, &found);
        // ONTAP refuses a policy whose name is in use, and never with 201.
        let is_ours = was_absent || error.status() == Some(StatusCode::CREATED);
        return match found.id() {
            Some(uuid) if differences.is_empty() && is_ours => Ok(Created { uuid, was_found: true }),
            id => Err(there_is(error, id, &differences)),
        };
    }
}

/// Adds to the error of a lost response that there is a policy of the name. The same call would be refused for it.
fn there_is(error: Error, uuid: Option<Uuid>, differences: &[Difference]) -> Error {
    let fields: Vec<_> = differences.iter().map(|difference| format!("`{}`", difference.field)).collect();
    let uuid = uuid.map(|uuid| uuid.to_string());
    let note = format!(
        "there is a policy of that name, {}, {}",
        uuid.as_deref().unwrap_or("without a UUID"),
        match fields.is_empty() {
            true =>
                "as described but for its key, which ONTAP does not return: this call made it, or it was there before"
                    .to_owned(),
            false => format!("which differs in {}", fields.join(", ")),
        }
    );
    let argument = ErrorArgument { code: Some("uuid".to_owned()), message: uuid };
    error.noting(&note).with_arguments([argument]).judged(Verdict::Final)
}

/// Returns the UUID of what was created: from the `Location`, or from the record, if there is one. Nothing of another
/// resource counts.
fn named(exchange: &Exchange, policy: &IpsecPolicyCreate, created: &Response<IpsecPolicyResponse>) -> Option<Uuid> {
    if created.status() != StatusCode::CREATED {
        return None;
    }
    let base = exchange.base();
    let of_path = |path: &str| {
        let below = path.strip_prefix(base.path())?.strip_prefix(OPERATION.path())?;
        below.strip_prefix('/')?.split('?').next()?.parse().ok()
    };
    let location = created.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let from_location = location.and_then(|location| match location.starts_with('/') {
        true => of_path(location),
        false => {
            base.join(location).ok().filter(|url| url.origin() == base.origin()).and_then(|url| of_path(url.path()))
        }
    });
    let mut records = created.body().records.iter().flatten();
    from_location.or_else(|| {
        records.find(|record| record.name.is_none() || record.name == policy.name).and_then(IpsecPolicy::id)
    })
}
