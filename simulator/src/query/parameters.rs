//! Checks query parameters, and reads plain values.

use std::{collections::HashSet, ops::RangeInclusive, sync::Arc};

use crate::{
    effects::{Busy, SilentPeer},
    fields::{self, Field, Resource},
    path::POLICIES,
    refusal::Refusal,
    state::Release,
    tunnel::Tunnel,
    values,
};

/// The prefix of parameters that set the start of a page.
pub(super) const START: &str = "start.";

/// The parameter that requests the results of a job.
pub(crate) const RESULTS: &str = "job_results_uuid";

const IGNORE_UNKNOWN: &str = "ignore_unknown_fields";
const ORDER_BY: &str = "order_by";
const PRETTY: &str = "pretty";

/// The boolean parameters.
const FLAGS: [&str; 5] = ["continue_on_failure", IGNORE_UNKNOWN, PRETTY, "return_records", "serial_records"];

/// The numeric parameters, with their limits.
const NUMBERS: [(&str, RangeInclusive<u64>); 3] =
    [("max_records", 1..=u64::MAX), ("offset", 0..=u64::MAX), ("return_timeout", 0..=120)];

/// The kind of operation, which decides the allowed parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// GET of the collection.
    Collection,
    /// GET of one resource.
    Instance,
    /// GET of a resource with a single record.
    Singleton,
    /// POST.
    Create,
    /// PATCH and DELETE of one resource.
    Change,
    /// PATCH and DELETE on the collection.
    ChangeMany,
}

impl Scope {
    const ALL: [Self; 6] =
        [Self::Collection, Self::Instance, Self::Singleton, Self::Create, Self::Change, Self::ChangeMany];

    /// Returns the allowed parameters, without filters. The page documents no parameters for PATCH and DELETE, and only
    /// `return_records` for POST. NetApp's overview of the API allows more parameters, and NetApp's clients send them.
    fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Collection => &[
                "fields",
                IGNORE_UNKNOWN,
                RESULTS,
                "max_records",
                "offset",
                ORDER_BY,
                PRETTY,
                "return_records",
                "return_timeout",
            ],
            Self::Instance => &["fields", IGNORE_UNKNOWN, PRETTY, "return_timeout"],
            Self::Singleton => &["fields", IGNORE_UNKNOWN, "max_records", PRETTY, "return_timeout"],
            Self::Create => {
                &["continue_on_failure", IGNORE_UNKNOWN, PRETTY, "return_records", "return_timeout", "serial_records"]
            }
            Self::Change => &[IGNORE_UNKNOWN, PRETTY, "return_records", "return_timeout"],
            Self::ChangeMany => &[
                "continue_on_failure",
                IGNORE_UNKNOWN,
                "max_records",
                ORDER_BY,
                PRETTY,
                "return_records",
                "return_timeout",
                "serial_records",
            ],
        }
    }

    /// Tells whether the operation is for several records, so that filters and `start.` parameters are allowed.
    fn is_of_many(self) -> bool {
        matches!(self, Self::Collection | Self::ChangeMany)
    }
}

/// The part of the cluster that a request sees.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    /// The policies.
    pub(crate) tunnel: Tunnel,
    /// The field or object that records lack.
    pub(crate) hidden: Option<Arc<str>>,
    /// The limit of a page, if the cluster is busy.
    pub(crate) busy: Option<Busy>,
    /// The peers that do not respond.
    pub(crate) silent_peer: Option<SilentPeer>,
}

impl View {
    /// Tells whether records lack the field.
    pub(crate) fn hides(&self, name: &str) -> bool {
        self.hidden.as_deref().is_some_and(|hidden| name == hidden || fields::is_member(name, hidden))
    }
}

/// The checked parameters of one request.
#[derive(Debug)]
pub(crate) struct Parameters<'a> {
    controls: Vec<(&'a str, &'a str)>,
    filters: Vec<(&'static Field, &'a str)>,
    start: Start<'a>,
    ignores_unknown: bool,
    resource: &'static Resource,
    release: Release,
    view: View,
}

/// The start of a page, as in a link.
#[derive(Debug, Default)]
pub(crate) struct Start<'a> {
    /// The value of `start.index`.
    pub(crate) index: Option<u64>,
    /// The values of `start.<field>`, which may be empty.
    pub(crate) fields: Vec<(&'static Field, &'a str)>,
}

impl<'a> Parameters<'a> {
    /// Splits the parameters into filters and others.
    ///
    /// # Errors
    /// Returns 262188 for a repeated parameter, 262194 for one without a value, 262179 for an unknown or misplaced one.
    /// A filter on a POST is 262211. A filter by a secret is 262250 on GET, and 262202 elsewhere. Values out of range
    /// are 262197.
    pub(crate) fn read(
        raw: &'a [(String, String)],
        scope: Scope,
        resource: &'static Resource,
        release: Release,
    ) -> Result<Self, Refusal> {
        let mut read = Self {
            controls: Vec::new(),
            filters: Vec::new(),
            start: Start::default(),
            ignores_unknown: raw
                .iter()
                .any(|(name, value)| name == IGNORE_UNKNOWN && values::flag(value) == Some(true)),
            resource,
            release,
            view: View::default(),
        };
        let mut seen = HashSet::with_capacity(raw.len());
        for (name, value) in raw {
            let name = canonical(name);
            if !seen.insert(name) {
                return Err(Refusal::parameter_twice(name));
            }
            read.add(name, value, scope)?;
        }
        // A wrong value is an error also if the operation ignores the parameter.
        for name in FLAGS {
            read.flag(name)?;
        }
        for (name, _) in NUMBERS {
            read.number(name)?;
        }
        Ok(read)
    }

    /// Adds one parameter.
    fn add(&mut self, name: &'a str, value: &'a str, scope: Scope) -> Result<(), Refusal> {
        let is_here = name != RESULTS || self.resource.path == POLICIES;
        if scope.parameters().contains(&name) && is_here {
            // `na_ontap_rest_info`, an Ansible module by NetApp, sends an empty `fields`, which is ignored.
            if name == "fields" && value.is_empty() {
                return Ok(());
            }
            if value.is_empty() {
                return Err(Refusal::parameter_without_value(name));
            }
            self.controls.push((name, value));
        } else if let Some(field) = (self.resource.named(name, self.release))
            .filter(|field| field.searchable && field.read_introduced <= self.release)
        {
            self.filters.push((field, filter(field, value, scope)?));
        } else if let Some(part) = name.strip_prefix(START).filter(|_| scope.is_of_many()) {
            self.start_at(name, part, value)?;
        } else if Scope::ALL.iter().any(|scope| scope.parameters().contains(&name))
            || name.starts_with(START)
            || !self.ignores_unknown
        {
            return Err(Refusal::unexpected(name));
        }
        Ok(())
    }

    /// Adds one `start.` parameter.
    fn start_at(&mut self, name: &str, part: &str, value: &'a str) -> Result<(), Refusal> {
        if part == "index" {
            let index = values::digits(value)
                .ok_or_else(|| Refusal::invalid(name, Some(value), "the value must be a whole number"))?;
            self.start.index = Some(index);
        } else if let Some(field) = self.resource.searchable(part, self.release) {
            self.start.fields.push((field, value));
        } else {
            return Err(Refusal::unexpected(name));
        }
        Ok(())
    }

    /// Returns the filters: fields and expressions.
    pub(crate) fn filters(&self) -> &[(&'static Field, &'a str)] {
        &self.filters
    }

    /// Returns the start of the page.
    pub(crate) fn start(&self) -> &Start<'a> {
        &self.start
    }

    /// Sets the part of the cluster that the request sees.
    pub(crate) fn with_view(self, view: View) -> Self {
        Self { view, ..self }
    }

    pub(crate) fn view(&self) -> &View {
        &self.view
    }

    /// Returns the resource of the request.
    pub(crate) fn resource(&self) -> &'static Resource {
        self.resource
    }

    /// Returns the simulated release, which decides the available fields.
    pub(crate) fn release(&self) -> Release {
        self.release
    }

    /// Tells whether unknown names are ignored, in parameters, `fields` and bodies.
    pub(crate) fn ignores_unknown(&self) -> bool {
        self.ignores_unknown
    }

    /// Returns the number of records to skip before the first page.
    ///
    /// # Errors
    /// Returns 262197 for an invalid number; [`Parameters::read`] already refuses one.
    pub(crate) fn offset(&self) -> Result<u64, Refusal> {
        Ok(self.number("offset")?.unwrap_or(0))
    }

    /// Returns the value of a parameter.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.controls.iter().find(|(given, _)| *given == name).map(|(_, value)| *value)
    }

    /// Returns the value of a boolean parameter.
    ///
    /// # Errors
    /// Returns 262197 for a value other than `true` and `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.text(name)
            .map(|text| {
                values::flag(text).ok_or_else(|| Refusal::invalid(name, Some(text), "the value must be true or false"))
            })
            .transpose()
    }

    /// Returns the value of a numeric parameter within its limits.
    ///
    /// # Errors
    /// Returns 262197 for another value.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        let Some((_, range)) = NUMBERS.into_iter().find(|(number, _)| *number == name) else { return Ok(None) };
        self.text(name)
            .map(|text| {
                values::digits(text).filter(|number| range.contains(number)).ok_or_else(|| {
                    let wanted = match *range.end() {
                        u64::MAX => format!("the value must be a whole number of {} or more", range.start()),
                        end => format!("the value must be a whole number from {} to {end}", range.start()),
                    };
                    Refusal::invalid(name, Some(text), wanted)
                })
            })
            .transpose()
    }
}

/// Returns the main name of a parameter with an alias.
fn canonical(name: &str) -> &str {
    if name == "$orderBy" { ORDER_BY } else { name }
}

/// Checks whether the operation can be filtered by this field.
fn filter<'a>(field: &Field, value: &'a str, scope: Scope) -> Result<&'a str, Refusal> {
    match (scope, field.readable) {
        (Scope::Collection | Scope::Instance | Scope::Singleton, false) => Err(Refusal::unreadable_filter(field.name)),
        (_, false) => Err(Refusal::secret_in_url(field.name)),
        (Scope::Collection | Scope::ChangeMany, true) if value.is_empty() => {
            Err(Refusal::parameter_without_value(field.name))
        }
        (Scope::Collection | Scope::ChangeMany, true) => Ok(value),
        (Scope::Create, true) => Err(Refusal::filter_on_post(field.name)),
        (Scope::Instance | Scope::Singleton | Scope::Change, true) => Err(Refusal::unexpected(field.name)),
    }
}
