//! A list of the blocking client, and the iterator over its policies.

use std::fmt::{self, Display};
use std::sync::Arc;

use super::driver::Driver;
use crate::client::{Page, PolicyStream};
use crate::error::Result;
use crate::model::filter::Filter;
use crate::model::types::IpsecPolicy;
use crate::operations;

include!(concat!(env!("OUT_DIR"), "/blocking.rs"));

impl List {
    /// Reads all policies that match, over all pages. See [`PolicyStream`].
    pub fn iter(self) -> PolicyIter {
        PolicyIter { driver: self.driver, stream: Some(self.list.stream()) }
    }

    /// Reads one page. See [`page`](operations::IpsecPolicyCollectionGet::page).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn page(self) -> Result<Page> {
        self.driver.wait(self.list.page())
    }

    /// Counts the policies that match. See [`count`](operations::IpsecPolicyCollectionGet::count).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn count(self) -> Result<u64> {
        self.driver.wait(self.list.count())
    }

    /// Reads the first policy that matches. See [`first`](operations::IpsecPolicyCollectionGet::first).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn first(self) -> Result<Option<IpsecPolicy>> {
        self.driver.wait(self.list.first())
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.fmt(f)
    }
}

/// All policies that match, page after page: an [`Iterator`]. The next page is on its way while one is read, as in the
/// async [`PolicyStream`].
///
/// An error ends it, until [`resume`](Self::resume) is called.
#[must_use = "nothing is sent before the list is read"]
pub struct PolicyIter {
    driver: Arc<Driver>,
    /// Gone if the thread of the client is.
    stream: Option<PolicyStream>,
}

impl PolicyIter {
    /// See [`PolicyStream::limit`].
    pub fn limit(mut self, policies: u64) -> Self {
        self.stream = self.stream.map(|stream| stream.limit(policies));
        self
    }

    /// See [`PolicyStream::resume`].
    ///
    /// ```
    /// # fn example(client: ontap_ipsec::blocking::Client) -> Result<(), ontap_ipsec::Error> {
    /// let mut policies = client.policies().list().iter();
    /// while let Some(policy) = policies.next() {
    ///     match policy {
    ///         Ok(policy) => println!("{}", policy.name.unwrap_or_default()),
    ///         Err(error) if error.is_retryable() => policies.resume(),
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume(&mut self) {
        if let Some(stream) = &mut self.stream {
            stream.resume();
        }
    }
}

impl Iterator for PolicyIter {
    type Item = Result<IpsecPolicy>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut stream = self.stream.take()?;
        if let Some(policy) = stream.ready() {
            self.stream = Some(stream);
            return Some(Ok(policy));
        }
        let waited = self.driver.wait(async move {
            let policy = stream.try_next().await;
            Ok((policy, stream))
        });
        match waited {
            Ok((policy, stream)) => {
                self.stream = Some(stream);
                policy.transpose()
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl fmt::Debug for PolicyIter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(f)
    }
}
