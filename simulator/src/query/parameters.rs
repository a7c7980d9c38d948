//! Query parameters: which ones an operation takes, and their plain values.

use std::ops::RangeInclusive;

use crate::{
    fields::{self, Field},
    refusal::Refusal,
    values,
};

/// The key of the first parameter of a link to the next page.
pub(crate) const START: &str = "start.uuid";

/// Parameters that ONTAP takes in many places, and that the simulator leaves out.
const NOT_SIMULATED: [&str; 8] = [
    "$orderBy",
    "continue_on_failure",
    "ignore_unknown_fields",
    "offset",
    "pretty",
    "query",
    "query_fields",
    "serial_records",
];

/// What a set of parameters is for. It decides what may be in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// GET of the collection: everything, and filters.
    Collection,
    /// GET of one resource.
    Instance,
    /// POST.
    Create,
    /// PATCH and DELETE.
    Change,
}

impl Scope {
    /// The parameters besides filters. The page gives PATCH and DELETE none and POST only `return_records`; the
    /// vendor's overview of the API allows `return_timeout` and `return_records` everywhere, and NetApp's own clients
    /// send them.
    fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Collection => &["fields", "max_records", "order_by", "return_records", "return_timeout", START],
            Self::Instance => &["fields", "return_timeout"],
            Self::Create | Self::Change => &["return_records", "return_timeout"],
        }
    }
}

/// The checked parameters of one request.
#[derive(Debug)]
pub(crate) struct Parameters<'a> {
    controls: Vec<(&'a str, &'a str)>,
    filters: Vec<(&'static Field, &'a str)>,
}

impl<'a> Parameters<'a> {
    /// Sorts the parameters of a request into filters and others.
    ///
    /// # Errors
    /// A parameter twice (262188), without a value (262194), unknown (262179), a filter on a POST (262211), a secret
    /// as a filter (262250 on GET, 262202 elsewhere), and values out of range (262197).
    pub(crate) fn read(raw: &'a [(String, String)], scope: Scope) -> Result<Self, Refusal> {
        let mut read = Self { controls: Vec::new(), filters: Vec::new() };
        for (index, (name, value)) in raw.iter().enumerate() {
            if raw[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(Refusal::parameter_twice(name));
            }
            if scope.parameters().contains(&name.as_str()) {
                if value.is_empty() {
                    return Err(Refusal::parameter_without_value(name));
                }
                read.controls.push((name, value));
            } else if let Some(field) = fields::named(name) {
                read.filters.push((field, filter(field, value, scope)?));
            } else if NOT_SIMULATED.contains(&name.as_str()) {
                return Err(Refusal::not_simulated(name));
            } else {
                return Err(Refusal::unexpected(name));
            }
        }
        // Checked wherever they may stand, so that a wrong value never goes unnoticed.
        read.flag("return_records")?;
        read.number("return_timeout", 0..=120)?;
        Ok(read)
    }

    /// The filters: fields and what they are compared with.
    pub(crate) fn filters(&self) -> &[(&'static Field, &'a str)] {
        &self.filters
    }

    /// The value of a parameter.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.controls.iter().find(|(given, _)| *given == name).map(|(_, value)| *value)
    }

    /// The value of a boolean parameter.
    ///
    /// # Errors
    /// 262197 for anything but `true` and `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.text(name)
            .map(|text| values::flag(text).ok_or_else(|| Refusal::invalid(name, Some(text), "it is true or false")))
            .transpose()
    }

    /// The value of a parameter that is a number within these bounds.
    ///
    /// # Errors
    /// 262197 for anything else.
    pub(crate) fn number(&self, name: &str, range: RangeInclusive<u64>) -> Result<Option<u64>, Refusal> {
        self.text(name)
            .map(|text| {
                values::digits(text).filter(|number| range.contains(number)).ok_or_else(|| {
                    let wanted = match *range.end() {
                        u64::MAX => format!("it is a whole number of at least {}", range.start()),
                        end => format!("it is a whole number from {} to {end}", range.start()),
                    };
                    Refusal::invalid(name, Some(text), wanted)
                })
            })
            .transpose()
    }
}

/// Whether the operation may be filtered by this field.
fn filter<'a>(field: &Field, value: &'a str, scope: Scope) -> Result<&'a str, Refusal> {
    match (scope, field.readable) {
        (Scope::Collection | Scope::Instance, false) => Err(Refusal::unreadable_filter(field.name)),
        (_, false) => Err(Refusal::secret_in_url(field.name)),
        (Scope::Collection, true) if value.is_empty() => Err(Refusal::parameter_without_value(field.name)),
        (Scope::Collection, true) => Ok(value),
        (Scope::Create, true) => Err(Refusal::filter_on_post(field.name)),
        (Scope::Instance | Scope::Change, true) => Err(Refusal::unexpected(field.name)),
    }
}
