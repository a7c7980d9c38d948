//! The service that a connection calls. For each request, the service resolves the path, keeps the original path for
//! the recording, and calls the router.

use std::{future::Future, io, pin::Pin};

use axum::{
    Router,
    body::Body,
    http::{Request, Uri, Version, uri::PathAndQuery},
    response::Response,
};
use hyper::{body::Incoming, service::Service};
use tower_service::Service as _;

use crate::{
    auth::CertificateUser,
    faults::network::NoResponse,
    path,
    wire::{Activity, ResetFlag},
};

/// The path and query that the client sent, if they differ from the resolved ones.
#[derive(Clone, Debug)]
pub(crate) struct OriginalTarget(pub(crate) PathAndQuery);

/// The API for one connection.
#[derive(Clone, Debug)]
pub(crate) struct ApiService {
    router: Router,
    reset_flag: ResetFlag,
    user: Option<CertificateUser>,
    activity: Activity,
}

impl ApiService {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, reset_flag: ResetFlag::default(), user: None, activity: Activity::new() }
    }

    /// Returns the service for one connection, with its reset flag, its activity and the user of its client
    /// certificate.
    pub(crate) fn for_connection(
        self,
        reset_flag: ResetFlag,
        user: Option<CertificateUser>,
        activity: Activity,
    ) -> Self {
        Self { reset_flag, user, activity, ..self }
    }
}

impl Service<Request<Incoming>> for ApiService {
    type Response = Response;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, io::Error>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.activity.note();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(self.activity.clone());
        if let Some(uri) = resolved(request.uri()) {
            let original = std::mem::replace(request.uri_mut(), uri).into_parts().path_and_query;
            if let Some(original) = original {
                request.extensions_mut().insert(OriginalTarget(original));
            }
        }
        if let Some(user) = &self.user {
            request.extensions_mut().insert(user.clone());
        }
        let (version, reset_flag) = (request.version(), self.reset_flag.clone());
        // The router is always ready, and its error type is `Infallible`.
        let pending = self.router.clone().call(request);
        Box::pin(async move {
            let Ok(response) = pending.await;
            if response.extensions().get::<NoResponse>().is_none() {
                return Ok(response);
            }
            if version != Version::HTTP_2 {
                reset_flag.reset_on_close();
            }
            // The error makes the server close the connection, or with HTTP/2 the stream.
            Err(io::ErrorKind::ConnectionReset.into())
        })
    }
}

/// Returns the URI with its path resolved; `None` if nothing has to be resolved.
fn resolved(uri: &Uri) -> Option<Uri> {
    let path = path::resolved(uri.path())?;
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target.parse().ok()?);
    Uri::from_parts(parts).ok()
}
