//! Setting up a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Url, redirect};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::connection::Connection;
use super::credentials::{Authorization, Credentials};
use super::proxies::{Proxies, Proxy};
use super::tls::{self, Trust};
use super::variables::process;
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::release::Release;
use crate::retry::RetryPolicy;

/// The default `User-Agent`.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Sets up a [`Client`](crate::Client). Made by [`Client::builder`](crate::Client::builder), or by [`from_env`](Self::from_env).
///
/// # Features
/// | feature | TLS is by |
/// |---|---|
/// | `rustls`, the default | rustls, with the cryptography of aws-lc-rs |
/// | `rustls-ring` | rustls, with the cryptography of ring |
/// | `native-tls` | the system's library, on Linux OpenSSL |
///
/// If several features are on, the first one in the table is used; leave out the default features to use another one. A
/// provider of cryptography that the process has installed replaces aws-lc-rs and ring. The CA certificates of the system
/// are trusted with each feature. With rustls, clients that are made within 60 s share the certificates that they trust;
/// a later client reads those of the system again.
///
/// # Connections
/// Connections are kept for later calls, and closed after 90 s without a call (reqwest's default). HTTP/1.1 is used. TLS
/// sessions are resumed.
#[derive(Clone)]
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    url: String,
    credentials: Option<Credentials>,
    trust: Trust,
    proxies: Proxies,
    user_agent: String,
    plain_http: bool,
    limits: Limits,
    retry: RetryPolicy,
    release: Option<String>,
    clock: Arc<dyn Clock>,
    headers: Vec<(String, String)>,
    change: Option<Arc<Change>>,
}

/// A change to how HTTP is set up.
type Change = dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync;

impl ClientBuilder {
    pub(crate) fn new(url: String) -> Self {
        Self {
            url,
            credentials: None,
            trust: Trust::default(),
            proxies: Proxies::default(),
            user_agent: USER_AGENT.into(),
            plain_http: false,
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            release: None,
            clock: Arc::new(SystemClock),
            headers: Vec::new(),
            change: None,
        }
    }

    /// Sets how the client signs in; nothing unless set. Without credentials, ONTAP refuses every request.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Trusts the CA certificates in `pem`, one or more, in addition to those of the system. Give the certificate of the
    /// authority that signed the cluster's certificate. rustls accepts a self-signed certificate of the cluster only if
    /// it names the URL's host as a subject alternative name and is not marked as an authority (`CA:TRUE`). The
    /// certificates that ONTAP makes for itself are marked so: use `pinned_certificate` for them.
    pub fn ca_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.trust.authorities.push(pem.into());
        self
    }

    /// Trusts the CA certificates in `pem`, as [`ca_certificate`](Self::ca_certificate) does, and none of the system's.
    /// No public authority can then vouch for the cluster.
    pub fn only_ca_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.trust.only_these = true;
        self.ca_certificate(pem)
    }

    /// Trusts exactly the certificates in `pem`, one or more, as the cluster's own, and no authority. Use this for the
    /// certificate that an ONTAP system makes for itself. `security certificate show -instance -vserver NAME -type
    /// server` shows the certificate on the cluster.
    ///
    /// The cluster has to show the very same bytes, and the handshake proves that the cluster has their key. Host names
    /// and dates in the certificate are ignored: an expired certificate stays trusted while it is pinned. If the cluster
    /// gets a new certificate, pin the new one. A proxy with an `https` URL needs its certificate pinned as well. Does
    /// not go together with [`ca_certificate`](Self::ca_certificate), [`only_ca_certificate`](Self::only_ca_certificate)
    /// and [`danger_accept_invalid_certificates`](Self::danger_accept_invalid_certificates).
    #[cfg(any(feature = "rustls", feature = "rustls-ring"))]
    pub fn pinned_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.trust.pinned.push(pem.into());
        self
    }

    /// Accepts any certificate, from anyone who responds at the cluster's address. Anyone on the way can read credentials
    /// and keys, and make up responses. Use this in a laboratory only; `pinned_certificate` is safe, and hardly more
    /// work.
    pub fn danger_accept_invalid_certificates(mut self) -> Self {
        self.trust.anyone = true;
        self
    }

    /// Connects through the proxy at `url`, `http://proxy:3128` or `http://user:password@proxy:3128`: HTTPS as a tunnel
    /// (`CONNECT`). Neither `Debug` nor any error shows the URL, and the password is kept out of errors as others are.
    ///
    /// By default, connections go straight to the cluster, whatever the environment says. Management networks are hardly
    /// ever behind the proxy to the internet. A variable that was set for another program must not lead keys elsewhere.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxies = Proxies::Url(Zeroizing::new(url.into()));
        self
    }

    /// Connects through the proxy that the environment names when the client is built, if there is one. The first of
    /// `https_proxy`, `HTTPS_PROXY`, `all_proxy` and `ALL_PROXY` that is set is used. `no_proxy` or `NO_PROXY` can except
    /// the cluster's host by name, domain, address or network. For plain HTTP, `http_proxy` replaces the first two.
    pub fn proxy_from_environment(mut self) -> Self {
        self.proxies = Proxies::Environment;
        self
    }

    /// Sets `User-Agent` and ONTAP's `X-Dot-Client-App`; `ontap-ipsec/` and its version unless set. The name of a tool is
    /// more useful in a gateway's log.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Allows an `http` URL; refused unless set. Anyone on the way can read credentials and keys. ONTAP serves HTTPS
    /// only; this is for a simulator.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Sets the time limit for setting up a connection, TLS included; 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect_timeout = timeout;
        self
    }

    /// Sets the time limit for each next piece of a response; 30 seconds unless set. For the first piece of a list,
    /// `return_timeout` is added (15 seconds unless the query sets it, 120 at most). ONTAP may collect records for that
    /// long.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.limits.read_timeout = timeout;
        self
    }

    /// Sets the time limit for one attempt, from connecting to the end of the response; 60 seconds unless set. For a
    /// list, `return_timeout` is added, so that ONTAP can end a long page with a link to the next.
    /// [`RetryPolicy::deadline`] limits all attempts together.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// Sets the largest body of a 2xx response that is read, in bytes; 64 MiB unless set. At most 1 MiB is read of other
    /// responses.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.limits.success_bytes = bytes;
        self.limits.failure_bytes = bytes.min(Limits::default().failure_bytes);
        self
    }

    /// Sets how many requests of this client and its clones run at a time; 6 unless set, and 0 counts as 1. Further
    /// requests wait. ONTAP refuses requests when it has too many from all clients (code 262160). A future that is kept
    /// and not polled keeps its slot. The last slot never stays taken, so that other calls go on one at a time.
    pub fn max_concurrent_requests(mut self, requests: usize) -> Self {
        self.limits.concurrent_requests = requests;
        self
    }

    /// Sets when and how often the client retries; [`RetryPolicy::default`] unless set, and [`RetryPolicy::off`] for
    /// never.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the release of ONTAP that the cluster runs, such as `9.11.1`; none unless set. The client then sends nothing that
    /// came with a later release: no operation, filter, field of a body, or name in `fields` and `order_by`. Such a call fails
    /// with [`ErrorKind::InvalidRequest`]; the error names the field and its release. If the nodes of a cluster differ, give
    /// the oldest release.
    ///
    /// A patch level, as in `9.11.1P3`, is ignored. [`build`](Self::build) fails if the text is no release.
    pub fn release(mut self, release: impl Into<String>) -> Self {
        self.release = Some(release.into());
        self
    }

    /// Takes the time from `clock`, for tests; the system's clock unless set.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Adds a header to every request, such as `X-Dot-SVM-Name`. A later header replaces an earlier one of the same name.
    /// [`Client::with_header`](crate::Client::with_header) adds a header to some calls only. Give credentials to
    /// [`credentials`](Self::credentials) instead: errors and traces leave them out only then.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Changes how HTTP is set up, after all that the other methods set except TLS: for settings that they do not have.
    ///
    /// Changes that undo the crate's promises are the caller's risk: the client follows no redirect and uses no proxy by
    /// itself, and does not decompress. A redirect would send keys to another host. TLS is set up after `change`, so that
    /// the certificates of this builder are used. With `rustls` and `rustls-ring`, reqwest's TLS settings have no effect,
    /// and the least version is TLS 1.2.
    pub fn configure_http(
        mut self,
        change: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.change = Some(Arc::new(change));
        self
    }

    pub(crate) fn connect(self) -> Result<Connection> {
        let base = self.base()?;
        let secure = base.scheme() == "https";
        let release = self.release.as_deref().map(str::parse::<Release>).transpose()?;
        let certificate = self.credentials.as_ref().and_then(Credentials::certificate);
        if certificate.is_some() && !secure {
            return Err(configuration("a client certificate cannot be shown over plain HTTP"));
        }
        let user_agent = HeaderValue::from_str(&self.user_agent).ok().filter(|name| !name.is_empty());
        let user_agent = user_agent.ok_or_else(|| configuration("the user agent does not fit into an HTTP header"))?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        // Without it, ONTAP leaves out the arguments of an error.
        headers.insert("x-dot-error-arguments", HeaderValue::from_static("true"));
        headers.insert("x-dot-client-app", user_agent.clone());
        for (name, value) in &self.headers {
            let (name, value) = header(name, value).map_err(configuration)?;
            headers.insert(name, value);
        }
        let proxy = self.proxies.proxy(secure, &process)?;
        let secrets = proxy.as_ref().map(Proxy::secrets).unwrap_or_default();
        let authorization = Authorization::new(self.credentials.as_ref(), secrets)?;

        let mut http = reqwest::Client::builder()
            .user_agent(user_agent)
            // A redirection would send the request's body, key included, and a `Referer` to another host.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(self.limits.connect_timeout);
        if let Some(proxy) = proxy {
            http = proxy.apply(http)?;
        }
        if let Some(change) = &self.change {
            http = change(http);
        }
        // After `change`: another TLS backend of reqwest would not know whom to trust.
        let http = self.trust.apply(http, certificate)?.build().map_err(|error| {
            let message = tls::of_setup(&error);
            configuration(message).caused_by(error.without_url())
        })?;
        let port = base.port().map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Connection {
            http,
            host: format!("{}{port}", base.host_str().unwrap_or_default()).into(),
            base,
            headers: Arc::new(headers),
            authorization,
            slots: Arc::new(Semaphore::new(self.limits.concurrent_requests.clamp(1, Semaphore::MAX_PERMITS))),
            limits: self.limits,
            retry: self.retry,
            release,
            clock: self.clock,
        })
    }

    /// Returns the URL of the API. The errors do not show the URL, since it may hold a password.
    pub(crate) fn base(&self) -> Result<Url> {
        let mut url = Url::parse(&self.url)
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
        url.set_path("/api");
        Ok(url)
    }
}

/// No URL is shown: it may hold a password.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("trust", &self.trust)
            .field("proxies", &self.proxies)
            .field("user_agent", &self.user_agent)
            .field("plain_http", &self.plain_http)
            .finish_non_exhaustive()
    }
}

/// Reads a header. A value is not shown: it may be secret.
pub(crate) fn header(name: &str, value: &str) -> std::result::Result<(HeaderName, HeaderValue), String> {
    match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
        (Err(_), _) => Err("HTTP does not allow the name of a header".to_owned()),
        (_, Err(_)) => Err(format!("the value of the header `{name}` does not fit into an HTTP header")),
        (Ok(name), Ok(mut value)) => {
            value.set_sensitive(true);
            Ok((name, value))
        }
    }
}

fn configuration(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration, message)
}
