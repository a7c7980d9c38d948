//! Faults of certificates, with the way to fix them.

use std::error::Error as StdError;
use std::fmt;

/// How many of a certificate's names are shown.
#[cfg(feature = "__rustls")]
const NAMES: usize = 5;

#[cfg(feature = "__rustls")]
const DAY: u64 = 24 * 60 * 60;

/// The cause, in TLS, of a connection that failed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Since so many days, where that is known.
    Expired(Option<u64>),
    /// For so many days more, where that is known.
    NotYetValid(Option<u64>),
    /// The URL's host, and the names that the certificate has, where they are known.
    WrongHost(Option<(String, Vec<String>)>),
    UnknownIssuer,
    #[cfg(not(feature = "__rustls"))]
    SelfSigned,
    #[cfg(feature = "__rustls")]
    AuthorityAsServer,
    #[cfg(feature = "__rustls")]
    NotPinned,
    /// In the TLS library's words.
    Unacceptable(String),
    ClientCertificateAsked,
    ClientCertificateRefused,
    KeyOfAnother,
    NothingInCommon,
    NotTls,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired(since) => {
                f.write_str("the cluster's certificate has expired")?;
                if let Some(days) = since {
                    write!(f, ", {days} days ago")?;
                }
                f.write_str("; renew it on the cluster, or set the clock of this machine")
            }
            Self::NotYetValid(until) => {
                f.write_str("the cluster's certificate is not valid yet")?;
                if let Some(days) = until {
                    write!(f, ", for {days} more days")?;
                }
                f.write_str("; compare the clocks of the cluster and of this machine")
            }
            Self::WrongHost(None) => f.write_str(
                "the cluster's certificate is for another host; connect by a name in the certificate, or have a certificate \
                 issued for this host",
            ),
            Self::WrongHost(Some((host, names))) if names.is_empty() => write!(
                f,
                "the cluster's certificate holds no host name (as subject alternative name), and so not `{host}`; \
                 have a certificate with the name issued, or pin this one (`ClientBuilder::pinned_certificate`)"
            ),
            Self::WrongHost(Some((host, names))) => write!(
                f,
                "the cluster's certificate is not for `{host}` but for {}; connect by a name in the certificate, or have a \
                 certificate issued for this host",
                names.join(", ")
            ),
            Self::UnknownIssuer => f.write_str(
                "the cluster's certificate comes from an authority that is not trusted here; trust the authority's \
                 certificate (`ClientBuilder::ca_certificate`)",
            ),
            #[cfg(not(feature = "__rustls"))]
            Self::SelfSigned => f.write_str(
                "the cluster's certificate is self-signed, and not trusted here; trust it \
                 (`ClientBuilder::ca_certificate`), or replace it on the cluster",
            ),
            #[cfg(feature = "__rustls")]
            Self::AuthorityAsServer => f.write_str(
                "the cluster's certificate is that of an authority (CA:TRUE), as self-signed ones of ONTAP are, and no \
                 server's certificate; pin it (`ClientBuilder::pinned_certificate`), or replace it on the cluster",
            ),
            #[cfg(feature = "__rustls")]
            Self::NotPinned => f.write_str(
                "the cluster's certificate is not the pinned one; the certificate was replaced, or another server responds. \
                 Compare the certificate on the cluster before you pin a new one",
            ),
            Self::Unacceptable(words) => write!(f, "the cluster's certificate was not accepted: {words}"),
            Self::ClientCertificateAsked => {
                f.write_str("the cluster asks for a client certificate (`Credentials::client_certificate`)")
            }
            Self::ClientCertificateRefused => f.write_str(
                "the cluster does not accept the client certificate; install its CA certificate on the cluster, as \
                 `client-ca`, and check the certificate's dates",
            ),
            Self::KeyOfAnother => f.write_str("the key is not that of the client certificate"),
            Self::NothingInCommon => {
                f.write_str("no version or cipher of TLS is known to both the cluster and this client")
            }
            Self::NotTls => f.write_str("the server at this port does not speak TLS; check the URL and the port"),
        }
    }
}

/// Explains an error of TLS in one sentence, with a remedy and without any URL. Returns nothing for other errors.
pub(crate) fn explanation(error: &reqwest::Error) -> Option<String> {
    of(error).map(|failure| failure.to_string())
}

/// Explains why TLS cannot be set up with the certificates that the user gave.
pub(crate) fn of_setup(error: &reqwest::Error) -> String {
    match of(error) {
        Some(failure @ Failure::KeyOfAnother) => failure.to_string(),
        _ => {
            let mut root: &dyn StdError = error;
            while let Some(cause) = root.source() {
                root = cause;
            }
            format!("TLS could not be set up: {root}")
        }
    }
}

fn of(error: &reqwest::Error) -> Option<Failure> {
    // Its own words hold the URL.
    let mut next = error.source();
    while let Some(cause) = next {
        #[cfg(feature = "__rustls")]
        if let Some(failure) = cause.downcast_ref().and_then(of_rustls) {
            return Some(failure);
        }
        #[cfg(not(feature = "__rustls"))]
        if let Some(failure) = of_openssl(&cause.to_string()) {
            return Some(failure);
        }
        // An `io::Error` that wraps another gives, as its source, not that one but its source.
        let wrapped = cause.downcast_ref().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped as _),
            None => cause.source(),
        };
    }
    None
}

/// Finds the failure in an error of rustls, if the error is about certificates or the handshake.
#[cfg(feature = "__rustls")]
pub(super) fn of_rustls(error: &rustls::Error) -> Option<Failure> {
    use rustls::AlertDescription as Alert;
    use rustls::{CertificateError, InvalidMessage};

    Some(match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired => Failure::Expired(None),
            CertificateError::ExpiredContext { time, not_after } => {
                Failure::Expired(Some(time.as_secs().saturating_sub(not_after.as_secs()) / DAY))
            }
            CertificateError::NotValidYet => Failure::NotYetValid(None),
            CertificateError::NotValidYetContext { time, not_before } => {
                Failure::NotYetValid(Some(not_before.as_secs().saturating_sub(time.as_secs()).div_ceil(DAY)))
            }
            CertificateError::NotValidForName => Failure::WrongHost(None),
            CertificateError::NotValidForNameContext { expected, presented } => {
                let names = presented.iter().take(NAMES).map(|name| bare(name).to_owned()).collect();
                Failure::WrongHost(Some((expected.to_str().into_owned(), names)))
            }
            CertificateError::UnknownIssuer => Failure::UnknownIssuer,
            CertificateError::Other(other) if other.0.is::<NotPinned>() => Failure::NotPinned,
            // The type of this error is that of a library which is not ours to name.
            CertificateError::Other(other) if other.0.to_string() == "CaUsedAsEndEntity" => Failure::AuthorityAsServer,
            other => Failure::Unacceptable(other.to_string()),
        },
        rustls::Error::AlertReceived(Alert::CertificateRequired) => Failure::ClientCertificateAsked,
        rustls::Error::AlertReceived(
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied,
        ) => Failure::ClientCertificateRefused,
        rustls::Error::AlertReceived(
            Alert::HandshakeFailure | Alert::ProtocolVersion | Alert::InsufficientSecurity,
        )
        | rustls::Error::PeerIncompatible(_) => Failure::NothingInCommon,
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => Failure::NotTls,
        rustls::Error::InconsistentKeys(_) => Failure::KeyOfAnother,
        _ => return None,
    })
}

/// A name out of what the library makes of it, such as `DnsName("host")`.
#[cfg(feature = "__rustls")]
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
    inner.trim_matches('"')
}

/// native-tls does not give OpenSSL's codes, but its words. Elsewhere than with OpenSSL, they are others: then the error
/// is shown as the system words it.
#[cfg(not(feature = "__rustls"))]
fn of_openssl(words: &str) -> Option<Failure> {
    let words = words.to_ascii_lowercase();
    let says = |what: &[&str]| what.iter().any(|what| words.contains(what));
    Some(if says(&["certificate has expired"]) {
        Failure::Expired(None)
    } else if says(&["certificate is not yet valid"]) {
        Failure::NotYetValid(None)
    } else if says(&["hostname mismatch", "ip address mismatch"]) {
        Failure::WrongHost(None)
    } else if says(&["local issuer certificate", "in certificate chain", "unable to verify the first certificate"]) {
        Failure::UnknownIssuer
    } else if says(&["self-signed certificate", "self signed certificate"]) {
        Failure::SelfSigned
    } else if says(&["certificate verify failed"]) {
        Failure::Unacceptable(words)
    } else if says(&["certificate required"]) {
        Failure::ClientCertificateAsked
    } else if says(&["alert bad certificate", "alert certificate", "alert unknown ca", "alert unsupported certificate"])
    {
        Failure::ClientCertificateRefused
    } else if says(&["alert handshake failure", "alert protocol version", "unsupported protocol", "no shared cipher"]) {
        Failure::NothingInCommon
    } else if says(&["wrong version number", "packet length too long"]) {
        Failure::NotTls
    } else if says(&["key values mismatch"]) {
        Failure::KeyOfAnother
    } else {
        return None;
    })
}

/// The error for a certificate that is not pinned.
#[cfg(feature = "__rustls")]
#[derive(Debug)]
pub(super) struct NotPinned;

#[cfg(feature = "__rustls")]
impl fmt::Display for NotPinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the pinned certificate")
    }
}

#[cfg(feature = "__rustls")]
impl StdError for NotPinned {}
