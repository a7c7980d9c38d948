//! `order_by`: by which fields, and in which direction, records are sorted.

use std::cmp::Ordering;

use crate::{
    cluster::Policy,
    fields::{self, Field},
    query::parameters::Parameters,
    refusal::Refusal,
    values::Rank,
};

/// A way to sort policies. Where the fields do not decide, the order of creation does.
#[derive(Debug)]
pub(crate) struct Order(Vec<(&'static Field, Direction)>);

#[derive(Clone, Copy, Debug)]
enum Direction {
    Ascending,
    Descending,
}

impl Order {
    /// Reads the `order_by` parameter.
    ///
    /// # Errors
    /// 262268 for something that is no readable field, 262197 for a direction that is neither `asc` nor `desc`.
    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Self, Refusal> {
        let Some(text) = parameters.text("order_by") else { return Ok(Self(Vec::new())) };
        let mut by = Vec::new();
        for part in text.split(',') {
            let mut words = part.split_whitespace();
            let name = words.next().unwrap_or_default();
            let field = fields::named(name).filter(|field| field.readable).ok_or_else(|| Refusal::unsortable(name))?;
            let direction = match (words.next(), words.next()) {
                (None | Some("asc"), None) => Direction::Ascending,
                (Some("desc"), None) => Direction::Descending,
                _ => return Err(Refusal::invalid("order_by", Some(part), "a field is followed by asc or desc")),
            };
            by.push((field, direction));
        }
        Ok(Self(by))
    }

    /// Which of the two comes first. A field without a value comes before all values (an assumption).
    pub(crate) fn compare(&self, one: &Policy, other: &Policy) -> Ordering {
        for (field, direction) in &self.0 {
            let rank =
                |policy: &Policy| -> Option<Rank> { policy.record.get(field.name).map(|value| field.kind.rank(value)) };
            let ordering = match direction {
                Direction::Ascending => rank(one).cmp(&rank(other)),
                Direction::Descending => rank(other).cmp(&rank(one)),
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        one.sequence.cmp(&other.sequence)
    }
}
