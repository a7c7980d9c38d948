//! The page at `/` for people: the cluster, its policies, the last requests, the faults.
//!
//! The page shows no secrets, but still requires sign-in. Requests for the page are not recorded, and no fault applies
//! to them.

mod html;
mod sections;

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

use crate::{
    api_response::{self, Style},
    refusal::Refusal,
    shared::Shared,
};

const METHODS: &str = "GET, HEAD";

/// Returns the route of the page.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new().route("/", any(show)).with_state(shared)
}

async fn show(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let refuse = |refusal| api_response::to_http(Style::of(&parts.headers), Err(refusal));
    if !shared.sign_in.admits(&parts) {
        return refuse(Refusal::unauthenticated());
    }
    if ![Method::GET, Method::HEAD].contains(&parts.method) {
        return refuse(Refusal::no_such_method(parts.method.as_str(), METHODS));
    }
    shared.jobs.run_due();
    let cluster = shared.cluster();
    // The nonce is new in each response, so a name on the page cannot add a style.
    let nonce = Uuid::new_v4().simple().to_string();
    let mut response =
        Response::new(Body::from(html::page(&cluster.name, &nonce, &sections::all(&shared, &cluster)).into_string()));
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
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
