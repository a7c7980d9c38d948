//! Finding a policy by what makes it unique: its SVM and its name.

use super::itinerary::Itinerary;
use super::page::{self, Listing};
use crate::error::Result;
use crate::exchange::{Budget, Exchange};
use crate::model::filter::Filter;
use crate::model::types::{IpsecPolicy, SvmReference};
use crate::model::values::NetworkScope;
use crate::operations::Operations;

/// Finds the policy of this name in the SVM, or without one among those of the cluster. An empty reference counts as no
/// SVM; if both name and UUID are given, the name is used.
pub(super) async fn policy(
    exchange: &Exchange,
    svm: Option<&SvmReference>,
    name: &str,
    budget: &mut Budget,
) -> Result<Option<IpsecPolicy>> {
    let of_svm = svm.and_then(|svm| svm.name.as_deref());
    let of_uuid = svm.and_then(|svm| svm.uuid.as_deref()).filter(|_| of_svm.is_none());
    let mut list = Operations::new(exchange).ipsec_policy_collection_get().fields(["*"]);
    // A name that no filter can express is compared below.
    if Filter::literal(name).into_text().is_ok() {
        list = list.name(name);
    }
    let list = match (of_svm, of_uuid) {
        (Some(svm), _) => list.svm_name(svm),
        (None, Some(uuid)) => list.svm_uuid(uuid),
        (None, None) => list.scope(NetworkScope::Cluster),
    };
    // Nothing if the record does not say enough: taken for absence, a policy that is there would be created.
    let is_it = |policy: &IpsecPolicy| {
        if policy.name.as_deref()? != name {
            return Some(false);
        }
        let its = policy.svm.as_ref();
        match (of_svm, of_uuid) {
            (Some(svm), _) => Some(its?.name.as_deref()? == svm),
            (None, Some(uuid)) => Some(its?.uuid.as_deref()?.eq_ignore_ascii_case(uuid)),
            (None, None) => Some(its.and_then(|svm| svm.name.as_deref()).is_none()),
        }
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
                None => {
                    let message = "a policy in the list has no name or no SVM, so that it cannot be told from others";
                    return Err(page::unexpected(&list, message, page.attempts));
                }
            }
        }
        match page::after(&list, page.next.as_deref(), budget, &mut None).await? {
            Some(next) => page = next,
            None => return Ok(None),
        }
    }
}
