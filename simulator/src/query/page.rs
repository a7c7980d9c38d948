//! Paging: where a page begins, where it ends, and the link to the next one.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    cluster::{Cluster, Policy},
    query::{filter::Filters, order::Order, parameters::Parameters, parameters::START},
    refusal::Refusal,
    values,
};

/// How many records a page holds at most when `max_records` is left out.
const DEFAULT_LIMIT: u64 = 10_000;

/// Everything but the characters that never need encoding in a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The records of one page.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) policies: Vec<&'a Policy>,
    /// How many records there are on all pages.
    pub(crate) total: usize,
    /// The path and query of the next page, if there is more.
    pub(crate) next: Option<String>,
}

/// The page that the parameters ask for.
///
/// A link to the next page names the last record of this one. It stays good when that record is deleted meanwhile.
///
/// # Errors
/// Those of [`Filters::read`] and [`Order::read`]; 262197 for a `max_records` that is no positive number and for a
/// place to start from that was never handed out.
pub(crate) fn read<'a>(
    cluster: &'a Cluster,
    parameters: &Parameters<'_>,
    path: &str,
    raw: &[(String, String)],
) -> Result<Page<'a>, Refusal> {
    let filters = Filters::read(parameters)?;
    let order = Order::read(parameters)?;
    let limit = parameters.number("max_records", 1..=u64::MAX)?.unwrap_or(DEFAULT_LIMIT);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);

    let mut policies: Vec<_> = cluster.policies.after(None).filter(|policy| filters.admit(&policy.record)).collect();
    let total = policies.len();
    if let Some(text) = parameters.text(START) {
        let last = values::uuid(text)
            .and_then(|uuid| cluster.policies.get(uuid))
            .ok_or_else(|| Refusal::invalid(START, Some(text), "no page ended there"))?;
        policies.retain(|policy| order.compare(policy, last).is_gt());
    }
    policies.sort_by(|one, other| order.compare(one, other));

    let more = policies.len() > limit;
    policies.truncate(limit);
    let next = policies.last().filter(|_| more).map(|last| next(path, raw, last));
    Ok(Page { policies, total, next })
}

/// The link to what follows `last`: the same request, from there on.
fn next(path: &str, raw: &[(String, String)], last: &Policy) -> String {
    let mut link = format!("{path}?{START}={}", last.uuid);
    for (name, value) in raw.iter().filter(|(name, _)| name != START) {
        link.push('&');
        link.extend(utf8_percent_encode(name, ENCODED));
        link.push('=');
        link.extend(utf8_percent_encode(value, ENCODED));
    }
    link
}
