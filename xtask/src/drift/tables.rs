//! The objects of the vendor's reference that each curated schema stands for.

use std::collections::{BTreeMap, BTreeSet};

use crate::difference::{Body, Pair, Sides, Step, Walk};
use crate::openapi::{Document, Kind, Schema, Way};

/// The objects of the reference that each curated schema stands for.
pub(super) struct Tables<'a> {
    documented: &'a Document,
    curated: &'a Document,
    /// The curated schemas by the names of their definitions, each with the pointer of the name.
    standing: BTreeMap<&'a str, Vec<(&'a Schema, &'a str)>>,
    /// By the pointer of the curated schema.
    pub(super) tables: BTreeMap<&'a str, Vec<Table<'a>>>,
    /// By the name of a definition: the curated schemas that fields of such a type lead to, where both sides have the field.
    pub(super) met: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// An object that the operation `key` documents.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) key: &'a str,
    pub(super) schema: &'a Schema,
    pub(super) way: Way,
}

impl<'a> Tables<'a> {
    pub(super) fn new(documented: &'a Document, curated: &'a Document) -> Self {
        let mut standing: BTreeMap<&str, Vec<(&Schema, &str)>> = BTreeMap::new();
        for schema in curated.schemas.values() {
            for (name, at) in &schema.documented_as {
                standing.entry(name).or_default().push((schema, at));
            }
        }
        Self { documented, curated, standing, tables: BTreeMap::new(), met: BTreeMap::new() }
    }

    /// Follows the bodies of an operation that stand for the same thing, and then the definitions that no body leads to.
    /// The reference prints some bodies a second time, under a title, and leaves out others.
    pub(super) fn follow(&mut self, pair: &Pair<'a>, mut roots: Vec<(Body, &'a Schema, &'a Schema)>) {
        let (documented, curated) = (self.documented, self.curated);
        let of = |document: &'a Document, operation, body: Body| reached(document, body.kind(operation));
        let printed: BTreeSet<&str> = Body::ALL.iter().flat_map(|body| of(documented, pair.from, *body)).collect();
        let lost: Vec<&Schema> =
            documented.definitions(pair.key).filter(|schema| !printed.contains(schema.pointer.as_str())).collect();
        let fields = lost.iter().flat_map(|schema| schema.fields.values());
        let named: BTreeSet<&str> = fields.filter_map(|field| field.kind.object()).collect();
        for title in lost.iter().filter(|schema| !named.contains(schema.pointer.as_str())) {
            let Some(name) = title.definition() else { continue };
            let whole = Body::ALL.into_iter().filter_map(|body| Some((body, curated.object(body.kind(pair.to)?)?)));
            let mut found: Vec<_> = whole.filter(|(_, schema)| schema.stands_for(name)).collect();
            for body in Body::ALL.into_iter().filter(|_| found.is_empty()).collect::<Vec<_>>() {
                let known = of(curated, pair.to, body);
                let standing = self.standing(name).iter().map(|(schema, _)| *schema);
                let within = standing.filter(|schema| known.contains(schema.pointer.as_str()));
                found.extend(within.map(|schema| (body, schema)));
            }
            roots.extend(found.into_iter().map(|(body, schema)| (body, *title, schema)));
        }
        for body in Body::ALL {
            let way = body.way(pair.key);
            let standing = &self.standing;
            let enters = |from: &Schema, to: &Schema| is_same(standing, from, Some(to));
            let mut walk = Walk::new((documented, curated), Sides { from: Some(way), to: None }, usize::MAX, enters);
            for (_, from, to) in roots.iter().filter(|(of, ..)| *of == body) {
                walk.start(from, to);
            }
            for step in walk {
                let Step::Met(meeting) = step else { continue };
                let table = Table { key: pair.key, schema: meeting.from, way };
                self.tables.entry(&meeting.to.pointer).or_default().push(table);
                for (from, to) in meeting.rows().filter_map(|row| row.sides.both()) {
                    if let Some(name) = documented.object(&from.kind).and_then(Schema::definition) {
                        let same = matches!(from.kind, Kind::Array(_)) == matches!(to.kind, Kind::Array(_));
                        self.met.entry(name).or_default().extend(to.kind.object().filter(|_| same));
                    }
                }
            }
        }
    }

    /// Whether a documented object leads to the curated schema.
    pub(super) fn reach(&self, schema: &Schema) -> bool {
        self.tables.contains_key(schema.pointer.as_str())
    }

    /// The curated schemas that stand for a definition, each with the pointer of the name.
    pub(super) fn standing(&self, name: &str) -> &[(&'a Schema, &'a str)] {
        self.standing.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the curated kind is the documented one.
    pub(super) fn fits(&self, from: &Kind, to: &Kind) -> bool {
        match (from, to) {
            (Kind::Array(from), Kind::Array(to)) => self.fits(from, to),
            (Kind::Object(from), Kind::Object(to)) => {
                let schema = self.documented.schemas.get(from);
                schema.is_none_or(|from| is_same(&self.standing, from, self.curated.schemas.get(to)))
            }
            (from, to) => from == to,
        }
    }
}

/// Whether a curated schema stands for a documented one, or no schema does.
fn is_same<T>(standing: &BTreeMap<&str, T>, from: &Schema, to: Option<&Schema>) -> bool {
    let stands = |name: &str| to.is_some_and(|to| to.stands_for(name));
    from.definition().is_none_or(|name| stands(name) || !standing.contains_key(name))
}

/// The pointers of the objects that a value of this kind leads to.
fn reached<'a>(document: &'a Document, kind: Option<&'a Kind>) -> BTreeSet<&'a str> {
    let mut ahead: Vec<&Kind> = kind.into_iter().collect();
    let mut reached = BTreeSet::new();
    while let Some(kind) = ahead.pop() {
        if let Some(schema) = document.object(kind)
            && reached.insert(schema.pointer.as_str())
        {
            ahead.extend(schema.fields.values().map(|field| &field.kind));
        }
    }
    reached
}
