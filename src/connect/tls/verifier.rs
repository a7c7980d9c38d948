//! The verifier of the cluster's certificate. Clients that trust the same certificates share one verifier.

use std::ffi::OsString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

use super::pinned::Pinned;
use super::{Trust, configuration};
use crate::error::Result;

/// How long new clients share a verifier. After that, the system's certificates are read again.
const AGE: Duration = Duration::from_secs(60);

/// Variables that say where the system's certificates are.
const VARIABLES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// The verifiers that clients have. To read the system's certificates for each client takes 100 KiB and milliseconds.
static SHARED: Mutex<Vec<Shared>> = Mutex::new(Vec::new());

struct Shared {
    trusted: Trusted,
    verifier: Weak<dyn ServerCertVerifier>,
    made: Instant,
}

/// Everything that a verifier is made of.
#[derive(PartialEq)]
struct Trusted {
    authorities: Vec<Vec<u8>>,
    /// The values of [`VARIABLES`].
    system: [Option<OsString>; 2],
    /// The address of the provider that the process has chosen.
    provider: Option<usize>,
}

impl Trusted {
    fn new(trust: &Trust, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        Self {
            authorities: trust.authorities.clone(),
            system: VARIABLES.map(variable),
            provider: CryptoProvider::get_default().map(|provider| Arc::as_ptr(provider).addr()),
        }
    }
}

/// Returns the verifier that these settings ask for.
pub(super) fn of(trust: &Trust, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
    if trust.anyone {
        return Ok(Arc::new(Pinned { certificates: None, provider }));
    }
    if !trust.pinned.is_empty() {
        let pinned = all(&trust.pinned, "a pinned certificate is not in PEM form")?;
        return Ok(Arc::new(Pinned { certificates: Some(pinned), provider }));
    }
    let authorities = all(&trust.authorities, "a CA certificate is not in PEM form")?;
    if trust.only_these {
        return only(authorities, provider);
    }
    let trusted = Trusted::new(trust, |name| std::env::var_os(name));
    if let Some(verifier) = find(&mut shared(), &trusted) {
        return Ok(verifier);
    }
    // Without the lock: other clients do not wait while the certificates are read.
    let verifier: Arc<dyn ServerCertVerifier> = Arc::new(with_the_systems(authorities, provider)?);
    let mut shared = shared();
    if let Some(verifier) = find(&mut shared, &trusted) {
        return Ok(verifier);
    }
    shared.push(Shared { trusted, verifier: Arc::downgrade(&verifier), made: Instant::now() });
    Ok(verifier)
}

fn shared() -> MutexGuard<'static, Vec<Shared>> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Finds a verifier that a new client can share, and forgets those that no client can.
fn find(shared: &mut Vec<Shared>, trusted: &Trusted) -> Option<Arc<dyn ServerCertVerifier>> {
    shared.retain(|shared| shared.verifier.strong_count() > 0 && shared.made.elapsed() < AGE);
    shared.iter().find(|shared| shared.trusted == *trusted)?.verifier.upgrade()
}

/// Trusts these authorities alone.
fn only(
    authorities: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>> {
    let mut roots = RootCertStore::empty();
    authorities.into_iter().try_for_each(|authority| roots.add(authority)).map_err(refused)?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    Ok(verifier.map_err(|error| configuration("a CA certificate cannot be used").caused_by(error))?)
}

/// Trusts the system's authorities, and these.
fn with_the_systems(authorities: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier> {
    if authorities.is_empty() {
        return Verifier::new(provider).map_err(|error| {
            let message = format!(
                "the system's CA certificates cannot be used; give one (`ClientBuilder::ca_certificate`): {error}"
            );
            configuration(&message).caused_by(error)
        });
    }
    #[cfg(target_os = "android")]
    return Err(configuration("Android's verifier takes no CA certificates; give them by `only_ca_certificate`"));
    #[cfg(not(target_os = "android"))]
    Verifier::new_with_extra_roots(authorities, provider).map_err(refused)
}

fn refused(error: rustls::Error) -> crate::error::Error {
    configuration(&format!("a CA certificate cannot be used: {error}")).caused_by(error)
}

/// Returns the provider that the process has chosen, as reqwest does, or that of the feature.
pub(super) fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "rustls")]
    use rustls::crypto::aws_lc_rs as library;
    #[cfg(not(feature = "rustls"))]
    use rustls::crypto::ring as library;
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(library::default_provider()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_share_a_verifier_only_while_they_trust_the_same() {
        let trust = Trust::default();
        let from = |file: &'static str| Trusted::new(&trust, move |_| Some(file.into()));
        let verifier: Arc<dyn ServerCertVerifier> = Arc::new(Pinned { certificates: None, provider: provider() });
        let entry = |made| Shared { trusted: from("a.pem"), verifier: Arc::downgrade(&verifier), made };
        let now = Instant::now();
        assert!(find(&mut vec![entry(now)], &from("a.pem")).is_some());
        assert!(find(&mut vec![entry(now)], &from("b.pem")).is_none(), "the variables lead elsewhere");
        let mut old: Vec<_> = now.checked_sub(AGE).map(entry).into_iter().collect();
        assert!(find(&mut old, &from("a.pem")).is_none(), "the system's certificates can have changed");
        assert!(old.is_empty());
    }
}
