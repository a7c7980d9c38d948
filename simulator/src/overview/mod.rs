//! The page at `/`, for people: what the cluster consists of, its policies, the last requests, the configured faults.
//!
//! It stands beside the API rather than in it: looking at it is recorded nowhere, and no fault strikes it. It wants the
//! same account, though it shows no secrets.

mod faults;
mod html;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    response::Response,
    routing::any,
};
use uuid::Uuid;

use self::faults::FaultRow;
use crate::{
    answer::{self, Style},
    cluster::{Cluster, Policy},
    fields,
    recording::RecordedRequest,
    refusal::Refusal,
    shared::Shared,
    state::SvmKind,
};

/// How many policies are shown.
const MOST_POLICIES: usize = 50;

/// How many requests are shown.
const MOST_REQUESTS: usize = 20;

const METHODS: &str = "GET, HEAD";

/// The page, for the router of the API to take in.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new().route("/", any(show)).with_state(shared)
}

async fn show(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let refuse = |refusal| answer::response(Style::of(&parts.headers), Err(refusal));
    if !shared.admission.admits(&parts) {
        return refuse(Refusal::unauthenticated());
    }
    if ![Method::GET, Method::HEAD].contains(&parts.method) {
        return refuse(Refusal::no_such_method(parts.method.as_str(), METHODS));
    }
    // Known to this answer alone, so that nothing that a client put into a name can bring a style of its own.
    let nonce = Uuid::new_v4().simple().to_string();
    page(&nonce, html::page(&Overview::of(&shared), &nonce).into_string())
}

fn page(nonce: &str, html: String) -> Response {
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What the page shows, taken at one moment.
#[derive(Debug)]
struct Overview {
    name: String,
    facts: Vec<(&'static str, String)>,
    svms: Vec<SvmRow>,
    certificates: Vec<CertificateRow>,
    policies: Vec<PolicyRow>,
    policies_in_all: usize,
    recording: bool,
    requests: Vec<RecordedRequest>,
    faults: Vec<FaultRow>,
    /// Why the state file could not be written.
    unsaved: Option<String>,
}

#[derive(Debug)]
struct SvmRow {
    name: String,
    kind: &'static str,
    ipspace: String,
    migrating: bool,
    policies: usize,
}

#[derive(Debug)]
struct CertificateRow {
    name: String,
    owner: String,
}

#[derive(Debug)]
struct PolicyRow {
    name: String,
    uuid: String,
    /// `None` for a policy of the cluster.
    svm: Option<String>,
    enabled: bool,
    action: String,
    authentication: String,
    local: EndpointCell,
    remote: EndpointCell,
    protocol: String,
}

impl Overview {
    fn of(shared: &Shared) -> Self {
        shared.jobs.settle();
        let cluster = shared.cluster();
        let saving = shared.state_file.clone();
        let mut facts = facts(&cluster);
        if let Some(file) = &saving {
            facts.push(("State file", file.path().display().to_string()));
        }
        Self {
            name: cluster.name.clone(),
            facts,
            svms: svms(&cluster),
            certificates: certificates(&cluster),
            policies: cluster.policies.after(None).take(MOST_POLICIES).map(PolicyRow::of).collect(),
            policies_in_all: cluster.policies.len(),
            recording: shared.recording.is_on(),
            requests: shared.recording.last(MOST_REQUESTS),
            faults: shared.faults.reports().iter().map(FaultRow::of).collect(),
            unsaved: saving.and_then(|file| file.error()),
        }
    }
}

fn facts(cluster: &Cluster) -> Vec<(&'static str, String)> {
    let limit = |limit: usize| if limit == usize::MAX { "no limit".to_owned() } else { limit.to_string() };
    let mut facts = vec![("Release", cluster.release.to_string())];
    if cluster.effective_release != cluster.release {
        facts.push(("Effective release", cluster.effective_release.to_string()));
    }
    if !cluster.node_releases.is_empty() {
        let releases: Vec<_> = cluster.node_releases.iter().map(ToString::to_string).collect();
        facts.push(("Releases of the nodes", releases.join(", ")));
    }
    facts.push(("UUID", cluster.uuid.to_string()));
    facts.push(("MetroCluster", if cluster.metrocluster { "yes" } else { "no" }.to_owned()));
    let ipspaces: Vec<_> = cluster.ipspaces.iter().map(|ipspace| ipspace.name.as_str()).collect();
    facts.push(("IPspaces", ipspaces.join(", ")));
    facts.push(("Policies per SVM", limit(cluster.policies_per_svm)));
    facts.push(("Policies in all", limit(cluster.policies_per_cluster)));
    facts
}

fn svms(cluster: &Cluster) -> Vec<SvmRow> {
    let row = |svm: &crate::cluster::Svm| SvmRow {
        name: svm.name.clone(),
        kind: match svm.kind {
            SvmKind::Data => "data",
            SvmKind::Admin => "admin",
            SvmKind::Node => "node",
        },
        ipspace: cluster.ipspaces[svm.ipspace].name.clone(),
        migrating: svm.migrating,
        policies: cluster.policies.len_of_svm(&svm.uuid.to_string()),
    };
    cluster.svms.iter().map(row).collect()
}

fn certificates(cluster: &Cluster) -> Vec<CertificateRow> {
    let owner = |uuid| cluster.svms.iter().find(|svm| svm.uuid == uuid).map(|svm| svm.name.clone());
    let row = |certificate: &crate::cluster::Certificate| CertificateRow {
        name: certificate.name.clone(),
        owner: certificate.svm.and_then(owner).unwrap_or_else(|| "the cluster".to_owned()),
    };
    cluster.certificates.iter().map(row).collect()
}

impl PolicyRow {
    fn of(policy: &Policy) -> Self {
        let text = |name| policy.record.text(name).unwrap_or_default().to_owned();
        let authentication = match (policy.record.text(fields::CERTIFICATE_NAME), text(fields::AUTHENTICATION_METHOD)) {
            (Some(certificate), method) => format!("{method} with {certificate}"),
            (None, method) => method,
        };
        Self {
            name: text(fields::NAME),
            uuid: policy.uuid.to_string(),
            svm: policy.record.text(fields::SVM_NAME).map(str::to_owned),
            enabled: policy.record.get(fields::ENABLED).is_some_and(|enabled| enabled.written() == "true"),
            action: text(fields::ACTION),
            authentication,
            local: EndpointCell::of(policy, &fields::LOCAL),
            remote: EndpointCell::of(policy, &fields::REMOTE),
            protocol: text(fields::PROTOCOL),
        }
    }
}

/// One end of the traffic of a policy.
#[derive(Debug)]
struct EndpointCell {
    subnet: String,
    /// `None` where it is any.
    port: Option<String>,
}

impl EndpointCell {
    fn of(policy: &Policy, names: &fields::EndpointNames) -> Self {
        let text = |name| policy.record.text(name);
        let subnet = match (text(names.address), text(names.netmask)) {
            (Some(address), Some(netmask)) => format!("{address}/{netmask}"),
            (Some(address), None) => address.to_owned(),
            (None, _) => "any".to_owned(),
        };
        // A policy has one port, which comes back as a range of itself, or 0 for any.
        let port = text(names.port).and_then(|port| port.split('-').next()).filter(|port| *port != "0");
        Self { subnet, port: port.map(str::to_owned) }
    }
}
