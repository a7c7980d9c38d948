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

pub(super) async fn plan_all(exchange: &Exchange, descriptions: &[IpsecPolicyCreate]) -> Result<PlannedAll> {
    let mut keys = HashSet::new();
    let checked: Vec<Result<(Owner, &str)>> = descriptions
        .iter()
        .map(|description| {
            let key = (Owner::of(description.svm.as_ref()), apply::name(exchange, description)?);
            let is_new = keys.insert(key.clone());
            is_new.then_some(key).ok_or_else(|| exchange.at_host(declared_twice(description)))
        })
        .collect();
    let mut existing = read(exchange, keys.into_iter().map(|(owner, _)| owner).collect()).await?;
    // An SVM can be named by its name in one description, and by its UUID in another.
    let mut seen = HashSet::new();
    let plans = descriptions.iter().zip(checked).map(|(description, key)| {
        let (owner, name) = key?;
        let policy = existing.get_mut(&owner).and_then(|policies| policies.remove(name));
        if policy.as_ref().is_some_and(|policy| !seen.insert(policy.uuid.clone())) {
            return Err(exchange.at_host(declared_twice(description)));
        }
        apply::decide(exchange, description, policy.as_ref())
    });
    let plans = plans.collect();
    let mut undeclared: Vec<_> = existing.into_values().flat_map(HashMap::into_values).collect();
    undeclared.retain(|policy| seen.insert(policy.uuid.clone()));
    Ok(PlannedAll { plans, undeclared })
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

/// Reads the policies of all these owners, by their names.
async fn read(exchange: &Exchange, owners: HashSet<Owner>) -> Result<HashMap<Owner, HashMap<String, IpsecPolicy>>> {
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
    let mut found: HashMap<Owner, HashMap<String, IpsecPolicy>> = HashMap::new();
    for (list, owners) in lists {
        for (owner, policy) in lookup::all(list, &owners, &mut budget).await? {
            found.entry(owner).or_default().insert(policy.name.clone().unwrap_or_default(), policy);
        }
    }
    Ok(found)
}

fn declared_twice(description: &IpsecPolicyCreate) -> Error {
    let name = description.name.as_deref().unwrap_or_default();
    let message = format!("the policy `{name}` is described twice for its SVM; the second description was not used");
    Error::new(ErrorKind::InvalidRequest, message)
}
