//! Sorts records by `order_by`.

use std::cmp::Ordering;

use crate::{cluster::Item, fields::Field, query::parameters::Parameters, refusal::Refusal};

/// The fields to sort by. Records with equal values keep the order of creation.
#[derive(Debug)]
pub(crate) struct Order(Vec<(&'static Field, Direction)>);

/// The direction of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

impl Order {
    /// Reads the `order_by` parameter.
    ///
    /// # Errors
    /// Returns 262268 for a field that cannot be sorted by, and 262197 for a direction other than `asc` or `desc`.
    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Self, Refusal> {
        let Some(text) = parameters.text("order_by") else { return Ok(Self(Vec::new())) };
        // A long text can repeat fields; only the first mention of a field counts, so the list stays short.
        let mut by: Vec<(&Field, Direction)> = Vec::with_capacity(parameters.resource().fields.len());
        for part in text.split(',') {
            let mut words = part.split_whitespace();
            let name = words.next().unwrap_or_default();
            let field = parameters.resource().searchable(name, parameters.release());
            let field = field.ok_or_else(|| Refusal::unsortable(name))?;
            let direction = match (words.next(), words.next()) {
                (None, None) => Direction::Ascending,
                (Some(word), None) if word.eq_ignore_ascii_case("asc") => Direction::Ascending,
                (Some(word), None) if word.eq_ignore_ascii_case("desc") => Direction::Descending,
                _ => return Err(Refusal::invalid("order_by", Some(part), "only asc or desc can follow a field")),
            };
            if by.iter().all(|(earlier, _)| earlier.name != field.name) {
                by.push((field, direction));
            }
        }
        Ok(Self(by))
    }

    /// Tells whether the request has no `order_by`, so that the order of creation applies.
    pub(crate) fn is_default(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the fields to sort by, most important first.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static Field, Direction)> + '_ {
        self.0.iter().copied()
    }

    /// Compares two items.
    pub(crate) fn compare(&self, one: &Item, other: &Item) -> Ordering {
        self.decide(one, other.sequence, |_, field| other.record.at(field.place))
    }

    /// Compares an item with a place in the list. The place has a value for each field of [`Order::fields`], and a
    /// sequence number. Missing values count as unset.
    pub(crate) fn compare_to(&self, item: &Item, values: &[Option<&str>], sequence: u64) -> Ordering {
        self.decide(item, sequence, |index, _| *values.get(index)?)
    }

    fn decide<'a>(&self, one: &Item, sequence: u64, other: impl Fn(usize, &Field) -> Option<&'a str>) -> Ordering {
        for (index, (field, direction)) in self.0.iter().enumerate() {
            let rank = |value| field.kind.rank(value);
            // Clients that parse a link can lose empty parameters, so an empty text counts as unset.
            let is_there = |value: &&str| !value.is_empty();
            let (one, other) = (one.record.at(field.place), other(index, field));
            let ordering = one.filter(is_there).map(rank).cmp(&other.filter(is_there).map(rank));
            let ordering = match direction {
                Direction::Ascending => ordering,
                Direction::Descending => ordering.reverse(),
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        one.sequence.cmp(&sequence)
    }
}
