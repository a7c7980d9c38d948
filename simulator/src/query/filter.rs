//! Filters: `field=expression` for every field that can be read, and the search in several. All of them have to hold.

use crate::{
    cluster::Record,
    fields::Field,
    query::{
        expression::{Expression, Malformed},
        parameters::Parameters,
        search::Search,
    },
    refusal::Refusal,
    tunnel::Tunnel,
};

/// How many parts with operators, and words to look for, one request can have. Each is tried on each record, and nobody
/// else is answered meanwhile. Plain values are no matter: they are found at once, however many there are.
const MOST_PARTS: usize = 256;

/// Conditions that a record has to meet, all of them.
#[derive(Debug)]
pub(crate) struct Filters {
    conditions: Vec<(&'static Field, Expression)>,
    search: Option<Search>,
    tunnel: Tunnel,
}

impl Filters {
    /// Reads the conditions from the parameters.
    ///
    /// # Errors
    /// 262194 for operators that lack a value, 262197 for other faults in an expression and for too many parts, and those
    /// of [`Search::read`].
    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Self, Refusal> {
        let condition = |&(field, text): &(&'static Field, &str)| match Expression::read(field.kind, text) {
            Ok(expression) => Ok((field, expression)),
            Err(Malformed::Incomplete) => Err(Refusal::incomplete_expression(field.name, text)),
            Err(Malformed::Invalid(reason)) => Err(Refusal::invalid(field.name, Some(text), reason)),
        };
        let conditions = parameters.filters().iter().map(condition).collect::<Result<Vec<_>, _>>()?;
        let search = Search::read(parameters)?;
        let mut parts = search.as_ref().map_or(0, Search::len);
        let mut names = conditions.iter().map(|(field, expression)| (field.name, expression.len()));
        let too_many = names.find(|(_, len)| {
            parts += len;
            parts > MOST_PARTS
        });
        let too_many = too_many.map(|(name, _)| name).or((parts > MOST_PARTS).then_some("query"));
        if let Some(name) = too_many {
            let wanted = format!("a request can have {MOST_PARTS} parts with operators and words to look for");
            return Err(Refusal::invalid(name, None, wanted));
        }
        Ok(Self { conditions, search, tunnel: parameters.tunnel().clone() })
    }

    /// Whether the record meets every condition.
    pub(crate) fn admit(&self, record: &Record) -> bool {
        self.tunnel.reaches(record)
            && self.conditions.iter().all(|(field, expression)| expression.admits(record.at(field.place)))
            && self.search.as_ref().is_none_or(|search| search.admits(record))
    }

    /// The one value, in its normal form, that this field has to have, where a filter says no more and no less.
    pub(crate) fn exact(&self, field_name: &str) -> Option<&str> {
        self.conditions.iter().find(|(field, _)| field.name == field_name)?.1.exact()
    }

    /// Whether nobody asked for a choice of policies.
    pub(crate) fn is_empty(&self) -> bool {
        self.conditions.is_empty() && self.search.is_none()
    }

    /// Whether every policy meets them.
    pub(crate) fn admit_all(&self) -> bool {
        self.is_empty() && !self.tunnel.is_open()
    }
}
