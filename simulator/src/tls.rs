//! Configures TLS: the server certificate, and the CAs of client certificates.

use std::{error::Error, net::IpAddr, sync::Arc};

use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivatePkcs8KeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use yasna::{
    ASN1Result, BERReader, Tag,
    models::ObjectIdentifier,
    tags::{TAG_PRINTABLESTRING, TAG_UTF8STRING},
};

use crate::{authority::Authority, faults::CertificateFault};

const NO_AUTHORITY: &str = "client_certificate_authority is no CA certificate in PEM";

/// The TLS acceptor, and the CA that clients have to trust.
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) authority: Authority,
}

/// Makes a new CA and a new server certificate for this host and this address. `fault` makes the certificate invalid.
/// Clients can show a certificate of this CA or of `client_authorities` (PEM).
pub(crate) fn make(
    ip: IpAddr,
    fault: Option<CertificateFault>,
    ask_clients: bool,
    client_authorities: &[String],
) -> Result<Tls, Box<dyn Error + Send + Sync>> {
    let mut authority = Authority::new()?;
    let server = authority.server(ip, fault)?;
    // Passed on, and not installed, because the process decides on its default provider.
    let provider = Arc::new(ring::default_provider());
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

/// Returns the user of a client certificate: its common name. `None` without a certificate or a name.
///
/// The handshake has already verified the certificate.
pub(crate) fn user<S>(stream: &TlsStream<S>) -> Option<Arc<str>> {
    let certificate = stream.get_ref().1.peer_certificates()?.first()?;
    yasna::parse_der(certificate, common_name).ok()?.map(Into::into)
}

/// Reads the first common name of a certificate's subject.
fn common_name(certificate: BERReader<'_, '_>) -> ASN1Result<Option<String>> {
    certificate.read_sequence(|certificate| {
        let subject = certificate.next().read_sequence(|content| {
            content.read_optional(|version| version.read_tagged(Tag::context(0), |number| number.read_u8()))?;
            // Skips the serial number, the algorithm of the signature, the issuer and the dates.
            for _ in 0..4 {
                content.next().read_der()?;
            }
            let subject = content.next().collect_sequence_of(|name| name.collect_set_of(attribute))?;
            // Skips the key, and up to three optional parts.
            content.next().read_der()?;
            for _ in 0..3 {
                content.read_optional(|part| part.read_der())?;
            }
            Ok(subject)
        })?;
        // Skips the algorithm of the signature, and the signature.
        certificate.next().read_der()?;
        certificate.next().read_der()?;
        Ok(subject.into_iter().flatten().flatten().next())
    })
}

/// Returns the value of a common name; `None` for another attribute.
fn attribute(reader: BERReader<'_, '_>) -> ASN1Result<Option<String>> {
    reader.read_sequence(|attribute| {
        let kind = attribute.next().read_oid()?;
        let value = attribute.next().read_tagged_der()?;
        let is_text = [TAG_UTF8STRING, TAG_PRINTABLESTRING].contains(&value.tag());
        let is_common_name = kind == ObjectIdentifier::from_slice(&[2, 5, 4, 3]);
        let text = String::from_utf8(value.value().to_vec()).ok();
        Ok(text.filter(|_| is_text && is_common_name))
    })
}
