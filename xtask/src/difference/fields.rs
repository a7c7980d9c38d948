//! The members of a body in two documents at once, path by path.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::openapi::{Document, Kind, Part, Schema, Way};

use super::{FIELD, Paired, Sides, by_key};

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

/// A step of a walk.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// Two objects that have not met before.
    Met(Meeting<'a>),
    /// The field leads to an object that has met too many others.
    Unclear(Paired<'a>),
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

    fn follow(&mut self, row: Paired<'a>, depth: usize) {
        let Some((from, to)) = row.sides.both() else { return };
        let lists = lists(&to.kind);
        if self::lists(&from.kind) != lists {
            return;
        }
        let objects = (self.documents.0.object(&from.kind), self.documents.1.object(&to.kind));
        let Some((from, to)) = objects.0.zip(objects.1).filter(|(from, to)| (self.enters)(from, to)) else { return };
        let counterparts = self.met.entry(&from.pointer).or_default();
        if counterparts.contains(to.pointer.as_str()) {
            return;
        }
        if counterparts.len() >= self.counterparts {
            return self.ahead.push_back(Step::Unclear(row));
        }
        counterparts.insert(&to.pointer);
        let path = match to.definition() {
            Some(name) if depth > DEPTH => format!("#{name}"),
            _ => format!("{}{}", row.name, "[]".repeat(lists)),
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
                self.follow(row, meeting.depth + 1);
            }
        }
        Some(step)
    }
}

impl<'a> Meeting<'a> {
    /// The fields of both objects, by their paths.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Paired<'a>> {
        let goes = |way: Option<Way>| move |(_, field): &(&String, &Part)| way.is_none_or(|way| field.goes(way));
        let from = self.from.fields.iter().filter(goes(self.ways.from));
        let to = self.to.fields.iter().filter(goes(self.ways.to));
        let lists = (self.from.properties(), self.to.properties());
        let path = if self.path.is_empty() { String::new() } else { format!("{}.", self.path) };
        let fields = by_key(from, to, String::as_str).into_iter();
        fields.map(move |(name, sides)| Paired::new(FIELD, format!("{path}{name}"), sides, &lists))
    }
}

/// How many lists are around the value.
fn lists(kind: &Kind) -> usize {
    match kind {
        Kind::Array(inner) => 1 + lists(inner),
        _ => 0,
    }
}
