//! All records of a list, over its pages.

use std::fmt;
use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;

use super::itinerary::Itinerary;
use super::page::{self, Listing, Page};
use crate::error::{Error, Result};
use crate::model::types::IpsecPolicy;
use crate::task::Task;

/// How many records ONTAP puts into a page unless `max_records` says otherwise.
const DEFAULT_MAX_RECORDS: u64 = 10_000;

/// All policies that match, page after page.
pub type PolicyStream = RecordStream<IpsecPolicy>;

/// All records that match, page after page: a [`Stream`], which can also be read without one, by
/// [`try_next`](Self::try_next).
///
/// While one page is read, the next one is on its way: the list holds these two and no more, however long it is.
///
/// An error ends it, until [`resume`](Self::resume) is called.
#[must_use = "nothing is sent before the list is read"]
pub struct RecordStream<T> {
    list: Listing,
    position: Position,
    itinerary: Itinerary,
    /// The rest of the current page.
    records: std::vec::IntoIter<T>,
    fetching: Option<Task<Fetched<T>>>,
    /// How many more records are wanted.
    wanted: u64,
    failed: bool,
}

/// A page; or, without a page, the last link that was followed.
type Fetched<T> = (Result<Option<Page<T>>>, Option<String>);

/// The page that comes after the one that is read.
#[derive(Clone)]
enum Position {
    Start,
    Next(String),
    End,
}

impl<T: DeserializeOwned + Send + Unpin + 'static> RecordStream<T> {
    pub(super) fn new(list: Listing) -> Self {
        Self {
            list,
            position: Position::Start,
            itinerary: Itinerary::default(),
            records: Vec::new().into_iter(),
            fetching: None,
            wanted: u64::MAX,
            failed: false,
        }
    }

    /// Ends the list after so many records. No page beyond them is asked for, and none that is larger.
    pub fn limit(mut self, records: u64) -> Self {
        self.wanted = records;
        if let Position::Start = self.position {
            let size = self.list.query.get("max_records").and_then(|size| size.parse().ok());
            if records < size.unwrap_or(DEFAULT_MAX_RECORDS) {
                self.list.query.set("max_records", &records.max(1));
            }
        }
        self
    }

    /// The next record, or nothing at the end.
    ///
    /// # Errors
    /// If a page cannot be read, or its link leads in a circle. The list ends then; see [`resume`](Self::resume).
    pub async fn try_next(&mut self) -> Result<Option<T>> {
        self.next().await.transpose()
    }

    /// Continues after an error: asks again for the page that failed. No record is returned twice. Without an error, or
    /// after the end, `resume` does nothing.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// let mut policies = client.policies().list().stream();
    /// loop {
    ///     match policies.try_next().await {
    ///         Ok(Some(policy)) => println!("{}", policy.name.unwrap_or_default()),
    ///         Ok(None) => break,
    ///         Err(error) if error.is_retryable() => policies.resume(),
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume(&mut self) {
        self.failed = false;
    }

    /// Asks for the next page, if one is wanted and no request for it runs. A task fetches the page, while the caller
    /// uses the page before.
    fn fetch(&mut self) -> Result<()> {
        let enough = self.records.as_slice().len() as u64 >= self.wanted;
        if self.fetching.is_some() || self.failed || enough || matches!(self.position, Position::End) {
            return Ok(());
        }
        let (list, position) = (self.list.clone(), self.position.clone());
        let page = async move {
            let (mut budget, mut reached) = (list.exchange.budget(), None);
            let page = match position {
                Position::Start => page::first(&list, &mut budget, &mut reached).await.map(Some),
                Position::Next(path) => page::after(&list, Some(&path), &mut budget, &mut reached).await,
                Position::End => Ok(None),
            };
            (page, reached)
        };
        self.fetching = Some(Task::start(page)?);
        Ok(())
    }

    /// Returns the next record if it has come already, without waiting.
    #[cfg(feature = "blocking")]
    pub(crate) fn ready(&mut self) -> Option<T> {
        let record = self.records.next().filter(|_| self.wanted > 0)?;
        self.wanted -= 1;
        Some(record)
    }

    /// Takes over a page that has come.
    fn start_page(&mut self, page: Page<T>) -> Result<()> {
        // Before it counts as read: `resume` returns the error again, not the circle.
        self.itinerary.read(&self.list, &page)?;
        self.position = page.next.map_or(Position::End, Position::Next);
        self.records = page.records.into_iter();
        Ok(())
    }
}

impl<T: DeserializeOwned + Send + Unpin + 'static> Stream for RecordStream<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if self.wanted == 0 {
                return Poll::Ready(None);
            }
            let fetched = self.fetch();
            if let Some(record) = self.records.next() {
                self.wanted -= 1;
                return Poll::Ready(Some(Ok(record)));
            }
            let fetched = match (fetched, &mut self.fetching) {
                (Err(error), _) => Err(error),
                (Ok(()), None) => return Poll::Ready(None),
                (Ok(()), Some(fetching)) => ready!(Pin::new(fetching).poll(context)),
            };
            self.fetching = None;
            let stopped = |error: Error| self.list.exchange.at_host(error.during(self.list.operation));
            let (page, reached) = fetched.map_err(stopped).unwrap_or_else(|error| (Err(error), None));
            if let (Err(_), Some(reached)) = (&page, reached) {
                // `resume` goes on there: a busy cluster can send more empty pages than one call has time for.
                self.position = Position::Next(reached);
            }
            if let Err(error) = page.and_then(|page| page.map_or(Ok(()), |page| self.start_page(page))) {
                self.failed = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl<T> fmt::Debug for RecordStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordStream").finish_non_exhaustive()
    }
}
