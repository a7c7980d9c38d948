//! Trusting exactly one certificate, whatever it says of itself.

use std::sync::Arc;

use reqwest::ClientBuilder;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, SignatureScheme};

use super::super::credentials::ClientCertificate;
use super::{configuration, failure, parts};
use crate::error::Result;

/// Sets up TLS so that only a server which shows one of `pinned` and has its key is talked to.
pub(super) fn apply(
    http: ClientBuilder,
    pinned: &[Vec<u8>],
    client: Option<&ClientCertificate>,
) -> Result<ClientBuilder> {
    let mut certificates = Vec::new();
    for pem in pinned {
        let found: Option<Vec<_>> = CertificateDer::pem_slice_iter(pem).map(std::result::Result::ok).collect();
        let found = found.filter(|found| !found.is_empty());
        certificates.extend(found.ok_or_else(|| configuration("a pinned certificate is not in PEM form"))?);
    }
    // As reqwest does: the process may have chosen one.
    let provider = CryptoProvider::get_default().cloned();
    let provider = provider.unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()));
    let verifier = Pinned { certificates, provider: Arc::clone(&provider) };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| configuration("TLS could not be set up").caused_by(error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match client {
        None => config.with_no_client_auth(),
        Some(client) => {
            let (chain, key) = identity(client)?;
            config.with_client_auth_cert(chain, key).map_err(|error| {
                let message = failure::of_rustls(&error).map_or("TLS could not be set up".into(), |it| it.to_string());
                configuration(&message).caused_by(error)
            })?
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(http.tls_backend_preconfigured(config))
}

/// The readers' own errors are not shown: they can quote the key.
fn identity(client: &ClientCertificate) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let (certificates, key) = parts(client)?;
    let unreadable = || configuration("the client certificate or its key cannot be read");
    let chain: Option<Vec<_>> =
        CertificateDer::pem_slice_iter(certificates.as_bytes()).map(std::result::Result::ok).collect();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| unreadable())?;
    Ok((chain.ok_or_else(unreadable)?, key))
}

/// Accepts a certificate that is, byte for byte, one of these. Its names, dates and purposes are not looked at: they say
/// whom to take it for, and that is settled. That the server has its key is proven by the handshake's signature, which
/// is verified as always.
#[derive(Debug)]
struct Pinned {
    certificates: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if self.certificates.iter().any(|pinned| pinned == end_entity) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::Other(OtherError(Arc::new(failure::NotPinned))).into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
