//! Handles requests for the configuration of IPsec, its CA certificates and its security associations.

use serde_json::json;

use crate::{
    api_response::ApiResponse,
    body::{self, KnownFields, Purpose},
    call::Call,
    cluster::{Associations, Cluster},
    fields::Resource,
    operations::{created, listed},
    query::{
        parameters::{Parameters, Scope},
        selection::{DefaultFields, Selection},
    },
    refusal::Refusal,
    resources::{ASSOCIATION, CA_CERTIFICATE, CONFIG},
    rules::{ca_certificates, config},
    shared::Shared,
};

/// Reads the parameters of a GET, and the fields to return.
fn read<'a>(call: &'a Call, of: &'static Resource, scope: Scope) -> Result<(Parameters<'a>, Selection), Refusal> {
    call.without_body()?;
    let parameters = call.parameters(scope, of)?;
    let default_fields = if scope == Scope::Collection { DefaultFields::Keys } else { DefaultFields::All };
    let selection = Selection::read(&parameters, default_fields)?;
    Ok((parameters, selection))
}

pub(crate) fn show_config(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let (_, selection) = read(call, &CONFIG, Scope::Singleton)?;
    Ok(ApiResponse::single(&shared.cluster().config, &selection, call.style).linked(call.style, CONFIG.path))
}

pub(crate) fn change_config(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let parameters = call.parameters(Scope::Change, &CONFIG)?;
    let given = body::read_one(&call.body, Purpose::Modify, KnownFields::of(&parameters))?;
    let mut cluster = shared.cluster();
    let config = config::modify(&cluster, &given)?;
    cluster.configure(config);
    Ok(ApiResponse::ok(json!({})))
}

pub(crate) fn list_authorities(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let (parameters, selection) = read(call, &CA_CERTIFICATE, Scope::Collection)?;
    listed(&shared.cluster().ca_certificates, call, &parameters, selection)
}

pub(crate) fn show_authority(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let (_, selection) = read(call, &CA_CERTIFICATE, Scope::Instance)?;
    let (cluster, uuid) = (shared.cluster(), call.uuid()?);
    let found = cluster.ca_certificates.get(uuid).filter(|item| call.view.tunnel.reaches(&item.record));
    let found = found.ok_or_else(|| Refusal::not_found("CA certificate of IPsec", "uuid", &uuid.to_string()))?;
    Ok(ApiResponse::single(&found.record, &selection, call.style))
}

pub(crate) fn add_authority(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let parameters = call.parameters(Scope::Create, &CA_CERTIFICATE)?;
    let mut given = body::read_one(&call.body, Purpose::Create, KnownFields::of(&parameters))?;
    given.use_tunnel_svm(&call.view.tunnel)?;
    let mut cluster = shared.cluster();
    let (uuid, record) = ca_certificates::add(&cluster, &given)?;
    let response = created(uuid, &record, &parameters, call.style)?;
    cluster.ca_certificates.add(uuid, record);
    Ok(response)
}

pub(crate) fn remove_authority(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    call.without_entries()?;
    call.parameters(Scope::Change, &CA_CERTIFICATE)?;
    let mut cluster = shared.cluster();
    let uuid = ca_certificates::find(&cluster, call.uuid()?, &call.view.tunnel)?.uuid;
    cluster.ca_certificates.remove(uuid);
    Ok(ApiResponse::ok(json!({})))
}

pub(crate) fn list_associations(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let (parameters, selection) = read(call, &ASSOCIATION, Scope::Collection)?;
    listed(associations(call, &shared.cluster()), call, &parameters, selection)
}

pub(crate) fn show_association(shared: &Shared, call: &Call) -> Result<ApiResponse, Refusal> {
    let (_, selection) = read(call, &ASSOCIATION, Scope::Instance)?;
    let (cluster, uuid) = (shared.cluster(), call.uuid()?);
    let found = associations(call, &cluster).get(uuid).filter(|item| call.view.tunnel.reaches(&item.record));
    let found = found.ok_or_else(|| Refusal::not_found("security association", "uuid", &uuid.to_string()))?;
    Ok(ApiResponse::single(&found.record, &selection, call.style))
}

/// Returns the associations that the request sees.
fn associations<'a>(call: &Call, cluster: &'a Cluster) -> Associations<'a> {
    Associations { cluster, silent_peer: call.view.silent_peer }
}
