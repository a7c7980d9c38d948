//! How the client signs in to the cluster.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::tokens::{AuthorizationHeader, TokenSource, Tokens, bearer, sensitive};
use crate::error::{Error, ErrorKind};

/// How the client signs in: by name and password, by a token, by a client certificate, or by a certificate and one of the
/// others.
///
/// Neither `Debug` nor any error shows a password, a token or a private key, and their memory is overwritten when they
/// are dropped. Copies made by the TLS and HTTP layers, of which each request has one, are theirs.
///
/// ```
/// use ontap_ipsec::Credentials;
///
/// let credentials = Credentials::basic("admin", "the password");
/// assert_eq!(format!("{credentials:?}"), r#"Credentials { user: "admin", password: [redacted] }"#);
/// ```
#[derive(Clone)]
pub struct Credentials {
    proof: Option<Proof>,
    certificate: Option<ClientCertificate>,
}

/// The source of the `Authorization` header.
#[derive(Clone)]
enum Proof {
    Basic { user: String, password: Zeroizing<String> },
    Bearer(Zeroizing<String>),
    BearerFrom(TokenSource),
}

/// A certificate and the key that belongs to it, in PEM.
#[derive(Clone)]
pub(crate) struct ClientCertificate {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Zeroizing<Vec<u8>>,
}

impl Credentials {
    /// HTTP basic authentication, for an account that may use the `http` application. The user's name cannot hold a
    /// colon (RFC 7617); [`ClientBuilder::build`](crate::ClientBuilder::build) refuses it.
    pub fn basic(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self::of(Proof::Basic { user: user.into(), password: Zeroizing::new(password.into()) })
    }

    /// An OAuth 2.0 access token, which ONTAP takes from 9.14.1 on if an authorization server is configured. When it
    /// has expired, requests fail with the HTTP status 401; [`bearer_from`](Self::bearer_from) has a remedy.
    ///
    /// A token is of visible ASCII characters (RFC 6750); [`ClientBuilder::build`](crate::ClientBuilder::build) refuses
    /// others, and so a line end that came with it from a file.
    pub fn bearer(token: impl Into<String>) -> Self {
        Self::of(Proof::Bearer(Zeroizing::new(token.into())))
    }

    /// Signs in with OAuth 2.0 access tokens that `ask` returns. `ask` is called before the first request, and after a
    /// response with HTTP status 401. If the new token differs, the request is sent once more. The clones of a client
    /// share the token; requests that need one at the same time call `ask` once.
    ///
    /// ```
    /// # async fn fetch_from_the_identity_provider() -> std::io::Result<String> { Ok("token".into()) }
    /// use ontap_ipsec::{Client, Credentials};
    ///
    /// let client = Client::builder("https://cluster.example.com")
    ///     .credentials(Credentials::bearer_from(|| async { fetch_from_the_identity_provider().await }))
    ///     .build()?;
    /// # Ok::<(), ontap_ipsec::Error>(())
    /// ```
    ///
    /// `ask` needs a time limit of its own: the client's limits do not hold for it. If `ask` fails, the request fails
    /// with [`ErrorKind::Credentials`], and the message ends with the words of `ask`'s error. That error is the
    /// [`source`](std::error::Error::source). If the error shows a token or a URL, a copy of its words without them is
    /// the source.
    pub fn bearer_from<F, A, T, E>(ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<T, E>> + Send + 'static,
        T: Into<String>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        Self::of(Proof::BearerFrom(TokenSource::new(ask)))
    }

    /// A client certificate, with intermediate ones after it if there are any, and its private key, both in PEM. The
    /// account needs the authentication method `cert`, and the SVM TLS client authentication (`security ssl modify
    /// -client-enabled true`).
    ///
    /// The key must not be encrypted. PKCS #8 (`BEGIN PRIVATE KEY`) works with all features. `BEGIN RSA PRIVATE KEY` and
    /// `BEGIN EC PRIVATE KEY` need `rustls` or `rustls-ring`. [`ClientBuilder::build`](crate::ClientBuilder::build)
    /// refuses a certificate or key that cannot be used.
    pub fn client_certificate(certificate: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        Self { proof: None, certificate: Some(ClientCertificate::new(certificate, key)) }
    }

    /// Reads a client certificate and its key from two files, which may be the same file. The files are read once, now.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if a file cannot be read. The message does not show the path: somebody may have given
    /// a key in its place.
    pub fn client_certificate_files(certificate: impl AsRef<Path>, key: impl AsRef<Path>) -> Result<Self, Error> {
        let read = |what: &str, path: &Path| {
            std::fs::read(path).map_err(|error| {
                Error::new(ErrorKind::Configuration, format!("the file of the {what} cannot be read: {error}"))
                    .caused_by(error)
            })
        };
        let certificate = read("client certificate", certificate.as_ref())?;
        let key = read("client certificate's key", key.as_ref())?;
        Ok(Self::client_certificate(certificate, key))
    }

    /// Adds a client certificate, as [`client_certificate`](Self::client_certificate) does. ONTAP can bind a token to a
    /// certificate (RFC 8705), and a gateway can ask for one.
    #[must_use]
    pub fn and_client_certificate(mut self, certificate: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.certificate = Some(ClientCertificate::new(certificate, key));
        self
    }

    fn of(proof: Proof) -> Self {
        Self { proof: Some(proof), certificate: None }
    }

    /// Joins a proof and a client certificate, of which one may be missing.
    pub(crate) fn from_parts(proof: Option<Self>, certificate: Option<ClientCertificate>) -> Option<Self> {
        match (proof, certificate) {
            (None, None) => None,
            (None, certificate) => Some(Self { proof: None, certificate }),
            (Some(proof), certificate) => Some(Self { certificate, ..proof }),
        }
    }

    pub(crate) fn certificate(&self) -> Option<&ClientCertificate> {
        self.certificate.as_ref()
    }
}

impl ClientCertificate {
    fn new(certificate: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        Self { certificate: certificate.into(), key: Zeroizing::new(key.into()) }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Credentials");
        let redacted = format_args!("[redacted]");
        match &self.proof {
            Some(Proof::Basic { user, .. }) => shown.field("user", user).field("password", &redacted),
            Some(Proof::Bearer(_)) => shown.field("token", &redacted),
            Some(Proof::BearerFrom(_)) => shown.field("token", &format_args!("[asked for]")),
            None => &mut shown,
        };
        if self.certificate.is_some() {
            shown.field("client_certificate", &redacted);
        }
        shown.finish()
    }
}

/// Makes the `Authorization` header of each request. Cheap to clone; clones share their token.
#[derive(Clone, Default)]
pub(crate) struct Authorization {
    method: Arc<Method>,
    /// Secrets of other parts of the client, such as a proxy's password.
    others: Arc<[Zeroizing<String>]>,
}

#[derive(Default)]
enum Method {
    /// A client certificate, which the connection shows, or nothing at all.
    #[default]
    OfTheConnection,
    Fixed {
        value: Zeroizing<String>,
        secrets: Vec<Zeroizing<String>>,
    },
    Renewable(Arc<Tokens>),
}

impl Authorization {
    /// `others` are kept out of errors as well.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if HTTP cannot carry the credentials.
    pub(crate) fn new(credentials: Option<&Credentials>, others: Vec<Zeroizing<String>>) -> Result<Self, Error> {
        let method = match credentials.and_then(|credentials| credentials.proof.as_ref()) {
            None => Method::OfTheConnection,
            Some(Proof::Basic { user, password }) => basic(user, password)?,
            Some(Proof::Bearer(token)) => Method::Fixed { value: bearer(token)?, secrets: vec![token.clone()] },
            Some(Proof::BearerFrom(source)) => Method::Renewable(Arc::new(Tokens::new(source.clone()))),
        };
        Ok(Self { method: Arc::new(method), others: others.into() })
    }

    /// Returns what to send with a request; asks the token source when there is no token yet. Nothing for a client
    /// certificate or no credentials.
    ///
    /// # Errors
    /// [`ErrorKind::Credentials`] if the token source fails.
    pub(crate) async fn proof(&self) -> Result<Option<AuthorizationHeader>, Error> {
        match &*self.method {
            Method::OfTheConnection => Ok(None),
            Method::Fixed { value, .. } => Ok(Some(AuthorizationHeader { header: sensitive(value)?, asked: 0 })),
            Method::Renewable(tokens) => Tokens::proof(tokens).await.map(Some),
        }
    }

    /// Returns another header after a 401 to a request that was sent with `refused`, or nothing. If several callers need
    /// a token, one asks the token source.
    ///
    /// # Errors
    /// [`ErrorKind::Credentials`] if the token source fails.
    pub(crate) async fn renewed(&self, refused: &AuthorizationHeader) -> Result<Option<AuthorizationHeader>, Error> {
        match &*self.method {
            Method::OfTheConnection | Method::Fixed { .. } => Ok(None),
            Method::Renewable(tokens) => Tokens::renewed(tokens, refused).await,
        }
    }

    /// Returns the secrets that no error may show: the password, its part of the header, the latest tokens.
    pub(crate) fn secrets(&self) -> Vec<Zeroizing<String>> {
        let mut secrets = match &*self.method {
            Method::OfTheConnection => Vec::new(),
            Method::Fixed { secrets, .. } => secrets.clone(),
            Method::Renewable(tokens) => tokens.secrets(),
        };
        secrets.extend(self.others.iter().cloned());
        secrets
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &*self.method {
            Method::OfTheConnection => "Authorization(of the connection)",
            Method::Fixed { .. } => "Authorization(fixed)",
            Method::Renewable(_) => "Authorization(renewable)",
        })
    }
}

fn basic(user: &str, password: &Zeroizing<String>) -> Result<Method, Error> {
    if user.contains(':') {
        let message = "the user's name holds a colon, which HTTP basic authentication cannot carry";
        return Err(Error::new(ErrorKind::Configuration, message));
    }
    let pair = Zeroizing::new(format!("{user}:{}", password.as_str()));
    let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    let value = Zeroizing::new(format!("Basic {}", encoded.as_str()));
    Ok(Method::Fixed { value, secrets: vec![password.clone(), encoded] })
}
