//! `order_by`: by which fields, and in which direction, records are sorted.

use std::cmp::Ordering;

use crate::{cluster::Item, fields::Field, query::parameters::Parameters, refusal::Refusal};

/// A way to sort records. Where the fields do not decide, the order of creation does.
#[derive(Debug)]
pub(crate) struct Order(Vec<(&'static Field, Direction)>);

/// Which values come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

impl Order {
    /// Reads the `order_by` parameter.
    ///
    /// # Errors
    /// 262268 for something that is no field to sort by, 262197 for a direction that is neither `asc` nor `desc`.
    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Self, Refusal> {
        let Some(text) = parameters.text("order_by") else { return Ok(Self(Vec::new())) };
        // No longer than there are fields, however long the text: what was named before cannot decide again.
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
                _ => return Err(Refusal::invalid("order_by", Some(part), "a field is followed by asc or desc")),
            };
            if by.iter().all(|(earlier, _)| earlier.name != field.name) {
                by.push((field, direction));
            }
        }
        Ok(Self(by))
    }

    /// Whether no order was asked for, which leaves that of creation.
    pub(crate) fn is_default(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the fields to sort by, the deciding one first.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static Field, Direction)> + '_ {
        self.0.iter().copied()
    }

    /// Which of the two comes first.
    pub(crate) fn compare(&self, one: &Item, other: &Item) -> Ordering {
        self.decide(one, other.sequence, |_, field| other.record.at(field.place))
    }

    /// Whether the item comes before or after the place of one with these values, in the order of
    /// [`Order::fields`], and this sequence number. Values that are missing count as unset.
    pub(crate) fn compare_to(&self, item: &Item, values: &[Option<&str>], sequence: u64) -> Ordering {
        self.decide(item, sequence, |index, _| *values.get(index)?)
    }

    fn decide<'a>(&self, one: &Item, sequence: u64, other: impl Fn(usize, &Field) -> Option<&'a str>) -> Ordering {
        for (index, (field, direction)) in self.0.iter().enumerate() {
            let rank = |value| field.kind.rank(value);
            // An empty text counts as unset: a client that takes a link apart may lose a parameter that is empty.
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
