//! Setting up a client.

use std::fmt;
use std::time::Duration;

use reqwest::{Certificate, Url, redirect};

use crate::bindings;
use crate::credentials::Authorization;
use crate::error::{Error, ErrorKind, Result};
use crate::hooks::Hooks;
use crate::requests::LONGEST_RETURN_TIMEOUT;
use crate::{Client, Credentials};

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a request may take in all: longer than the longest `return_timeout`, so that it is ONTAP that ends a long
/// listing, with a link to the rest.
const TIMEOUT: Duration = Duration::from_secs(LONGEST_RETURN_TIMEOUT + 30);

/// Sets up a [`Client`]. Made by [`Client::builder`].
///
/// Connections go straight to the cluster: proxy settings in the environment are passed over.
#[derive(Clone)]
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    url: String,
    credentials: Option<Credentials>,
    ca_certificates: Vec<Vec<u8>>,
    plain_http: bool,
}

impl ClientBuilder {
    pub(crate) fn new(url: String) -> Self {
        Self { url, credentials: None, ca_certificates: Vec::new(), plain_http: false }
    }

    /// Who the client is to the cluster. Without credentials, ONTAP refuses every request.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Trusts the certificates in `pem`, one or more, beside those that the system trusts: that of the authority which
    /// signed the cluster's certificate. A self-signed certificate of the cluster's own is accepted only if it names the
    /// host of the URL as a subject alternative name and is not marked as an authority (`CA:TRUE`); others have to be
    /// replaced on the cluster.
    pub fn ca_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_certificates.push(pem.into());
        self
    }

    /// Allows an `http` URL, over which credentials and keys can be read by anyone in between. ONTAP itself serves HTTPS
    /// only; this is for a simulator.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the URL is not that of a cluster (`https://host[:port]`, without user, path or
    /// query), the credentials cannot be sent, or a certificate is not PEM.
    pub fn build(self) -> Result<Client> {
        let base = self.base()?;
        let mut certificates = Vec::new();
        for pem in &self.ca_certificates {
            let found = Certificate::from_pem_bundle(pem).ok().filter(|found| !found.is_empty());
            certificates.extend(found.ok_or_else(|| configuration("a CA certificate is not in PEM form"))?);
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            // A redirection would send the request's body, key included, and a `Referer` to another host.
            .redirect(redirect::Policy::none())
            // A proxy would see what plain HTTP carries, and hardly ever leads to a management network.
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .tls_certs_merge(certificates)
            .build()
            .map_err(|error| configuration("TLS could not be set up").caused_by(error.without_url()))?;
        let hooks = Hooks::new(Authorization::new(self.credentials.as_ref(), Vec::new())?);
        Ok(Client::from_bindings(bindings::Client::new_with_client(&base, http, hooks)))
    }

    /// The URL of the API. Its errors do not show the URL, which may hold a password.
    fn base(&self) -> Result<String> {
        let url = Url::parse(&self.url)
            .map_err(|error| configuration(format!("the cluster's URL cannot be read: {error}")))?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(configuration("the cluster's URL has to start with `https://`")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(configuration(
                "the cluster's URL holds a user; give it by `ClientBuilder::credentials` instead",
            ));
        }
        if !secure && !self.plain_http {
            return Err(configuration("the cluster's URL is not `https`; see `ClientBuilder::allow_plain_http`"));
        }
        if !matches!(url.path(), "/" | "/api" | "/api/") || url.query().is_some() || url.fragment().is_some() {
            return Err(configuration(
                "the cluster's URL has more than a host and a port; leave out what follows them",
            ));
        }
        Ok(format!("{}/api", url.origin().ascii_serialization()))
    }
}

/// The URL is not shown: it may hold a password, which [`ClientBuilder::build`] refuses.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("ca_certificates", &self.ca_certificates.len())
            .field("plain_http", &self.plain_http)
            .finish_non_exhaustive()
    }
}

fn configuration(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration, message)
}
