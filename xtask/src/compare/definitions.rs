//! Which definitions of the page have a schema that stands for them.

use std::collections::BTreeMap;

use crate::document::join;
use crate::facts::{Documented, definition_name};
use crate::finding::{Finding, Fix};
use crate::place::At;
use crate::rule::Rule;
use crate::spec::Spec;
use crate::wording::Kind;

use super::finding;
use super::fixes::removal;
use super::sentences::Sentences;

/// The definitions without a schema, and the schemas that stand for what is no definition.
pub(super) fn compare(documented: &Documented, spec: &Spec, sentences: &mut Sentences) -> (Vec<Finding>, Vec<Finding>) {
    let standing: BTreeMap<&str, &At> = spec
        .schemas
        .values()
        .flat_map(|schema| schema.documented_as.iter().map(|(name, at)| (name.as_str(), at)))
        .collect();
    let mut definitions: BTreeMap<&str, Finding> = BTreeMap::new();
    for (key, operation) in &documented.facts.operations {
        let list = join(&join("/operations", key), "definitions");
        for (definition, said) in &operation.definitions {
            let name = definition_name(definition);
            let at = documented.at(&join(&list, definition));
            if let Some(schema) = standing.get(name) {
                sentences.add(Kind::Definitions, name, schema, key, said.fingerprint.as_ref(), at.clone());
            }
            let entry = definitions.entry(name).or_insert_with(|| {
                let mut missing = finding(Rule::DefinitionMissing, key, name, &spec.schemas_at, at.clone());
                (missing.operations, missing.documented_at) = (Vec::new(), Vec::new());
                missing.fix = Fix::person("no field leads to a schema that could stand for it");
                missing
            });
            entry.operations.push(key.clone());
            entry.documented_at.push(at);
        }
    }
    let mut undocumented = Vec::new();
    for schema in spec.schemas.values() {
        for (name, at) in &schema.documented_as {
            if !definitions.contains_key(name.as_str()) {
                undocumented.push(Finding {
                    operations: Vec::new(),
                    subject: format!("{} as {name}", schema.name),
                    rule: Rule::DefinitionUndocumented,
                    documented: None,
                    curated: Some(format!("schema {}", schema.name)),
                    at: at.clone(),
                    documented_at: vec![documented.at("/operations")],
                    fix: removal(at),
                });
            }
        }
    }
    let missing = definitions.into_iter().filter(|(name, _)| !standing.contains_key(name));
    let missing = missing.map(|(_, missing)| missing).collect();
    (missing, undocumented)
}
