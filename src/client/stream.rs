//! All policies of a list, over its pages.

use std::fmt;
use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::itinerary::Itinerary;
use super::page::{self, Page};
use crate::error::{Error, Result};
use crate::error_code::Operation;
use crate::exchange::Exchange;
use crate::model::types::IpsecPolicy;
use crate::operations::IpsecPolicyCollectionGet;
use crate::task::Task;
use futures_core::Stream;
use futures_util::StreamExt as _;

/// How many records ONTAP puts into a page unless `max_records` says otherwise.
const DEFAULT_MAX_RECORDS: u64 = 10_000;

/// All policies that match, page after page: a [`Stream`], which can also be read without one, by
/// [`try_next`](Self::try_next).
///
/// While one page is read, the next one is on its way: the list holds these two and no more, however long it is.
///
/// An error ends it, until [`resume`](Self::resume) is called.
#[must_use = "nothing is sent before the list is read"]
pub struct PolicyStream {
    exchange: Exchange,
    position: Position,
    itinerary: Itinerary,
    /// The rest of the current page.
    records: std::vec::IntoIter<IpsecPolicy>,
    fetching: Option<Task<Fetched>>,
    /// How many more policies are wanted.
    wanted: u64,
    failed: bool,
}

/// A page, and the last link that was followed if there is none.
type Fetched = (Result<Option<Page>>, Option<String>);

/// The page that comes after the one that is read.
#[derive(Clone)]
enum Position {
    Start(Box<IpsecPolicyCollectionGet>),
    Next(String),
    End,
}

impl PolicyStream {
    pub(super) fn new(first: IpsecPolicyCollectionGet) -> Self {
        Self {
            exchange: first.exchange.clone(),
            position: Position::Start(Box::new(first)),
            itinerary: Itinerary::default(),
            records: Vec::new().into_iter(),
            fetching: None,
            wanted: u64::MAX,
            failed: false,
        }
    }

    /// Ends the list after so many policies. No page beyond them is asked for, and none that is larger.
    pub fn limit(mut self, policies: u64) -> Self {
        self.wanted = policies;
        if let Position::Start(first) = &mut self.position {
            let size = first.query.get("max_records").and_then(|size| size.parse().ok());
            if policies < size.unwrap_or(DEFAULT_MAX_RECORDS) {
                first.query.set("max_records", &policies.max(1));
            }
        }
        self
    }

    /// The next policy, or nothing at the end.
    ///
    /// # Errors
    /// If a page cannot be read, or its link leads in a circle. The list ends then; see [`resume`](Self::resume).
    pub async fn try_next(&mut self) -> Result<Option<IpsecPolicy>> {
        self.next().await.transpose()
    }

    /// Continues after an error: asks again for the page that failed. No policy is returned twice. Without an error, or
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

    /// Asks for the page that comes next, if one is wanted and none is on its way. It comes in a task, while the caller
    /// is busy with the page before.
    fn fetch(&mut self) -> Result<()> {
        let enough = self.records.as_slice().len() as u64 >= self.wanted;
        if self.fetching.is_some() || self.failed || enough || matches!(self.position, Position::End) {
            return Ok(());
        }
        let (exchange, position) = (self.exchange.clone(), self.position.clone());
        let page = async move {
            let (mut budget, mut reached) = (exchange.budget(), None);
            let page = match position {
                Position::Start(first) => page::first(&first, &mut budget, &mut reached).await.map(Some),
                Position::Next(path) => page::after(&exchange, Some(&path), &mut budget, &mut reached).await,
                Position::End => Ok(None),
            };
            (page, reached)
        };
        self.fetching = Some(Task::start(page)?);
        Ok(())
    }

    /// Returns the next policy if it has come already, without waiting.
    #[cfg(feature = "blocking")]
    pub(crate) fn ready(&mut self) -> Option<IpsecPolicy> {
        let policy = self.records.next().filter(|_| self.wanted > 0)?;
        self.wanted -= 1;
        Some(policy)
    }

    /// Takes over a page that has come.
    fn turn(&mut self, page: Page) -> Result<()> {
        // Before it counts as read: `resume` returns the error again, not the circle.
        self.itinerary.read(&self.exchange, &page)?;
        self.position = page.next.map_or(Position::End, Position::Next);
        self.records = page.records.into_iter();
        Ok(())
    }
}

impl Stream for PolicyStream {
    type Item = Result<IpsecPolicy>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if self.wanted == 0 {
                return Poll::Ready(None);
            }
            let fetched = self.fetch();
            if let Some(policy) = self.records.next() {
                self.wanted -= 1;
                return Poll::Ready(Some(Ok(policy)));
            }
            let fetched = match (fetched, &mut self.fetching) {
                (Err(error), _) => Err(error),
                (Ok(()), None) => return Poll::Ready(None),
                (Ok(()), Some(fetching)) => ready!(Pin::new(fetching).poll(context)),
            };
            self.fetching = None;
            let stopped = |error: Error| self.exchange.at_host(error.during(Operation::IpsecPolicyCollectionGet));
            let (page, reached) = fetched.map_err(stopped).unwrap_or_else(|error| (Err(error), None));
            if let (Err(_), Some(reached)) = (&page, reached) {
                // `resume` goes on there: a busy cluster can send more empty pages than one call has time for.
                self.position = Position::Next(reached);
            }
            if let Err(error) = page.and_then(|page| page.map_or(Ok(()), |page| self.turn(page))) {
                self.failed = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl fmt::Debug for PolicyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PolicyStream").finish_non_exhaustive()
    }
}
