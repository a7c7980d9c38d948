//! POST, PATCH and DELETE of the policies that a body lists in `records`.
//!
//! Faults of the body alone are refused at once. A job does the rest; its results are at the collection, with
//! `job_results_uuid`: the policies that were changed, and the errors. If one policy fails, POST and PATCH undo their
//! work, unless `continue_on_failure` is true. DELETE goes on and undoes nothing.

use serde_json::json;
use uuid::Uuid;

use crate::{
    answer::Answer,
    body::{Entry, Purpose},
    call::Call,
    cluster::{Cluster, Record},
    ending::Ending,
    jobs,
    path::POLICIES,
    refusal::Refusal,
    results::Done,
    rules,
    shared::Shared,
    tunnel::Tunnel,
};

/// Starts the job. New policies get their UUIDs when the job runs.
pub(crate) fn start(shared: &Shared, purpose: Purpose, entries: Vec<Entry>, goes_on: bool, call: &Call) -> Answer {
    let goes_on = goes_on || purpose == Purpose::Delete;
    let Ending { finish, failure } = call.ending.clone();
    let (simulator, tunnel) = (shared.itself.clone(), call.view.tunnel.clone());
    let job = shared.jobs.start(format!("{purpose:?} {} IPsec policies", entries.len()), finish, move |job| {
        // A simulator that is gone has nobody to tell.
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
    let mut answer = jobs::accepted(job, Some(results.clone()));
    answer.body_mut()["job"]["_links"]["results"] = json!({"href": results});
    answer
}

fn work(cluster: &mut Cluster, tunnel: &Tunnel, purpose: Purpose, entries: Vec<Entry>, goes_on: bool) -> Done {
    let mut result = Done::default();
    // The state before, for each policy that was touched.
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

/// Does one entry; returns the policy before, if there was one, and after (for a DELETE, as it was last).
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
