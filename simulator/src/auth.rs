//! Checks sign-in by name and password, by bearer token, or by the client certificate of the connection.
//!
//! A client certificate is used only if the request has no `Authorization` header. The documents do not say which of
//! the two ONTAP prefers.

use std::{fmt, sync::Arc};

use axum::http::{HeaderMap, header::AUTHORIZATION, request::Parts};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq as _;

use crate::{state::Release, tokens::Tokens};

/// The only account.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) password: String,
}

/// The user in the client certificate of the request's connection.
#[derive(Clone, Debug)]
pub(crate) struct CertificateUser(pub(crate) Arc<str>);

/// The credentials that the simulator accepts.
#[derive(Debug)]
pub(crate) struct SignIn {
    pub(crate) account: Account,
    pub(crate) tokens: Tokens,
    /// Bearer tokens need release 9.14 or later.
    pub(crate) release: Release,
}

/// The first release with bearer tokens.
const TOKENS_SINCE: Release = Release::new(9, 14, 0);

impl SignIn {
    /// Tells whether the credentials are valid. Uses up one request of a limited token.
    pub(crate) fn admits(&self, request: &Parts) -> bool {
        self.check(request, Tokens::admit)
    }

    /// Tells whether the credentials are known. Does not use up a token.
    pub(crate) fn knows(&self, request: &Parts) -> bool {
        self.check(request, Tokens::knows)
    }

    fn check(&self, request: &Parts, token_is_good: impl Fn(&Tokens, &str) -> bool) -> bool {
        match credentials(&request.headers) {
            Some(Credentials::Basic(given)) => self.account.admits(&given),
            Some(Credentials::Bearer(token)) => self.release >= TOKENS_SINCE && token_is_good(&self.tokens, &token),
            Some(Credentials::Unreadable) => false,
            None => request.extensions.get().is_some_and(|CertificateUser(user)| **user == *self.account.name),
        }
    }
}

impl Account {
    /// Tells whether `given` is the account's name, a colon, and the password.
    ///
    /// The comparison takes constant time, so that its duration does not help to guess the password.
    fn admits(&self, given: &[u8]) -> bool {
        let wanted = format!("{}:{}", self.name, self.password);
        given.ct_eq(wanted.as_bytes()).into()
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Account").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The content of an `Authorization` header.
enum Credentials {
    /// The decoded `name:password`.
    Basic(Vec<u8>),
    /// The bearer token.
    Bearer(String),
    /// Another scheme, or a header that cannot be decoded.
    Unreadable,
}

/// Reads the `Authorization` header; `None` without one.
fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    let given = headers.get(AUTHORIZATION)?.to_str().ok().and_then(|header| header.split_once(' '));
    Some(match given {
        Some((scheme, encoded)) if scheme.eq_ignore_ascii_case("basic") => {
            STANDARD.decode(encoded.trim()).map_or(Credentials::Unreadable, Credentials::Basic)
        }
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Credentials::Bearer(token.trim().to_owned()),
        _ => Credentials::Unreadable,
    })
}
