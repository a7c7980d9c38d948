//! Splits lists into pages, with links to the next page.
//!
//! A link contains the last record of its page: `start.index` is its sequence number, `start.<field>` its value of each
//! field in `order_by`. So the simulator stores no state for a link, and the link works after that record is deleted.
//! The links in NetApp's examples have the same form, with other names.
//!
//! In the default order, the time for a page does not depend on its position. Other orders read all records for each
//! page.

use std::borrow::Borrow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    cluster::{Associations, Item, Items},
    effects::Busy,
    fields,
    query::{
        filter::Filters,
        order::Order,
        parameters::{Parameters, START},
    },
    refusal::Refusal,
    values::{self, Kind},
};

/// The highest number of records on a page, also if `max_records` is higher.
const LONGEST: u64 = 10_000;

/// The characters that a URL has to encode.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The number of items to collect before those after the page are dropped.
const AT_ONCE: usize = 100_000;

/// A source of items for a list.
pub(crate) trait Source<'a>: Sized {
    /// An item, or a reference to one.
    type Found: Borrow<Item>;

    /// Returns the number of items.
    fn len(&self) -> usize;

    /// Returns the items that the filters can match, oldest first. A filter by UUID or name leaves few items;
    /// otherwise, the items after `start`.
    fn candidates(self, filters: &Filters, start: Option<u64>) -> Box<dyn Iterator<Item = Self::Found> + 'a>;
}

impl<'a> Source<'a> for &'a Items {
    type Found = &'a Item;

    fn len(&self) -> usize {
        Items::len(self)
    }

    fn candidates(self, filters: &Filters, start: Option<u64>) -> Box<dyn Iterator<Item = &'a Item> + 'a> {
        match (filters.exact(fields::UUID), filters.exact(fields::NAME)) {
            (Some(uuid), _) => Box::new(values::uuid(uuid).and_then(|uuid| self.get(uuid)).into_iter()),
            (None, Some(name)) => Box::new(self.named(name)),
            (None, None) => Box::new(self.after(start)),
        }
    }
}

impl<'a> Source<'a> for Associations<'a> {
    type Found = Item;

    fn len(&self) -> usize {
        Associations::len(*self)
    }

    fn candidates(self, filters: &Filters, start: Option<u64>) -> Box<dyn Iterator<Item = Item> + 'a> {
        match (filters.exact(fields::UUID), filters.exact("policy_name")) {
            (Some(uuid), _) => Box::new(values::uuid(uuid).and_then(|uuid| self.get(uuid)).into_iter()),
            (None, Some(name)) => Box::new(self.of_policies(name)),
            (None, None) => Box::new(self.after(start)),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Page<F> {
    pub(crate) items: Vec<F>,
    /// The path and query of the next page, if more items follow.
    pub(crate) next: Option<String>,
}

/// Returns the page that the parameters request.
///
/// # Errors
/// Returns the codes of [`Filters::read`] and [`Order::read`]. An invalid `start.` parameter is 262197.
pub(crate) fn read<'a, S: Source<'a>>(
    source: S,
    parameters: &Parameters<'_>,
    raw: &[(String, String)],
) -> Result<Page<S::Found>, Refusal> {
    let filters = Filters::read(parameters)?;
    let order = Order::read(parameters)?;
    let place = Place::read(parameters, &order)?;
    let limit = parameters.number("max_records")?.unwrap_or(LONGEST).min(LONGEST);
    let busy = parameters.view().busy;
    let limit = usize::try_from(busy.map_or(limit, |busy| limit.min(busy.records))).unwrap_or(usize::MAX);
    let follows = |item: &S::Found| {
        place.as_ref().is_none_or(|place| order.compare_to(item.borrow(), &place.values, place.sequence).is_gt())
    };
    let offset = usize::try_from(parameters.offset()?).unwrap_or(usize::MAX);

    // One item more than the page holds shows whether a next page exists.
    let wanted = limit.saturating_add(1);
    let admitted = |item: &S::Found| filters.admit(&item.borrow().record);
    let start = place.as_ref().filter(|_| order.is_default()).map(|place| place.sequence);
    let mut found = source.candidates(&filters, start).filter(admitted).filter(follows);
    let mut items: Vec<_> = if order.is_default() {
        found.skip(offset).take(wanted).collect()
    } else {
        let compare = |one: &S::Found, other: &S::Found| order.compare(one.borrow(), other.borrow());
        let end = wanted.saturating_add(offset);
        let mut first = Vec::new();
        loop {
            let before = first.len();
            first.extend(found.by_ref().take(AT_ONCE));
            let is_last = first.len() - before < AT_ONCE;
            // Sorting all items would take ten times as long as selecting the first ones.
            if end < first.len() {
                first.select_nth_unstable_by(end, compare);
                first.truncate(end);
            }
            if is_last {
                break;
            }
        }
        first.sort_unstable_by(compare);
        first.into_iter().skip(offset).collect()
    };

    let more = items.len() > limit;
    items.truncate(limit);
    let next = match (items.last(), busy) {
        (_, Some(Busy { without_link: true, .. })) => None,
        // The page is empty, so its link repeats the request.
        (None, Some(_)) => Some(link(parameters, raw.iter().map(|(name, value)| (name.as_str(), value.as_str())))),
        (last, _) => last.filter(|_| more).map(|last| next(parameters, raw, &order, last.borrow())),
    };
    Ok(Page { items, next })
}

/// Counts the records on all pages.
///
/// # Errors
/// Returns the codes of [`Filters::read`] and [`Order::read`].
pub(crate) fn count<'a, S: Source<'a>>(source: S, parameters: &Parameters<'_>) -> Result<usize, Refusal> {
    let filters = Filters::read(parameters)?;
    let order = Order::read(parameters)?;
    Place::read(parameters, &order)?;
    let found = if filters.admit_all() {
        source.len()
    } else {
        source.candidates(&filters, None).filter(|item| filters.admit(&item.borrow().record)).count()
    };
    Ok(found.saturating_sub(usize::try_from(parameters.offset()?).unwrap_or(usize::MAX)))
}

/// The end of the previous page.
#[derive(Debug)]
struct Place<'a> {
    /// The value of each field in `order_by`.
    values: Vec<Option<&'a str>>,
    /// The sequence number.
    sequence: u64,
}

impl<'a> Place<'a> {
    /// # Errors
    /// Returns 262197 if `start.index` is missing, or if `start.<field>` has an invalid value or names a field outside
    /// of `order_by`.
    fn read(parameters: &Parameters<'a>, order: &Order) -> Result<Option<Self>, Refusal> {
        let start = parameters.start();
        let Some(sequence) = start.index else {
            return match start.fields.first() {
                None => Ok(None),
                Some(_) => Err(Refusal::invalid("start.index", None, "start.<field> needs start.index, too")),
            };
        };
        let mut values: Vec<_> = order.fields().map(|_| None).collect();
        for (field, text) in &start.fields {
            let refuse = |wanted: &str| Refusal::invalid(&format!("{START}{}", field.name), Some(text), wanted);
            let index = order.fields().position(|(by, _)| by.name == field.name);
            let index = index.ok_or_else(|| refuse("order_by does not have this field"))?;
            if field.kind == Kind::Flag && values::flag(text).is_none() {
                return Err(refuse(&Kind::Flag.wanted()));
            }
            values[index] = Some(*text);
        }
        Ok(Some(Self { values, sequence }))
    }
}

/// Returns the link to the page after `last`: the same request with another start.
fn next(parameters: &Parameters<'_>, raw: &[(String, String)], order: &Order, last: &Item) -> String {
    let mut start = vec![(format!("{START}index"), last.sequence.to_string())];
    for (field, _) in order.fields() {
        let value = last.record.at(field.place);
        start.extend(value.map(|value| (format!("{START}{}", field.name), value.to_owned())));
    }
    let rest = raw.iter().filter(|(name, _)| !name.starts_with(START) && name != "offset");
    link(parameters, start.iter().chain(rest).map(|(name, value)| (name.as_str(), value.as_str())))
}

fn link<'a>(of: &Parameters<'_>, parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let encoded = |text| utf8_percent_encode(text, ENCODED);
    let parameters: Vec<_> = parameters.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let path = of.resource().path;
    match parameters.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", parameters.join("&")),
    }
}
