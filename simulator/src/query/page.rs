//! Paging: where a page begins, where it ends, and the link to the next one.
//!
//! A link says where the page before it ended: `start.index` is the last record's number in the order of creation, and
//! `start.<field>` its value of each field that is sorted by. So nothing has to be remembered, and the link stays good
//! when that record is deleted meanwhile. The vendor's examples show links of this form, with other names in them.
//!
//! In the order of creation, a page is read from its place on, however far down it is. Other orders look at all records
//! for each page.

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

/// How many records a page holds at most, whatever `max_records` says.
const LONGEST: u64 = 10_000;

/// Everything but the characters that never need encoding in a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How many items are looked at before those that come too late for the page are forgotten.
const AT_ONCE: usize = 100_000;

/// The items that a list is about.
pub(crate) trait Source<'a>: Sized {
    /// An item, or a reference to one.
    type Found: Borrow<Item>;

    /// How many there are.
    fn len(&self) -> usize;

    /// The items that the filters can leave, oldest first: few where they ask for one of them, else those after the start.
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

/// The items of one page.
#[derive(Debug)]
pub(crate) struct Page<F> {
    pub(crate) items: Vec<F>,
    /// The path and query of the next page, if there is more.
    pub(crate) next: Option<String>,
}

/// The page that the parameters ask for.
///
/// # Errors
/// Returns the codes of [`Filters::read`] and [`Order::read`], and 262197 for an invalid place to start from.
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

    // One more than fits, to see whether there is more.
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
            // To sort all takes ten times as long as to find the first ones.
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
        // Nothing was read in time: the request itself is what goes on.
        (None, Some(_)) => Some(link(parameters, raw.iter().map(|(name, value)| (name.as_str(), value.as_str())))),
        (last, _) => last.filter(|_| more).map(|last| next(parameters, raw, &order, last.borrow())),
    };
    Ok(Page { items, next })
}

/// How many records there are on all pages.
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

/// Where the page before ended.
#[derive(Debug)]
struct Place<'a> {
    /// A value for each field that is sorted by.
    values: Vec<Option<&'a str>>,
    /// The place in the order of creation.
    sequence: u64,
}

impl<'a> Place<'a> {
    /// # Errors
    /// 262197 for a place without `start.index`, with the value of a field that is not sorted by, or with one that is
    /// no value.
    fn read(parameters: &Parameters<'a>, order: &Order) -> Result<Option<Self>, Refusal> {
        let start = parameters.start();
        let Some(sequence) = start.index else {
            return match start.fields.first() {
                None => Ok(None),
                Some(_) => Err(Refusal::invalid("start.index", None, "a place to start from has this, too")),
            };
        };
        let mut values: Vec<_> = order.fields().map(|_| None).collect();
        for (field, text) in &start.fields {
            let refuse = |wanted: &str| Refusal::invalid(&format!("{START}{}", field.name), Some(text), wanted);
            let index = order.fields().position(|(by, _)| by.name == field.name);
            let index = index.ok_or_else(|| refuse("records are not sorted by this field"))?;
            if field.kind == Kind::Flag && values::flag(text).is_none() {
                return Err(refuse(&Kind::Flag.wanted()));
            }
            values[index] = Some(*text);
        }
        Ok(Some(Self { values, sequence }))
    }
}

/// The link to what follows `last`: the same request, from there on.
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
