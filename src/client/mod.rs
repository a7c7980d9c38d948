//! The client that most callers want.

mod apply;
mod apply_all;
mod ca_certificates;
mod comparison;
mod config;
mod create;
mod established;
mod itinerary;
mod list;
mod lookup;
mod page;
mod policies;
mod record;
mod security_associations;
mod stream;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::connect::builder::{ClientBuilder, header};
use crate::error::{Error, ErrorKind, Result};
use crate::exchange::Exchange;
use crate::operations::Operations;

pub use apply::{Applied, Change, Plan};
pub use apply_all::{AppliedAll, PlannedAll};
pub use ca_certificates::CaCertificates;
pub use config::Config;
pub use page::Page;
pub use policies::Policies;
pub use security_associations::SecurityAssociations;
pub use stream::{PolicyStream, RecordStream};

/// A client of one cluster. Cheap to clone; clones share their connections, their token and their limits.
///
/// Its calls need a Tokio runtime with sockets and timers (`enable_all`); outside a runtime, they return
/// [`ErrorKind::Configuration`]. The feature `blocking` has the same calls without one.
#[derive(Clone)]
pub struct Client {
    exchange: Exchange,
}

impl Client {
    /// Starts to set up a client for the cluster at `url`, `https://host` or `https://host:port`: the cluster's
    /// management address, or that of an SVM.
    ///
    /// ```
    /// use ontap_ipsec::{Client, Credentials};
    ///
    /// let client = Client::builder("https://cluster.example.com")
    ///     .credentials(Credentials::basic("admin", "the password"))
    ///     .build()?;
    /// # Ok::<(), ontap_ipsec::Error>(())
    /// ```
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(url.into())
    }

    /// Makes a client as environment variables say, `ONTAP_URL` and others: [`ClientBuilder::from_env`] lists them, and
    /// gives a builder for what they do not say.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`], with a message that names the variable at fault.
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns the IPsec policies of the cluster and of its SVMs.
    #[must_use]
    pub fn policies(&self) -> Policies {
        Policies::new(&self.exchange)
    }

    /// Returns the IPsec configuration of the cluster.
    #[must_use]
    pub fn config(&self) -> Config {
        Config::new(&self.exchange)
    }

    /// Returns the CA certificates that IPsec trusts.
    #[must_use]
    pub fn ca_certificates(&self) -> CaCertificates {
        CaCertificates::new(&self.exchange)
    }

    /// Returns the security associations that stand.
    #[must_use]
    pub fn security_associations(&self) -> SecurityAssociations {
        SecurityAssociations::new(&self.exchange)
    }

    /// Returns the operations of the API, each by itself.
    #[must_use]
    pub fn operations(&self) -> Operations {
        Operations::new(&self.exchange)
    }

    /// Returns a client that sends this header too, such as `X-Dot-SVM-Name`; it replaces an earlier one of its name.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// let of_svm1 = client.with_header("X-Dot-SVM-Name", "svm1")?;
    /// let policies = of_svm1.policies().list().count().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] if HTTP cannot carry the header.
    pub fn with_header(&self, name: &str, value: &str) -> Result<Self> {
        let mut client = self.clone();
        let (name, value) = header(name, value).map_err(|why| Error::new(ErrorKind::InvalidRequest, why))?;
        Arc::make_mut(&mut client.exchange.headers).insert(name, value);
        Ok(client)
    }

    /// Returns a client whose calls may take this long in all, in place of [`RetryPolicy::deadline`].
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client, uuid: uuid::Uuid) -> Result<(), ontap_ipsec::Error> {
    /// use std::time::Duration;
    ///
    /// let policy = client.with_deadline(Duration::from_secs(5)).policies().get(uuid).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`RetryPolicy::deadline`]: crate::RetryPolicy::deadline
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        let mut client = self.clone();
        client.exchange.deadline = deadline;
        client
    }
}

impl ClientBuilder {
    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the URL is not that of a cluster (`https://host[:port]`), or if settings
    /// contradict each other. Credentials, headers and the user agent must fit into HTTP. Certificates, keys and the
    /// proxy's URL must be usable.
    pub fn build(self) -> Result<Client> {
        Ok(Client { exchange: Exchange::new(self.connect()?) })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("url", &self.exchange.base().as_str()).finish_non_exhaustive()
    }
}
