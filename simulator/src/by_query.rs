//! PATCH and DELETE of all policies that a query finds.
//!
//! The policies are changed one after the other, in the order of the list. A failure ends the work, unless
//! `continue_on_failure` is true; earlier changes stay. One request changes at most `max_records` policies. If there are
//! more, the response has a link, for the same method.

use serde_json::json;
use uuid::Uuid;

use crate::{
    answer::{Answer, Records},
    body::Given,
    call::Call,
    cluster::{Cluster, Record},
    query::{
        filter::Filters,
        page,
        parameters::Parameters,
        selection::{Selection, Unasked},
    },
    refusal::Refusal,
    rules,
};

/// Changes the policies.
///
/// # Errors
/// 262212 without a query, and those of [`page::read`].
pub(crate) fn modify(
    cluster: &mut Cluster,
    parameters: &Parameters<'_>,
    call: &Call,
    given: &Given,
) -> Result<Answer, Refusal> {
    each(cluster, parameters, call, |cluster, uuid| {
        // Nothing can have taken it away since the list was read.
        let policy = cluster.policies.get(uuid).ok_or_else(|| Refusal::no_such_policy(&uuid.to_string()))?;
        let record = rules::modify(cluster, policy, given)?;
        cluster.policies.update(uuid, record.clone());
        Ok(record)
    })
}

/// Deletes the policies.
///
/// # Errors
/// The same as for [`modify`].
pub(crate) fn delete(cluster: &mut Cluster, parameters: &Parameters<'_>, call: &Call) -> Result<Answer, Refusal> {
    each(cluster, parameters, call, |cluster, uuid| {
        let policy = cluster.policies.remove(uuid).ok_or_else(|| Refusal::no_such_policy(&uuid.to_string()))?;
        Ok(policy.record)
    })
}

fn each(
    cluster: &mut Cluster,
    parameters: &Parameters<'_>,
    call: &Call,
    mut change: impl FnMut(&mut Cluster, Uuid) -> Result<Record, Refusal>,
) -> Result<Answer, Refusal> {
    if Filters::read(parameters)?.is_empty() {
        return Err(Refusal::no_query());
    }
    let page = page::read(&cluster.policies, parameters, &call.parameters)?;
    let (uuids, next): (Vec<_>, _) = (page.items.iter().map(|policy| policy.uuid).collect(), page.next);
    let goes_on = parameters.flag("continue_on_failure")? == Some(true);
    let everything = Selection::read(parameters, Unasked::All)?;
    let with_records = parameters.flag("return_records")? == Some(true);

    let (mut records, mut done, mut failure, mut failed) = (Vec::new(), 0, None, 0);
    for uuid in uuids {
        match change(cluster, uuid) {
            Ok(record) => {
                done += 1;
                if with_records {
                    records.push(record);
                }
            }
            Err(refusal) => {
                failed += 1;
                failure = Some(refusal);
                if !goes_on {
                    break;
                }
            }
        }
    }

    let mut body = json!({"num_records": done});
    // A failure that ends it leaves the rest to a new query.
    if let Some(next) = next.filter(|_| goes_on || failed == 0) {
        body["_links"]["next"] = json!({"href": next});
    }
    let answer = match failure {
        None => Answer::ok(body),
        Some(refusal) => {
            Answer::refused(call.style, if goes_on { Refusal::some_failed(failed, done) } else { refusal }, body)
        }
    };
    Ok(if with_records { answer.with_records(Records::new(&records, everything, call.style)) } else { answer })
}
