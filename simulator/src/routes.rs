//! Routes requests to operations.

use std::{
    error::Error,
    future::{Ready, ready},
    sync::Arc,
};

use axum::{
    Extension, Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{
        Method,
        header::{self, CONTENT_TYPE},
        request::Parts,
    },
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{MethodRouter, get},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::json;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tower_http::{CompressionLevel, compression::CompressionLayer};
use uuid::Uuid;

use crate::{
    api_response::{self, ApiResponse, Style},
    apply_fault::apply_fault,
    approvals::APPROVALS,
    auth::CertificateUser,
    call::Call,
    effects::JobEnd,
    fields::Resource,
    ipsec, operations,
    path::{ASSOCIATIONS, CA_CERTIFICATES, CLUSTER, CONFIG, JOBS, POLICIES},
    query::parameters::View,
    refusal::Refusal,
    resources::{ASSOCIATION, CA_CERTIFICATE, POLICY},
    server::CLIENT_TIMEOUT,
    shared::Shared,
    state::Release,
    tunnel::Tunnel,
    wire::Activity,
};

const READ_ONLY_METHODS: &str = "GET, HEAD, OPTIONS";

/// The largest body that the simulator reads: 1 MiB.
const LARGEST_BODY: usize = 1024 * 1024;

/// The memory for lists that clients have not read: 128 MiB. Further lists wait.
const UNREAD: usize = 128 * 1024 * 1024;

/// The memory that is reserved while a list is made: 16 MiB. Afterwards, the length of the list counts, up to this
/// number.
const LONGEST_LIST: u32 = 16 * 1024 * 1024;

/// Makes the router of the API.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let room = Arc::new(Semaphore::new(UNREAD));
    let policies = with_methods(
        "GET, HEAD, OPTIONS, POST, DELETE, PATCH",
        get(run(operations::list))
            .post(run(operations::create))
            .patch(run(operations::modify_many))
            .delete(run(operations::delete_many)),
    )
    .layer(from_fn_with_state(Arc::clone(&room), limit_unread_lists));
    let policy = with_methods(
        "GET, HEAD, OPTIONS, PATCH, DELETE",
        get(run(operations::show)).patch(run(operations::modify)).delete(run(operations::delete)),
    );
    let config =
        with_methods("GET, HEAD, OPTIONS, PATCH", get(run(ipsec::show_config)).patch(run(ipsec::change_config)));
    let authorities =
        with_methods("GET, HEAD, OPTIONS, POST", get(run(ipsec::list_authorities)).post(run(ipsec::add_authority)));
    let authority = with_methods(
        "GET, HEAD, OPTIONS, DELETE",
        get(run(ipsec::show_authority)).delete(run(ipsec::remove_authority)),
    );
    let associations = with_methods(READ_ONLY_METHODS, get(run(ipsec::list_associations)))
        .layer(from_fn_with_state(room, limit_unread_lists));
    let association = with_methods(READ_ONLY_METHODS, get(run(ipsec::show_association)));
    let cluster = with_methods(READ_ONLY_METHODS, get(run(operations::cluster)));
    let job = with_methods(READ_ONLY_METHODS, get(run(operations::job)));
    let approval =
        with_methods("GET, HEAD, OPTIONS, PATCH", get(run(operations::approval)).patch(run(operations::decide)));
    let mut router = Router::new();
    if release_has(&CA_CERTIFICATE, shared.release) {
        router = router.route(CA_CERTIFICATES, authorities).route(&format!("{CA_CERTIFICATES}/{{uuid}}"), authority);
    }
    let router = router
        .route(POLICIES, policies)
        .route(&format!("{POLICIES}/{{uuid}}"), policy)
        .route(CONFIG, config)
        .route(ASSOCIATIONS, associations)
        .route(&format!("{ASSOCIATIONS}/{{uuid}}"), association)
        .route(CLUSTER, cluster)
        .route(&format!("{JOBS}/{{uuid}}"), job)
        .route(&format!("{APPROVALS}/{{index}}"), approval)
        .fallback(refuse(|call| {
            let path = call.uri.path();
            let is_below_a_record = |of: &Resource| {
                let record = path.strip_prefix(of.path).and_then(|below| below.strip_prefix('/'));
                record.is_some_and(|record| record.contains('/'))
            };
            let collections =
                [&POLICY, &CA_CERTIFICATE, &ASSOCIATION].into_iter().filter(|of| release_has(of, call.release));
            Refusal::no_such_path(path, collections.into_iter().any(is_below_a_record))
        }))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn_with_state(Arc::clone(&shared), admit))
        .with_state(Arc::clone(&shared));
    #[cfg(feature = "program")]
    let router = router.merge(crate::overview::router(shared));
    router
}

/// Tells whether the release has the resource.
fn release_has(resource: &Resource, release: Release) -> bool {
    resource.introduced <= release
}

/// Adds the responses to OPTIONS and to methods that are not in `list`, both with `list` in `Allow`.
fn with_methods(list: &'static str, methods: MethodRouter<Arc<Shared>>) -> MethodRouter<Arc<Shared>> {
    methods
        .options(run(move |_, _| Ok(ApiResponse::ok(json!({})).with(header::ALLOW, list))))
        .fallback(refuse(move |call| Refusal::no_such_method(call.method.as_str(), list)))
}

/// Records the request, applies network faults, and handles it.
async fn admit(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = read(body, shared.sign_in.knows(&parts)).await;
    let place = shared.recording.add(&parts, body.as_ref().unwrap_or(&Bytes::new()));
    let response = match shared.faults.network_faults_for(&parts.method, &parts.uri) {
        None => enter(Arc::clone(&shared), parts, body, next).await,
        Some(network_faults) => {
            let (activity, stays_silent) = (parts.extensions.get::<Activity>().cloned(), network_faults.stays_silent());
            activity.iter().for_each(Activity::allow_silence);
            // Before the response: a client that disconnects gets none, but the recording should have the fault.
            shared.recording.applied(place, network_faults.id);
            let response = network_faults.apply(enter(Arc::clone(&shared), parts, body, next)).await;
            activity.iter().filter(|_| !stays_silent).for_each(Activity::forbid_silence);
            response
        }
    };
    shared.recording.answered(place, &response);
    response
}

/// Reads the whole body. Returns an empty one if `is_kept` is false.
///
/// # Errors
/// Returns 2 for a body that is too large or too slow, and 262201 for an incomplete or invalid one.
async fn read(body: Body, is_kept: bool) -> Result<Bytes, Refusal> {
    let (mut body, mut whole) = (Limited::new(body, LARGEST_BODY), Vec::new());
    let reading = async {
        while let Some(frame) = body.frame().await {
            // A chunk of one byte would take 36 bytes, so the chunks are copied together.
            if let Ok(data) = frame?.into_data()
                && is_kept
            {
                whole.extend_from_slice(&data);
            }
        }
        Ok(())
    };
    let read: Result<(), Box<dyn Error + Send + Sync>> =
        timeout(CLIENT_TIMEOUT, reading).await.map_err(|_| Refusal::body_too_slow(CLIENT_TIMEOUT))?;
    match read {
        Ok(()) => Ok(whole.into()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::body_too_large(LARGEST_BODY)),
        Err(_) => Err(Refusal::body_broken_off()),
    }
}

/// Makes a list when enough memory is free. The memory is free again when the client has read the list, or has
/// disconnected.
async fn limit_unread_lists(State(room): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    // The semaphore is never closed, so only the timeout can fail.
    let Ok(mut place) = timeout(CLIENT_TIMEOUT, room.acquire_many_owned(LONGEST_LIST)).await.map(Result::ok) else {
        return api_response::to_http(Style::of(request.headers()), Err(Refusal::too_many_lists()));
    };
    let (parts, body) = next.run(request).await.into_parts();
    // Bodies of this simulator are in memory, so reading them cannot fail.
    let list = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let place = place.as_mut().and_then(|place| place.split(list.len().min(place.num_permits())));
    Response::from_parts(parts, Body::from(Bytes::from_owner(Unread { list, _place: place })))
}

/// A list that the client has not read completely.
struct Unread {
    list: Bytes,
    _place: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Unread {
    fn as_ref(&self) -> &[u8] {
        &self.list
    }
}

/// A web page of another origin could change policies: refuse its requests. A form cannot send JSON, and a script sends
/// an `Origin`. `Content-Type` is optional, because NetApp's clients can leave it out.
///
/// # Errors
/// Returns 2 if the content type is not JSON, and 6 for a request with an `Origin`.
fn check_origin(parts: &Parts) -> Result<(), Refusal> {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(&parts.method) {
        return Ok(());
    }
    if parts.headers.contains_key(header::ORIGIN) {
        return Err(Refusal::forbidden(
            "a request with an Origin header comes from a web page and cannot change anything",
        ));
    }
    let Some(given) = parts.headers.get(CONTENT_TYPE) else { return Ok(()) };
    let given = String::from_utf8_lossy(given.as_bytes());
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match ["application/json", "application/hal+json"].contains(&essence.as_str()) || parts.method == Method::DELETE {
        true => Ok(()),
        false => Err(Refusal::wrong_content_type(&given)),
    }
}

/// Checks the credentials, then the body, and calls the operation.
async fn enter(shared: Arc<Shared>, parts: Parts, body: Result<Bytes, Refusal>, next: Next) -> Response {
    let style = Style::of(&parts.headers);
    match call(&shared, &parts, body, style) {
        Err(refusal) => api_response::to_http(style, Err(refusal)),
        Ok(call) => {
            let mut request = Request::from_parts(parts, Body::empty());
            request.extensions_mut().insert(Arc::new(call));
            next.run(request).await
        }
    }
}

fn call(shared: &Shared, parts: &Parts, body: Result<Bytes, Refusal>, style: Style) -> Result<Call, Refusal> {
    if !shared.sign_in.admits(parts) {
        let has_certificate = parts.extensions.get::<CertificateUser>().is_some();
        return Err(match has_certificate && !parts.headers.contains_key(header::AUTHORIZATION) {
            // Recorded on a cluster.
            true => Refusal::forbidden("no account has the name in the client certificate"),
            false => Refusal::unauthenticated(),
        });
    }
    check_origin(parts)?;
    let tunnel = match Tunnel::is_asked_for(&parts.headers) {
        true => Tunnel::read(&parts.headers, &shared.cluster())?,
        false => Tunnel::default(),
    };
    Ok(Call {
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        parameters: form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect(),
        body: body?,
        style,
        release: shared.release,
        view: View { tunnel, ..View::default() },
        new_uuid: Uuid::new_v4(),
        job_end: JobEnd::default(),
    })
}

/// Makes an axum handler from an operation. The handler never waits, as the body is already in memory.
fn run(
    operation: impl Fn(&Shared, &Call) -> Result<ApiResponse, Refusal> + Copy + Send + Sync + 'static,
) -> impl FnOnce(State<Arc<Shared>>, Extension<Arc<Call>>) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |State(shared), Extension(call)| {
        shared.jobs.run_due();
        // Faults do not apply to decisions, because a decision must not wait for another one.
        let can_fail = !call.uri.path().starts_with(APPROVALS);
        let fault = can_fail.then(|| shared.faults.cluster_fault_for(&call.method, &call.uri)).flatten();
        let (id, fault) = fault.unzip();
        let outcome = match fault {
            None => operation(&shared, &call),
            Some(fault) => apply_fault(fault, operation, &shared, &call),
        };
        let mut response = api_response::to_http(call.style, outcome);
        if let Some(id) = id {
            // The recording reads this extension.
            response.extensions_mut().insert(id);
        }
        ready(response)
    }
}

/// Refuses a request without an operation. Cluster faults do not apply to such a request.
fn refuse(
    refusal: impl Fn(&Call) -> Refusal + Copy + Send + Sync + 'static,
) -> impl FnOnce(Extension<Arc<Call>>) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |Extension(call)| ready(api_response::to_http(call.style, Err(refusal(&call))))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tower_service::Service as _;

    use super::*;

    #[tokio::test]
    async fn a_list_waits_for_room_until_others_are_read() {
        let all = LONGEST_LIST as usize;
        let room = Arc::new(Semaphore::new(all));
        let mut router = Router::new()
            .route("/", get(async || vec![0; 1000]))
            .layer(from_fn_with_state(Arc::clone(&room), limit_unread_lists));
        let response = router.call(Request::new(Body::empty())).await.unwrap();
        let unread = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert_eq!(room.available_permits(), all - 1000);
        assert!(timeout(Duration::from_millis(10), router.call(Request::new(Body::empty()))).await.is_err());
        drop(unread);
        assert_eq!(router.call(Request::new(Body::empty())).await.unwrap().status(), 200);
        assert_eq!(room.available_permits(), all);
    }
}
