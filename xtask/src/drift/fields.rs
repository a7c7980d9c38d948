//! Fields: each curated schema once, against all objects of the vendor's reference that it stands for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::difference::{Body, Pair, Sides, Step, Walk, shown};
use crate::document::join;
use crate::finding::{Finding, Fix};
use crate::openapi::{Document, Field, Kind, LIMITS, Schema, Way};
use crate::patch::Edit;
use crate::place::At;
use crate::rule::Rule;
use crate::workspace;

use super::wording::Kind as Worded;
use super::{Drift, curated_type, documented_type, fixes};

/// The objects of the reference that each curated schema stands for.
pub(super) struct Tables<'a> {
    documented: &'a Document,
    curated: &'a Document,
    /// The curated schemas by the names of their definitions, each with the pointer of the name.
    standing: BTreeMap<&'a str, Vec<(&'a str, &'a str)>>,
    /// The bodies that are still to be followed.
    roots: Vec<(Body, &'a Schema, &'a Schema)>,
    /// By the pointer of the curated schema.
    tables: BTreeMap<&'a str, Vec<Table<'a>>>,
    /// By the name of a definition: the curated schemas that fields of such a type lead to.
    met: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// An object that an operation documents.
#[derive(Clone, Copy)]
struct Table<'a> {
    key: &'a str,
    schema: &'a Schema,
    way: Way,
}

/// A documented field of an operation.
struct Row<'a> {
    key: &'a str,
    field: &'a Field,
    at: At,
    way: Way,
}

impl<'a> Tables<'a> {
    pub(super) fn new(documented: &'a Document, curated: &'a Document) -> Self {
        let mut standing: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (pointer, schema) in &curated.schemas {
            for (name, at) in &schema.documented_as {
                standing.entry(name).or_default().push((pointer, at));
            }
        }
        Self { documented, curated, standing, roots: Vec::new(), tables: BTreeMap::new(), met: BTreeMap::new() }
    }

    /// Takes down that the two objects at these pointers are bodies that stand for the same thing.
    pub(super) fn root(&mut self, body: Body, from: &str, to: &str) {
        let schemas = (self.documented.schemas.get(from), self.curated.schemas.get(to));
        self.roots.extend(schemas.0.zip(schemas.1).map(|(from, to)| (body, from, to)));
    }

    /// Follows the bodies of an operation, and then the definitions that no body leads to. The reference prints some bodies a
    /// second time, under a title, and leaves out others.
    pub(super) fn titles(&mut self, pair: &Pair<'a>) {
        let (documented, curated) = (self.documented, self.curated);
        let mut roots = std::mem::take(&mut self.roots);
        let of = |document: &'a Document, operation, body: Body| reached(document, body.kind(operation));
        let printed: BTreeSet<&str> = Body::ALL.iter().flat_map(|body| of(documented, pair.from, *body)).collect();
        let lost: Vec<&Schema> =
            documented.definitions(pair.key).filter(|schema| !printed.contains(schema.pointer.as_str())).collect();
        let fields = lost.iter().flat_map(|schema| schema.fields.values());
        let named: BTreeSet<&str> = fields.filter_map(|field| field.kind.object()).collect();
        for title in lost.iter().filter(|schema| !named.contains(schema.pointer.as_str())) {
            let Some(name) = title.definition() else { continue };
            let whole = Body::ALL.into_iter().filter_map(|body| Some((body, curated.object(body.kind(pair.to)?)?)));
            let whole: Vec<_> = whole.filter(|(_, schema)| schema.stands_for(name)).collect();
            if !whole.is_empty() {
                roots.extend(whole.into_iter().map(|(body, schema)| (body, *title, schema)));
                continue;
            }
            for body in Body::ALL {
                let known = of(curated, pair.to, body);
                let schemas = self.standing(name).filter(|(schema, _)| known.contains(schema.pointer.as_str()));
                roots.extend(schemas.map(|(schema, _)| (body, *title, schema)));
            }
        }
        for body in Body::ALL {
            let standing = &self.standing;
            let enters = |from: &Schema, to: &Schema| {
                from.definition().is_none_or(|name| to.stands_for(name) || !standing.contains_key(name))
            };
            let ways = Sides { from: Some(body.way(pair.key)), to: None };
            let mut walk = Walk::new((documented, curated), ways, usize::MAX, enters);
            for (_, from, to) in roots.iter().filter(|(of, ..)| *of == body) {
                walk.start(from, to);
            }
            for step in walk {
                let Step::Met(meeting) = step else { continue };
                let table = Table { key: pair.key, schema: meeting.from, way: body.way(pair.key) };
                self.tables.entry(&meeting.to.pointer).or_default().push(table);
                for (from, to) in meeting.rows().filter_map(|row| row.field.both()) {
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
    pub(super) fn standing(&self, name: &str) -> impl Iterator<Item = (&'a Schema, &'a str)> {
        let all = self.standing.get(name).into_iter().flatten();
        all.filter_map(|(pointer, at)| Some((self.curated.schemas.get(*pointer)?, *at)))
    }

    /// The curated schemas that fields of the definition `name` lead to, if a field that both sides have is of that type.
    pub(super) fn met(&self, name: &str) -> Option<&BTreeSet<&'a str>> {
        self.met.get(name)
    }

    /// Whether the curated kind is the documented one.
    fn fits(&self, from: &Kind, to: &Kind) -> bool {
        match (from, to) {
            (Kind::Array(from), Kind::Array(to)) => self.fits(from, to),
            (Kind::Object(from), Kind::Object(to)) => {
                let name = self.documented.schemas.get(from).and_then(Schema::definition);
                let schema = self.curated.schemas.get(to);
                name.is_none_or(|name| {
                    schema.is_some_and(|schema| schema.stands_for(name)) || !self.standing.contains_key(name)
                })
            }
            (from, to) => from == to,
        }
    }
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

impl<'a> Drift<'a> {
    pub(super) fn fields(&mut self, tables: &Tables<'a>) {
        for (pointer, objects) in &tables.tables {
            let schema = self.curated.schemas.get(*pointer);
            schema.into_iter().for_each(|schema| self.schema(tables, schema, objects));
        }
    }

    fn schema(&mut self, tables: &Tables<'a>, schema: &'a Schema, objects: &[Table<'a>]) {
        let (documented, curated) = (self.documented, self.curated);
        let mut names: BTreeMap<&str, Vec<Row<'a>>> = BTreeMap::new();
        for Table { key, schema, way } in objects {
            for (name, field) in schema.fields.iter().filter(|(_, field)| field.goes(*way)) {
                names.entry(name).or_default().push(Row { key, field, at: documented.at(&field.pointer), way: *way });
            }
        }
        for (name, rows) in &names {
            let subject = format!("{}.{name}", schema.name);
            let Some(field) = schema.fields.get(*name) else {
                let said = distinct(rows.iter().map(|row| documented_type(documented, &row.field.kind)));
                let at = schema.properties();
                let mut missing = about(Rule::FieldMissing, &subject, rows.iter(), curated.at(&at), said, None);
                missing.fix = match rows.as_slice() {
                    [first, others @ ..] if others.iter().all(|row| self.same_type(row, first)) => {
                        let node = documented.value(&first.field.pointer);
                        self.schemas.new_field(&join(&at, name), node)
                    }
                    _ => Fix::person(CONTRADICTION),
                };
                self.findings.push(missing);
                continue;
            };
            for Row { key, field: said, at, .. } in rows {
                let has = (*key, curated.at(&field.pointer));
                self.sentences.add(Worded::Fields, &subject, has, (&said.said, at.clone()));
            }
            self.types(tables, &subject, field, rows);
            self.limits(&subject, field, rows);
            self.values(&subject, field, rows);
            self.introduced(&subject, field, rows);
        }
        for (name, field) in &schema.fields {
            // A page can print the name of an object without the table of its fields.
            let lacks = |table: &&Table<'_>| {
                !table.schema.fields.is_empty() && !table.schema.fields.contains_key(name) && field.goes(table.way)
            };
            let lacking: Vec<&Table<'a>> = objects.iter().filter(lacks).collect();
            if lacking.is_empty() || self.comes_later(&field.said) {
                continue;
            }
            let subject = format!("{}.{name}", schema.name);
            let has = Some(curated_type(curated, &field.kind));
            let at = curated.at(&field.pointer);
            let mut extra = about(Rule::FieldUndocumented, &subject, [].iter(), at, None, has);
            extra.operations = lacking.iter().map(|table| table.key.to_owned()).collect();
            extra.from_at =
                lacking.iter().map(|table| documented.at(&join(&table.schema.pointer, "properties"))).collect();
            extra.fix = if names.contains_key(name.as_str()) {
                Fix::person("other operations that share the schema document it; give these a schema of their own")
            } else if field.pointer.starts_with(&format!("{}/", schema.properties())) {
                self.field_removal(schema, name, field)
            } else {
                Fix::person("the field comes from a schema that others may be made of too")
            };
            self.findings.push(extra);
        }
    }

    /// Takes a field out, from the list of those that have to be there too.
    fn field_removal(&self, schema: &Schema, name: &str, field: &Field) -> Fix {
        let mut edits = vec![Edit::Remove(field.pointer.clone())];
        let required = join(&schema.pointer, "required");
        let listed = self.curated.value(&required).as_array().map(Vec::as_slice).unwrap_or_default();
        if let Some(index) = listed.iter().position(|other| other == name) {
            edits.push(Edit::Remove(join(&required, &index.to_string())));
        }
        Fix::Edits(edits)
    }

    fn types(&mut self, tables: &Tables<'a>, subject: &str, field: &Field, rows: &[Row<'a>]) {
        let misfits: Vec<&Row<'a>> = rows.iter().filter(|row| !tables.fits(&row.field.kind, &field.kind)).collect();
        let Some(first) = misfits.first() else { return };
        let fix = if misfits.len() < rows.len() || !rows.iter().all(|row| self.same_type(row, first)) {
            Fix::person(CONTRADICTION)
        } else {
            self.retyped(field, first.field)
        };
        let said = distinct(misfits.iter().map(|row| documented_type(self.documented, &row.field.kind)));
        let has = Some(curated_type(self.curated, &field.kind));
        let at = self.curated.at(&field.pointer);
        let other = about(Rule::FieldType, subject, misfits.into_iter(), at, said, has);
        self.findings.push(Finding { fix, ..other });
    }

    /// Where the reference is silent about the limits of fields, the spec may say more.
    fn limits(&mut self, subject: &str, field: &Field, rows: &[Row<'a>]) {
        for name in LIMITS {
            // A schema that all operations share has the limits of create.
            let counts = |row: &Row<'a>| row.way == Way::Create || !self.documented.shares_schemas(row.key);
            let said = |row: &Row<'a>| row.field.limits.get(name).map(|(value, _)| value).filter(|_| counts(row));
            let has = field.limits.get(name).map(|(value, _)| value);
            let others: Vec<&Row<'a>> =
                rows.iter().filter(|row| said(row).is_some_and(|value| Some(value) != has)).collect();
            if others.is_empty() {
                continue;
            }
            let mut all: Vec<&Value> = rows.iter().filter_map(said).collect();
            all.dedup();
            let at = field.limits.get(name).map(|(_, at)| at.as_str());
            let fix = match all.as_slice() {
                [value] => fixes::limit(self.curated, &field.pointer, name, at, Some(value)),
                _ => Fix::person(CONTRADICTION),
            };
            let values = distinct(others.iter().filter_map(|row| shown::limit(name, said(row))));
            let at = self.curated.at(at.unwrap_or(&field.pointer));
            let other = about(Rule::FieldConstraint, subject, others.into_iter(), at, values, shown::limit(name, has));
            self.findings.push(Finding { fix, ..other });
        }
    }

    /// Looks for values that the reference lists and the spec does not. Where one of the two lists none, any value will do.
    fn values(&mut self, subject: &str, field: &'a Field, rows: &[Row<'a>]) {
        let (documented, curated) = (self.documented, self.curated);
        let has = curated.values(&field.pointer);
        let new = |row: &Row<'a>| {
            let all = documented.values(&row.field.pointer);
            shown::values(&all.into_iter().filter(|value| !has.contains(value)).collect::<Vec<_>>())
        };
        let others: Vec<&Row<'a>> = rows.iter().filter(|row| !has.is_empty() && new(row).is_some()).collect();
        if !others.is_empty() {
            let said = distinct(others.iter().filter_map(|row| new(row)));
            let fix = Fix::person("what the value means is for a person to find out, and to say");
            let at = curated.at(&field.pointer);
            let other = about(Rule::FieldConstraint, subject, others.into_iter(), at, said, shown::values(&has));
            self.findings.push(Finding { fix, ..other });
        }
    }

    fn introduced(&mut self, subject: &str, field: &Field, rows: &[Row<'a>]) {
        let documented = self.documented;
        let has = &field.said.introduced;
        let number = |release: Option<&String>| release.and_then(|release| workspace::release(release));
        let operation = |row: &Row<'a>| number(documented.operations.get(row.key)?.said.introduced.as_ref());
        // A schema that many operations share is older than some of them, and says nothing of its part in these.
        let said = |row: &Row<'a>| {
            let own = row.field.said.introduced.as_ref();
            own.filter(|own| !documented.shares_schemas(row.key) || number(Some(own)) > operation(row))
        };
        // A part cannot be older than its operation.
        let since = |own: Option<&String>, row: &Row<'a>| number(own).max(operation(row));
        let differs = |row: &&Row<'a>| said(row).is_some() && since(said(row), row) != since(has.as_ref(), row);
        let others: Vec<&Row<'a>> = rows.iter().filter(differs).collect();
        if others.is_empty() {
            return;
        }
        let all: BTreeSet<&String> = rows.iter().filter_map(said).collect();
        let fix = match all.first() {
            Some(release) if all.len() == 1 => {
                let release = Some(release.as_str().into());
                fixes::member(self.curated, &field.pointer, "x-ntap-introduced", release)
            }
            _ => Fix::person(CONTRADICTION),
        };
        let shown = distinct(others.iter().filter_map(|row| said(row).cloned()));
        let at = self.curated.at(&field.pointer);
        let other = about(Rule::FieldIntroduced, subject, others.into_iter(), at, shown, has.clone());
        self.findings.push(Finding { fix, ..other });
    }

    /// Gives a field the documented type.
    fn retyped(&self, field: &Field, said: &Field) -> Fix {
        let definition = self.documented.object(&said.kind).and_then(|schema| Some((schema, schema.definition()?)));
        let same_shape = matches!(said.kind, Kind::Array(_)) == matches!(field.kind, Kind::Array(_));
        // The object that the field has already may have all documented members.
        let standing = definition.filter(|_| same_shape).and_then(|(schema, name)| {
            let object = self.curated.object(&field.kind)?;
            let same = object.fields.keys().eq(schema.fields.keys());
            same.then(|| Fix::edit(fixes::names_definition(&object.pointer, name)))
        });
        standing.unwrap_or_else(|| {
            let node = self.documented.value(&said.pointer);
            self.schemas.retyped(self.curated.value(&field.pointer), &field.pointer, node)
        })
    }

    /// Whether two rows have the same type, whatever tells namesakes among definitions apart.
    fn same_type(&self, row: &Row<'_>, other: &Row<'_>) -> bool {
        documented_type(self.documented, &row.field.kind) == documented_type(self.documented, &other.field.kind)
    }
}

/// Why nothing is changed where the pages of several operations disagree.
const CONTRADICTION: &str = "the operations that share it are documented differently; give each a schema of its own";

fn distinct(values: impl Iterator<Item = String>) -> Option<String> {
    let values: BTreeSet<String> = values.collect();
    (!values.is_empty()).then(|| values.into_iter().collect::<Vec<_>>().join(" or "))
}

fn about<'r, 'a: 'r>(
    rule: Rule,
    subject: &str,
    rows: impl Iterator<Item = &'r Row<'a>>,
    at: At,
    from: Option<String>,
    to: Option<String>,
) -> Finding {
    let (operations, from_at) = rows.map(|row| (row.key.to_owned(), row.at.clone())).unzip();
    Finding { operations, from, to, from_at, to_at: vec![at], ..Finding::new(rule, subject) }
}
