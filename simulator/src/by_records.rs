//! Handles POST, PATCH and DELETE of the policies in a body's `records`.
//!
//! An invalid body is refused at once; a job does the rest. `job_results_uuid` on the collection returns the changed
//! policies and the errors. If one policy fails, POST and PATCH undo their work, unless `continue_on_failure` is true.
//! DELETE continues after a failure and undoes nothing.

use serde_json::json;
use uuid::Uuid;

use crate::{
    api_response::ApiResponse,
    body::{Entry, Purpose},
    call::Call,
    cluster::{Cluster, Record},
    effects::JobEnd,
    jobs,
    path::POLICIES,
    refusal::Refusal,
    results::Done,
    rules,
    shared::Shared,
    tunnel::Tunnel,
};

/// Starts the job. New policies get their UUIDs when the job runs.
pub(crate) fn start(shared: &Shared, purpose: Purpose, entries: Vec<Entry>, goes_on: bool, call: &Call) -> ApiResponse {
    let goes_on = goes_on || purpose == Purpose::Delete;
    let JobEnd { finish, failure } = call.job_end.clone();
    let (simulator, tunnel) = (shared.itself.clone(), call.view.tunnel.clone());
    let job = shared.jobs.start(format!("{purpose:?} {} IPsec policies", entries.len()), finish, move |job| {
        // The simulator has stopped, so nobody reads the result.
        let Some(shared) = simulator.upgrade() else { return Ok(String::new()) };
        if let Some(refusal) = failure {
            shared.results.add(job, Done { records: Vec::new(), errors: vec![refusal.clone()] });
            return Err(refusal);
        }
        let result = work(&mut shared.cluster(), &tunnel, purpose, entries, goes_on);
        let (done, failed) = (result.records.len(), result.errors.len());
        shared.results.add(job, result);
        if failed == 0 { Ok(format!("{done} policies")) } else { Err(Refusal::some_failed(failed, done)) }
    });
    shared.results.expect(job);
    let results = format!("{POLICIES}?job_results_uuid={job}");
    let mut response = jobs::accepted(job, Some(results.clone()));
    response.body_mut()["job"]["_links"]["results"] = json!({"href": results});
    response
}

fn work(cluster: &mut Cluster, tunnel: &Tunnel, purpose: Purpose, entries: Vec<Entry>, goes_on: bool) -> Done {
    let mut result = Done::default();
    // The earlier state of each changed policy, to undo the work.
    let mut before: Vec<(Uuid, Option<Record>)> = Vec::new();
    for entry in entries {
        let uuid = entry.uuid.unwrap_or_else(Uuid::new_v4);
        match one(cluster, tunnel, purpose, uuid, &entry) {
            Ok((was, is)) => {
                before.push((uuid, was));
                result.records.push(is);
            }
            Err(refusal) => {
                result.errors.push(refusal);
                if !goes_on {
                    break;
                }
            }
        }
    }
    if !goes_on && !result.errors.is_empty() {
        for (uuid, was) in before.into_iter().rev() {
            match was {
                Some(record) => cluster.policies.update(uuid, record),
                None => drop(cluster.policies.remove(uuid)),
            }
        }
        result.records.clear();
    }
    result
}

/// Processes one entry. Returns the policy before the change, if it existed, and after the change. A DELETE returns the
/// deleted policy.
fn one(
    cluster: &mut Cluster,
    tunnel: &Tunnel,
    purpose: Purpose,
    uuid: Uuid,
    entry: &Entry,
) -> Result<(Option<Record>, Record), Refusal> {
    if purpose == Purpose::Create {
        let record = rules::create(cluster, uuid, &entry.given)?;
        cluster.policies.add(uuid, record.clone());
        return Ok((None, record));
    }
    let policy = cluster.policies.get(uuid).filter(|policy| tunnel.reaches(&policy.record));
    let policy = policy.ok_or_else(|| Refusal::no_such_policy(&uuid.to_string()))?;
    let was = policy.record.clone();
    if purpose == Purpose::Delete {
        cluster.policies.remove(uuid);
        return Ok((Some(was.clone()), was));
    }
    let record = rules::modify(cluster, policy, &entry.given)?;
    cluster.policies.update(uuid, record.clone());
    Ok((Some(was), record))
}
