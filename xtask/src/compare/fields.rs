//! Fields: each schema once, against all tables of the page that it stands for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::join;
use crate::facts::{self, Documented, definition_name, definition_pointer};
use crate::finding::{Finding, Fix};
use crate::patch::Edit;
use crate::place::At;
use crate::rule::Rule;
use crate::spec::{self, Kind, Spec};
use crate::wording::Kind as Worded;

use super::fixes::{self, Schemas};
use super::parameters::limit;
use super::sentences::Sentences;
use super::{is_scalar, shown, type_name};

/// A table of the page: a body, or a definition, of one operation.
#[derive(Clone)]
pub(super) struct Table<'a> {
    /// The operation's key.
    pub(super) key: &'a str,
    /// The operation.
    pub(super) operation: &'a facts::Operation,
    /// The pointer of the table in the facts file.
    pub(super) pointer: String,
    /// Its rows.
    pub(super) fields: &'a [facts::Field],
}

/// All schemas that the bodies lead to, by their pointers, each with the tables that it stands for.
pub(super) struct Walk<'a> {
    documented: &'a Documented,
    spec: &'a Spec,
    unknown: &'a [&'a str],
    tables: BTreeMap<String, Vec<Table<'a>>>,
    met: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// A documented field with its place.
struct Row<'a> {
    key: &'a str,
    field: &'a facts::Field,
    at: At,
}

impl<'a> Walk<'a> {
    /// Follows the fields from `roots` down, on both sides at once. Definitions in `unknown`, for which no schema stands,
    /// fit any schema: that is a finding of its own.
    pub(super) fn from(
        roots: Vec<(String, Table<'a>)>,
        documented: &'a Documented,
        spec: &'a Spec,
        unknown: &'a [&'a str],
    ) -> Self {
        let mut walk = Self { documented, spec, unknown, tables: BTreeMap::new(), met: BTreeMap::new() };
        let mut ahead: Vec<(String, Table<'a>)> = Vec::new();
        for (pointer, table) in roots {
            ahead.extend(walk.titles(&pointer, &table).map(|title| (pointer.clone(), title)));
            ahead.push((pointer, table));
        }
        while let Some((pointer, table)) = ahead.pop() {
            let Some(schema) = spec.schemas.get(&pointer) else { continue };
            let known = walk.tables.entry(pointer).or_default();
            if known.iter().any(|other| other.pointer == table.pointer) {
                continue;
            }
            for field in table.fields {
                let Some(curated) = schema.fields.get(&field.name) else { continue };
                if let facts::Of::Definition(key) = &field.r#type.of {
                    let met = walk.met.entry(definition_name(key)).or_default();
                    met.extend(object_pointer(&field.r#type, &curated.kind));
                }
                if let Some((below, key)) = object(&field.r#type, &curated.kind, spec, unknown)
                    && let Some(definition) = table.operation.definitions.get(key)
                {
                    let pointer = definition_pointer(&join("/operations", table.key), key);
                    ahead.push((below.to_owned(), Table { pointer, fields: &definition.fields, ..table.clone() }));
                }
            }
            known.push(table);
        }
        for tables in walk.tables.values_mut() {
            tables.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        }
        walk
    }

    /// The definitions that no field names as its type, and that the schema of a body stands for: the page prints such
    /// a body a second time, under its title.
    fn titles(&self, pointer: &str, body: &Table<'a>) -> impl Iterator<Item = Table<'a>> {
        let stands_for =
            self.spec.schemas.get(pointer).map(|schema| schema.documented_as.as_slice()).unwrap_or_default();
        let operation = join("/operations", body.key);
        let (key, whole) = (body.key, body.operation);
        let named = move |key: &str| {
            let fields = whole.tables("").into_iter().flat_map(|(_, fields)| fields);
            fields.into_iter().any(|field| matches!(&field.r#type.of, facts::Of::Definition(other) if other == key))
        };
        whole
            .definitions
            .iter()
            .filter(move |(key, _)| stands_for.iter().any(|(name, _)| name == definition_name(key)) && !named(key))
            .map(move |(title, definition)| Table {
                key,
                operation: whole,
                pointer: definition_pointer(&operation, title),
                fields: &definition.fields,
            })
    }

    /// Whether a field that both sides have is documented with the definition `name`.
    pub(super) fn meets(&self, name: &str) -> bool {
        self.met.contains_key(name)
    }

    /// What makes a schema stand for the definition `name`: the ones that fields lead to, where it is documented.
    pub(super) fn standing(&self, name: &str) -> Option<Fix> {
        let pointers = self.met.get(name).filter(|pointers| !pointers.is_empty())?;
        let fixes = pointers.iter().map(|pointer| fixes::names_definition(pointer, name));
        let edits = fixes.flat_map(|fix| if let Fix::Edits(edits) = fix { edits } else { Vec::new() });
        Some(Fix::Edits(edits.collect()))
    }

    /// Whether the bodies lead to the schema at `pointer`.
    pub(super) fn reaches(&self, pointer: &str) -> bool {
        self.tables.contains_key(pointer)
    }

    pub(super) fn compare(&self, schemas: &Schemas<'_>, sentences: &mut Sentences) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (pointer, tables) in &self.tables {
            if let Some(schema) = self.spec.schemas.get(pointer) {
                findings.extend(self.schema(schema, tables, schemas, sentences));
            }
        }
        findings
    }

    fn schema(
        &self,
        schema: &spec::Schema,
        tables: &[Table<'a>],
        schemas: &Schemas<'_>,
        sentences: &mut Sentences,
    ) -> Vec<Finding> {
        let mut documented: BTreeMap<&str, Vec<Row<'a>>> = BTreeMap::new();
        for table in tables {
            for (index, field) in table.fields.iter().enumerate() {
                let at = self.documented.at(&join(&table.pointer, &index.to_string()));
                documented.entry(&field.name).or_default().push(Row { key: table.key, field, at });
            }
        }
        let mut findings = Vec::new();
        for (name, rows) in &documented {
            let subject = format!("{}.{name}", schema.name);
            match schema.fields.get(*name) {
                Some(field) => {
                    for Row { key, field: said, at } in rows {
                        let fingerprint = said.fingerprint.as_ref();
                        sentences.add(Worded::Fields, &subject, &field.at, key, fingerprint, at.clone());
                    }
                    findings.extend(self.differences(&subject, field, rows, schemas));
                }
                None => {
                    let said = distinct(rows.iter().map(|row| type_name(&row.field.r#type)));
                    let mut missing = about(Rule::FieldMissing, subject, &schema.fields_at, rows.iter(), said, None);
                    missing.fix = match rows.as_slice() {
                        [first, others @ ..] if others.iter().all(|row| same_type(row, first)) => {
                            fixes::new_field(&schema.at.pointer, first.field, schemas)
                        }
                        _ => Fix::person(CONTRADICTION),
                    };
                    findings.push(missing);
                }
            }
        }
        for (name, field) in &schema.fields {
            if !documented.contains_key(name.as_str()) {
                let mut extra = about(
                    Rule::FieldUndocumented,
                    format!("{}.{name}", schema.name),
                    &field.at,
                    [].iter(),
                    None,
                    Some(shown(&field.kind, Some(self.spec))),
                );
                extra.operations = tables.iter().map(|table| table.key.to_owned()).collect();
                extra.documented_at = tables.iter().map(|table| self.documented.at(&table.pointer)).collect();
                extra.fix = if field.at.pointer.starts_with(&format!("{}/", schema.fields_at.pointer)) {
                    self.field_removal(schema, name, field)
                } else {
                    Fix::person("the field comes from a schema that others may be made of too")
                };
                findings.push(extra);
            }
        }
        findings
    }

    /// Takes a field out, from the list of those that have to be there too.
    fn field_removal(&self, schema: &spec::Schema, name: &str, field: &spec::Field) -> Fix {
        let mut edits = vec![Edit::Remove { pointer: field.at.pointer.clone() }];
        let required = join(&schema.at.pointer, "required");
        let listed = self.spec.value(&required).as_array().map(Vec::as_slice).unwrap_or_default();
        if let Some(index) = listed.iter().position(|other| other == name) {
            edits.push(Edit::Remove { pointer: join(&required, &index.to_string()) });
        }
        Fix::Edits(edits)
    }

    fn differences(&self, subject: &str, field: &spec::Field, rows: &[Row<'a>], schemas: &Schemas<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let misfits: Vec<&Row<'a>> = rows
            .iter()
            .filter(|row| {
                let of = &row.field.r#type;
                !is_scalar(of, &field.kind) && object(of, &field.kind, self.spec, self.unknown).is_none()
            })
            .collect();
        if !misfits.is_empty() {
            let said = distinct(misfits.iter().map(|row| type_name(&row.field.r#type)));
            let has = Some(shown(&field.kind, Some(self.spec)));
            let fix = if misfits.len() < rows.len() || !rows.iter().all(|row| same_type(row, &rows[0])) {
                Fix::person(CONTRADICTION)
            } else {
                self.retyped(field, &rows[0], schemas)
            };
            let mut other = about(Rule::FieldType, subject.to_owned(), &field.at, misfits.into_iter(), said, has);
            other.fix = fix;
            findings.push(other);
        }
        // The page says little of the limits of fields; where it is silent, the spec may say more.
        for name in spec::LIMITS {
            let said = |row: &Row<'_>| row.field.limits.named().into_iter().find(|(other, _)| *other == name);
            let has = field.limits.get(name).map(|(value, _)| value);
            let others: Vec<&Row<'a>> =
                rows.iter().filter(|row| said(row).is_some_and(|(_, value)| Some(&value) != has)).collect();
            if !others.is_empty() {
                let mut all: Vec<Value> = rows.iter().filter_map(|row| Some(said(row)?.1)).collect();
                all.dedup();
                let fix = match all.as_slice() {
                    [value] => {
                        let has = field.limits.get(name).map(|(_, at)| at);
                        fixes::limit(self.spec, &field.at.pointer, name, has, Some(value))
                    }
                    _ => Fix::person(CONTRADICTION),
                };
                let values = others.iter().filter_map(|row| said(row));
                let said = distinct(values.filter_map(|(name, value)| limit(name, Some(&value))));
                let at = field.limits.get(name).map_or(&field.at, |(_, at)| at);
                let has = limit(name, has);
                let mut other = about(Rule::FieldConstraint, subject.to_owned(), at, others.into_iter(), said, has);
                other.fix = fix;
                findings.push(other);
            }
        }
        let others: Vec<&Row<'a>> = rows
            .iter()
            .filter(|row| row.field.introduced.is_some() && row.field.introduced != field.introduced)
            .collect();
        if !others.is_empty() {
            let said = distinct(others.iter().filter_map(|row| row.field.introduced.clone()));
            let has = field.introduced.clone();
            let all: BTreeSet<&String> = rows.iter().filter_map(|row| row.field.introduced.as_ref()).collect();
            let fix = match all.first() {
                Some(release) if all.len() == 1 => {
                    let release = Some(release.as_str().into());
                    fixes::member(self.spec, &field.at.pointer, "x-ntap-introduced", release)
                }
                _ => Fix::person(CONTRADICTION),
            };
            let mut other = about(Rule::FieldIntroduced, subject.to_owned(), &field.at, others.into_iter(), said, has);
            other.fix = fix;
            findings.push(other);
        }
        findings
    }

    /// What gives a field the type that a row has.
    fn retyped(&self, field: &spec::Field, row: &Row<'a>, schemas: &Schemas<'_>) -> Fix {
        let of = &row.field.r#type;
        let definition = match &of.of {
            facts::Of::Definition(key) => self
                .documented
                .facts
                .operations
                .get(row.key)
                .and_then(|operation| Some((definition_name(key), operation.definitions.get(key)?))),
            facts::Of::Scalar(_) => None,
        };
        let same_shape = matches!(&field.kind, Kind::Array(_)) == of.array;
        definition
            .filter(|_| same_shape)
            .and_then(|(name, definition)| fixes::stands_for(self.spec, &field.kind, definition, name))
            .unwrap_or_else(|| fixes::retyped(self.spec, &field.at.pointer, of, schemas))
    }
}

/// Why nothing is changed where the pages of several operations disagree.
const CONTRADICTION: &str = "the operations that share it are documented differently; give each a schema of its own";

/// Whether two rows have the same type, whatever it is that tells namesakes among definitions apart.
fn same_type(row: &Row<'_>, other: &Row<'_>) -> bool {
    type_name(&row.field.r#type) == type_name(&other.field.r#type)
}

/// The pointer of the schema that a field leads to, if it is an object, or a list of them if such is documented.
fn object_pointer<'k>(of: &facts::Type, kind: &'k Kind) -> Option<&'k str> {
    match kind {
        Kind::Object(pointer) if !of.array => Some(pointer),
        Kind::Array(inner) if of.array => match inner.as_ref() {
            Kind::Object(pointer) => Some(pointer),
            _ => None,
        },
        _ => None,
    }
}

/// The schema and the definition's key, if the kind is an object that stands for the documented definition.
fn object<'k>(of: &'k facts::Type, kind: &'k Kind, spec: &Spec, unknown: &[&str]) -> Option<(&'k str, &'k str)> {
    let facts::Of::Definition(key) = &of.of else { return None };
    let pointer = object_pointer(of, kind)?;
    let name = definition_name(key);
    let stands_for = &spec.schemas.get(pointer)?.documented_as;
    (unknown.contains(&name) || stands_for.iter().any(|(other, _)| other == name)).then_some((pointer, key))
}

fn distinct(values: impl Iterator<Item = String>) -> Option<String> {
    let values: BTreeSet<String> = values.collect();
    (!values.is_empty()).then(|| values.into_iter().collect::<Vec<_>>().join(" or "))
}

fn about<'r, 'a: 'r>(
    rule: Rule,
    subject: String,
    at: &At,
    rows: impl Iterator<Item = &'r Row<'a>>,
    documented: Option<String>,
    curated: Option<String>,
) -> Finding {
    let (operations, documented_at) = rows.map(|row| (row.key.to_owned(), row.at.clone())).unzip();
    let fix = Fix::Edits(Vec::new());
    Finding { operations, subject, rule, documented, curated, at: at.clone(), documented_at, fix }
}
