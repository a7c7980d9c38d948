//! Many policies as described, at the cost of what differs.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt as _, stream};

use super::apply::{self, Applied, Plan};
use super::lookup::{self, Owner};
use crate::error::{Error, ErrorKind, Result};
use crate::exchange::Exchange;
use crate::model::filter::Filter;
use crate::model::types::{IpsecPolicy, IpsecPolicyCreate};
use crate::model::values::NetworkScope;

/// How many SVMs one list asks for. A URL has a longest length.
const SVMS: usize = 50;

/// The outcome of [`Policies::apply_all`](crate::Policies::apply_all).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AppliedAll {
    /// The outcome for each description, in the order of the descriptions.
    pub outcomes: Vec<Result<Applied>>,
    /// The policies that exist in the SVMs concerned and that no description names. Nothing was changed in them.
    pub undeclared: Vec<IpsecPolicy>,
}

/// The outcome of [`Policies::plan_all`](crate::Policies::plan_all).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PlannedAll {
    /// The plan for each description, in the order of the descriptions.
    pub plans: Vec<Result<Plan>>,
    /// The policies that exist in the SVMs concerned and that no description names.
    pub undeclared: Vec<IpsecPolicy>,
}

/// The SVM and the name of a policy, which are unique together.
type Key = (Owner, String);

pub(super) async fn plan_all(exchange: &Exchange, descriptions: &[IpsecPolicyCreate]) -> Result<PlannedAll> {
    // A description that is refused declares its policy all the same.
    let mut declared = HashSet::new();
    let checked = descriptions.iter().map(|description| check(exchange, description, &mut declared));
    let checked: Vec<Result<Key>> = checked.collect();
    let mut existing = read(exchange, declared.iter().map(|(owner, _)| owner.clone()).collect()).await?;
    let svms = Svms::of(existing.values());

    // An SVM can be named by its name in one description, and by its UUID in another.
    let mut planned: HashMap<String, Vec<Owner>> = HashMap::new();
    let plans = descriptions.iter().zip(checked).map(|(description, key)| {
        let (owner, name) = key?;
        let others = planned.entry(name.clone()).or_default();
        if others.iter().any(|other| svms.may_be_one(other, &owner)) {
            return Err(exchange.at_host(described_by_both(description)));
        }
        others.push(owner.clone());
        apply::decide(exchange, description, existing.get(&(owner, name)))
    });
    let plans = plans.collect();

    // Two lists can have one policy.
    let mut seen: HashSet<String> = HashSet::new();
    for key in &declared {
        seen.extend(existing.remove(key).and_then(|policy| policy.uuid));
    }
    let mut undeclared: Vec<IpsecPolicy> = existing.into_values().collect();
    undeclared.retain(|policy| policy.uuid.clone().is_none_or(|uuid| seen.insert(uuid)));
    undeclared.sort_by_cached_key(|policy| (policy.svm.as_ref().and_then(|svm| svm.name.clone()), policy.name.clone()));
    Ok(PlannedAll { plans, undeclared })
}

/// Returns the key of a description, and notes it.
fn check(exchange: &Exchange, description: &IpsecPolicyCreate, declared: &mut HashSet<Key>) -> Result<Key> {
    let owner = Owner::of(description.svm.as_ref());
    owner.check().map_err(|error| exchange.at_host(error))?;
    let name = description.name.clone().unwrap_or_default();
    let is_new = name.is_empty() || declared.insert((owner.clone(), name.clone()));
    apply::name(exchange, description)?;
    if is_new { Ok((owner, name)) } else { Err(exchange.at_host(described_twice(description))) }
}

pub(super) async fn apply_all(exchange: &Exchange, descriptions: Vec<IpsecPolicyCreate>) -> Result<AppliedAll> {
    let PlannedAll { plans, undeclared } = plan_all(exchange, &descriptions).await?;
    let applied = stream::iter(descriptions.into_iter().zip(plans)).map(|(description, plan)| {
        let exchange = exchange.clone();
        async move { apply::apply(&exchange, &description, Some(plan?)).await }
    });
    let outcomes = applied.buffered(exchange.concurrent_requests()).collect().await;
    Ok(AppliedAll { outcomes, undeclared })
}

/// Reads the policies of all these owners.
async fn read(exchange: &Exchange, owners: HashSet<Owner>) -> Result<HashMap<Key, IpsecPolicy>> {
    let mut budget = exchange.budget();
    let (mut names, mut uuids, mut lists) = (Vec::new(), Vec::new(), Vec::new());
    for owner in owners {
        match &owner {
            Owner::SvmName(_) => names.push(owner),
            Owner::SvmUuid(_) => uuids.push(owner),
            Owner::Cluster => lists.push((lookup::list(exchange).scope(NetworkScope::Cluster), vec![owner])),
        }
    }
    let text = |owner: &Owner| match owner {
        Owner::SvmName(text) | Owner::SvmUuid(text) => Filter::literal(text),
        Owner::Cluster => Filter::set(),
    };
    for some in names.chunks(SVMS) {
        let filter = Filter::any_of(some.iter().map(text));
        // If no filter can express a name, all policies of SVMs are read.
        let list = match filter.clone().into_text() {
            Ok(_) => lookup::list(exchange).svm_name(filter),
            Err(_) => lookup::list(exchange).scope(NetworkScope::Svm),
        };
        lists.push((list, some.to_vec()));
    }
    for some in uuids.chunks(SVMS) {
        lists.push((lookup::list(exchange).svm_uuid(Filter::any_of(some.iter().map(text))), some.to_vec()));
    }
    let mut found = HashMap::new();
    for (list, owners) in lists {
        for (owner, policy) in lookup::all(list, &owners, &mut budget).await? {
            found.insert((owner, policy.name.clone().unwrap_or_default()), policy);
        }
    }
    Ok(found)
}

/// The UUIDs of SVMs, by their names, as far as the policies tell.
struct Svms(HashMap<String, String>);

impl Svms {
    fn of<'a>(policies: impl Iterator<Item = &'a IpsecPolicy>) -> Self {
        let svms = policies.filter_map(|policy| policy.svm.as_ref());
        Self(svms.filter_map(|svm| Some((svm.name.clone()?, svm.uuid.as_deref()?.to_ascii_lowercase()))).collect())
    }

    /// Tells whether two descriptions can mean the same SVM, one by its name and one by its UUID.
    fn may_be_one(&self, one: &Owner, other: &Owner) -> bool {
        match (one, other) {
            (Owner::SvmName(name), Owner::SvmUuid(uuid)) | (Owner::SvmUuid(uuid), Owner::SvmName(name)) => {
                match self.0.get(name) {
                    Some(known) => known == uuid,
                    // The UUID may be known as that of another SVM.
                    None => self.0.values().all(|known| known != uuid),
                }
            }
            _ => false,
        }
    }
}

fn described_twice(description: &IpsecPolicyCreate) -> Error {
    let name = description.name.as_deref().unwrap_or_default();
    let message = format!("the policy `{name}` is described twice for its SVM; the second description was not used");
    Error::new(ErrorKind::InvalidRequest, message)
}

fn described_by_both(description: &IpsecPolicyCreate) -> Error {
    let name = description.name.as_deref().unwrap_or_default();
    let message = format!(
        "the policy `{name}` is described for an SVM by its name and for an SVM by its UUID, which can be the same SVM; the \
         second description was not used; give the SVM of both by `svm.name`"
    );
    Error::new(ErrorKind::InvalidRequest, message)
}
