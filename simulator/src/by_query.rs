//! Handles PATCH and DELETE of all policies that a query finds.
//!
//! A failure ends the work, unless `continue_on_failure` is true; earlier changes stay. Policies are changed in the
//! order of the list. One request changes at most `max_records` policies. If more policies match, the response has a
//! link for a request with the same method.

use serde_json::json;
use uuid::Uuid;

use crate::{
    api_response::{ApiResponse, Records},
    body::Given,
    call::Call,
    cluster::{Cluster, Record},
    query::{
        filter::Filters,
        page,
        parameters::Parameters,
        selection::{DefaultFields, Selection},
    },
    refusal::Refusal,
    rules,
};

/// Changes all policies that match.
///
/// # Errors
/// Returns 262212 without a query, and the codes of [`page::read`].
pub(crate) fn modify(
    cluster: &mut Cluster,
    parameters: &Parameters<'_>,
    call: &Call,
    given: &Given,
) -> Result<ApiResponse, Refusal> {
    each(cluster, parameters, call, |cluster, uuid| {
        // The lock on the cluster is held, so the policy still exists.
        let policy = cluster.policies.get(uuid).ok_or_else(|| Refusal::no_such_policy(&uuid.to_string()))?;
        let record = rules::modify(cluster, policy, given)?;
        cluster.policies.update(uuid, record.clone());
        Ok(record)
    })
}

/// Deletes all policies that match.
///
/// # Errors
/// Returns the same codes as [`modify`].
pub(crate) fn delete(cluster: &mut Cluster, parameters: &Parameters<'_>, call: &Call) -> Result<ApiResponse, Refusal> {
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
) -> Result<ApiResponse, Refusal> {
    if Filters::read(parameters)?.is_empty() {
        return Err(Refusal::no_query());
    }
    let page = page::read(&cluster.policies, parameters, &call.parameters)?;
    let (uuids, next): (Vec<_>, _) = (page.items.iter().map(|policy| policy.uuid).collect(), page.next);
    let goes_on = parameters.flag("continue_on_failure")? == Some(true);
    let everything = Selection::read(parameters, DefaultFields::All)?;
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
    // After a failure that ended the work, the client has to query again.
    if let Some(next) = next.filter(|_| goes_on || failed == 0) {
        body["_links"]["next"] = json!({"href": next});
    }
    let response = match failure {
        None => ApiResponse::ok(body),
        Some(refusal) => {
            ApiResponse::refused(call.style, if goes_on { Refusal::some_failed(failed, done) } else { refusal }, body)
        }
    };
    Ok(if with_records { response.with_records(Records::new(&records, everything, call.style)) } else { response })
}
