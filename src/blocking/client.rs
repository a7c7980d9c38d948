//! The blocking client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::driver::Driver;
use super::policies::Policies;
use super::resources::{CaCertificates, Config, SecurityAssociations};
use crate::connect::builder::ClientBuilder;
use crate::error::Result;

/// A client of one cluster, as the async [`Client`](crate::Client) is. Clones share their connections, and can be used
/// by many threads at once.
#[derive(Clone)]
pub struct Client {
    client: crate::Client,
    driver: Arc<Driver>,
}

impl Client {
    /// Starts to set up a client, which [`ClientBuilder::build_blocking`] makes. See
    /// [`Client::builder`](crate::Client::builder).
    ///
    /// ```
    /// use ontap_ipsec::Credentials;
    /// use ontap_ipsec::blocking::Client;
    ///
    /// let client = Client::builder("https://cluster.example.com")
    ///     .credentials(Credentials::basic("admin", "the password"))
    ///     .build_blocking()?;
    /// # Ok::<(), ontap_ipsec::Error>(())
    /// ```
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        crate::Client::builder(url)
    }

    /// A client as environment variables say. See [`ClientBuilder::from_env`].
    ///
    /// # Errors
    /// Returns the errors of [`ClientBuilder::from_env`] and [`ClientBuilder::build_blocking`].
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build_blocking()
    }

    /// Returns the IPsec policies of the cluster and of its SVMs.
    #[must_use]
    pub fn policies(&self) -> Policies {
        Policies { handle: self.client.policies(), driver: Arc::clone(&self.driver) }
    }

    /// Returns the IPsec configuration of the cluster.
    #[must_use]
    pub fn config(&self) -> Config {
        Config { handle: self.client.config(), driver: Arc::clone(&self.driver) }
    }

    /// Returns the CA certificates that IPsec trusts.
    #[must_use]
    pub fn ca_certificates(&self) -> CaCertificates {
        CaCertificates { handle: self.client.ca_certificates(), driver: Arc::clone(&self.driver) }
    }

    /// Returns the security associations that stand.
    #[must_use]
    pub fn security_associations(&self) -> SecurityAssociations {
        SecurityAssociations { handle: self.client.security_associations(), driver: Arc::clone(&self.driver) }
    }

    /// See [`Client::with_header`](crate::Client::with_header).
    ///
    /// # Errors
    /// Returns the errors of the async client's method.
    pub fn with_header(&self, name: &str, value: &str) -> Result<Self> {
        Ok(Self { client: self.client.with_header(name, value)?, driver: Arc::clone(&self.driver) })
    }

    /// See [`Client::with_deadline`](crate::Client::with_deadline).
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self { client: self.client.with_deadline(deadline), driver: Arc::clone(&self.driver) }
    }
}

impl ClientBuilder {
    /// Makes a blocking client, and starts its thread. Nothing is sent yet.
    ///
    /// # Errors
    /// Returns the errors of [`build`](Self::build), and [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if
    /// the system has no thread left.
    pub fn build_blocking(self) -> Result<Client> {
        let client = self.build()?;
        Ok(Client { client, driver: Arc::new(Driver::start()?) })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}
