//! Which request does what.

use std::{
    error::Error as _,
    future::{Ready, ready},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use axum::{
    Extension, Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{Method, Uri, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::get,
};
use http_body_util::LengthLimitError;
use percent_encoding::percent_decode_str;
use serde_json::{Value as Json, json};
use tokio::time::timeout;
use tower_http::{CompressionLevel, compression::CompressionLayer};
use uuid::Uuid;

use crate::{
    answer::{self, Answer, Records, Style},
    auth::Admission,
    body::{self, Body as Content, Entry, Purpose, Wording},
    by_query,
    by_records::{self, Results},
    cluster::{Cluster, Policy},
    faults::{
        Faults,
        cluster::{ClusterFault, Struck, later},
    },
    jobs::{self, Ending, JOBS, Jobs},
    overview,
    query::{
        page,
        parameters::{self, Parameters, Scope},
        selection::{Selection, Unasked},
    },
    recording::Recorder,
    refusal::Refusal,
    rules,
    server::PATIENCE,
    state::Release,
    state_file::Saver,
    values,
};

pub(crate) const POLICIES: &str = "/api/security/ipsec/policies";
const POLICIES_METHODS: &str = "GET, HEAD, OPTIONS, POST, DELETE, PATCH";
const POLICY_METHODS: &str = "GET, HEAD, OPTIONS, PATCH, DELETE";
const READ_ONLY_METHODS: &str = "GET, HEAD, OPTIONS";

/// Headers that address an SVM through the cluster. To pass over them would put policies into the wrong place.
const TUNNEL: [&str; 2] = ["x-dot-svm-name", "x-dot-svm-uuid"];

/// The largest body that is read. Far more than any policy needs.
const LARGEST_BODY: usize = 1024 * 1024;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) admission: Admission,
    pub(crate) release: Release,
    pub(crate) cluster: Arc<Mutex<Cluster>>,
    pub(crate) saver: Option<Arc<Saver>>,
    pub(crate) recording: Recorder,
    pub(crate) jobs: Jobs,
    /// What jobs about several policies came to.
    pub(crate) results: Results,
    /// For work that is done later, and must not keep all of this alive.
    pub(crate) itself: Weak<Shared>,
    pub(crate) faults: Faults,
}

impl Shared {
    pub(crate) fn cluster(&self) -> MutexGuard<'_, Cluster> {
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
    /// The UUID of the policy that this request makes, if it makes one. A job's client is told before there is one.
    new_uuid: Uuid,
    /// How the job ends that this request starts, if it starts one.
    ending: Ending,
}

type Operation = fn(&Shared, &Call) -> Result<Answer, Refusal>;

/// The whole API.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let policies = get(run(list))
        .post(run(create))
        .patch(run(modify_many))
        .delete(run(delete_many))
        .options(run(|_, _| options(POLICIES_METHODS)))
        .fallback(run(|_, call| Err(Refusal::no_such_method(call.method.as_str(), POLICIES_METHODS))));
    let policy = get(run(show))
        .patch(run(modify))
        .delete(run(delete))
        .options(run(|_, _| options(POLICY_METHODS)))
        .fallback(run(|_, call| Err(Refusal::no_such_method(call.method.as_str(), POLICY_METHODS))));
    let cluster = get(run(cluster))
        .options(run(|_, _| options(READ_ONLY_METHODS)))
        .fallback(run(|_, call| Err(Refusal::no_such_method(call.method.as_str(), READ_ONLY_METHODS))));
    let job = get(run(job))
        .options(run(|_, _| options(READ_ONLY_METHODS)))
        .fallback(run(|_, call| Err(Refusal::no_such_method(call.method.as_str(), READ_ONLY_METHODS))));
    Router::new()
        .route(POLICIES, policies)
        .route(&format!("{POLICIES}/{{uuid}}"), policy)
        .route("/api/cluster", cluster)
        .route(&format!("{JOBS}/{{uuid}}"), job)
        .fallback(run(|_, call| Err(Refusal::no_such_path(call.uri.path()))))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn_with_state(Arc::clone(&shared), admit))
        .with_state(Arc::clone(&shared))
        .merge(overview::router(shared))
}

/// Records the request, then lets it in through whatever goes wrong on its way.
async fn admit(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = read(body).await;
    let place = shared.recording.add(&parts, body.as_ref().unwrap_or(&Bytes::new()));
    let response = match shared.faults.on_the_way(&parts.method, &parts.uri) {
        None => enter(Arc::clone(&shared), parts, body, next).await,
        Some(storm) => storm.weather(enter(Arc::clone(&shared), parts, body, next)).await,
    };
    if let Some(place) = place {
        shared.recording.answered(place, &response);
    }
    response
}

/// The whole body.
///
/// # Errors
/// 2 where it is too large or too slow, 262201 where it breaks off or its parts are not what HTTP wants.
async fn read(body: Body) -> Result<Bytes, Refusal> {
    let body = timeout(PATIENCE, to_bytes(body, LARGEST_BODY)).await.map_err(|_| Refusal::body_too_slow(PATIENCE))?;
    body.map_err(|error| match error.source() {
        Some(source) if source.is::<LengthLimitError>() => Refusal::body_too_large(LARGEST_BODY),
        _ => Refusal::body_broken_off(),
    })
}

/// Lets the request in if its credentials are right, whatever is wrong with its body.
async fn enter(shared: Arc<Shared>, parts: Parts, body: Result<Bytes, Refusal>, next: Next) -> Response {
    let parameters: Vec<_> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let style = Style { pretty: parameters::is_pretty(&parameters), ..Style::of(&parts.headers) };
    if !shared.admission.admits(&parts) {
        return answer::response(style, Err(Refusal::unauthenticated()));
    }
    let body = match body {
        Ok(body) => body,
        Err(refusal) => return answer::response(style, Err(refusal)),
    };
    for name in TUNNEL {
        if parts.headers.contains_key(name) {
            return answer::response(style, Err(Refusal::not_simulated(name)));
        }
    }
    let call = Call {
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        parameters,
        body,
        style,
        release: shared.release,
        new_uuid: Uuid::new_v4(),
        ending: Ending::default(),
    };
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(Arc::new(call));
    next.run(request).await
}

/// An operation as axum calls it. Nothing waits once the body is there.
fn run(
    operation: Operation,
) -> impl FnOnce(State<Arc<Shared>>, Extension<Arc<Call>>) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |State(shared), Extension(call)| {
        shared.jobs.settle();
        let outcome = match shared.faults.in_the_cluster(&call.method, &call.uri) {
            None => operation(&shared, &call),
            // It is the work of a job in any case, which the client has to be told of as such.
            Some(ClusterFault::Job { finish, failure }) if call.lists_records() => {
                operation(&shared, &Call { ending: Ending { finish, failure }, ..Call::clone(&call) })
            }
            Some(fault) => fault.strike(Struck {
                method: &call.method,
                path: call.uri.path(),
                target: call.target(),
                location: call.location(),
                jobs: &shared.jobs,
                work: later(Arc::downgrade(&shared), Arc::clone(&call), move |shared, call| operation(shared, call)),
            }),
        };
        ready(answer::response(call.style, outcome))
    }
}

impl Call {
    /// The checked query parameters.
    ///
    /// # Errors
    /// Those of [`Parameters::read`].
    fn parameters(&self, scope: Scope) -> Result<Parameters<'_>, Refusal> {
        Parameters::read(&self.parameters, scope, self.release)
    }

    /// Path and query.
    fn target(&self) -> &str {
        self.uri.path_and_query().map_or(POLICIES, |target| target.as_str())
    }

    /// Where the policy will be that this request makes, if it makes one.
    fn location(&self) -> Option<String> {
        (self.method == Method::POST && self.uri.path() == POLICIES).then(|| format!("{POLICIES}/{}", self.new_uuid))
    }

    /// Whether its body lists the policies that it is about.
    fn lists_records(&self) -> bool {
        self.uri.path() == POLICIES && body::lists_records(&self.body)
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
    if let Some(job) = parameters.text("job_results_uuid") {
        return shared.results.show(job, &parameters, call.target(), call.style);
    }
    let cluster = shared.cluster();
    if parameters.flag("return_records")? == Some(false) {
        return Ok(Answer::ok(json!({"num_records": page::count(&cluster, &parameters)?})));
    }
    let page = page::read(&cluster, &parameters, POLICIES, &call.parameters)?;
    let records = Records::new(page.policies.iter().map(|policy| &policy.record), &selection, call.style);
    let mut body = json!({});
    if call.style.hal {
        body["_links"] = answer::self_link(call.target());
    }
    let Some(next) = page.next else { return Ok(Answer::ok(body).with_records(records)) };
    body["_links"]["next"] = json!({"href": next});
    Ok(Answer::ok(body).with_records(records).with(header::LINK, format!("<{next}>; rel=\"next\"")))
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
    let given = match body::read(&call.body, Purpose::Create, Wording::of(&parameters))? {
        Content::One(given) => given,
        Content::Records(entries) => return start(shared, call, &parameters, Purpose::Create, entries),
    };
    let uuid = call.new_uuid;
    let mut cluster = shared.cluster();
    let record = rules::create(&cluster, uuid, &given)?;
    let mut answer = Answer::created(format!("{POLICIES}/{uuid}"), json!({}));
    if parameters.flag("return_records")? == Some(true) {
        let everything = Selection::of_policy(&parameters, Unasked::All)?;
        answer = answer.with_records(Records::new([&record], &everything, call.style));
    }
    cluster.policies.add(uuid, record);
    Ok(answer)
}

fn modify(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    let parameters = call.parameters(Scope::Change)?;
    let mut cluster = shared.cluster();
    let policy = call.policy(&cluster)?;
    let given = body::read_one(&call.body, Purpose::Modify, Wording::of(&parameters))?;
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

/// PATCH on the collection.
fn modify_many(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    let parameters = call.parameters(Scope::ChangeMany)?;
    match body::read(&call.body, Purpose::Modify, Wording::of(&parameters))? {
        Content::Records(entries) => start(shared, call, &parameters, Purpose::Modify, entries),
        Content::One(given) => {
            by_query::modify(&mut shared.cluster(), &parameters, POLICIES, &call.parameters, call.style, &given)
        }
    }
}

/// DELETE on the collection.
fn delete_many(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    let parameters = call.parameters(Scope::ChangeMany)?;
    if body::is_blank(&call.body) {
        return by_query::delete(&mut shared.cluster(), &parameters, POLICIES, &call.parameters, call.style);
    }
    match body::read(&call.body, Purpose::Delete, Wording::of(&parameters))? {
        Content::Records(entries) => start(shared, call, &parameters, Purpose::Delete, entries),
        Content::One(_) => Err(Refusal::body_not_allowed(call.method.as_str())),
    }
}

/// Starts the job about the policies that a body lists.
fn start(
    shared: &Shared,
    call: &Call,
    parameters: &Parameters<'_>,
    purpose: Purpose,
    entries: Vec<Entry>,
) -> Result<Answer, Refusal> {
    if let Some((field, _)) = parameters.filters().first() {
        return Err(Refusal::records_and_query(field.name));
    }
    let goes_on = parameters.flag("continue_on_failure")? == Some(true);
    Ok(by_records::start(shared, purpose, entries, goes_on, call.ending.clone()))
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

/// A job: work that an earlier request was answered 202 for.
fn job(shared: &Shared, call: &Call) -> Result<Answer, Refusal> {
    call.without_body()?;
    let parameters = call.parameters(Scope::Instance)?;
    jobs::show(&shared.jobs, call.uuid()?, &parameters, call.style.hal)
}
