//! The operations of the API.

use axum::http::header;
use serde_json::{Value as Json, json};

use crate::{
    answer::{self, Answer, Records},
    body::{self, Body, Entry, Purpose, Wording},
    by_query, by_records,
    call::Call,
    jobs,
    path::POLICIES,
    query::{
        page,
        parameters::{Parameters, Scope},
        selection::{Selection, Unasked},
    },
    refusal::Refusal,
    rules,
    shared::Shared,
    shown::self_link,
    values,
};

pub(crate) fn list(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Collection)?;
    let selection = Selection::of_policy(&parameters, Unasked::Keys)?;
    if let Some(job) = parameters.text("job_results_uuid") {
        return shared.results.show(job, &parameters, call.target(), call.style);
    }
    let cluster = shared.cluster();
    cluster.check_readable()?;
    let with_records = parameters.flag("return_records")? != Some(false);
    if !with_records && call.view.busy.is_none() {
        return Ok(Answer::ok(json!({"num_records": page::count(&cluster, &parameters)?})));
    }
    let page = page::read(&cluster, &parameters, &call.parameters)?;
    let mut body = json!({});
    if call.style.hal && with_records {
        body["_links"] = self_link(call.target());
    }
    let link = page.next.map(|next| {
        body["_links"]["next"] = json!({"href": next});
        format!("<{next}>; rel=\"next\"")
    });
    let answer = if with_records {
        let records = page.policies.iter().map(|policy| &policy.record);
        Answer::ok(body).with_records(Records::new(records, selection, call.style))
    } else {
        body["num_records"] = page.policies.len().into();
        Answer::ok(body)
    };
    Ok(link.into_iter().fold(answer, |answer, link| answer.with(header::LINK, link)))
}

pub(crate) fn show(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Instance)?;
    let selection = Selection::of_policy(&parameters, Unasked::All)?;
    let cluster = shared.cluster();
    cluster.check_readable()?;
    Ok(Answer::ok(answer::record(&call.policy(&cluster)?.record, &selection, call.style)))
}

pub(crate) fn create(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    let parameters = call.parameters(Scope::Create)?;
    let given = match body::read(&call.body, Purpose::Create, Wording::of(&parameters))? {
        Body::One(mut given) => {
            given.settle(&call.view.tunnel)?;
            given
        }
        Body::Records(entries) => return start(shared, call, &parameters, Purpose::Create, entries),
    };
    let uuid = call.new_uuid;
    let mut cluster = shared.cluster();
    let record = rules::create(&cluster, uuid, &given)?;
    let mut answer = Answer::created(format!("{POLICIES}/{uuid}"), json!({}));
    if parameters.flag("return_records")? == Some(true) {
        let everything = Selection::of_policy(&parameters, Unasked::All)?;
        answer = answer.with_records(Records::new([&record], everything, call.style));
    }
    cluster.policies.add(uuid, record);
    Ok(answer)
}

pub(crate) fn modify(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    let parameters = call.parameters(Scope::Change)?;
    let mut cluster = shared.cluster();
    let policy = call.policy(&cluster)?;
    let given = body::read_one(&call.body, Purpose::Modify, Wording::of(&parameters))?;
    let record = rules::modify(&cluster, policy, &given)?;
    let uuid = policy.uuid;
    cluster.policies.update(uuid, record);
    Ok(Answer::ok(json!({})))
}

pub(crate) fn delete(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    if !body::is_blank(&call.body) {
        return Err(Refusal::body_not_allowed(call.method.as_str()));
    }
    call.parameters(Scope::Change)?;
    let mut cluster = shared.cluster();
    let uuid = call.policy(&cluster)?.uuid;
    cluster.policies.remove(uuid);
    Ok(Answer::ok(json!({})))
}

/// PATCH on the collection.
pub(crate) fn modify_many(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    let parameters = call.parameters(Scope::ChangeMany)?;
    match body::read(&call.body, Purpose::Modify, Wording::of(&parameters))? {
        Body::Records(entries) => start(shared, call, &parameters, Purpose::Modify, entries),
        Body::One(given) => by_query::modify(&mut shared.cluster(), &parameters, call, &given),
    }
}

/// DELETE on the collection.
pub(crate) fn delete_many(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    let parameters = call.parameters(Scope::ChangeMany)?;
    if body::is_blank(&call.body) {
        return by_query::delete(&mut shared.cluster(), &parameters, call);
    }
    match body::read(&call.body, Purpose::Delete, Wording::of(&parameters))? {
        Body::Records(entries) => start(shared, call, &parameters, Purpose::Delete, entries),
        Body::One(_) => Err(Refusal::body_not_allowed(call.method.as_str())),
    }
}

/// Starts the job about the policies that a body lists.
fn start(
    shared: &Shared,
    call: &Call,
    parameters: &Parameters<'_>,
    purpose: Purpose,
    mut entries: Vec<Entry>,
) -> Result<Answer, Refusal> {
    if let Some((field, _)) = parameters.filters().first() {
        return Err(Refusal::records_and_query(field.name));
    }
    if purpose == Purpose::Create {
        entries.iter_mut().try_for_each(|entry| entry.given.settle(&call.view.tunnel))?;
    }
    let goes_on = parameters.flag("continue_on_failure")? == Some(true);
    Ok(by_records::start(shared, purpose, entries, goes_on, call))
}

/// The cluster itself; clients read it to learn the release.
pub(crate) fn cluster(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Instance)?;
    let cluster = shared.cluster();
    let release = cluster.release;
    let values: [(&'static str, Json); 6] = [
        ("name", cluster.name.as_str().into()),
        ("uuid", cluster.uuid.to_string().into()),
        ("version.full", format!("NetApp Release {release} (simulator)").into()),
        ("version.generation", release.generation.into()),
        ("version.major", release.major.into()),
        ("version.minor", release.minor.into()),
    ];
    drop(cluster);
    let names = values.iter().map(|(name, _)| *name).collect();
    let selection = Selection::read(&parameters, names, &["name", "uuid"], Unasked::All)?;
    let mut body = json!({});
    for (name, value) in values.into_iter().filter(|(name, _)| selection.has(name)) {
        answer::place(&mut body, name, value);
    }
    if call.style.hal {
        body["_links"] = self_link("/api/cluster");
    }
    Ok(Answer::ok(body))
}

/// A job: work that an earlier request was answered 202 for.
pub(crate) fn job(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Instance)?;
    jobs::show(&shared.jobs, call.uuid()?, &parameters, call.style.hal)
}

/// A request that waits for the approval of an administrator, or was decided.
pub(crate) fn approval(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    call.without_body()?;
    let index = call.last_segment();
    let found = shared.approvals.all().into_iter().find(|approval| approval.index.to_string() == index);
    let found = found.ok_or_else(|| Refusal::not_found("request", "index", &index))?;
    let state = found.granted.map_or("pending", |granted| if granted { "approved" } else { "vetoed" });
    Ok(Answer::ok(
        json!({"index": found.index, "operation": format!("{} {}", found.method, found.path), "state": state}),
    ))
}

/// The decision of an administrator on a request that waits for an approval.
pub(crate) fn decide(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    call.parameters(Scope::Change)?;
    let body: Json = serde_json::from_slice(&call.body).unwrap_or_default();
    let granted = match body["state"].as_str() {
        Some("approved") => true,
        Some("vetoed") => false,
        other => return Err(Refusal::invalid("state", other, "it is approved or vetoed")),
    };
    let index = call.last_segment();
    match values::digits(&index).is_some_and(|index| shared.approvals.decide(index, granted)) {
        true => Ok(Answer::ok(json!({}))),
        false => Err(Refusal::not_found("waiting request", "index", &index)),
    }
}
