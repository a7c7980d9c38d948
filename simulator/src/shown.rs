//! A policy as clients see it: fields of a record as JSON, members of objects together, with links to what it refers
//! to.
//!
//! It goes from the record to the text at once. A tree of it would take ten times the memory and most of the time, which
//! tells on a page of thousands.

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Value as Json, json};

use crate::{
    cluster::Record,
    fields::{self, FIELDS, REFERENCES},
    values::Kind,
};

/// A record with a choice of its fields, by their places in [`FIELDS`].
pub(crate) struct Shown<'a, F> {
    pub(crate) record: &'a Record,
    pub(crate) chosen: F,
    pub(crate) links: bool,
}

impl<F: Fn(usize) -> bool> Shown<'_, F> {
    /// As a tree, where it is to become a part of one.
    pub(crate) fn tree(&self) -> Json {
        // Texts and flags under names: nothing that JSON could not hold.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// A field's object, if it is in one, its name there, and its value.
type Member<'a> = (Option<&'static str>, &'static str, Text<'a>);

impl<F: Fn(usize) -> bool> Serialize for Shown<'_, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let chosen = self.record.iter().filter(|(place, _)| (self.chosen)(*place));
        let members: Vec<Member<'_>> = chosen
            .map(|(place, value)| {
                let field = &FIELDS[place];
                match field.name.split_once('.') {
                    Some((object, name)) => (Some(object), name, Text(field.kind, value)),
                    None => (None, field.name, Text(field.kind, value)),
                }
            })
            .collect();
        let mut map = serializer.serialize_map(None)?;
        // The table of fields has the members of an object side by side.
        for members in members.chunk_by(|one, other| one.0.is_some() && one.0 == other.0) {
            match members {
                [(None, name, value)] => map.serialize_entry(name, value)?,
                [(Some(object), ..), ..] => {
                    let link = if self.links { link(self.record, object) } else { None };
                    map.serialize_entry(object, &Object { link, members })?;
                }
                _ => {}
            }
        }
        map.end()
    }
}

/// The members of one object.
struct Object<'a> {
    link: Option<Json>,
    members: &'a [Member<'a>],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(link) = &self.link {
            map.serialize_entry("_links", link)?;
        }
        for (_, name, value) in self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A value in JSON.
struct Text<'a>(Kind, &'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Kind::Flag => serializer.serialize_bool(self.1 == "true"),
            _ => serializer.serialize_str(self.1),
        }
    }
}

/// The `_links` of an object that refers to something outside this API.
fn link(record: &Record, object: &str) -> Option<Json> {
    let (_, collection) = REFERENCES.into_iter().find(|(name, _)| *name == object)?;
    let uuid = record.iter().find(|(place, _)| {
        let name = FIELDS[*place].name;
        fields::is_member(name, object) && name.ends_with(".uuid")
    });
    Some(self_link(&format!("{collection}{}", uuid?.1)))
}

/// The `_links` of a resource at this path.
pub(crate) fn self_link(path: &str) -> Json {
    json!({"self": {"href": path}})
}
