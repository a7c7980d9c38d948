//! Filters: `field=expression` for every field that can be read. All of them have to hold.

use crate::{
    cluster::Record,
    fields::Field,
    query::{
        expression::{Expression, Malformed},
        parameters::{Parameters, View},
    },
    refusal::Refusal,
};

/// How many parts with operators one request can have. Each is tried on each record, and no other request is answered
/// meanwhile. Plain values have no limit: they are looked up at once.
const MOST_PARTS: usize = 256;

/// Conditions that a record has to meet, all of them.
#[derive(Debug)]
pub(crate) struct Filters {
    conditions: Vec<(&'static Field, Expression)>,
    view: View,
}

impl Filters {
    /// Reads the conditions from the parameters.
    ///
    /// # Errors
    /// 262194 for operators that lack a value, 262197 for other faults in an expression and for too many parts.
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
            let wanted = format!("a request can have {MOST_PARTS} parts with operators");
            return Err(Refusal::invalid(field.name, None, wanted));
        }
        Ok(Self { conditions, view: parameters.view().clone() })
    }

    /// Whether the record meets every condition.
    pub(crate) fn admit(&self, record: &Record) -> bool {
        let value = |field: &Field| record.at(field.place).filter(|_| !self.view.hides(field.name));
        self.view.tunnel.reaches(record)
            && self.conditions.iter().all(|(field, expression)| expression.admits(value(field)))
    }

    /// The one value, in its normal form, that this field has to have, where a filter says no more and no less.
    pub(crate) fn exact(&self, field_name: &str) -> Option<&str> {
        self.conditions.iter().find(|(field, _)| field.name == field_name)?.1.exact()
    }

    /// Whether nobody asked for a choice of policies.
    pub(crate) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Whether every policy meets them.
    pub(crate) fn admit_all(&self) -> bool {
        self.is_empty() && !self.view.tunnel.is_open()
    }
}
