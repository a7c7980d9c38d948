//! TLS by rustls. The configuration is ours and not reqwest's: without aws-lc-rs, reqwest has no cryptography of its own.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use reqwest::ClientBuilder;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::super::credentials::ClientCertificate;
use super::pinned::Pinned;
use super::{Trust, configuration, failure, parts};
use crate::error::{Error, Result};

/// How many TLS sessions a client keeps: for the cluster, and for a proxy. rustls sets memory aside for each.
const SESSIONS: usize = 16;

/// The verifiers that clients have, with what makes them. Clients that trust the same share one: to read the certificates
/// that the system trusts takes 100 KiB and milliseconds.
static VERIFIERS: Mutex<Vec<(Trusted, Weak<dyn ServerCertVerifier>)>> = Mutex::new(Vec::new());

/// What a verifier is made of.
#[derive(PartialEq)]
struct Trusted {
    authorities: Vec<Vec<u8>>,
    only_these: bool,
    /// The address of the provider that the process has chosen.
    provider: Option<usize>,
}

/// Sets up TLS with these certificates.
pub(super) fn apply(http: ClientBuilder, trust: &Trust, client: Option<&ClientCertificate>) -> Result<ClientBuilder> {
    let provider = provider();
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(verifier(trust, provider)?);
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

/// Returns the provider that the process has chosen, as reqwest does, or that of the feature.
fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "rustls")]
    use rustls::crypto::aws_lc_rs as library;
    #[cfg(not(feature = "rustls"))]
    use rustls::crypto::ring as library;
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(library::default_provider()))
}

fn verifier(trust: &Trust, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
    if trust.anyone {
        return Ok(Arc::new(Pinned { certificates: None, provider }));
    }
    if !trust.pinned.is_empty() {
        let pinned = all(&trust.pinned, "a pinned certificate is not in PEM form")?;
        return Ok(Arc::new(Pinned { certificates: Some(pinned), provider }));
    }
    let trusted = Trusted {
        authorities: trust.authorities.clone(),
        only_these: trust.only_these,
        provider: CryptoProvider::get_default().map(|provider| Arc::as_ptr(provider).addr()),
    };
    let mut verifiers = VERIFIERS.lock().unwrap_or_else(PoisonError::into_inner);
    verifiers.retain(|(_, verifier)| verifier.strong_count() > 0);
    let same = verifiers.iter().find(|(other, _)| *other == trusted);
    if let Some(verifier) = same.and_then(|(_, verifier)| verifier.upgrade()) {
        return Ok(verifier);
    }
    let verifier = new_verifier(trust, provider)?;
    verifiers.push((trusted, Arc::downgrade(&verifier)));
    Ok(verifier)
}

fn new_verifier(trust: &Trust, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
    let authorities = all(&trust.authorities, "a CA certificate is not in PEM form")?;
    let refused =
        |error: rustls::Error| configuration(&format!("a CA certificate cannot be used: {error}")).caused_by(error);
    if !trust.only_these {
        return Ok(Arc::new(Verifier::new_with_extra_roots(authorities, provider).map_err(refused)?));
    }
    let mut roots = RootCertStore::empty();
    authorities.into_iter().try_for_each(|authority| roots.add(authority)).map_err(refused)?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    Ok(verifier.map_err(|error| configuration("a CA certificate cannot be used").caused_by(error))?)
}

/// Returns the certificates of all these files.
fn all(files: &[Vec<u8>], unreadable: &str) -> Result<Vec<CertificateDer<'static>>> {
    let found: Result<Vec<_>> = files.iter().map(|pem| certificates(pem)).collect();
    Ok(found.map_err(|_| configuration(unreadable))?.concat())
}

/// Returns the certificates of a PEM file.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let found: Option<Vec<_>> = CertificateDer::pem_slice_iter(pem).map(std::result::Result::ok).collect();
    let found = found.filter(|found| !found.is_empty());
    found.ok_or_else(|| configuration("there is no certificate in PEM form"))
}

/// Returns the client certificate and its key. The readers' own errors are not shown: they can quote the key.
pub(super) fn identity(client: &ClientCertificate) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let (certificates, key) = parts(client)?;
    let unreadable = || configuration("the client certificate or its key cannot be read");
    let chain: Option<Vec<_>> =
        CertificateDer::pem_slice_iter(certificates.as_bytes()).map(std::result::Result::ok).collect();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| unreadable())?;
    Ok((chain.ok_or_else(unreadable)?, key))
}

fn unusable(error: rustls::Error) -> Error {
    let message = failure::of_rustls(&error).map_or("TLS could not be set up".into(), |it| it.to_string());
    configuration(&message).caused_by(error)
}
