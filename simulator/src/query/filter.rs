//! Filters records by `field=expression`, for every readable field. A record must match all filters.

use crate::{
    cluster::Record,
    fields::Field,
    query::{
        expression::{Expression, Malformed},
        parameters::{Parameters, View},
    },
    refusal::Refusal,
};

/// The highest number of parts with operators in one request. A part is tested on each record, and other requests wait
/// meanwhile. Plain values have no limit, because a hash table finds them.
const MOST_PARTS: usize = 256;

/// The conditions of a request. A record must match all of them.
#[derive(Debug)]
pub(crate) struct Filters {
    conditions: Vec<(&'static Field, Expression)>,
    view: View,
}

impl Filters {
    /// Reads the filters from the parameters.
    ///
    /// # Errors
    /// Returns 262194 for an operator without a value. Other errors in an expression, and too many parts, are 262197.
    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Self, Refusal> {
        let condition = |&(field, text): &(&'static Field, &str)| match Expression::read(field.kind, text) {
            Ok(expression) => Ok((field, expression)),
            Err(Malformed::Incomplete) => Err(Refusal::incomplete_expression(field.name, text)),
            Err(Malformed::Invalid(reason)) => Err(Refusal::invalid(field.name, Some(text), reason)),
        };
        let conditions = parameters.filters().iter().map(condition).collect::<Result<Vec<_>, _>>()?;
        let mut parts = 0;
        let too_many = conditions.iter().find(|(_, expression)| {
            parts += expression.len();
            parts > MOST_PARTS
        });
        if let Some((field, _)) = too_many {
            let wanted = format!("a request can have at most {MOST_PARTS} parts with operators");
            return Err(Refusal::invalid(field.name, None, wanted));
        }
        Ok(Self { conditions, view: parameters.view().clone() })
    }

    /// Tells whether the record matches all filters.
    pub(crate) fn admit(&self, record: &Record) -> bool {
        let value = |field: &Field| record.at(field.place).filter(|_| !self.view.hides(field.name));
        self.view.tunnel.reaches(record)
            && self.conditions.iter().all(|(field, expression)| expression.admits(value(field)))
    }

    /// Returns the only value of this field that matches, in its normal form, if a filter says so.
    pub(crate) fn exact(&self, field_name: &str) -> Option<&str> {
        self.conditions.iter().find(|(field, _)| field.name == field_name)?.1.exact()
    }

    /// Tells whether the request has no filter.
    pub(crate) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Tells whether every record matches.
    pub(crate) fn admit_all(&self) -> bool {
        self.is_empty() && !self.view.tunnel.is_open()
    }
}
