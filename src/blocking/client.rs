//! The blocking client.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use super::Policies;
use super::driver::Driver;
use crate::bindings::types::{IpsecPolicy, IpsecPolicyCreate, IpsecPolicyModify};
use crate::error::Result;
use crate::{Applied, ClientBuilder, Page, Query};

/// The IPsec policies of one cluster, as the async [`Client`](crate::Client) has them. Clones share their connections,
/// and can be used by many threads at once.
///
/// Every call fails with [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) inside an async runtime; see the
/// [module](super).
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
    /// Those of [`ClientBuilder::from_env`] and [`ClientBuilder::build_blocking`].
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build_blocking()
    }

    /// Creates a policy and gives its UUID. See [`Client::create`](crate::Client::create).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn create(&self, policy: &IpsecPolicyCreate) -> Result<Uuid> {
        self.driver.wait(self.client.create(policy))
    }

    /// Reads a policy, with all its fields. See [`Client::get`](crate::Client::get).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn get(&self, uuid: Uuid) -> Result<IpsecPolicy> {
        self.driver.wait(self.client.get(uuid))
    }

    /// Lists all policies that match, over all pages. See [`Client::list`](crate::Client::list).
    pub fn list<'a>(&'a self, query: impl FnOnce(Query<'a>) -> Query<'a>) -> Policies<'a> {
        Policies::new(&self.driver, self.client.list(query))
    }

    /// How many policies match, without reading them. See [`Client::count`](crate::Client::count).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn count<'a>(&'a self, query: impl FnOnce(Query<'a>) -> Query<'a>) -> Result<u64> {
        self.driver.wait(self.client.count(query))
    }

    /// One page of what [`list`](Self::list) gives. See [`Client::page`](crate::Client::page).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn page<'a>(&'a self, query: impl FnOnce(Query<'a>) -> Query<'a>) -> Result<Page> {
        self.driver.wait(self.client.page(query))
    }

    /// The page after `page`, or nothing if that was the last. See [`Client::next_page`](crate::Client::next_page).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn next_page(&self, page: &Page) -> Result<Option<Page>> {
        self.driver.wait(self.client.next_page(page))
    }

    /// The policy of this name in this SVM. See [`Client::find`](crate::Client::find).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn find<'a>(&self, svm: impl Into<Option<&'a str>>, name: &str) -> Result<Option<IpsecPolicy>> {
        self.driver.wait(self.client.find(svm, name))
    }

    /// Changes the given fields of a policy. See [`Client::modify`](crate::Client::modify).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn modify(&self, uuid: Uuid, changes: &IpsecPolicyModify) -> Result<()> {
        self.driver.wait(self.client.modify(uuid, changes))
    }

    /// Deletes a policy. See [`Client::delete`](crate::Client::delete).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn delete(&self, uuid: Uuid) -> Result<()> {
        self.driver.wait(self.client.delete(uuid))
    }

    /// Sees to it that there is a policy as described. See [`Client::apply`](crate::Client::apply).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn apply(&self, description: &IpsecPolicyCreate) -> Result<Applied> {
        self.driver.wait(self.client.apply(description))
    }
}

impl ClientBuilder {
    /// Makes a blocking client, and starts its thread. Nothing is sent yet.
    ///
    /// # Errors
    /// Those of [`build`](Self::build), and [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the system
    /// has no thread to give.
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
