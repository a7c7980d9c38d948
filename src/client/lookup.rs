//! Finding policies by what makes them unique: their SVM and their name.

use uuid::Uuid;

use super::itinerary::Itinerary;
use super::page::{self, Listing};
use crate::error::{Error, ErrorKind, Result};
use crate::exchange::{Budget, Exchange};
use crate::model::filter::Filter;
use crate::model::types::{IpsecPolicy, SvmReference};
use crate::model::values::NetworkScope;
use crate::operations::{IpsecPolicyCollectionGet, Operations};

/// The longest name of an SVM that a list may ask for, in characters. The limit is this project's: a longer name could make
/// the URL too long for the SVMs beside it.
const SVM_NAME: usize = 255;

/// The owner of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    /// The cluster.
    Cluster,
    /// The SVM of this name.
    SvmName(String),
    /// The SVM of this UUID, in lower case.
    SvmUuid(String),
}

impl Owner {
    /// Returns what the reference names. An empty reference counts as no SVM; if both name and UUID are given, the name is
    /// used.
    pub(super) fn of(svm: Option<&SvmReference>) -> Self {
        let (name, uuid) = (svm.and_then(|svm| svm.name.clone()), svm.and_then(|svm| svm.uuid.as_deref()));
        match (name, uuid) {
            (Some(name), _) => Self::SvmName(name),
            (None, Some(uuid)) => Self::SvmUuid(uuid.to_ascii_lowercase()),
            (None, None) => Self::Cluster,
        }
    }

    /// Refuses an SVM that cannot exist, since the list that asks for it would fail for all other SVMs, too.
    pub(super) fn check(&self) -> Result<()> {
        let message = match self {
            Self::SvmUuid(uuid) if uuid.len() != 36 || Uuid::try_parse(uuid).is_err() => {
                format!("`svm.uuid` is `{uuid}`, which is not a UUID; nothing was sent; give the SVM by `svm.name`")
            }
            Self::SvmName(name) if name.chars().count() > SVM_NAME => format!(
                "`svm.name` has {} characters, more than any SVM's name; nothing was sent; correct the name",
                name.chars().count()
            ),
            _ => return Ok(()),
        };
        Err(Error::new(ErrorKind::InvalidRequest, message))
    }

    /// Whether the policy belongs to it; `None` if the record does not say.
    fn has(&self, policy: &IpsecPolicy) -> Option<bool> {
        let svm = policy.svm.as_ref();
        match self {
            Self::SvmName(name) => Some(svm?.name.as_deref()? == name),
            Self::SvmUuid(uuid) => Some(svm?.uuid.as_deref()?.eq_ignore_ascii_case(uuid)),
            Self::Cluster => Some(svm.and_then(|svm| svm.name.as_deref()).is_none()),
        }
    }
}

/// Starts a list of policies with all their fields.
pub(super) fn list(exchange: &Exchange) -> IpsecPolicyCollectionGet {
    Operations::new(exchange).ipsec_policy_collection_get().fields(["*"])
}

/// Finds the policy of this name in the SVM, or without one among those of the cluster.
pub(super) async fn policy(
    exchange: &Exchange,
    svm: Option<&SvmReference>,
    name: &str,
    budget: &mut Budget,
) -> Result<Option<IpsecPolicy>> {
    let owner = Owner::of(svm);
    let mut list = list(exchange);
    // A name that no filter can express is compared below.
    if Filter::literal(name).into_text().is_ok() {
        list = list.name(name);
    }
    let list = match &owner {
        Owner::SvmName(svm) => list.svm_name(svm.as_str()),
        Owner::SvmUuid(svm) => list.svm_uuid(svm.as_str()),
        Owner::Cluster => list.scope(NetworkScope::Cluster),
    };
    // Nothing if the record does not say enough: taken for absence, a policy that is there would be created.
    let is_it = |policy: &IpsecPolicy| match policy.name.as_deref()? == name {
        true => owner.has(policy),
        false => Some(false),
    };
    let list = Listing::from(list);
    let mut itinerary = Itinerary::default();
    let mut page = page::first::<IpsecPolicy>(&list, budget, &mut None).await?;
    loop {
        itinerary.read(&list, &page)?;
        for policy in page.records {
            match is_it(&policy) {
                Some(true) => return Ok(Some(policy)),
                Some(false) => {}
                None => return Err(ambiguous(&list, page.attempts)),
            }
        }
        match page::after(&list, page.next.as_deref(), budget, &mut None).await? {
            Some(next) => page = next,
            None => return Ok(None),
        }
    }
}

/// Reads all policies of the list, each with what it belongs to.
pub(super) async fn all(
    list: IpsecPolicyCollectionGet,
    owners: &[Owner],
    budget: &mut Budget,
) -> Result<Vec<(Owner, IpsecPolicy)>> {
    let list = Listing::from(list);
    let mut found = Vec::new();
    let mut itinerary = Itinerary::default();
    let mut page = page::first::<IpsecPolicy>(&list, budget, &mut None).await?;
    loop {
        itinerary.read(&list, &page)?;
        for policy in page.records {
            let says_enough = policy.name.is_some() && owners.first().is_none_or(|owner| owner.has(&policy).is_some());
            if !says_enough {
                return Err(ambiguous(&list, page.attempts));
            }
            let owner = owners.iter().find(|owner| owner.has(&policy) == Some(true));
            found.extend(owner.map(|owner| (owner.clone(), policy)));
        }
        match page::after(&list, page.next.as_deref(), budget, &mut None).await? {
            Some(next) => page = next,
            None => return Ok(found),
        }
    }
}

fn ambiguous(list: &Listing, attempts: u32) -> Error {
    let message = "a policy in the list has no name or no SVM, so that it cannot be told from others";
    page::unexpected(list, message, attempts)
}
