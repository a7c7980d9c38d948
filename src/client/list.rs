//! The ends of a list: a stream, one page, a count, or the first policy.

use super::itinerary::Itinerary;
use super::page::{self, Page, unexpected};
use super::stream::PolicyStream;
use crate::error::Result;
use crate::model::types::IpsecPolicy;
use crate::operations::IpsecPolicyCollectionGet;

/// The ends of a list that [`Policies::list`](crate::Policies::list) starts.
impl IpsecPolicyCollectionGet {
    /// Reads all policies that match, over all pages. Nothing is sent before the first policy is asked for.
    pub fn stream(self) -> PolicyStream {
        PolicyStream::new(self)
    }

    /// Reads one page; [`max_records`](Self::max_records) sets its size, and
    /// [`Policies::next_page`](crate::Policies::next_page) reads the one after it.
    ///
    /// # Errors
    /// If ONTAP refuses the query or does not answer.
    pub async fn page(self) -> Result<Page> {
        let mut budget = self.exchange.budget();
        page::first(&self, &mut budget, &mut None).await
    }

    /// Counts the policies that match, without reading them.
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
    pub async fn count(mut self) -> Result<u64> {
        self.query.unset("fields");
        let list = self.return_records(false);
        let exchange = &list.exchange;
        let mut budget = exchange.budget();
        let (mut itinerary, mut count) = (Itinerary::default(), 0_u64);
        let mut page = page::first(&list, &mut budget, &mut None).await?;
        loop {
            // A page's number is that of its own records, also of those that are not returned.
            let without = || unexpected(exchange, "the answer holds no number of policies", page.attempts);
            count = count.saturating_add(page.num_records.ok_or_else(without)?);
            itinerary.follow(exchange, &page)?;
            match page::after(exchange, page.next.as_deref(), &mut budget, &mut None).await? {
                Some(next) => page = next,
                None => return Ok(count),
            }
        }
    }

    /// Reads the first policy that matches, if any.
    ///
    /// # Errors
    /// If ONTAP refuses the query or does not answer.
    pub async fn first(self) -> Result<Option<IpsecPolicy>> {
        self.stream().limit(1).try_next().await
    }
}
