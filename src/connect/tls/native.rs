//! TLS by the system's library.

use reqwest::{Certificate, ClientBuilder, Identity};

use super::super::credentials::ClientCertificate;
use super::{Trust, configuration, parts, unreadable};
use crate::error::Result;

/// Sets up TLS with these certificates.
pub(super) fn apply(http: ClientBuilder, trust: &Trust, client: Option<&ClientCertificate>) -> Result<ClientBuilder> {
    // Otherwise, the features that other crates enable would choose the backend.
    let mut http = http.tls_backend_native();
    if let Some(client) = client {
        http = http.identity(identity(client)?);
    }
    if trust.anyone {
        return Ok(http.tls_danger_accept_invalid_certs(true));
    }
    let mut authorities = Vec::new();
    for pem in &trust.authorities {
        authorities.extend(certificates(pem).map_err(|_| configuration("a CA certificate is not in PEM form"))?);
    }
    Ok(if trust.only_these { http.tls_certs_only(authorities) } else { http.tls_certs_merge(authorities) })
}

/// Returns the certificates of a PEM file.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<Certificate>> {
    let found = Certificate::from_pem_bundle(pem).ok().filter(|found| !found.is_empty());
    found.ok_or_else(|| configuration("there is no certificate in PEM form"))
}

/// Returns the client certificate with its key. The readers' own errors are not shown: they can quote the key.
pub(super) fn identity(client: &ClientCertificate) -> Result<Identity> {
    let (certificates, key) = parts(client)?;
    let identity = Identity::from_pkcs8_pem(certificates.as_bytes(), key.as_bytes());
    identity.map_err(|_| unreadable())
}
