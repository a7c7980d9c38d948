//! One page of a list.

use reqwest::{Request, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::error_code::Operation;
use crate::exchange::query::Query;
use crate::exchange::{Budget, Exchange, Response};
use crate::model::list;
use crate::model::types::{CollectionLinks, IpsecPolicy};
use crate::retry::verdict::Verdict;

/// One page of records: of policies, unless another type is named.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T = IpsecPolicy> {
    /// The records. Only the last page can be empty, or one with `return_records(false)`.
    pub records: Vec<T>,
    /// How many records the page holds. With `return_records(false)`, how many match, as far as ONTAP got: as long as
    /// there are more pages, their numbers are to be added.
    pub num_records: Option<u64>,
    pub(super) next: Option<String>,
    /// How many requests it took to get the page.
    pub(super) attempts: u32,
}

impl<T> Page<T> {
    /// Returns whether ONTAP named no further page.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.next.is_none()
    }
}

/// A page as ONTAP sends it, whatever its records are.
#[derive(Deserialize)]
struct Envelope<T> {
    #[serde(default = "Option::default", deserialize_with = "list::read", bound(deserialize = "T: Deserialize<'de>"))]
    records: Option<Vec<T>>,
    num_records: Option<i64>,
    #[serde(rename = "_links")]
    links: Option<CollectionLinks>,
}

/// A list: the way to it, and what is asked for. No collection has parameters in its path.
#[derive(Clone)]
pub(super) struct Listing {
    pub(super) exchange: Exchange,
    pub(super) operation: Operation,
    pub(super) query: Query,
}

/// How many empty pages in a row are followed.
const MOST_EMPTY: u32 = 100;

/// Makes an error for an unexpected page.
pub(super) fn unexpected(list: &Listing, message: &str, attempts: u32) -> Error {
    let error = Error::new(ErrorKind::UnexpectedResponse, message).during(list.operation).after(attempts);
    list.exchange.at_host(error)
}

/// Reads the first page. If that fails, `reached` is the last link that was followed.
pub(super) async fn first<T: DeserializeOwned + Send>(
    list: &Listing,
    budget: &mut Budget,
    reached: &mut Option<String>,
) -> Result<Page<T>> {
    let request = list.exchange.request(list.operation, list.operation.path(), &list.query, None::<&()>)?;
    read(list, request, budget, reached).await
}

/// Reads the page that ONTAP's link names. The query of a link is opaque, and sent unchanged. If that fails, `reached` is
/// the last link that was followed.
pub(super) async fn after<T: DeserializeOwned + Send>(
    list: &Listing,
    next: Option<&str>,
    budget: &mut Budget,
    reached: &mut Option<String>,
) -> Result<Option<Page<T>>> {
    let Some(next) = next else { return Ok(None) };
    read(list, follow(list, next)?, budget, reached).await.map(Some)
}

/// Reads the page after one that a caller has, as a call of its own.
pub(super) fn next<T: DeserializeOwned + Send>(
    exchange: &Exchange,
    operation: Operation,
    page: &Page<T>,
) -> impl Future<Output = Result<Option<Page<T>>>> + Send + use<T> {
    let list = Listing { exchange: exchange.clone(), operation, query: Query::default() };
    let next = page.next.clone();
    async move { after(&list, next.as_deref(), &mut list.exchange.budget(), &mut None).await }
}

fn follow(list: &Listing, next: &str) -> Result<Request> {
    let foreign = || unexpected(list, "the link to the next page does not lead to this cluster's API", 0);
    let url = resolve(list.exchange.base(), next).ok_or_else(foreign)?;
    list.exchange.get(url).map_err(|_| {
        let message = format!("the link to the next page has {} bytes, which is too long to be sent", next.len());
        unexpected(list, &message, 0)
    })
}

/// Reads a page. A busy cluster sends empty pages. If an empty page has a link, `read` follows the link after a growing
/// pause. If an empty page has no link but took all of `return_timeout`, `read` asks again: records may exist.
async fn read<T: DeserializeOwned + Send>(
    list: &Listing,
    mut request: Request,
    budget: &mut Budget,
    reached: &mut Option<String>,
) -> Result<Page<T>> {
    let exchange = &list.exchange;
    let mut empty = 0;
    loop {
        let response = exchange.send(list.operation, &request, budget).await?;
        let has_run_out = response.has_run_out;
        let page = of(list, response)?;
        let is_empty = page.records.is_empty() && page.num_records.is_none_or(|number| number == 0);
        let pause = match &page.next {
            Some(next) if is_empty => {
                request = follow(list, next)?;
                *reached = Some(next.clone());
                empty += 1;
                let pause = exchange.backoff(budget, empty).filter(|_| empty < MOST_EMPTY);
                pause.ok_or_else(|| {
                    busy(list, &format!("{empty} pages in a row were empty, and each named another one"))
                })?
            }
            None if is_empty && has_run_out => {
                let error = busy(list, "the list was empty when its `return_timeout` ran out");
                budget.fail(list.operation, &error);
                let error = error.after(budget.failures);
                exchange.pause(budget, &error).ok_or(error)?
            }
            _ => return Ok(page),
        };
        exchange.clock().sleep(pause).await;
    }
}

/// Makes the error of a cluster that found no records in time.
fn busy(list: &Listing, message: &str) -> Error {
    unexpected(list, &format!("{message}: the cluster is busy"), 0).judged(Verdict::Unclear)
}

/// The credentials go to the page that a link names, so that it has to be the same cluster's API.
fn resolve(base: &Url, path: &str) -> Option<Url> {
    let url = base.join(path).ok()?;
    let user_info = !url.username().is_empty() || url.password().is_some();
    (url.origin() == base.origin() && url.path().starts_with("/api/") && !user_info).then_some(url)
}

fn of<T>(list: &Listing, response: Response<Envelope<T>>) -> Result<Page<T>> {
    let (status, attempts) = (response.status(), response.attempts());
    let Envelope { records, num_records, links } = response.into_body();
    let next = links.and_then(|links| links.next).and_then(|next| next.href);
    // An empty page of ONTAP's has `records` or `num_records`; a body without both is not ONTAP's.
    if records.is_none() && num_records.is_none() && next.is_none() {
        let message = "the response holds neither records nor their number";
        return Err(unexpected(list, message, attempts).with_status(status));
    }
    let number = num_records.map(u64::try_from).transpose();
    let num_records = number.map_err(|_| unexpected(list, "the number of records is negative", attempts))?;
    Ok(Page { records: records.unwrap_or_default(), num_records, next, attempts })
}
