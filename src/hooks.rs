//! What happens around each request of the bindings, which the generated code leaves to its user.

use std::fmt;
use std::sync::Arc;

use progenitor_client::{ClientHooks, OperationInfo};

use crate::bindings::{self, ClientInfo as _};
use crate::error::{Error, ErrorKind, carrying};
use crate::error_code::Operation;
use crate::exchange::{Exchange, Progress};

/// What the hooks know of the client: its credentials, limits and policies. Made by [`crate::ClientBuilder`].
#[derive(Clone)]
pub struct Hooks {
    exchange: Arc<Exchange>,
    /// Of a call that takes several requests.
    progress: Option<Arc<Progress>>,
}

impl Hooks {
    pub(crate) fn new(exchange: Exchange) -> Self {
        Self { exchange: Arc::new(exchange), progress: None }
    }

    /// Hooks whose requests are all attempts at one thing, and count together.
    pub(crate) fn of_one_call(&self) -> (Self, Arc<Progress>) {
        let progress = Arc::new(Progress::new(self.exchange.clock.as_ref()));
        (Self { exchange: Arc::clone(&self.exchange), progress: Some(Arc::clone(&progress)) }, progress)
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}

impl ClientHooks<Hooks> for bindings::Client {
    async fn pre<E>(&self, request: &mut reqwest::Request, info: &OperationInfo) -> Result<(), bindings::Error<E>> {
        let empty = request.body().and_then(reqwest::Body::as_bytes).is_none_or(|body| body == b"{}");
        if empty && Operation::from_id(info.operation_id).is_some_and(Operation::needs_body) {
            let message = format!("`{}` was given no body, or an empty one; nothing was sent", info.operation_id);
            return Err(bindings::Error::InvalidRequest(message));
        }
        Ok(())
    }

    async fn exec(&self, mut request: reqwest::Request, info: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        let Some(operation) = Operation::from_id(info.operation_id) else {
            let message = format!("`{}` is not an operation of the API; nothing was sent", info.operation_id);
            return carrying(Error::new(ErrorKind::InvalidRequest, message)).await;
        };
        let Hooks { exchange, progress } = self.inner();
        let own = Progress::new(exchange.clock.as_ref());
        exchange.run(self.client(), &mut request, operation, progress.as_deref().unwrap_or(&own)).await
    }
}
