//! TLS by rustls. The configuration is ours and not reqwest's: without aws-lc-rs, reqwest has no cryptography of its own.

use std::sync::Arc;

use reqwest::ClientBuilder;
use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::super::credentials::ClientCertificate;
use super::{Trust, configuration, failure, parts, unreadable, verifier};
use crate::error::{Error, Result};

pub(super) use super::verifier::certificates;

/// How many TLS sessions a client keeps: for the cluster, and for a proxy. rustls sets memory aside for each.
const SESSIONS: usize = 16;

/// Sets up TLS with these certificates.
pub(super) fn apply(http: ClientBuilder, trust: &Trust, client: Option<&ClientCertificate>) -> Result<ClientBuilder> {
    let provider = verifier::provider();
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(verifier::of(trust, provider)?);
    let mut config = match client {
        None => config.with_no_client_auth(),
        Some(client) => {
            let (chain, key) = identity(client)?;
            config.with_client_auth_cert(chain, key).map_err(unusable)?
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::in_memory_sessions(SESSIONS);
    Ok(http.tls_backend_preconfigured(config))
}

/// Returns the client certificate and its key. The readers' own errors are not shown: they can quote the key.
pub(super) fn identity(client: &ClientCertificate) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let (certificates, key) = parts(client)?;
    let chain: Option<Vec<_>> =
        CertificateDer::pem_slice_iter(certificates.as_bytes()).map(std::result::Result::ok).collect();
    let chain = chain.filter(|chain| !chain.is_empty()).ok_or_else(unreadable)?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| unreadable())?;
    Ok((chain, key))
}

/// Says why TLS cannot be set up. The certificate that the error may be about is the client's.
fn unusable(error: rustls::Error) -> Error {
    let message = match &error {
        rustls::Error::InconsistentKeys(_) => failure::Failure::KeyOfAnother.to_string(),
        rustls::Error::InvalidCertificate(cause) => format!("the client certificate cannot be used: {cause}"),
        other => format!("TLS cannot be set up: {other}"),
    };
    configuration(&message).caused_by(error)
}
