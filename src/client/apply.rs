//! A policy as described, whatever was there before.

use uuid::Uuid;

use super::comparison::{self, differences};
use super::{create, lookup};
use crate::error::{Error, ErrorArgument, ErrorKind, Result};
use crate::error_code::Operation;
use crate::exchange::{Budget, Exchange};
use crate::model::body::RequestBody as _;
use crate::model::fields::Field;
use crate::model::rules;
use crate::model::types::{IpsecPolicy, IpsecPolicyCreate, IpsecPolicyModify};
use crate::operations::{self, Operations};

/// The outcome of [`Policies::apply`](crate::Policies::apply).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// The policy's UUID.
    pub uuid: Uuid,
    /// The change that was made.
    pub change: Change,
    /// Whether the policy may have another key than the description, since ONTAP returns no key. True if the policy
    /// existed before, or if a lost response made `apply` look for it. False if the description has no key.
    pub key_not_compared: bool,
}

/// The change that [`Policies::apply`](crate::Policies::apply) made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// There was no such policy; now there is.
    Created,
    /// The policy differed in these fields; now it is as described.
    Modified(Vec<Field>),
    /// The policy was as described. Nothing was changed.
    Unchanged,
}

/// The change that [`Policies::apply`](crate::Policies::apply) would make.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Plan {
    /// There is no such policy: create it.
    Create,
    /// The policy is there, and differs in fields that can be changed.
    Modify {
        /// Its UUID.
        uuid: Uuid,
        /// The fields that are different.
        fields: Vec<Field>,
    },
    /// The policy is there, and as described, as far as can be told: ONTAP never returns a key.
    Unchanged {
        /// Its UUID.
        uuid: Uuid,
    },
    /// The policy is there, and differs in what cannot be changed: `apply` would fail. That is a field that is fixed once
    /// the policy exists, or an address that the description does not have.
    Cannot {
        /// Its UUID.
        uuid: Uuid,
        /// These fields, by dotted name, with the values that the policy has.
        fields: Vec<ErrorArgument>,
    },
}

/// How often `apply` starts again when somebody else creates or deletes the policy at the same time.
const ROUNDS: u32 = 3;

/// Brings a policy to the desired state. If a plan is `known`, the policy is looked up only after the plan was overtaken.
pub(super) async fn apply(
    exchange: &Exchange,
    description: &IpsecPolicyCreate,
    mut known: Option<Plan>,
) -> Result<Applied> {
    let has_key = !description.secrets().is_empty();
    let mut budget = exchange.budget();
    let mut round = 1;
    loop {
        let plan = match known.take() {
            Some(plan) => plan,
            None => plan(exchange, description, &mut budget).await?,
        };
        let was_there = plan != Plan::Create;
        let mut was_found = was_there;
        let outcome = match plan {
            Plan::Create => {
                let create = create::prepare(exchange, description)?;
                create::create_absent(&create, &mut budget).await.map(|created| {
                    was_found = created.was_found;
                    (created.uuid, Change::Created)
                })
            }
            Plan::Modify { uuid, fields } => {
                let changes = comparison::changes(description, &fields);
                let modify = prepare(exchange, uuid, &changes)?;
                modify.send_within(&mut budget).await.map(|_| (uuid, Change::Modified(fields)))
            }
            Plan::Unchanged { uuid } => Ok((uuid, Change::Unchanged)),
            Plan::Cannot { fields, .. } => Err(exchange.at_host(fixed_at_create(description, fields))),
        };
        match outcome {
            // Somebody else created or deleted the policy after the look-up, or a busy cluster does not list it yet.
            Err(error) if round < ROUNDS && is_overtaken(&error, was_there) => {
                let Some(pause) = exchange.backoff(&budget, round) else { return Err(error) };
                exchange.clock().sleep(pause).await;
                round += 1;
            }
            outcome => {
                let (uuid, change) = outcome?;
                return Ok(Applied { uuid, change, key_not_compared: has_key && was_found });
            }
        }
    }
}

pub(super) async fn plan(exchange: &Exchange, description: &IpsecPolicyCreate, budget: &mut Budget) -> Result<Plan> {
    let name = name(exchange, description)?;
    let existing = lookup::policy(exchange, description.svm.as_ref(), name, budget).await?;
    decide(exchange, description, existing.as_ref())
}

/// Returns the name of the policy.
///
/// # Errors
/// If the description has none, or selectors that no policy can have.
pub(super) fn name<'a>(exchange: &Exchange, description: &'a IpsecPolicyCreate) -> Result<&'a str> {
    let Some(name) = description.name.as_deref().filter(|name| !name.is_empty()) else {
        let message = "the description has no `name`, by which the policy would be found; nothing was sent";
        return Err(exchange.at_host(Error::new(ErrorKind::InvalidRequest, message)));
    };
    rules::selectors(description).map_err(|error| exchange.at_host(error))?;
    Ok(name)
}

/// Compares a description with the policy that exists.
pub(super) fn decide(
    exchange: &Exchange,
    description: &IpsecPolicyCreate,
    existing: Option<&IpsecPolicy>,
) -> Result<Plan> {
    let Some(existing) = existing else {
        let _checked = create::prepare(exchange, description)?;
        return Ok(Plan::Create);
    };
    let uuid = existing.id().ok_or_else(|| {
        exchange.at_host(Error::new(ErrorKind::UnexpectedResponse, "a policy in the list has no UUID"))
    })?;
    let (modifiable, fixed): (Vec<_>, Vec<_>) =
        differences(description, existing).into_iter().partition(|difference| difference.modifiable);
    Ok(if !fixed.is_empty() {
        let keys = description.secrets();
        let argument = |name: Field, value: Option<String>| ErrorArgument {
            code: Some(name.to_string()),
            message: value.map(|value| exchange.clean(value, &keys)),
        };
        let fields = fixed.into_iter().map(|difference| argument(difference.field, difference.existing)).collect();
        Plan::Cannot { uuid, fields }
    } else if !modifiable.is_empty() {
        Plan::Modify { uuid, fields: modifiable.into_iter().map(|difference| difference.field).collect() }
    } else {
        Plan::Unchanged { uuid }
    })
}

/// Checks the changes, and makes the operation.
pub(super) fn prepare(
    exchange: &Exchange,
    uuid: Uuid,
    changes: &IpsecPolicyModify,
) -> Result<operations::IpsecPolicyModify> {
    changes.check().map_err(|error| exchange.at_host(error.during(Operation::IpsecPolicyModify)))?;
    Ok(Operations::new(exchange).ipsec_policy_modify(uuid, changes.clone().without_read_only()))
}

/// Whether the error shows that the policy was created or deleted after the look-up.
fn is_overtaken(error: &Error, was_there: bool) -> bool {
    if was_there { error.is_not_found() } else { error.is_duplicate() }
}

/// Makes the error for fields that cannot be changed.
fn fixed_at_create(description: &IpsecPolicyCreate, fields: Vec<ErrorArgument>) -> Error {
    let shown = fields.iter().map(|field| {
        let (name, value) = (field.code.as_deref().unwrap_or_default(), field.message.as_deref());
        format!("`{name}` is {}", value.unwrap_or("unset"))
    });
    let svm = description.svm.as_ref().and_then(|svm| svm.name.as_deref().or(svm.uuid.as_deref()));
    let message = format!(
        "the policy `{}` of {} differs in fields that cannot be changed: {}; nothing was changed; to have the policy as \
         described, delete it and create it again",
        description.name.as_deref().unwrap_or_default(),
        svm.map_or("the cluster".to_owned(), |svm| format!("the SVM `{svm}`")),
        shown.collect::<Vec<_>>().join(", ")
    );
    Error::new(ErrorKind::FixedAtCreate, message).with_arguments(fields)
}
