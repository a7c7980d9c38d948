//! The simulator's own certificate authority (CA), and the certificates that it signs.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::{Duration, SystemTime},
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedKey, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::pki_types::CertificateDer;

use crate::faults::CertificateFault;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Some clients refuse server certificates that are valid for more than 397 days.
const VALID_DAYS: u32 = 397;

/// A CA. Each one has its own key.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    certificate: CertificateDer<'static>,
}

impl Authority {
    pub(crate) fn new() -> Result<Self, rcgen::Error> {
        let mut ca = CertificateParams::default();
        ca.distinguished_name.push(DnType::CommonName, "ONTAP IPsec simulator CA");
        ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        ca.not_before = (SystemTime::now() - 3 * DAY).into();
        ca.not_after = (SystemTime::now() + DAY * VALID_DAYS).into();
        let key = KeyPair::generate()?;
        let certificate = ca.self_signed(&key)?;
        let (pem, certificate) = (certificate.pem(), certificate.der().clone());
        Ok(Self { issuer: Issuer::new(ca, key), pem, certificate })
    }

    /// Returns the certificate that clients have to trust, in PEM: the CA's, or a self-signed server's.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// Returns the CA's certificate.
    pub(crate) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// Makes a server certificate for this host and this address, with the fault if one is set.
    pub(crate) fn server(
        &mut self,
        ip: IpAddr,
        fault: Option<CertificateFault>,
    ) -> Result<CertifiedKey<KeyPair>, rcgen::Error> {
        let now = SystemTime::now();
        let mut server = match fault {
            Some(CertificateFault::WrongHost) => CertificateParams::new(["elsewhere.invalid".to_owned()])?,
            Some(CertificateFault::CommonNameOnly) => CertificateParams::default(),
            _ => {
                let mut here = CertificateParams::new(["localhost".to_owned()])?;
                for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST), ip] {
                    let name = SanType::IpAddress(address);
                    if !here.subject_alt_names.contains(&name) {
                        here.subject_alt_names.push(name);
                    }
                }
                here
            }
        };
        let name = if fault == Some(CertificateFault::CommonNameOnly) { "localhost" } else { "ONTAP IPsec simulator" };
        server.distinguished_name.push(DnType::CommonName, name);
        server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let (not_before, not_after) = match fault {
            Some(CertificateFault::Expired) => (now - 2 * DAY, now - DAY),
            Some(CertificateFault::NotYetValid) => (now + DAY, now + DAY * VALID_DAYS),
            _ => (now - DAY, now + DAY * VALID_DAYS),
        };
        server.not_before = not_before.into();
        server.not_after = not_after.into();
        match fault {
            Some(CertificateFault::UnknownAuthority) => Self::new()?.sign(server),
            Some(CertificateFault::CommonNameOnly | CertificateFault::CaTrue) => {
                if fault == Some(CertificateFault::CaTrue) {
                    server.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
                    server.key_usages.push(KeyUsagePurpose::KeyCertSign);
                }
                let signing_key = KeyPair::generate()?;
                let cert = server.self_signed(&signing_key)?;
                self.pem = cert.pem();
                Ok(CertifiedKey { cert, signing_key })
            }
            _ => self.sign(server),
        }
    }

    /// Makes a certificate for this user. Returns the certificate and its key, in PEM, one after the other.
    pub(crate) fn client(&self, user: &str) -> Result<String, rcgen::Error> {
        let mut client = CertificateParams::default();
        client.distinguished_name.push(DnType::CommonName, user);
        client.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        client.not_before = (SystemTime::now() - DAY).into();
        client.not_after = (SystemTime::now() + DAY * VALID_DAYS).into();
        self.sign(client).map(|made| made.cert.pem() + &made.signing_key.serialize_pem())
    }

    fn sign(&self, mut wanted: CertificateParams) -> Result<CertifiedKey<KeyPair>, rcgen::Error> {
        wanted.is_ca = IsCa::ExplicitNoCa;
        wanted.use_authority_key_identifier_extension = true;
        let signing_key = KeyPair::generate()?;
        Ok(CertifiedKey { cert: wanted.signed_by(&signing_key, &self.issuer)?, signing_key })
    }
}
