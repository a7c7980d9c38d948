//! The values of the fields of a policy.

use std::{collections::HashSet, sync::Arc};

use crate::{
    fields::{self, FIELDS, Field},
    values::Kind,
};

/// The values of a policy, by the place of each field in [`FIELDS`]. Each is a text in its normal form, also a boolean. Many policies can share one text, so that a million records fit into a gigabyte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record(Box<[Option<Arc<str>>; FIELDS.len()]>);

impl Record {
    /// The value of a field.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.at(place(name)?)
    }

    /// The value of the field at this place in [`FIELDS`]. No name is looked up, so that many records can be asked.
    pub(crate) fn at(&self, place: usize) -> Option<&str> {
        self.0.get(place)?.as_deref()
    }

    /// The value of a field, to share it.
    pub(crate) fn shared(&self, name: &str) -> Option<Arc<str>> {
        self.0[place(name)?].clone()
    }

    /// Gives the field a value.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Arc<str>>) {
        self.put(name, Some(value.into()));
    }

    /// Gives the field a value, or takes its value away.
    pub(crate) fn put(&mut self, name: &str, value: Option<Arc<str>>) {
        if let Some(place) = place(name) {
            self.0[place] = value;
        }
    }

    /// The places in [`FIELDS`] of the fields that have a value, in that order, and the values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.0.iter().enumerate().filter_map(|(place, value)| Some((place, value.as_deref()?)))
    }
}

fn place(name: &str) -> Option<usize> {
    FIELDS.iter().position(|field| field.name == name)
}

/// One copy of each text that many policies have, such as the name of their SVM.
///
/// Only fields of few values take part, so that the pool needs no cleaning.
#[derive(Debug, Default)]
pub(crate) struct Pool(HashSet<Arc<str>>);

impl Pool {
    /// Replaces texts of the record by the copies that others have.
    pub(crate) fn share(&mut self, record: &mut Record) {
        for (field, value) in FIELDS.iter().zip(record.0.iter_mut()) {
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
