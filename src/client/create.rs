//! Creating a policy exactly once, even if the response is lost.

use reqwest::header::LOCATION;
use uuid::Uuid;

use super::comparison::differences;
use super::lookup;
use crate::error::{Error, ErrorKind, Result};
use crate::error_code::{ErrorCode, Operation};
use crate::exchange::{Budget, Exchange, Response};
use crate::model::body::RequestBody as _;
use crate::model::types::{IpsecPolicy, IpsecPolicyCreate, IpsecPolicyResponse};
use crate::operations::{self, Operations};

const OPERATION: Operation = Operation::IpsecPolicyCreate;

/// The outcome of the look-up after a lost response.
enum Found {
    /// The policy as it was sent.
    Ours(Uuid),
    /// Another policy of its name, which differs in these fields.
    Other(String),
    /// Nothing.
    Nothing,
}

/// Checks the policy, and makes the operation.
pub(super) fn prepare(exchange: &Exchange, policy: &IpsecPolicyCreate) -> Result<operations::IpsecPolicyCreate> {
    policy.check().map_err(|error| exchange.at_host(error.during(OPERATION)))?;
    Ok(Operations::new(exchange).ipsec_policy_create(policy.clone().without_read_only()))
}

pub(super) async fn create(create: &operations::IpsecPolicyCreate, budget: &mut Budget) -> Result<Uuid> {
    let exchange = &create.exchange;
    let request = create.request()?;
    budget.in_doubt = false;
    loop {
        let error = match exchange.send(OPERATION, &request, budget).await {
            Ok(created) => match named(&created) {
                Some(uuid) => return Ok(uuid),
                None => {
                    let message = "the policy was accepted, but the answer does not name it; look for it with `find`";
                    let error = Error::new(ErrorKind::UnexpectedAnswer, message).with_status(created.status());
                    budget.fail(OPERATION, &error);
                    exchange.at_host(error.during(OPERATION).after(budget.failures))
                }
            },
            Err(error) => error,
        };
        let accepted = error.is_unclear_success();
        let taken = budget.in_doubt && error.code() == Some(&ErrorCode::DuplicatePolicyName);
        if !taken {
            let unclear = accepted || error.verdict().is_doubtful();
            let Some(pause) = unclear.then(|| exchange.pause(budget, &error)).flatten() else { return Err(error) };
            exchange.clock().sleep(pause).await;
        }
        match look_for(exchange, &create.body, budget).await {
            Ok(Found::Ours(uuid)) => return Ok(uuid),
            Ok(Found::Nothing) if accepted => {
                return Err(error.noting("there is no policy of that name so far"));
            }
            Ok(Found::Nothing) if !taken => {}
            Ok(Found::Nothing) => return Err(error),
            Ok(Found::Other(fields)) => {
                return Err(error.noting(&format!("there is a policy of that name, which differs in {fields}")));
            }
            Err(_) => {
                return Err(error.noting("whether the policy was created all the same could not be found out"));
            }
        }
    }
}

async fn look_for(exchange: &Exchange, policy: &IpsecPolicyCreate, budget: &mut Budget) -> Result<Found> {
    let Some(name) = &policy.name else {
        return Err(Error::new(ErrorKind::InvalidRequest, "there is no name to look for"));
    };
    let Some(existing) = lookup::policy(exchange, policy.svm.as_ref(), name, budget).await? else {
        return Ok(Found::Nothing);
    };
    let fields: Vec<_> =
        differences(policy, &existing).into_iter().map(|difference| format!("`{}`", difference.field)).collect();
    Ok(match existing.id() {
        Some(uuid) if fields.is_empty() => Found::Ours(uuid),
        Some(_) => Found::Other(fields.join(", ")),
        None => Found::Other("having no UUID".to_owned()),
    })
}

/// Returns the UUID of what was created: from the `Location`, or from the record, if there is one.
fn named(created: &Response<IpsecPolicyResponse>) -> Option<Uuid> {
    let location = created.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let path = location.and_then(|location| location.split('?').next());
    let from_location = path.and_then(|path| path.rsplit('/').next()).and_then(|uuid| uuid.parse().ok());
    let record = created.body().records.iter().flatten().next();
    from_location.or_else(|| record.and_then(IpsecPolicy::id))
}
