//! One page of a list.

use reqwest::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::error_code::Operation;
use crate::exchange::{Budget, Exchange, Response};
use crate::model::types::{IpsecPolicy, IpsecPolicyResponse};
use crate::operations::IpsecPolicyCollectionGet;

/// One page of policies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// The policies; there may be none although there are more pages.
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

/// Makes an error for an unexpected page.
pub(super) fn unexpected(exchange: &Exchange, message: &str, attempts: u32) -> Error {
    exchange.at_host(Error::new(ErrorKind::UnexpectedAnswer, message).during(OPERATION).after(attempts))
}

/// Reads the first page.
pub(super) async fn first(list: &IpsecPolicyCollectionGet, budget: &mut Budget) -> Result<Page> {
    read(&list.exchange, list.send_within(budget).await?)
}

/// Reads the page that ONTAP's link names. The query of a link is opaque, and sent unchanged.
pub(super) async fn after(exchange: &Exchange, next: Option<&str>, budget: &mut Budget) -> Result<Option<Page>> {
    let Some(next) = next else { return Ok(None) };
    let foreign = || unexpected(exchange, "the link to the next page does not lead to this cluster's API", 0);
    let url = resolve(exchange.base(), next).ok_or_else(foreign)?;
    let request = exchange.get(url).map_err(|error| exchange.at_host(error.during(OPERATION)))?;
    read(exchange, exchange.send(OPERATION, &request, budget).await?).map(Some)
}

/// The credentials go to the page that a link names, so that it has to be the same cluster's API.
fn resolve(base: &Url, path: &str) -> Option<Url> {
    let url = base.join(path).ok()?;
    let user_info = !url.username().is_empty() || url.password().is_some();
    (url.origin() == base.origin() && url.path().starts_with("/api/") && !user_info).then_some(url)
}

fn read(exchange: &Exchange, response: Response<IpsecPolicyResponse>) -> Result<Page> {
    let (status, attempts) = (response.status(), response.attempts());
    let IpsecPolicyResponse { records, num_records, links, .. } = response.into_body();
    let next = links.and_then(|links| links.next).and_then(|next| next.href);
    // An empty page of ONTAP's has `records` or `num_records`; a body without both is not ONTAP's.
    if records.is_none() && num_records.is_none() && next.is_none() {
        let message = "the answer holds neither policies nor their number";
        return Err(unexpected(exchange, message, attempts).with_status(status));
    }
    let num_records = num_records.and_then(|number| number.try_into().ok());
    Ok(Page { records: records.unwrap_or_default(), num_records, next, attempts })
}
