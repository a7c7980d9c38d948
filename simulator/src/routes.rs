//! Which request does what.

use std::{
    future::{Ready, ready},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Extension, Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{Method, Uri, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::get,
};
use percent_encoding::percent_decode_str;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    answer::{self, Answer, Style},
    auth::Account,
    body::{self, Purpose, Wording},
    cluster::{Cluster, Policy},
    query::{
        page,
        parameters::{self, Parameters, Scope},
        selection::{Selection, Unasked},
    },
    recording::Recording,
    refusal::Refusal,
    rules,
    state::Release,
    values,
};

const POLICIES: &str = "/api/security/ipsec/policies";
const POLICIES_METHODS: &str = "GET, HEAD, OPTIONS, POST";
const POLICY_METHODS: &str = "GET, HEAD, OPTIONS, PATCH, DELETE";
const CLUSTER_METHODS: &str = "GET, HEAD, OPTIONS";

/// Headers that address an SVM through the cluster. To pass over them would put policies into the wrong place.
const TUNNEL: [&str; 2] = ["x-dot-svm-name", "x-dot-svm-uuid"];

/// The largest body that is read. Far more than any policy needs.
const LARGEST_BODY: usize = 1024 * 1024;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) account: Account,
    pub(crate) release: Release,
    pub(crate) cluster: Mutex<Cluster>,
    pub(crate) recording: Recording,
}

impl Shared {
    fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.cluster.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that was let in.
#[derive(Clone, Debug)]
struct Call {
    method: Method,
    uri: Uri,
    parameters: Vec<(String, String)>,
    body: Bytes,
    style: Style,
    release: Release,
}

type Operation = fn(&Shared, &Call) -> Result<Answer, Refusal>;

/// The whole API.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let policies = get(run(list))
        .post(run(create))
        .options(run(|_, _| options(POLICIES_METHODS)))
        .fallback(run(|_, call| Err(Refusal::no_such_method(call.method.as_str(), POLICIES_METHODS))));
    let policy = get(run(show))
        .patch(run(modify))
        .delete(run(delete))
        .options(run(|_, _| options(POLICY_METHODS)))
        .fallback(run(|_, call| Err(Refusal::no_such_method(call.method.as_str(), POLICY_METHODS))));
    let cluster = get(run(cluster))
        .options(run(|_, _| options(CLUSTER_METHODS)))
        .fallback(run(|_, call| Err(Refusal::no_such_method(call.method.as_str(), CLUSTER_METHODS))));
    Router::new()
        .route(POLICIES, policies)
        .route(&format!("{POLICIES}/{{uuid}}"), policy)
        .route("/api/cluster", cluster)
        .fallback(run(|_, call| Err(Refusal::no_such_path(call.uri.path()))))
        .layer(from_fn_with_state(Arc::clone(&shared), admit))
        .with_state(shared)
}

/// Records the request, then lets it in if its credentials are right.
async fn admit(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let parameters: Vec<_> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let style = Style { pretty: parameters::is_pretty(&parameters), ..Style::of(&parts.headers) };
    let body = to_bytes(body, LARGEST_BODY).await;
    shared.recording.add(&parts, body.as_ref().unwrap_or(&Bytes::new()));
    if !shared.account.admits(&parts.headers) {
        return answer::response(style, Err(Refusal::unauthenticated()));
    }
    let Ok(body) = body else {
        return answer::response(style, Err(Refusal::body_too_large(LARGEST_BODY)));
    };
    for name in TUNNEL {
        if parts.headers.contains_key(name) {
            return answer::response(style, Err(Refusal::not_simulated(name)));
        }
    }
    let call =
        Call { method: parts.method.clone(), uri: parts.uri.clone(), parameters, body, style, release: shared.release };
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(Arc::new(call));
    next.run(request).await
}

/// An operation as axum calls it. Nothing waits once the body is there.
fn run(
    operation: Operation,
) -> impl FnOnce(State<Arc<Shared>>, Extension<Arc<Call>>) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |State(shared), Extension(call)| ready(answer::response(call.style, operation(&shared, &call)))
}

impl Call {
    /// The checked query parameters.
    ///
    /// # Errors
    /// Those of [`Parameters::read`].
    fn parameters(&self, scope: Scope) -> Result<Parameters<'_>, Refusal> {
        Parameters::read(&self.parameters, scope, self.release)
    }

    /// # Errors
    /// 262198 where a GET or HEAD has a body.
    fn without_body(&self) -> Result<(), Refusal> {
        match self.body.trim_ascii() {
            [] => Ok(()),
            _ => Err(Refusal::body_not_allowed(self.method.as_str())),
        }
    }

    /// The UUID at the end of the path.
    ///
    /// # Errors
    /// 2 where it is none.
    fn uuid(&self) -> Result<Uuid, Refusal> {
        let last = self.uri.path().rsplit('/').next().unwrap_or_default();
        let last = percent_decode_str(last).decode_utf8_lossy();
        values::uuid(&last).ok_or_else(|| Refusal::path_without_uuid(&last))
    }

    /// The policy that the path names.
    ///
    /// # Errors
    /// 4 where there is none.
    fn policy<'a>(&self, cluster: &'a Cluster) -> Result<&'a Policy, Refusal> {
        let uuid = self.uuid()?;
        cluster.policies.get(uuid).ok_or_else(|| Refusal::no_such_policy(&uuid.to_string()))
    }
}

fn options(methods: &str) -> Result<Answer, Refusal> {
    Ok(Answer::ok(json!({})).with(header::ALLOW, methods))
}

fn list(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Collection)?;
    let selection = Selection::of_policy(&parameters, Unasked::Keys)?;
    let cluster = shared.cluster();
    if parameters.flag("return_records")? == Some(false) {
        return Ok(Answer::ok(json!({"num_records": page::count(&cluster, &parameters)?})));
    }
    let page = page::read(&cluster, &parameters, POLICIES, &call.parameters)?;
    let records: Vec<_> =
        page.policies.iter().map(|policy| answer::record(&policy.record, &selection, call.style)).collect();
    let mut body = json!({"num_records": records.len(), "records": records});
    if call.style.hal {
        let itself = call.uri.path_and_query().map_or(POLICIES, |target| target.as_str());
        body["_links"] = answer::self_link(itself);
    }
    let Some(next) = page.next else { return Ok(Answer::ok(body)) };
    body["_links"]["next"] = json!({"href": next});
    Ok(Answer::ok(body).with(header::LINK, format!("<{next}>; rel=\"next\"")))
}

fn show(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Instance)?;
    let selection = Selection::of_policy(&parameters, Unasked::All)?;
    let cluster = shared.cluster();
    Ok(Answer::ok(answer::record(&call.policy(&cluster)?.record, &selection, call.style)))
}

fn create(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    let parameters = call.parameters(Scope::Create)?;
    let given = body::read(&call.body, Purpose::Create, Wording::of(&parameters))?;
    let uuid = Uuid::new_v4();
    let mut cluster = shared.cluster();
    let record = rules::create(&cluster, uuid, &given)?;
    let body = if parameters.flag("return_records")? == Some(true) {
        let everything = Selection::of_policy(&parameters, Unasked::All)?;
        json!({"num_records": 1, "records": [answer::record(&record, &everything, call.style)]})
    } else {
        json!({})
    };
    cluster.policies.add(uuid, record);
    Ok(Answer::created(format!("{POLICIES}/{uuid}"), body))
}

fn modify(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    let parameters = call.parameters(Scope::Change)?;
    let mut cluster = shared.cluster();
    let policy = call.policy(&cluster)?;
    let given = body::read(&call.body, Purpose::Modify, Wording::of(&parameters))?;
    let record = rules::modify(&cluster, policy, &given)?;
    let uuid = policy.uuid;
    cluster.policies.update(uuid, record);
    Ok(Answer::ok(json!({})))
}

fn delete(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    if !body::is_blank(&call.body) {
        return Err(Refusal::body_not_allowed(call.method.as_str()));
    }
    call.parameters(Scope::Change)?;
    let uuid = call.uuid()?;
    if shared.cluster().policies.remove(uuid).is_none() {
        return Err(Refusal::no_such_policy(&uuid.to_string()));
    }
    Ok(Answer::ok(json!({})))
}

/// The cluster itself; clients read it to learn the release.
fn cluster(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
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
        body["_links"] = answer::self_link("/api/cluster");
    }
    Ok(Answer::ok(body))
}
