//! Writes a record as JSON: the selected fields, members of objects together, and links to other resources.
//!
//! Records are serialized directly: a tree in between would take ten times the memory. It would also take most of the
//! time of a page with thousands of records.

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Value as Json, json};

use crate::{
    cluster::Record,
    fields::{self, Field, REFERENCES},
    values::Kind,
};

/// A record and the fields to show.
pub(crate) struct RecordJson<'a, F> {
    pub(crate) record: &'a Record,
    pub(crate) chosen: F,
    pub(crate) links: bool,
}

impl<F: Fn(&Field) -> bool> RecordJson<'_, F> {
    /// Returns a tree, as a part of another one.
    pub(crate) fn tree(&self) -> Json {
        // Serialization cannot fail, as all names are text.
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl<F: Fn(&Field) -> bool> Serialize for RecordJson<'_, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members: Vec<_> = self.record.iter().filter(|(field, _)| (self.chosen)(field)).collect();
        Object { record: self.record, links: self.links, start: 0, members: &members }.serialize(serializer)
    }
}

/// A record, or an object in a record.
#[derive(Clone, Copy)]
struct Object<'a> {
    record: &'a Record,
    links: bool,
    /// The position in the names of the fields where the names of the members begin.
    start: usize,
    /// The fields and their values.
    members: &'a [(&'static Field, &'a str)],
}

impl Object<'_> {
    /// Returns the name of the inner object that has the field, if any.
    fn inner(&self, field: &'static Field) -> Option<&'static str> {
        // Most fields are in no inner object, so the check avoids a search.
        if field.leaf > self.start { field.name[self.start..].split_once('.').map(|(object, _)| object) } else { None }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let (Some(end), [(field, _), ..], true) = (self.start.checked_sub(1), self.members, self.links)
            && let Some(link) = link(self.record, &field.name[..end])
        {
            map.serialize_entry("_links", &link)?;
        }
        let together = |one: &(&'static Field, _), other: &(&'static Field, _)| {
            let inner = self.inner(one.0);
            inner.is_some() && inner == self.inner(other.0)
        };
        // Members of an object are adjacent in the table of fields.
        for members in self.members.chunk_by(together) {
            let [(field, value), ..] = members else { continue };
            match self.inner(field) {
                None => map.serialize_entry(&field.name[self.start..], &Text(field.kind, value))?,
                Some(inner) => {
                    map.serialize_entry(inner, &Self { start: self.start + inner.len() + 1, members, ..*self })?;
                }
            }
        }
        map.end()
    }
}

/// A value, written as JSON.
struct Text<'a>(Kind, &'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Kind::Flag => serializer.serialize_bool(self.1 == "true"),
            Kind::Number(_) => match self.1.parse() {
                Ok(number) => serializer.serialize_u64(number),
                Err(_) => serializer.serialize_str(self.1),
            },
            _ => serializer.serialize_str(self.1),
        }
    }
}

/// Returns the `_links` of an object that refers to another part of ONTAP's API.
fn link(record: &Record, object: &str) -> Option<Json> {
    let (_, collection) = REFERENCES.into_iter().find(|(name, _)| *name == object)?;
    let is_uuid = |field: &Field| fields::is_member(field.name, object) && field.name.ends_with(".uuid");
    let uuid = record.iter().find(|(field, _)| is_uuid(field));
    Some(self_link(&format!("{collection}{}", uuid?.1)))
}

/// Returns the `_links` of a resource with this path.
pub(crate) fn self_link(path: &str) -> Json {
    json!({"self": {"href": path}})
}
