//! HTTP basic authentication.

use std::fmt;

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq as _;

/// The one account that may sign in.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) password: String,
}

impl Account {
    /// Whether the headers carry this account's name and password.
    ///
    /// The comparison takes as long for a nearly right password as for a wrong one of the same length.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(sent) = credentials(headers) else { return false };
        let wanted = format!("{}:{}", self.name, self.password);
        sent.ct_eq(wanted.as_bytes()).into()
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Account").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The decoded `name:password` of a basic `Authorization` header.
fn credentials(headers: &HeaderMap) -> Option<Vec<u8>> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(encoded.trim()).ok()).flatten()
}
