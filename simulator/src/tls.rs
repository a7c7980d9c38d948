//! The settings of TLS: the server's certificate, and which certificates clients may sign in with.

use std::{error::Error, net::IpAddr, sync::Arc};

use rustls::{
    RootCertStore, ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivatePkcs8KeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use x509_parser::{certificate::X509Certificate, prelude::FromDer as _};

use crate::{authority::Authority, faults::CertificateFault};

const NO_AUTHORITY: &str = "no certificate of an authority for clients can be read from the PEM that was given";

/// The parts that serve HTTPS, and make others trust it.
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) authority: Authority,
}

/// Makes a CA and a server certificate for this host at this address, with or without something wrong. Both are new every
/// time. Clients are asked for a certificate, which need not exist, of this CA or of one in `client_authorities` (PEM).
pub(crate) fn make(
    ip: IpAddr,
    fault: Option<CertificateFault>,
    ask_clients: bool,
    client_authorities: &[String],
) -> Result<Tls, Box<dyn Error + Send + Sync>> {
    let mut authority = Authority::new()?;
    let server = authority.server(ip, fault)?;
    // The provider is passed on, not installed: which one is the default is up to the process that we run in.
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let config = if ask_clients {
        let mut roots = RootCertStore::empty();
        roots.add(authority.certificate().clone())?;
        for pem in client_authorities {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                roots.add(certificate.map_err(|_| NO_AUTHORITY)?)?;
            }
            if roots.len() == before {
                return Err(NO_AUTHORITY.into());
            }
        }
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        config.with_client_cert_verifier(verifier.allow_unauthenticated().build()?)
    } else {
        config.with_no_client_auth()
    };
    let mut config = config
        .with_single_cert(vec![server.cert.der().clone()], PrivatePkcs8KeyDer::from(server.signing_key).into())?;
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
