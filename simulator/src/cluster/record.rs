//! The values of the fields of a record.

use std::{collections::HashSet, sync::Arc};

use smallvec::SmallVec;

use crate::{
    fields::{self, Field, Resource},
    resources::POLICY,
    values::Kind,
};

/// The values of a record, by the place of each field in the table of its resource. Each is a text in its normal form,
/// also a number or a boolean. Many policies can share one text, so that a million of them fit into a gigabyte.
///
/// It is one pointer, and the values of a policy are where that leads: to go through a million policies is a matter of
/// memory.
#[derive(Clone, Debug)]
pub(crate) struct Record(Box<Values>);

#[derive(Clone, Debug)]
struct Values {
    resource: &'static Resource,
    of_fields: SmallVec<[Option<Arc<str>>; POLICY.fields.len()]>,
}

impl Record {
    /// A record without values.
    pub(crate) fn new(resource: &'static Resource) -> Self {
        Self(Box::new(Values { resource, of_fields: SmallVec::from_elem(None, resource.fields.len()) }))
    }

    /// The value of a field.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.at(self.0.resource.place(name)?)
    }

    /// The value of the field at this place. No name is looked up, so that many records can be asked.
    pub(crate) fn at(&self, place: usize) -> Option<&str> {
        self.0.of_fields.get(place)?.as_deref()
    }

    /// The value of a field, to share it.
    pub(crate) fn shared(&self, name: &str) -> Option<Arc<str>> {
        self.0.of_fields.get(self.0.resource.place(name)?)?.clone()
    }

    /// Gives the field a value.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Arc<str>>) {
        self.put(name, Some(value.into()));
    }

    /// Gives the field a value, or takes its value away.
    pub(crate) fn put(&mut self, name: &str, value: Option<Arc<str>>) {
        if let Some(place) = self.0.resource.place(name) {
            self.0.of_fields[place] = value;
        }
    }

    /// Whether a field has another value than in the other record, these fields aside.
    pub(crate) fn differs(&self, other: &Self, aside: &[&str]) -> bool {
        let values = self.0.of_fields.iter().zip(&other.0.of_fields);
        let mut pairs = self.0.resource.fields.iter().zip(values);
        pairs.any(|(field, (one, other))| one != other && !aside.contains(&field.name))
    }

    /// The fields that have a value, in the order of the table, and the values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static Field, &str)> {
        self.0
            .resource
            .fields
            .iter()
            .zip(&self.0.of_fields)
            .filter_map(|(field, value)| Some((field, value.as_deref()?)))
    }
}

/// One copy of each text that many policies have, such as the name of their SVM.
///
/// Only fields of few values take part, so that the pool needs no cleaning.
#[derive(Debug, Default)]
pub(crate) struct Pool(HashSet<Arc<str>>);

impl Pool {
    /// Replaces texts of the record by the copies that others have.
    pub(crate) fn share(&mut self, record: &mut Record) {
        for (field, value) in record.0.resource.fields.iter().zip(record.0.of_fields.iter_mut()) {
            if let (Some(text), true) = (value, is_common(field)) {
                match self.0.get(text) {
                    Some(known) => *text = Arc::clone(known),
                    None => drop(self.0.insert(Arc::clone(text))),
                }
            }
        }
    }
}

/// Whether the field has few values.
fn is_common(field: &Field) -> bool {
    matches!(field.kind, Kind::Word(_) | Kind::Flag | Kind::Netmask | Kind::Port | Kind::Protocol)
        || [fields::SCOPE, fields::LOCAL.family, fields::REMOTE.family].contains(&field.name)
        || fields::REFERENCES.iter().any(|(object, _)| fields::is_member(field.name, object))
}
