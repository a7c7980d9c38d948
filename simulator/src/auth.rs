//! Sign-in: by name and password, by bearer token, or by the certificate of the connection.
//!
//! The `Authorization` header counts. The certificate counts only without such a header. The documents do not say which
//! of the two ONTAP prefers.

use std::{fmt, sync::Arc};

use axum::http::{HeaderMap, header::AUTHORIZATION, request::Parts};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq as _;

use crate::{state::Release, tokens::Tokens};

/// The one account that may sign in.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) password: String,
}

/// Of a request, the user whom the certificate of its connection is of.
#[derive(Clone, Debug)]
pub(crate) struct CertificateUser(pub(crate) Arc<str>);

/// All that clients can sign in with.
#[derive(Debug)]
pub(crate) struct Admission {
    pub(crate) account: Account,
    pub(crate) tokens: Tokens,
    /// Tokens are not taken before 9.14.
    pub(crate) release: Release,
}

/// The first release with bearer tokens.
const TOKENS_SINCE: Release = Release::new(9, 14, 0);

impl Admission {
    /// Whether the request comes from someone who may sign in.
    pub(crate) fn admits(&self, request: &Parts) -> bool {
        self.check(request, Tokens::admit)
    }

    /// Whether it may be let in later. No token is used up by it.
    pub(crate) fn knows(&self, request: &Parts) -> bool {
        self.check(request, Tokens::knows)
    }

    fn check(&self, request: &Parts, token_is_good: impl Fn(&Tokens, &str) -> bool) -> bool {
        match credentials(&request.headers) {
            Some(Credentials::Basic(sent)) => self.account.admits(&sent),
            Some(Credentials::Bearer(token)) => self.release >= TOKENS_SINCE && token_is_good(&self.tokens, &token),
            Some(Credentials::Unreadable) => false,
            None => request.extensions.get().is_some_and(|CertificateUser(user)| **user == *self.account.name),
        }
    }
}

impl Account {
    /// Whether this is the account's name and password, with a colon in between.
    ///
    /// The comparison takes as long for a nearly right password as for a wrong one of the same length.
    fn admits(&self, sent: &[u8]) -> bool {
        let wanted = format!("{}:{}", self.name, self.password);
        sent.ct_eq(wanted.as_bytes()).into()
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
    /// The token.
    Bearer(String),
    /// Something else.
    Unreadable,
}

/// `None` if there is no such header.
fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    let sent = headers.get(AUTHORIZATION)?.to_str().ok().and_then(|header| header.split_once(' '));
    Some(match sent {
        Some((scheme, encoded)) if scheme.eq_ignore_ascii_case("basic") => {
            STANDARD.decode(encoded.trim()).map_or(Credentials::Unreadable, Credentials::Basic)
        }
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Credentials::Bearer(token.trim().to_owned()),
        _ => Credentials::Unreadable,
    })
}
