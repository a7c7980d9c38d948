//! Paging: where a page begins, where it ends, and the link to the next one.
//!
//! A link says where the page before it ended: `start.index` is the last policy's number in the order of creation, and
//! `start.<field>` its value of each field that is sorted by. So nothing has to be remembered, and the link stays good
//! when that policy is deleted meanwhile. The vendor's examples show links of this form, with other names in them.
//!
//! In the order of creation, and in that of names, a page is read from its place on, however far down it is. Other
//! orders look at all policies for each page.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    cluster::{Cluster, Policies, Policy},
    fields,
    query::{
        filter::Filters,
        order::{Direction, Order},
        parameters::Parameters,
    },
    refusal::Refusal,
    values::{self, Kind, Value},
};

/// How many records a page holds at most when `max_records` is left out.
const DEFAULT_LIMIT: u64 = 10_000;

/// What a parameter begins with that says where a page starts.
const START: &str = "start.";

/// Everything but the characters that never need encoding in a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The records of one page.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) policies: Vec<&'a Policy>,
    /// The path and query of the next page, if there is more.
    pub(crate) next: Option<String>,
}

/// The page that the parameters ask for.
///
/// # Errors
/// Those of [`Filters::read`] and [`Order::read`], and 262197 for a place to start from that is none.
pub(crate) fn read<'a>(
    cluster: &'a Cluster,
    parameters: &Parameters<'_>,
    path: &str,
    raw: &[(String, String)],
) -> Result<Page<'a>, Refusal> {
    let filters = Filters::read(parameters)?;
    let order = Order::read(parameters)?;
    let place = Place::read(parameters, &order)?;
    let limit = parameters.number("max_records", 1..=u64::MAX)?.unwrap_or(DEFAULT_LIMIT);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let follows = |policy: &&Policy| place.as_ref().is_none_or(|place| place.is_before(policy, &order));
    let offset = usize::try_from(parameters.offset()?).unwrap_or(usize::MAX);

    // One more than fits, to see whether there is more.
    let wanted = limit.saturating_add(1);
    let mut policies: Vec<_> = if let Some(found) = by_key(&cluster.policies, &filters) {
        let found = found.filter(|policy| filters.admit(&policy.record));
        let mut found: Vec<_> = found.filter(follows).collect();
        found.sort_by(|one, other| order.compare(one, other));
        found.into_iter().skip(offset).take(wanted).collect()
    } else if let Some(sorted) = in_order(&cluster.policies, &order, place.as_ref()) {
        sorted.filter(|policy| filters.admit(&policy.record)).skip(offset).take(wanted).collect()
    } else {
        let all = cluster.policies.after(None).filter(|policy| filters.admit(&policy.record));
        let mut all: Vec<_> = all.filter(follows).collect();
        let compare = |one: &&Policy, other: &&Policy| order.compare(one, other);
        let end = wanted.saturating_add(offset);
        if end < all.len() {
            all.select_nth_unstable_by(end, compare);
            all.truncate(end);
        }
        all.sort_unstable_by(compare);
        all.into_iter().skip(offset).collect()
    };

    let more = policies.len() > limit;
    policies.truncate(limit);
    let next = policies.last().filter(|_| more).map(|last| next(path, raw, &order, last));
    Ok(Page { policies, next })
}

/// How many records there are on all pages.
///
/// # Errors
/// Those of [`Filters::read`] and [`Order::read`].
pub(crate) fn count(cluster: &Cluster, parameters: &Parameters<'_>) -> Result<usize, Refusal> {
    let filters = Filters::read(parameters)?;
    let order = Order::read(parameters)?;
    Place::read(parameters, &order)?;
    let found = if filters.admit_all() {
        cluster.policies.len()
    } else {
        let policies = by_key(&cluster.policies, &filters).unwrap_or_else(|| Box::new(cluster.policies.after(None)));
        policies.filter(|policy| filters.admit(&policy.record)).count()
    };
    Ok(found.saturating_sub(usize::try_from(parameters.offset()?).unwrap_or(usize::MAX)))
}

type Found<'a> = Box<dyn Iterator<Item = &'a Policy> + 'a>;

/// The few policies that a filter leaves which asks for one UUID or one name.
fn by_key<'a>(policies: &'a Policies, filters: &Filters) -> Option<Found<'a>> {
    if let Some(uuid) = filters.exact(fields::UUID) {
        return Some(Box::new(values::uuid(uuid).and_then(|uuid| policies.get(uuid)).into_iter()));
    }
    Some(Box::new(policies.named(filters.exact(fields::NAME)?)))
}

/// The policies after the place, where there is an index in this order.
fn in_order<'a>(policies: &'a Policies, order: &Order, place: Option<&Place>) -> Option<Found<'a>> {
    if order.is_default() {
        return Some(Box::new(policies.after(place.map(|place| place.sequence))));
    }
    match order.fields().collect::<Vec<_>>()[..] {
        [(field, Direction::Ascending)] if field.name == fields::NAME => {
            let place = place.map(|place| (place.values[0].as_ref().and_then(Value::text), place.sequence));
            let place = place.map(|(name, sequence)| (name.unwrap_or_default(), sequence));
            Some(Box::new(policies.by_name_after(place)))
        }
        _ => None,
    }
}

/// Where the page before ended.
#[derive(Debug)]
struct Place {
    /// A value for each field that is sorted by.
    values: Vec<Option<Value>>,
    /// The place in the order of creation.
    sequence: u64,
}

impl Place {
    /// # Errors
    /// 262197 for a place without `start.index`, with the value of a field that is not sorted by, or with one that is
    /// no value.
    fn read(parameters: &Parameters<'_>, order: &Order) -> Result<Option<Self>, Refusal> {
        let start = parameters.start();
        let Some(sequence) = start.index else {
            return match start.fields.first() {
                None => Ok(None),
                Some(_) => Err(Refusal::invalid("start.index", None, "a place to start from has this, too")),
            };
        };
        let mut values: Vec<_> = order.fields().map(|_| None).collect();
        for (field, text) in &start.fields {
            let refuse = |wanted| Refusal::invalid(&format!("{START}{}", field.name), Some(text), wanted);
            let index = order.fields().position(|(by, _)| by.name == field.name);
            let index = index.ok_or_else(|| refuse("records are not sorted by this field"))?;
            values[index] = Some(match field.kind {
                Kind::Flag => Value::Flag(values::flag(text).ok_or_else(|| refuse(Kind::Flag.wanted()))?),
                _ => Value::Text((*text).into()),
            });
        }
        Ok(Some(Self { values, sequence }))
    }

    /// Whether the policy comes after this place.
    fn is_before(&self, policy: &Policy, order: &Order) -> bool {
        order.compare_to(policy, &self.values, self.sequence).is_gt()
    }
}

/// The link to what follows `last`: the same request, from there on.
fn next(path: &str, raw: &[(String, String)], order: &Order, last: &Policy) -> String {
    let mut link = format!("{path}?{START}index={}", last.sequence);
    let mut add = |name: &str, value: &str| {
        link.push('&');
        link.extend(utf8_percent_encode(name, ENCODED));
        link.push('=');
        link.extend(utf8_percent_encode(value, ENCODED));
    };
    for (field, _) in order.fields() {
        match last.record.at(field.place) {
            None => {}
            Some(Value::Text(text)) => add(&format!("{START}{}", field.name), text),
            Some(Value::Flag(flag)) => add(&format!("{START}{}", field.name), &flag.to_string()),
        }
    }
    for (name, value) in raw.iter().filter(|(name, _)| !name.starts_with(START) && name != "offset") {
        add(name, value);
    }
    link
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::{
        query::parameters::Scope,
        seed,
        state::{ClusterState, Release, Svm},
    };

    const ALL: u32 = 20_000;

    /// How many policies are looked at for a page, and how many are on it.
    fn looks(cluster: &Cluster, query: &str) -> (usize, usize) {
        let raw: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let parameters = Parameters::read(&raw, Scope::Collection, Release::LATEST).unwrap();
        cluster.policies.looks.store(0, Ordering::Relaxed);
        let found = read(cluster, &parameters, "/", &raw).unwrap().policies.len();
        (cluster.policies.looks.load(Ordering::Relaxed), found)
    }

    #[test]
    fn a_page_looks_at_no_more_than_is_on_it() {
        let mut cluster = Cluster::new(&ClusterState::default().svm(Svm::data("svm1"))).unwrap();
        seed::plant(&mut cluster, ALL).unwrap();
        // One more shows that there is another page.
        for (query, expected) in [
            ("max_records=500", (501, 500)),
            ("max_records=500&start.index=9999", (501, 500)),
            ("max_records=500&start.index=19499", (500, 500)),
            ("max_records=500&order_by=name", (501, 500)),
            ("max_records=500&order_by=name&start.index=9999&start.name=policy-10000", (501, 500)),
            ("max_records=500&start.index=19999", (0, 0)),
            ("name=policy-10000", (1, 1)),
            ("name=policy-10000&order_by=uuid", (1, 1)),
            ("name=nobody", (0, 0)),
            ("uuid=00000000-0000-4000-8000-000000000000", (0, 0)),
        ] {
            assert_eq!(looks(&cluster, query), expected, "{query}");
        }
        // There is no index of these.
        for query in ["max_records=500&order_by=uuid", "svm.name=nobody", "max_records=500&order_by=name%20desc"] {
            assert_eq!(looks(&cluster, query).0, ALL as usize, "{query}");
        }
    }
}
