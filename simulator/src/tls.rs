//! The settings of TLS: the server's certificate, and which certificates clients may sign in with.

use std::{net::IpAddr, sync::Arc};

use rustls::{
    RootCertStore, ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject as _},
    server::{VerifierBuilderError, WebPkiClientVerifier},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use x509_parser::{certificate::X509Certificate, prelude::FromDer as _};

use crate::{authority::Authority, faults::CertificateFault};

/// A problem with making certificates or with the TLS settings.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error(transparent)]
    Certificate(#[from] rcgen::Error),
    #[error(transparent)]
    Settings(#[from] rustls::Error),
    #[error(transparent)]
    Clients(#[from] VerifierBuilderError),
    #[error("no certificate of an authority for clients can be read from the PEM that was given")]
    ClientAuthority,
}

/// How TLS is to be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// What is to be wrong with the server's certificate.
    pub(crate) fault: Option<CertificateFault>,
    /// Whether clients are asked for certificates. They need not have any.
    pub(crate) ask_clients: bool,
    /// Authorities in PEM that clients' certificates may be signed by besides the simulator's own.
    pub(crate) client_authorities: Vec<String>,
}

/// What is needed to serve HTTPS, and to trust it.
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) authority: Authority,
}

/// Makes a CA and a server certificate for this host, at this address. Both are new every time.
pub(crate) fn make(ip: IpAddr, settings: &Settings) -> Result<Tls, TlsError> {
    let mut authority = Authority::new()?;
    let server = authority.server(ip, settings.fault)?;
    // The provider is passed on, not installed: which one is the default is up to the process that we run in.
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let config = if settings.ask_clients {
        let mut roots = RootCertStore::empty();
        roots.add(authority.certificate().clone())?;
        for pem in &settings.client_authorities {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                roots.add(certificate.map_err(|_| TlsError::ClientAuthority)?)?;
            }
            if roots.len() == before {
                return Err(TlsError::ClientAuthority);
            }
        }
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        config.with_client_cert_verifier(verifier.allow_unauthenticated().build()?)
    } else {
        config.with_no_client_auth()
    };
    let mut config = config.with_single_cert(vec![server.certificate], server.key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), authority })
}

/// The user whom the client's certificate is of: its common name. `None` without a certificate or a name.
///
/// That the certificate is good was checked in the handshake.
pub(crate) fn user<S>(stream: &TlsStream<S>) -> Option<Arc<str>> {
    let certificate = stream.get_ref().1.peer_certificates()?.first()?;
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let name = certificate.subject().iter_common_name().next()?.as_str().ok()?;
    Some(name.into())
}
