//! Handles requests for policies, the cluster, jobs and approvals.

use std::borrow::Borrow as _;

use axum::http::header;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    api_response::{ApiResponse, Records, Style},
    body::{self, Body, Entry, KnownFields, Purpose},
    by_query, by_records,
    call::Call,
    cluster::Record,
    fields, jobs,
    query::{
        page::{self, Source},
        parameters::{Parameters, RESULTS, Scope},
        selection::{DefaultFields, Selection},
    },
    record_json::self_link,
    refusal::Refusal,
    resources::{CLUSTER, JOB, POLICY},
    rules,
    shared::Shared,
    values,
};

pub(crate) fn list(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Collection, &POLICY)?;
    if let Some(job) = parameters.text(RESULTS) {
        return shared.results.show(job, &parameters, call.target(), call.style);
    }
    let selection = Selection::read(&parameters, DefaultFields::Keys)?;
    let cluster = shared.cluster();
    cluster.check_readable()?;
    listed(&cluster.policies, call, &parameters, selection)
}

/// Returns the response to a GET of a collection.
pub(crate) fn listed<'a, S: Source<'a>>(
    source: S,
    call: &Call,
    parameters: &Parameters<'_>,
    selection: Selection,
) -> Result<ApiResponse, Refusal> {
    let with_records = parameters.flag("return_records")? != Some(false);
    if !with_records && call.view.busy.is_none() {
        return Ok(ApiResponse::ok(json!({"num_records": page::count(source, parameters)?})));
    }
    let page = page::read(source, parameters, &call.parameters)?;
    let mut body = json!({});
    if call.style.hal && with_records {
        body["_links"] = self_link(call.target());
    }
    let link = page.next.map(|next| {
        body["_links"]["next"] = json!({"href": next});
        format!("<{next}>; rel=\"next\"")
    });
    let response = if with_records {
        let records = page.items.iter().map(|item| &item.borrow().record);
        ApiResponse::ok(body).with_records(Records::new(records, selection, call.style))
    } else {
        body["num_records"] = page.items.len().into();
        ApiResponse::ok(body)
    };
    Ok(link.into_iter().fold(response, |response, link| response.with(header::LINK, link)))
}

pub(crate) fn show(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Instance, &POLICY)?;
    let selection = Selection::read(&parameters, DefaultFields::All)?;
    let cluster = shared.cluster();
    cluster.check_readable()?;
    Ok(ApiResponse::single(&call.policy(&cluster)?.record, &selection, call.style))
}

pub(crate) fn create(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let parameters = call.parameters(Scope::Create, &POLICY)?;
    let given = match body::read(&call.body, Purpose::Create, KnownFields::of(&parameters))? {
        Body::One(mut given) => {
            given.use_tunnel_svm(&call.view.tunnel)?;
            given
        }
        Body::Records(entries) => return start(shared, call, &parameters, Purpose::Create, entries),
    };
    let uuid = call.new_uuid;
    let mut cluster = shared.cluster();
    let record = rules::create(&cluster, uuid, &given)?;
    let response = created(uuid, &record, &parameters, call.style)?;
    cluster.policies.add(uuid, record);
    Ok(response)
}

/// Returns the response to a POST that creates this record.
pub(crate) fn created(
    uuid: Uuid,
    record: &Record,
    parameters: &Parameters<'_>,
    style: Style,
) -> Result<ApiResponse, Refusal> {
    let response = ApiResponse::created(format!("{}/{uuid}", parameters.resource().path), json!({}));
    if parameters.flag("return_records")? != Some(true) {
        return Ok(response);
    }
    let everything = Selection::read(parameters, DefaultFields::All)?;
    Ok(response.with_records(Records::new([record], everything, style)))
}

pub(crate) fn modify(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let parameters = call.parameters(Scope::Change, &POLICY)?;
    let mut cluster = shared.cluster();
    let policy = call.policy(&cluster)?;
    let given = body::read_one(&call.body, Purpose::Modify, KnownFields::of(&parameters))?;
    let record = rules::modify(&cluster, policy, &given)?;
    let uuid = policy.uuid;
    cluster.policies.update(uuid, record);
    Ok(ApiResponse::ok(json!({})))
}

pub(crate) fn delete(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    call.without_entries()?;
    call.parameters(Scope::Change, &POLICY)?;
    let mut cluster = shared.cluster();
    let uuid = call.policy(&cluster)?.uuid;
    cluster.policies.remove(uuid);
    Ok(ApiResponse::ok(json!({})))
}

/// Handles PATCH on the collection.
pub(crate) fn modify_many(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let parameters = call.parameters(Scope::ChangeMany, &POLICY)?;
    match body::read(&call.body, Purpose::Modify, KnownFields::of(&parameters))? {
        Body::Records(entries) => start(shared, call, &parameters, Purpose::Modify, entries),
        Body::One(given) => by_query::modify(&mut shared.cluster(), &parameters, call, &given),
    }
}

/// Handles DELETE on the collection.
pub(crate) fn delete_many(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let parameters = call.parameters(Scope::ChangeMany, &POLICY)?;
    if body::is_blank(&call.body) {
        return by_query::delete(&mut shared.cluster(), &parameters, call);
    }
    match body::read(&call.body, Purpose::Delete, KnownFields::of(&parameters))? {
        Body::Records(entries) => start(shared, call, &parameters, Purpose::Delete, entries),
        Body::One(_) => Err(Refusal::body_not_allowed(call.method.as_str())),
    }
}

/// Starts a job for the `records` of a body.
fn start(
    shared: &Shared,
    call: &Call,
    parameters: &Parameters<'_>,
    purpose: Purpose,
    mut entries: Vec<Entry>,
) -> Result<ApiResponse, Refusal> {
    if let Some((field, _)) = parameters.filters().first() {
        return Err(Refusal::records_and_query(field.name));
    }
    if purpose == Purpose::Create {
        entries.iter_mut().try_for_each(|entry| entry.given.use_tunnel_svm(&call.view.tunnel))?;
    }
    let goes_on = parameters.flag("continue_on_failure")? == Some(true);
    Ok(by_records::start(shared, purpose, entries, goes_on, call))
}

/// Handles GET of the cluster. Clients read the release there.
pub(crate) fn cluster(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Instance, &CLUSTER)?;
    let selection = Selection::read(&parameters, DefaultFields::All)?;
    let cluster = shared.cluster();
    let (release, mut record) = (cluster.release, Record::new(&CLUSTER));
    record.set(fields::NAME, cluster.name.as_str());
    record.set(fields::UUID, cluster.uuid.to_string());
    record.set("version.full", format!("NetApp Release {release} (simulator)"));
    record.set("version.generation", release.generation.to_string());
    record.set("version.major", release.major.to_string());
    record.set("version.minor", release.minor.to_string());
    drop(cluster);
    Ok(ApiResponse::single(&record, &selection, call.style).linked(call.style, CLUSTER.path))
}

/// Handles GET of a job.
pub(crate) fn job(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Instance, &JOB)?;
    jobs::show(&shared.jobs, call.uuid()?, &parameters, call.style)
}

/// Handles GET of a request that waits for an administrator, or has a decision.
pub(crate) fn approval(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    call.without_body()?;
    let index = call.last_segment();
    let found = shared.approvals.all().into_iter().find(|approval| approval.index.to_string() == index);
    let found = found.ok_or_else(|| Refusal::not_found("request", "index", &index))?;
    let state = found.granted.map_or("pending", |granted| if granted { "approved" } else { "vetoed" });
    Ok(ApiResponse::ok(
        json!({"index": found.index, "operation": format!("{} {}", found.method, found.path), "state": state}),
    ))
}

/// Handles PATCH of a waiting request: an administrator approves or vetoes it.
pub(crate) fn decide(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    call.parameters(Scope::Change, &POLICY)?;
    let body: Json = serde_json::from_slice(&call.body).unwrap_or_default();
    let granted = match body["state"].as_str() {
        Some("approved") => true,
        Some("vetoed") => false,
        other => return Err(Refusal::invalid("state", other, "state must be approved or vetoed")),
    };
    let index = call.last_segment();
    match values::digits(&index).is_some_and(|index| shared.approvals.decide(index, granted)) {
        true => Ok(ApiResponse::ok(json!({}))),
        false => Err(Refusal::not_found("waiting request", "index", &index)),
    }
}
