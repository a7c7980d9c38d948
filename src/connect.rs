//! Setting up a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Certificate, Url, redirect};

use tokio::sync::Semaphore;

use crate::bindings;
use crate::clock::{Clock, SystemClock};
use crate::credentials::Authorization;
use crate::error::{Error, ErrorKind, Result};
use crate::exchange::Exchange;
use crate::hooks::Hooks;
use crate::limits::Limits;
use crate::retry::RetryPolicy;
use crate::{Client, Credentials};

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
    limits: Limits,
    retry: RetryPolicy,
    clock: Arc<dyn Clock>,
}

impl ClientBuilder {
    pub(crate) fn new(url: String) -> Self {
        Self {
            url,
            credentials: None,
            ca_certificates: Vec::new(),
            plain_http: false,
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            clock: Arc::new(SystemClock),
        }
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

    /// How long setting up a connection may take, TLS and all; 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect_timeout = timeout;
        self
    }

    /// How long the client waits for the next piece of an answer; 30 seconds unless set. Before the first piece of a
    /// list, its `return_timeout` comes on top (15 seconds if the query sets none, 120 at most), since ONTAP may collect
    /// records that long before it answers.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.limits.read_timeout = timeout;
        self
    }

    /// How long one attempt may take from connecting to the end of the answer; 60 seconds unless set. For a list, its
    /// `return_timeout` comes on top, so that it is always ONTAP that ends a long one, with a link to the rest.
    /// [`RetryPolicy::deadline`] is what holds for all attempts.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// The largest body of a successful answer that is read, in bytes; 64 MiB unless set. Of a failure's, at most 1 MiB
    /// is read.
    pub fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.limits.success_bytes = bytes;
        self.limits.failure_bytes = bytes.min(Limits::default().failure_bytes);
        self
    }

    /// How many requests of this client and its clones are on their way at a time; 6 unless set, and 0 is taken for 1.
    /// Further ones wait. ONTAP turns requests away when it has too many (code 262160), whoever sent them.
    pub fn max_concurrent_requests(mut self, requests: usize) -> Self {
        self.limits.concurrent_requests = requests;
        self
    }

    /// When and how often to try again; [`RetryPolicy::off`] for never.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Takes the time from `clock`: for tests of how a program deals with a slow or busy cluster.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
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
            .connect_timeout(self.limits.connect_timeout)
            .tls_certs_merge(certificates)
            .build()
            .map_err(|error| configuration("TLS could not be set up").caused_by(error.without_url()))?;
        let hooks = Hooks::new(Exchange {
            authorization: Authorization::new(self.credentials.as_ref(), Vec::new())?,
            slots: Semaphore::new(self.limits.concurrent_requests.clamp(1, Semaphore::MAX_PERMITS)),
            limits: self.limits,
            retry: self.retry,
            clock: self.clock,
        });
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
