//! What happens around each request of the bindings, which the generated code leaves to its user.

use std::fmt;

use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use zeroize::Zeroizing;

use crate::answer;
use crate::bindings::{self, ClientInfo as _};
use crate::error_code::Operation;
use crate::requests::SECRET_FIELDS;

/// What the hooks know of the client: its credentials. Made by [`crate::ClientBuilder`].
#[derive(Clone, Default)]
pub struct Hooks {
    authorization: Option<HeaderValue>,
    secrets: Vec<Zeroizing<String>>,
}

impl Hooks {
    /// Sends `authorization`, and keeps `secrets` out of errors.
    pub(crate) fn new(authorization: HeaderValue, secrets: Vec<Zeroizing<String>>) -> Self {
        Self { authorization: Some(authorization), secrets }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").field("authorized", &self.authorization.is_some()).finish_non_exhaustive()
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
        if let Some(authorization) = &self.inner().authorization {
            request.headers_mut().insert(AUTHORIZATION, authorization.clone());
        }
        Ok(())
    }

    async fn exec(&self, request: reqwest::Request, _: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        let mut secrets = secrets(&request);
        secrets.extend(self.inner().secrets.iter().cloned());
        let response = self.client().execute(request).await?;
        answer::settle(response, &secrets).await
    }
}

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
