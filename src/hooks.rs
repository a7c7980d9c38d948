//! What happens around each request of the bindings, which the generated code leaves to its user.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::StatusCode;
use reqwest::header::AUTHORIZATION;
use zeroize::Zeroizing;

use crate::answer;
use crate::bindings::{self, ClientInfo as _};
use crate::credentials::Authorization;
use crate::error::Error;
use crate::error_code::Operation;
use crate::requests::SECRET_FIELDS;

/// What the hooks know of the client: its credentials. Made by [`crate::ClientBuilder`].
#[derive(Clone, Debug, Default)]
pub struct Hooks {
    authorization: Authorization,
}

impl Hooks {
    pub(crate) fn new(authorization: Authorization) -> Self {
        Self { authorization }
    }
}

impl ClientHooks<Hooks> for bindings::Client {
    async fn pre<E>(&self, request: &mut reqwest::Request, info: &OperationInfo) -> Result<(), bindings::Error<E>> {
        let empty = request.body().and_then(reqwest::Body::as_bytes).is_none_or(|body| body == b"{}");
        if empty && Operation::from_id(info.operation_id).is_some_and(Operation::needs_body) {
            let message = format!("`{}` was given no body, or an empty one; nothing was sent", info.operation_id);
            return Err(bindings::Error::InvalidRequest(message));
        }
        // The generator's own; ONTAP does not know it.
        request.headers_mut().remove("api-version");
        Ok(())
    }

    async fn exec(&self, mut request: reqwest::Request, _: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        let authorization = &self.inner().authorization;
        let sent = match authorization.header().await {
            Ok(header) => header,
            Err(error) => return Ok(Carried::into_response(error)),
        };
        if let Some(header) = &sent {
            request.headers_mut().insert(AUTHORIZATION, header.clone());
        }
        let mut secrets = secrets(&request);
        let again = request.try_clone();
        let mut response = self.client().execute(request).await?;
        if response.status() == StatusCode::UNAUTHORIZED
            && let (Some(sent), Some(mut again)) = (sent, again)
        {
            match authorization.renewed(&sent).await {
                Ok(Some(header)) => {
                    again.headers_mut().insert(AUTHORIZATION, header);
                    response = self.client().execute(again).await?;
                }
                Ok(None) => {}
                Err(error) => return Ok(Carried::into_response(error)),
            }
        }
        secrets.extend(authorization.secrets());
        answer::settle(response, &secrets).await
    }
}

/// An error on its way through the bindings, which know no other than their own. It stands in the chain of sources of
/// the error that reading the body gives.
#[derive(Debug)]
pub(crate) struct Carried(Mutex<Option<Error>>);

impl Carried {
    /// An answer whose body cannot be read because of the error.
    fn into_response(error: Error) -> reqwest::Response {
        let carried = Self(Mutex::new(Some(error)));
        let body = futures_util::stream::once(async { Err::<Vec<u8>, _>(carried) });
        ::http::Response::new(reqwest::Body::wrap_stream(body)).into()
    }

    pub(crate) fn take(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => error.fmt(f),
            None => f.write_str("an error that was taken out"),
        }
    }
}

impl std::error::Error for Carried {}

/// The secrets that a request carries in its body, so that an answer that repeats one can be cleaned of it.
fn secrets(request: &reqwest::Request) -> Vec<Zeroizing<String>> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Member {
        Text(Zeroizing<String>),
        Other(serde::de::IgnoredAny),
    }
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    let members: std::collections::HashMap<String, Member> = serde_json::from_slice(body).unwrap_or_default();
    members
        .into_iter()
        .filter(|(name, _)| SECRET_FIELDS.contains(&name.as_str()))
        .filter_map(|(_, member)| match member {
            Member::Text(secret) => Some(secret),
            Member::Other(_) => None,
        })
        .collect()
}
