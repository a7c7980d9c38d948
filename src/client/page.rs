//! One page of a list.

use reqwest::{Request, Url};

use crate::error::{Error, ErrorKind, Result};
use crate::error_code::Operation;
use crate::exchange::{Budget, Exchange, Response};
use crate::model::types::{IpsecPolicy, IpsecPolicyResponse};
use crate::operations::IpsecPolicyCollectionGet;
use crate::retry::verdict::Verdict;

/// One page of policies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// The policies. Only the last page can be empty, or one with `return_records(false)`.
    pub records: Vec<IpsecPolicy>,
    /// How many records the page holds. With `return_records(false)`, how many match, as far as ONTAP got: as long as
    /// there are more pages, their numbers are to be added.
    pub num_records: Option<u64>,
    pub(super) next: Option<String>,
    /// How many requests it took to get the page.
    pub(super) attempts: u32,
}

impl Page {
    /// Returns whether ONTAP named no further page.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.next.is_none()
    }
}

const OPERATION: Operation = Operation::IpsecPolicyCollectionGet;

/// How many empty pages in a row are followed.
const MOST_EMPTY: u32 = 100;

/// Makes an error for an unexpected page.
pub(super) fn unexpected(exchange: &Exchange, message: &str, attempts: u32) -> Error {
    exchange.at_host(Error::new(ErrorKind::UnexpectedAnswer, message).during(OPERATION).after(attempts))
}

/// Reads the first page. If that fails, `reached` is the last link that was followed.
pub(super) async fn first(
    list: &IpsecPolicyCollectionGet,
    budget: &mut Budget,
    reached: &mut Option<String>,
) -> Result<Page> {
    let request = list.request()?;
    read(&list.exchange, request, budget, reached).await
}

/// Reads the page that ONTAP's link names. The query of a link is opaque, and sent unchanged. If that fails, `reached` is the
/// last link that was followed.
pub(super) async fn after(
    exchange: &Exchange,
    next: Option<&str>,
    budget: &mut Budget,
    reached: &mut Option<String>,
) -> Result<Option<Page>> {
    let Some(next) = next else { return Ok(None) };
    read(exchange, follow(exchange, next)?, budget, reached).await.map(Some)
}

fn follow(exchange: &Exchange, next: &str) -> Result<Request> {
    let foreign = || unexpected(exchange, "the link to the next page does not lead to this cluster's API", 0);
    let url = resolve(exchange.base(), next).ok_or_else(foreign)?;
    exchange.get(url).map_err(|_| {
        let message = format!("the link to the next page has {} bytes, which is too long to be sent", next.len());
        unexpected(exchange, &message, 0)
    })
}

/// Reads a page. A busy cluster sends empty pages. If an empty page has a link, `read` follows the link after a growing
/// pause. If an empty page has no link but took all of `return_timeout`, `read` asks again: records may exist.
async fn read(
    exchange: &Exchange,
    mut request: Request,
    budget: &mut Budget,
    reached: &mut Option<String>,
) -> Result<Page> {
    let mut empty = 0;
    loop {
        let response = exchange.send(OPERATION, &request, budget).await?;
        let has_run_out = response.has_run_out;
        let page = of(exchange, response)?;
        let is_empty = page.records.is_empty() && page.num_records.is_none_or(|number| number == 0);
        let pause = match &page.next {
            Some(next) if is_empty => {
                request = follow(exchange, next)?;
                *reached = Some(next.clone());
                empty += 1;
                let pause = exchange.backoff(budget, empty).filter(|_| empty < MOST_EMPTY);
                pause.ok_or_else(|| {
                    busy(exchange, &format!("{empty} pages in a row were empty, and each named another one"))
                })?
            }
            None if is_empty && has_run_out => {
                let error = busy(exchange, "the list was empty when its `return_timeout` ran out");
                budget.fail(OPERATION, &error);
                let error = error.after(budget.failures);
                exchange.pause(budget, &error).ok_or(error)?
            }
            _ => return Ok(page),
        };
        exchange.clock().sleep(pause).await;
    }
}

/// Makes the error of a cluster that found no records in time.
fn busy(exchange: &Exchange, message: &str) -> Error {
    unexpected(exchange, &format!("{message}: the cluster is busy"), 0).judged(Verdict::Unclear)
}

/// The credentials go to the page that a link names, so that it has to be the same cluster's API.
fn resolve(base: &Url, path: &str) -> Option<Url> {
    let url = base.join(path).ok()?;
    let user_info = !url.username().is_empty() || url.password().is_some();
    (url.origin() == base.origin() && url.path().starts_with("/api/") && !user_info).then_some(url)
}

fn of(exchange: &Exchange, response: Response<IpsecPolicyResponse>) -> Result<Page> {
    let (status, attempts) = (response.status(), response.attempts());
    let IpsecPolicyResponse { records, num_records, links, .. } = response.into_body();
    let next = links.and_then(|links| links.next).and_then(|next| next.href);
    // An empty page of ONTAP's has `records` or `num_records`; a body without both is not ONTAP's.
    if records.is_none() && num_records.is_none() && next.is_none() {
        let message = "the answer holds neither policies nor their number";
        return Err(unexpected(exchange, message, attempts).with_status(status));
    }
    let number = num_records.map(u64::try_from).transpose();
    let num_records = number.map_err(|_| unexpected(exchange, "the number of policies is negative", attempts))?;
    Ok(Page { records: records.unwrap_or_default(), num_records, next, attempts })
}
