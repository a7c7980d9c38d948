//! Lists of the blocking client, and the iterator over their records.

use std::fmt::{self, Display};
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::driver::Driver;
use crate::client::{Page, RecordStream};
use crate::error::Result;
use crate::model::filter::Filter;
use crate::model::types::{IpsecCaCertificate, IpsecPolicy, SecurityAssociation};
use crate::operations;

include!(concat!(env!("OUT_DIR"), "/blocking.rs"));

/// A list, as [`Policies::list`](super::Policies::list) starts it for policies, and the other handles for their records.
#[derive(Clone)]
#[must_use = "nothing is sent before the list is read"]
pub struct List<L = operations::IpsecPolicyCollectionGet> {
    pub(super) driver: Arc<Driver>,
    pub(super) list: L,
}

/// The ends of the lists, each with its records.
macro_rules! ends {
    ($($list:ident: $record:ident;)*) => {$(
        impl List<operations::$list> {
            /// Reads all records that match, over all pages. See [`RecordStream`].
            pub fn iter(self) -> RecordIter<$record> {
                RecordIter { driver: self.driver, stream: Some(self.list.stream()) }
            }

            #[doc = concat!("Reads one page. See [`page`](operations::", stringify!($list), "::page).")]
            ///
            /// # Errors
            /// Returns the errors of the async method.
            pub fn page(self) -> Result<Page<$record>> {
                self.driver.wait(self.list.page())
            }

            #[doc = concat!("Counts the records that match. See [`count`](operations::", stringify!($list), "::count).")]
            ///
            /// # Errors
            /// Returns the errors of the async method.
            pub fn count(self) -> Result<u64> {
                self.driver.wait(self.list.count())
            }

            #[doc = concat!("Reads the first record that matches. See [`first`](operations::", stringify!($list), "::first).")]
            ///
            /// # Errors
            /// Returns the errors of the async method.
            pub fn first(self) -> Result<Option<$record>> {
                self.driver.wait(self.list.first())
            }
        }
    )*};
}

ends! {
    IpsecCaCertificateCollectionGet: IpsecCaCertificate;
    IpsecPolicyCollectionGet: IpsecPolicy;
    SecurityAssociationCollectionGet: SecurityAssociation;
}

impl<L: fmt::Debug> fmt::Debug for List<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.fmt(f)
    }
}

/// All policies that match, page after page.
pub type PolicyIter = RecordIter<IpsecPolicy>;

/// All records that match, page after page: an [`Iterator`]. The next page is on its way while one is read, as in the
/// async [`RecordStream`].
///
/// An error ends it, until [`resume`](Self::resume) is called.
#[must_use = "nothing is sent before the list is read"]
pub struct RecordIter<T> {
    driver: Arc<Driver>,
    /// Gone if the thread of the client is.
    stream: Option<RecordStream<T>>,
}

impl<T: DeserializeOwned + Send + Unpin + 'static> RecordIter<T> {
    /// See [`RecordStream::limit`].
    pub fn limit(mut self, records: u64) -> Self {
        self.stream = self.stream.map(|stream| stream.limit(records));
        self
    }

    /// See [`RecordStream::resume`].
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

impl<T: DeserializeOwned + Send + Unpin + 'static> Iterator for RecordIter<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut stream = self.stream.take()?;
        if let Some(record) = stream.ready() {
            self.stream = Some(stream);
            return Some(Ok(record));
        }
        let waited = self.driver.wait(async move {
            let record = stream.try_next().await;
            Ok((record, stream))
        });
        match waited {
            Ok((record, stream)) => {
                self.stream = Some(stream);
                record.transpose()
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl<T> fmt::Debug for RecordIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(f)
    }
}
