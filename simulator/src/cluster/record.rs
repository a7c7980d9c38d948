//! The values of the fields of a record.

use std::{collections::HashSet, sync::Arc};

use smallvec::SmallVec;

use crate::{
    fields::{self, Field, Resource},
    resources::POLICY,
    values::Kind,
};

/// The values of a record, indexed by the field's place in the table of its resource. Each value is text in its normal
/// form, also a number or a boolean. Records share equal texts, so that a million policies fit into a gigabyte.
///
/// A record is one pointer to its values. A search through a million records is limited by memory, so records have to
/// be small.
#[derive(Clone, Debug)]
pub(crate) struct Record(Box<Values>);

#[derive(Clone, Debug)]
struct Values {
    resource: &'static Resource,
    of_fields: SmallVec<[Option<Arc<str>>; POLICY.fields.len()]>,
}

impl Record {
    /// Makes a record without values.
    pub(crate) fn new(resource: &'static Resource) -> Self {
        Self(Box::new(Values { resource, of_fields: SmallVec::from_elem(None, resource.fields.len()) }))
    }

    /// Returns the value of a field.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.at(self.0.resource.place(name)?)
    }

    /// Returns the value of the field at this place. The lookup compares no names, so that a search through many
    /// records is fast.
    pub(crate) fn at(&self, place: usize) -> Option<&str> {
        self.0.of_fields.get(place)?.as_deref()
    }

    /// Returns a shared reference to the value of a field.
    pub(crate) fn shared(&self, name: &str) -> Option<Arc<str>> {
        self.0.of_fields.get(self.0.resource.place(name)?)?.clone()
    }

    /// Sets the value of a field.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Arc<str>>) {
        self.put(name, Some(value.into()));
    }

    /// Sets or removes the value of a field.
    pub(crate) fn put(&mut self, name: &str, value: Option<Arc<str>>) {
        if let Some(place) = self.0.resource.place(name) {
            self.0.of_fields[place] = value;
        }
    }

    /// Tells whether a field differs from the other record, except for the fields in `aside`.
    pub(crate) fn differs(&self, other: &Self, aside: &[&str]) -> bool {
        let values = self.0.of_fields.iter().zip(&other.0.of_fields);
        let mut pairs = self.0.resource.fields.iter().zip(values);
        pairs.any(|(field, (one, other))| one != other && !aside.contains(&field.name))
    }

    /// Returns the fields with a value, in the order of the table, and the values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static Field, &str)> {
        self.0
            .resource
            .fields
            .iter()
            .zip(&self.0.of_fields)
            .filter_map(|(field, value)| Some((field, value.as_deref()?)))
    }
}

/// Keeps one copy of each text that many policies have, such as the name of their SVM.
///
/// Only fields with few different values use the pool, so the pool needs no cleaning.
#[derive(Debug, Default)]
pub(crate) struct Pool(HashSet<Arc<str>>);

impl Pool {
    /// Replaces texts of the record by the copies in the pool.
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

/// Tells whether the field has few different values.
fn is_common(field: &Field) -> bool {
    matches!(field.kind, Kind::Word(_) | Kind::Flag | Kind::Netmask | Kind::Port | Kind::Protocol)
        || [fields::SCOPE, fields::LOCAL.family, fields::REMOTE.family].contains(&field.name)
        || fields::REFERENCES.iter().any(|(object, _)| fields::is_member(field.name, object))
}
