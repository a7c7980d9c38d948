//! Which definitions of the vendor's reference have a schema that stands for them.

use std::collections::BTreeMap;

use crate::finding::Fix;
use crate::openapi::SCHEMAS;
use crate::place::At;
use crate::rule::Rule;

use super::fields::Tables;
use super::wording::Kind;
use super::{Drift, fixes};

impl Drift<'_> {
    pub(super) fn definitions(&mut self, tables: &Tables<'_>) {
        let (documented, curated) = (self.documented, self.curated);
        let mut printed: BTreeMap<&str, Vec<(&str, At)>> = BTreeMap::new();
        for key in documented.operations.keys() {
            for schema in documented.definitions(key) {
                let (Some(name), at) = (schema.definition(), documented.at(&schema.pointer)) else { continue };
                if let Some((_, standing)) = tables.standing(name).next() {
                    let has = (key.as_str(), curated.at(standing));
                    self.sentences.add(Kind::Definitions, name, has, (&schema.said, at.clone()));
                }
                printed.entry(name).or_default().push((key, at));
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
                    self.about_all(Rule::DefinitionUndocumented, &subject, Vec::new(), (at, has), fixes::removal(at));
                }
            }
        }
        for (name, rows) in printed {
            // Behind a part that is missing, a definition needs no schema.
            let Some(pointers) = tables.met(name).filter(|_| tables.standing(name).next().is_none()) else { continue };
            let edits: Vec<_> = pointers.iter().map(|pointer| fixes::names_definition(pointer, name)).collect();
            let fix = if edits.is_empty() {
                Fix::person("no field leads to a schema that could stand for it")
            } else {
                Fix::Edits(edits)
            };
            self.about_all(Rule::DefinitionMissing, name, rows, (SCHEMAS, None), fix);
        }
    }
}
