//! The members of a body in two documents at once, path by path.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::openapi::{Document, Field, Kind, Schema, Way};

use super::Sides;

/// How deep a path is written out. The paths of schemas that contain each other would be most of a report.
const DEPTH: usize = 16;

/// Two objects at one place of a body.
#[derive(Debug)]
pub(crate) struct Meeting<'a> {
    pub(crate) from: &'a Schema,
    pub(crate) to: &'a Schema,
    /// The path of the object; empty for the body itself.
    pub(crate) path: String,
    ways: Sides<Way>,
    depth: usize,
}

/// A field of two objects that meet, or of one of them.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) path: String,
    pub(crate) field: Sides<&'a Field>,
}

/// A step of a walk.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// Two objects that have not met before.
    Met(Meeting<'a>),
    /// The field at this path leads to an object that has met too many others.
    Unclear(Row<'a>),
}

/// A way through two bodies from the outside in: each two objects once, under the shortest path that leads to them.
pub(crate) struct Walk<'a, F> {
    documents: (&'a Document, &'a Document),
    /// Whether two objects are the same thing, so that their members are compared.
    enters: F,
    /// The way of the values, on each side whose marks say that a field does not go it.
    ways: Sides<Way>,
    /// How many counterparts of one object are gone through.
    counterparts: usize,
    ahead: VecDeque<Step<'a>>,
    met: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a, F: Fn(&Schema, &Schema) -> bool> Walk<'a, F> {
    pub(crate) fn new(
        documents: (&'a Document, &'a Document),
        ways: Sides<Way>,
        counterparts: usize,
        enters: F,
    ) -> Self {
        Self { documents, ways, enters, counterparts, ahead: VecDeque::new(), met: BTreeMap::new() }
    }

    /// Starts at two objects.
    pub(crate) fn start(&mut self, from: &'a Schema, to: &'a Schema) {
        if self.met.entry(&from.pointer).or_default().insert(&to.pointer) {
            self.ahead.push_back(Step::Met(Meeting { from, to, path: String::new(), ways: self.ways, depth: 0 }));
        }
    }

    fn follow(&mut self, row: &Row<'a>, depth: usize) {
        let Some((from, to)) = row.field.both() else { return };
        if lists(&from.kind) != lists(&to.kind) {
            return;
        }
        let objects = (self.documents.0.object(&from.kind), self.documents.1.object(&to.kind));
        let (Some(from), Some(to)) = objects else { return };
        if !(self.enters)(from, to) {
            return;
        }
        let counterparts = self.met.entry(&from.pointer).or_default();
        if counterparts.contains(to.pointer.as_str()) {
            return;
        }
        if counterparts.len() >= self.counterparts {
            self.ahead.push_back(Step::Unclear(Row { path: row.path.clone(), field: row.field }));
            return;
        }
        counterparts.insert(&to.pointer);
        let marks = "[]".repeat(row.field.to.map_or(0, |field| lists(&field.kind)));
        let path = match to.definition() {
            Some(name) if depth > DEPTH => format!("#{name}"),
            _ => format!("{}{marks}", row.path),
        };
        self.ahead.push_back(Step::Met(Meeting { from, to, path, ways: self.ways, depth }));
    }
}

impl<'a, F: Fn(&Schema, &Schema) -> bool> Iterator for Walk<'a, F> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        let step = self.ahead.pop_front()?;
        if let Step::Met(meeting) = &step {
            for row in meeting.rows() {
                self.follow(&row, meeting.depth + 1);
            }
        }
        Some(step)
    }
}

impl<'a> Meeting<'a> {
    /// The fields of both objects, by their names.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'a>> {
        let (path, ways) = (self.path.clone(), self.ways);
        let fields = |schema: &'a Schema, way: Option<Way>| {
            schema.fields.iter().filter(move |(_, field)| way.is_none_or(|way| field.goes(way)))
        };
        let mut rows: BTreeMap<&str, Sides<&Field>> = BTreeMap::new();
        for (name, field) in fields(self.from, ways.from) {
            rows.insert(name, Sides { from: Some(field), to: None });
        }
        for (name, field) in fields(self.to, ways.to) {
            rows.entry(name).or_insert(Sides { from: None, to: None }).to = Some(field);
        }
        rows.into_iter().map(move |(name, field)| {
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            Row { path, field }
        })
    }
}

/// How many lists are around the value.
fn lists(kind: &Kind) -> usize {
    match kind {
        Kind::Array(inner) => 1 + lists(inner),
        _ => 0,
    }
}
