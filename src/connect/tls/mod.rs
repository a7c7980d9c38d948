//! TLS: the certificates that are trusted, and the client's own.

#[cfg(feature = "__rustls")]
mod by_rustls;
mod failure;
#[cfg(not(feature = "__rustls"))]
mod native;
#[cfg(feature = "__rustls")]
mod pinned;
#[cfg(feature = "__rustls")]
mod verifier;

use std::fmt;

use reqwest::ClientBuilder;
use zeroize::Zeroizing;

use super::credentials::ClientCertificate;
use super::pem;
use crate::error::{Error, ErrorKind, Result};

pub(crate) use failure::{explanation, of_setup};

#[cfg(not(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
compile_error!("ONTAP speaks HTTPS only: enable one of the features `rustls`, `rustls-ring` and `native-tls`");

#[cfg(feature = "__rustls")]
use by_rustls as backend;
#[cfg(not(feature = "__rustls"))]
use native as backend;

/// The certificates that are trusted, each in PEM.
#[derive(Clone, Default)]
pub(crate) struct Trust {
    /// Those of authorities.
    pub(crate) authorities: Vec<Vec<u8>>,
    /// Whether those that the system trusts are left out.
    pub(crate) only_these: bool,
    /// The cluster's own, of which one has to be shown.
    #[cfg(feature = "__rustls")]
    pub(crate) pinned: Vec<Vec<u8>>,
    /// Whether any certificate will do.
    pub(crate) anyone: bool,
}

impl Trust {
    /// Sets up TLS as asked for, showing `client` if a certificate is asked of us.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if settings contradict each other or a certificate or key cannot be read.
    pub(crate) fn apply(&self, http: ClientBuilder, client: Option<&ClientCertificate>) -> Result<ClientBuilder> {
        if self.anyone && (self.only_these || !self.authorities.is_empty()) {
            return Err(configuration("`danger_accept_invalid_certificates` excludes CA certificates: choose one"));
        }
        #[cfg(feature = "__rustls")]
        if !self.pinned.is_empty() && (self.anyone || self.only_these || !self.authorities.is_empty()) {
            let message =
                "`pinned_certificate` excludes CA certificates and `danger_accept_invalid_certificates`: choose one";
            return Err(configuration(message));
        }
        backend::apply(http, self, client)
    }
}

/// How many certificates there are, for what they hold would fill pages.
impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Trust");
        shown.field("authorities", &self.authorities.len()).field("only_these", &self.only_these);
        #[cfg(feature = "__rustls")]
        shown.field("pinned", &self.pinned.len());
        shown.field("anyone", &self.anyone).finish()
    }
}

/// Checks that these are certificates in PEM.
pub(crate) fn check_certificates(pem: &[u8]) -> Result<()> {
    backend::certificates(pem).map(drop)
}

/// Checks that a client certificate and its key can be read.
pub(crate) fn check(client: &ClientCertificate) -> Result<()> {
    backend::identity(client).map(drop)
}

/// The certificates of a client, and its key: a file can hold both, and words between them.
fn parts(client: &ClientCertificate) -> Result<(String, Zeroizing<String>)> {
    let certificates: Vec<&str> = pem::sections(&client.certificate)
        .iter()
        .filter(|section| section.is_certificate())
        .map(pem::Section::text)
        .collect();
    if certificates.is_empty() {
        return Err(configuration("the client certificate holds no certificate in PEM form"));
    }
    let mut keys = pem::sections(&client.key);
    keys.retain(pem::Section::is_private_key);
    let [key] = keys.as_slice() else {
        return Err(configuration("the key of the client certificate is not one private key in PEM form"));
    };
    if key.is_encrypted() {
        return Err(configuration("the key of the client certificate is encrypted; decrypt it first"));
    }
    Ok((certificates.join("\n"), Zeroizing::new(key.text().to_owned())))
}

fn unreadable() -> Error {
    configuration(
        "the client certificate or its key cannot be read; both have to be PEM, as `CERTIFICATE` and `PRIVATE KEY`",
    )
}

fn configuration(message: &str) -> Error {
    Error::new(ErrorKind::Configuration, message)
}
