//! Whose certificates are trusted, and what is shown as our own.

mod failure;
#[cfg(feature = "rustls")]
mod pinned;

use std::fmt;

use reqwest::{Certificate, ClientBuilder, Identity};
use zeroize::Zeroizing;

use super::credentials::ClientCertificate;
use super::pem;
use crate::error::{Error, ErrorKind, Result};

pub(crate) use failure::{explanation, of_setup};

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
compile_error!("ONTAP speaks HTTPS only: enable the feature `rustls` or the feature `native-tls`");

/// Whose certificates are trusted. Each is in PEM.
#[derive(Clone, Default)]
pub(crate) struct Trust {
    /// Those of authorities.
    pub(crate) authorities: Vec<Vec<u8>>,
    /// Whether those that the system trusts are left out.
    pub(crate) only_these: bool,
    /// The cluster's own, of which one has to be shown.
    #[cfg(feature = "rustls")]
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
            return Err(configuration("any certificate is accepted, and still CA certificates are given: choose one"));
        }
        #[cfg(feature = "rustls")]
        if !self.pinned.is_empty() {
            if self.anyone || self.only_these || !self.authorities.is_empty() {
                let message = "a certificate is pinned, so CA certificates or accepting any have no use: choose one";
                return Err(configuration(message));
            }
            return pinned::apply(http, &self.pinned, client);
        }
        let mut http = with_backend(http);
        if let Some(client) = client {
            http = http.identity(identity(client)?);
        }
        if self.anyone {
            return Ok(http.tls_danger_accept_invalid_certs(true));
        }
        let mut certificates = Vec::new();
        for pem in &self.authorities {
            certificates
                .extend(self::certificates(pem).map_err(|_| configuration("a CA certificate is not in PEM form"))?);
        }
        Ok(if self.only_these { http.tls_certs_only(certificates) } else { http.tls_certs_merge(certificates) })
    }
}

/// How many certificates there are, for what they hold would fill pages.
impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Trust");
        shown.field("authorities", &self.authorities.len()).field("only_these", &self.only_these);
        #[cfg(feature = "rustls")]
        shown.field("pinned", &self.pinned.len());
        shown.field("anyone", &self.anyone).finish()
    }
}

/// The certificates of a PEM file.
pub(crate) fn certificates(pem: &[u8]) -> Result<Vec<Certificate>> {
    let found = Certificate::from_pem_bundle(pem).ok().filter(|found| !found.is_empty());
    found.ok_or_else(|| configuration("there is no certificate in PEM form"))
}

/// Whether a client certificate and its key can be read.
pub(crate) fn check(client: &ClientCertificate) -> Result<()> {
    identity(client).map(drop)
}

/// The backend is chosen here, for what reqwest chooses depends on the features that others enable.
fn with_backend(http: ClientBuilder) -> ClientBuilder {
    #[cfg(feature = "rustls")]
    let http = http.tls_backend_rustls();
    #[cfg(not(feature = "rustls"))]
    let http = http.tls_backend_native();
    http
}

/// The client certificate as the backend wants it. The readers' own errors are not shown: they can quote the key.
fn identity(client: &ClientCertificate) -> Result<Identity> {
    let (certificates, key) = parts(client)?;
    #[cfg(feature = "rustls")]
    let identity = {
        // In one piece from the start: a string that grows leaves copies behind.
        let both = Zeroizing::new([certificates.as_str(), "\n", key.as_str()].concat());
        Identity::from_pem(both.as_bytes())
    };
    #[cfg(not(feature = "rustls"))]
    let identity = Identity::from_pkcs8_pem(certificates.as_bytes(), key.as_bytes());
    identity.map_err(|_| configuration("the client certificate or its key cannot be read"))
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

fn configuration(message: &str) -> Error {
    Error::new(ErrorKind::Configuration, message)
}
