//! The service that a connection calls: it resolves the path, keeps the one that was sent for the recording, and calls the
//! router.

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
    faults::network::NoAnswer,
    path,
    wire::{Life, Tamper},
};

/// Path and query as they were sent, where they differ from those that are routed.
#[derive(Clone, Debug)]
pub(crate) struct AsSent(pub(crate) PathAndQuery);

/// The API as a connection calls it.
#[derive(Clone, Debug)]
pub(crate) struct Front {
    router: Router,
    tamper: Tamper,
    user: Option<CertificateUser>,
    life: Life,
}

impl Front {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, tamper: Tamper::default(), user: None, life: Life::new() }
    }

    /// The same for a connection that can be tampered with like this, for the user whom its client's certificate is of.
    pub(crate) fn over(self, tamper: Tamper, user: Option<CertificateUser>, life: Life) -> Self {
        Self { tamper, user, life, ..self }
    }
}

impl Service<Request<Incoming>> for Front {
    type Response = Response;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, io::Error>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.life.show();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(self.life.clone());
        if let Some(uri) = resolved(request.uri()) {
            let sent = std::mem::replace(request.uri_mut(), uri).into_parts().path_and_query;
            if let Some(sent) = sent {
                request.extensions_mut().insert(AsSent(sent));
            }
        }
        if let Some(user) = &self.user {
            request.extensions_mut().insert(user.clone());
        }
        let (version, tamper) = (request.version(), self.tamper.clone());
        // A router is always ready, and what it returns is never an error.
        let answer = self.router.clone().call(request);
        Box::pin(async move {
            let Ok(response) = answer.await;
            if response.extensions().get::<NoAnswer>().is_none() {
                return Ok(response);
            }
            if version != Version::HTTP_2 {
                tamper.reset_at_the_end();
            }
            // The server gives up the connection, or with HTTP/2 the stream.
            Err(io::ErrorKind::ConnectionReset.into())
        })
    }
}

/// The URI with its path resolved; `None` if there is nothing to resolve.
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
