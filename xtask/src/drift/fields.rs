//! Fields and definitions: each curated schema once, against all objects of the vendor's reference that it stands for.

use std::collections::BTreeMap;

use crate::document::join;
use crate::finding::Fix;
use crate::openapi::{Kind, Part, SCHEMAS, Schema, Way};
use crate::patch::Edit;
use crate::rule::Rule;
use crate::workspace;

use super::parts::Row;
use super::tables::{Table, Tables};
use super::wording::Kind as Worded;
use super::{Drift, curated_type, documented_type, fixes};

impl<'a> Drift<'a> {
    pub(super) fn fields(&mut self, tables: &Tables<'a>) {
        for (pointer, objects) in &tables.tables {
            let schema = self.curated.schemas.get(*pointer);
            schema.into_iter().for_each(|schema| self.schema(tables, schema, objects));
        }
    }

    fn schema(&mut self, tables: &Tables<'a>, schema: &'a Schema, objects: &[Table<'a>]) {
        let (documented, curated) = (self.documented, self.curated);
        let type_of = |row: &Row<'a>| Some(documented_type(documented, &row.part.kind));
        let mut names: BTreeMap<&str, Vec<Row<'a>>> = BTreeMap::new();
        for Table { key, schema, way } in objects {
            for (name, part) in schema.fields.iter().filter(|(_, field)| field.goes(*way)) {
                names.entry(name).or_default().push(Row { key, part, way: *way });
            }
        }
        for (name, rows) in &names {
            let subject = format!("{}.{name}", schema.name);
            let Some(field) = schema.fields.get(*name) else {
                let at = schema.properties();
                let is_sent = |table: &Table<'_>| table.way != Way::Return && !table.schema.fields.is_empty();
                let is_read_only = objects.iter().any(is_sent) && rows.iter().all(|row| row.way == Way::Return);
                let fix = |drift: &Self, said: &Part| {
                    drift.schemas.new_field(&join(&at, name), documented.value(&said.pointer), is_read_only)
                };
                self.differ((Rule::FieldMissing, &subject), rows, (&at, None), |row| (type_of(row), true), fix);
                continue;
            };
            for Row { key, part, .. } in rows {
                self.sentence(Worded::Fields, &subject, (key, &part.pointer), &part.said, &field.pointer);
            }
            let has = (field.pointer.as_str(), Some(curated_type(curated, &field.kind)));
            let said = |row: &Row<'a>| (type_of(row), !tables.fits(&row.part.kind, &field.kind));
            self.differ((Rule::FieldType, &subject), rows, has, said, |drift, said| drift.retyped(field, said));
            self.constraints(Rule::FieldConstraint, &subject, field, rows);
            self.introduced(&subject, field, rows);
        }
        for (name, field) in &schema.fields {
            // A page can print the name of an object without the table of its fields.
            let lacks = |table: &&Table<'_>| {
                !table.schema.fields.is_empty() && !table.schema.fields.contains_key(name) && field.goes(table.way)
            };
            let lacking = objects.iter().filter(lacks).map(|table| (table.key, table.schema.properties()));
            let lacking: Vec<(&str, String)> = lacking.collect();
            if lacking.is_empty() || self.comes_later(&field.said) {
                continue;
            }
            let fix = if names.contains_key(name.as_str()) {
                Fix::person("other operations that share the schema document it; give these a schema of their own")
            } else if field.pointer.starts_with(&format!("{}/", schema.properties())) {
                self.field_removal(schema, name, field)
            } else {
                Fix::person("the field comes from a schema that others may be made of too")
            };
            let rows: Vec<_> = lacking.iter().map(|(key, at)| (*key, at.as_str())).collect();
            let (subject, has) = (format!("{}.{name}", schema.name), Some(curated_type(curated, &field.kind)));
            self.add(Rule::FieldUndocumented, &subject, &rows, &field.pointer, (None, has), fix);
        }
    }

    /// Takes a field out, from the list of those that have to be there too.
    fn field_removal(&self, schema: &Schema, name: &str, field: &Part) -> Fix {
        let mut edits = vec![Edit::Remove(field.pointer.clone())];
        let required = join(&schema.pointer, "required");
        let listed = self.curated.value(&required).as_array().map(Vec::as_slice).unwrap_or_default();
        if let Some(index) = listed.iter().position(|other| other == name) {
            edits.push(Edit::Remove(join(&required, &index.to_string())));
        }
        Fix::Edits(edits)
    }

    fn introduced(&mut self, subject: &str, field: &Part, rows: &[Row<'a>]) {
        let documented = self.documented;
        let has = &field.said.introduced;
        let number = |release: Option<&String>| release.and_then(|release| workspace::release(release));
        let said = |row: &Row<'a>| {
            let operation = number(documented.operations.get(row.key).and_then(|of| of.said.introduced.as_ref()));
            // A schema that many operations share is older than some of them, and says nothing of its part in these.
            let own = row.part.said.introduced.as_ref();
            let own = own.filter(|own| !documented.shares_schemas(row.key) || number(Some(own)) > operation);
            // A part cannot be older than its operation.
            let since = |own: Option<&String>| number(own).max(operation.clone());
            (own.cloned(), own.is_some() && since(own) != since(has.as_ref()))
        };
        let fix = |drift: &Self, said: &Part| {
            let release = said.said.introduced.clone().map(Into::into);
            fixes::member(drift.curated, &field.pointer, "x-ntap-introduced", release)
        };
        self.differ((Rule::FieldIntroduced, subject), rows, (&field.pointer, has.clone()), said, fix);
    }

    /// Gives a field the documented type.
    fn retyped(&self, field: &Part, said: &Part) -> Fix {
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

    /// Compares which definitions there are, and which have a schema that stands for them.
    pub(super) fn definitions(&mut self, tables: &Tables<'a>) {
        let (documented, curated) = (self.documented, self.curated);
        let mut printed: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for key in documented.operations.keys() {
            for schema in documented.definitions(key) {
                let Some(name) = schema.definition() else { continue };
                let row = (key.as_str(), schema.pointer.as_str());
                if let Some((_, at)) = tables.standing(name).first() {
                    self.sentence(Worded::Definitions, name, row, &schema.said, at);
                }
                printed.entry(name).or_default().push(row);
            }
        }
        // The API document that a cluster serves has no definitions beside its schemas.
        let complete = documented.operations.keys().all(|key| !documented.shares_schemas(key));
        for schema in curated.schemas.values().filter(|_| complete) {
            for (name, at) in &schema.documented_as {
                let later = || self.is_later(|later| later.schemas.values().any(|schema| schema.stands_for(name)));
                if !printed.contains_key(name.as_str()) && !later() {
                    let subject = format!("{} as {name}", schema.name);
                    let has = Some(format!("schema {}", schema.name));
                    self.add(Rule::DefinitionUndocumented, &subject, &[], at, (None, has), fixes::removal(at));
                }
            }
        }
        for (name, rows) in printed {
            // Behind a part that is missing, a definition needs no schema.
            let Some(pointers) = tables.met.get(name).filter(|_| tables.standing(name).is_empty()) else { continue };
            let edits: Vec<_> = pointers.iter().map(|pointer| fixes::names_definition(pointer, name)).collect();
            let fix = if edits.is_empty() {
                Fix::person("no field leads to a schema that could stand for it")
            } else {
                Fix::Edits(edits)
            };
            self.add(Rule::DefinitionMissing, name, &rows, SCHEMAS, (None, None), fix);
        }
    }
}
