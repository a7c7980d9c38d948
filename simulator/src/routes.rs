//! Which request does what.

use std::{
    error::Error as _,
    future::{Ready, ready},
    sync::Arc,
};

use axum::{
    Extension, Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{MethodRouter, get, patch},
};
use http_body_util::LengthLimitError;
use serde_json::json;
use tokio::time::timeout;
use tower_http::{CompressionLevel, compression::CompressionLayer};
use uuid::Uuid;

use crate::{
    answer::{self, Answer, Style},
    approvals::APPROVALS,
    call::Call,
    ending::Ending,
    jobs::JOBS,
    operations,
    path::POLICIES,
    query::parameters::View,
    refusal::Refusal,
    server::PATIENCE,
    shared::Shared,
    strike::strike,
    tunnel::Tunnel,
};

const READ_ONLY_METHODS: &str = "GET, HEAD, OPTIONS";

/// The largest body that is read. Far more than any policy needs.
const LARGEST_BODY: usize = 1024 * 1024;

/// The whole API.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let policies = with_methods(
        "GET, HEAD, OPTIONS, POST, DELETE, PATCH",
        get(run(operations::list))
            .post(run(operations::create))
            .patch(run(operations::modify_many))
            .delete(run(operations::delete_many)),
    );
    let policy = with_methods(
        "GET, HEAD, OPTIONS, PATCH, DELETE",
        get(run(operations::show)).patch(run(operations::modify)).delete(run(operations::delete)),
    );
    let cluster = with_methods(READ_ONLY_METHODS, get(run(operations::cluster)));
    let job = with_methods(READ_ONLY_METHODS, get(run(operations::job)));
    let approval = with_methods("OPTIONS, PATCH", patch(run(operations::decide)));
    let router = Router::new()
        .route(POLICIES, policies)
        .route(&format!("{POLICIES}/{{uuid}}"), policy)
        .route("/api/cluster", cluster)
        .route(&format!("{JOBS}/{{uuid}}"), job)
        .route(&format!("{APPROVALS}/{{index}}"), approval)
        .fallback(run(|_, call| {
            let path = call.uri.path();
            let below = path.strip_prefix(POLICIES).and_then(|below| below.strip_prefix('/'));
            Err(Refusal::no_such_path(path, below.is_some_and(|below| below.contains('/'))))
        }))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn_with_state(Arc::clone(&shared), admit))
        .with_state(Arc::clone(&shared));
    #[cfg(feature = "program")]
    let router = router.merge(crate::overview::router(shared));
    router
}

/// Adds the answers to OPTIONS and to methods that are not in the list, which both show it.
fn with_methods(list: &'static str, methods: MethodRouter<Arc<Shared>>) -> MethodRouter<Arc<Shared>> {
    methods
        .options(run(move |_, _| Ok(Answer::ok(json!({})).with(header::ALLOW, list))))
        .fallback(run(move |_, call| Err(Refusal::no_such_method(call.method.as_str(), list))))
}

/// Records the request, then lets it in through whatever goes wrong on its way.
async fn admit(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = read(body).await;
    let place = shared.recording.add(&parts, body.as_ref().unwrap_or(&Bytes::new()));
    let response = match shared.faults.on_the_way(&parts.method, &parts.uri) {
        None => enter(Arc::clone(&shared), parts, body, next).await,
        Some(storm) => {
            // Already now, for a client that hangs up gets no answer.
            shared.recording.applied(place, storm.id);
            storm.weather(enter(Arc::clone(&shared), parts, body, next)).await
        }
    };
    shared.recording.answered(place, &response);
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
    let style = Style::of(&parts.headers);
    if !shared.admission.admits(&parts) {
        return answer::response(style, Err(Refusal::unauthenticated()));
    }
    let body = match body {
        Ok(body) => body,
        Err(refusal) => return answer::response(style, Err(refusal)),
    };
    let tunnel = if Tunnel::is_asked_for(&parts.headers) {
        Tunnel::read(&parts.headers, &shared.cluster())
    } else {
        Ok(Tunnel::default())
    };
    let tunnel = match tunnel {
        Ok(tunnel) => tunnel,
        Err(refusal) => return answer::response(style, Err(refusal)),
    };
    let call = Call {
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        parameters,
        body,
        style,
        release: shared.release,
        view: View { tunnel, ..View::default() },
        new_uuid: Uuid::new_v4(),
        ending: Ending::default(),
    };
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(Arc::new(call));
    next.run(request).await
}

/// An operation as axum calls it. Nothing waits once the body is there.
fn run(
    operation: impl Fn(&Shared, &Call) -> Result<Answer, Refusal> + Copy + Send + Sync + 'static,
) -> impl FnOnce(State<Arc<Shared>>, Extension<Arc<Call>>) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |State(shared), Extension(call)| {
        shared.jobs.settle();
        let (id, fault) = shared.faults.in_the_cluster(&call.method, &call.uri).unzip();
        let outcome = match fault {
            None => operation(&shared, &call),
            Some(fault) => strike(fault, operation, &shared, &call),
        };
        let mut response = answer::response(call.style, outcome);
        if let Some(id) = id {
            // For the recording.
            response.extensions_mut().insert(id);
        }
        ready(response)
    }
}
