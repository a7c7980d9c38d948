//! All policies of a list, over its pages.

use std::fmt;
use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_util::StreamExt as _;
use tokio::task::JoinHandle;
use tracing::Instrument as _;

use crate::bindings::{self, builder, types};
use crate::error::{Error, ErrorKind, Result};
use crate::itinerary::Itinerary;
use crate::pages::{self, OPERATION, Page};

/// All policies that match, page after page: a [`Stream`], which can also be read without one.
///
/// While one page is read, the next one is on its way: the list holds these two and no more, however long it is. Set the
/// size of pages by `max_records` in the query, and with [`limit`](Self::limit) how many policies are wanted at most.
///
/// An error ends it, until [`resume`](Self::resume) is called.
#[must_use = "nothing is asked of the cluster before the first policy is"]
pub struct Policies<'a> {
    client: &'a bindings::Client,
    position: Position<'a>,
    itinerary: Itinerary,
    /// What is left of the page that is read.
    records: std::vec::IntoIter<types::IpsecPolicy>,
    fetching: Option<Fetching<'a>>,
    /// How many more policies are wanted.
    wanted: u64,
    failed: bool,
}

/// The page that comes after the one that is read.
#[derive(Clone)]
enum Position<'a> {
    Start(Box<builder::IpsecPolicyCollectionGet<'a>>),
    Next(String),
    End,
}

/// A page on its way.
enum Fetching<'a> {
    /// Nothing can be done before it is there.
    Inline(BoxFuture<'a, Result<Page>>),
    /// It has a task of its own: a request that nobody polls would keep its place among the concurrent ones, and what the
    /// reader of the list does in between could wait for that place.
    Ahead(Task),
}

struct Task(JoinHandle<Result<Page>>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<'a> Policies<'a> {
    pub(crate) fn new(client: &'a bindings::Client, first: builder::IpsecPolicyCollectionGet<'a>) -> Self {
        Self {
            client,
            position: Position::Start(Box::new(first)),
            itinerary: Itinerary::default(),
            records: Vec::new().into_iter(),
            fetching: None,
            wanted: u64::MAX,
            failed: false,
        }
    }

    /// Ends the list after so many policies, and asks for no page beyond them. How many of them come with one request,
    /// `max_records` in the query says.
    pub fn limit(mut self, policies: u64) -> Self {
        self.wanted = policies;
        self
    }

    /// The next policy, or nothing at the end.
    ///
    /// # Errors
    /// If a page cannot be had, or leads in a circle. The list ends then; see [`resume`](Self::resume).
    pub async fn try_next(&mut self) -> Result<Option<types::IpsecPolicy>> {
        self.next().await.transpose()
    }

    /// Goes on after an error: asks again for the page that could not be had. Policies that were given before are not
    /// given again. Without an error, or after the end, it does nothing.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// let mut policies = client.list(|all| all);
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

    /// Asks for the page that comes next, if one is wanted and none is on its way.
    fn fetch(&mut self) {
        let enough = self.records.as_slice().len() as u64 >= self.wanted;
        if self.fetching.is_some() || self.failed || enough {
            return;
        }
        self.fetching = match self.position.clone() {
            Position::Start(first) => Some(Fetching::Inline(Box::pin(pages::page(*first)))),
            Position::Next(path) => {
                let client = self.client.clone();
                let page = async move { pages::next_page(&client, &path).await };
                Some(Fetching::Ahead(Task(tokio::spawn(page.in_current_span()))))
            }
            Position::End => None,
        };
    }

    /// Takes over a page that has come.
    fn turn(&mut self, page: Page) -> Result<()> {
        // Who takes it for an empty one creates what is there.
        if page.records.is_empty() && page.num_records.is_some_and(|number| number > 0) {
            let message = "the page holds no policies, although it says that there are some";
            return Err(Error::new(ErrorKind::UnexpectedAnswer, message).during(OPERATION).after(page.attempts));
        }
        // Before it counts as read: who resumes gets the error again, not the circle.
        self.itinerary.leads_on(&page)?;
        self.position = page.next.map_or(Position::End, Position::Next);
        self.records = page.records.into_iter();
        Ok(())
    }
}

impl Stream for Policies<'_> {
    type Item = Result<types::IpsecPolicy>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if self.wanted == 0 {
                return Poll::Ready(None);
            }
            self.fetch();
            if let Some(policy) = self.records.next() {
                self.wanted -= 1;
                return Poll::Ready(Some(Ok(policy)));
            }
            let fetched = match &mut self.fetching {
                None => return Poll::Ready(None),
                Some(Fetching::Inline(page)) => ready!(page.as_mut().poll(context)),
                Some(Fetching::Ahead(task)) => ready!(Pin::new(&mut task.0).poll(context)).unwrap_or_else(|error| {
                    let message = "the task that fetched the next page was stopped";
                    Err(Error::new(ErrorKind::Transport, message).during(OPERATION).caused_by(error))
                }),
            };
            self.fetching = None;
            if let Err(error) = fetched.and_then(|page| self.turn(page)) {
                self.failed = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl fmt::Debug for Policies<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policies").finish_non_exhaustive()
    }
}
