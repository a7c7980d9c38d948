//! The ends of a list: a stream, one page, a count, or the first record.

use serde::de::IgnoredAny;

use super::itinerary::Itinerary;
use super::page::{self, Listing, Page, unexpected};
use super::stream::RecordStream;
use crate::error::Result;
use crate::error_code::Operation;
use crate::model::types::{IpsecCaCertificate, IpsecPolicy, SecurityAssociation};
use crate::operations::{IpsecCaCertificateCollectionGet, IpsecPolicyCollectionGet, SecurityAssociationCollectionGet};

/// The ends of the lists, each with its records.
macro_rules! ends {
    ($($list:ident: $record:ident, $handle:literal;)*) => {$(
        impl From<$list> for Listing {
            fn from($list { exchange, query }: $list) -> Self {
                Self { exchange, operation: Operation::$list, query }
            }
        }

        #[doc = concat!("The ends of a list that [`", $handle, "::list`](crate::", $handle, "::list) starts.")]
        impl $list {
            /// Reads all records that match, over all pages. Nothing is sent before the first record is asked for.
            pub fn stream(self) -> RecordStream<$record> {
                RecordStream::new(self.into())
            }

            /// Reads one page; [`max_records`](Self::max_records) sets its size, and
            #[doc = concat!("[`", $handle, "::next_page`](crate::", $handle, "::next_page) reads the one after it.")]
            ///
            /// # Errors
            /// If ONTAP refuses the query or does not answer.
            pub async fn page(self) -> Result<Page<$record>> {
                let list = Listing::from(self);
                page::first(&list, &mut list.exchange.budget(), &mut None).await
            }

            /// Counts the records that match, without reading them.
            ///
            /// ```
            /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
            /// let enabled = client.policies().list().svm_name("svm1").enabled(true).count().await?;
            /// # Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// If ONTAP refuses the query or does not answer, or answers without a number.
            pub async fn count(self) -> Result<u64> {
                count(self.return_records(false).into()).await
            }

            /// Reads the first record that matches, if any.
            ///
            /// # Errors
            /// If ONTAP refuses the query or does not answer.
            pub async fn first(self) -> Result<Option<$record>> {
                self.stream().limit(1).try_next().await
            }
        }
    )*};
}

ends! {
    IpsecCaCertificateCollectionGet: IpsecCaCertificate, "CaCertificates";
    IpsecPolicyCollectionGet: IpsecPolicy, "Policies";
    SecurityAssociationCollectionGet: SecurityAssociation, "SecurityAssociations";
}

async fn count(mut list: Listing) -> Result<u64> {
    list.query.unset("fields");
    let mut budget = list.exchange.budget();
    let (mut itinerary, mut count) = (Itinerary::default(), 0_u64);
    let mut page = page::first::<IgnoredAny>(&list, &mut budget, &mut None).await?;
    loop {
        // A page's number is that of its own records, also of those that are not returned.
        let without = || unexpected(&list, "the response holds no number of records", page.attempts);
        count = count.saturating_add(page.num_records.ok_or_else(without)?);
        itinerary.follow(&list, &page)?;
        match page::after(&list, page.next.as_deref(), &mut budget, &mut None).await? {
            Some(next) => page = next,
            None => return Ok(count),
        }
    }
}
