//! Which definitions of the page have a schema that stands for them.

use std::collections::BTreeMap;

use crate::document::join;
use crate::facts::{Documented, definition_name};
use crate::finding::{Finding, Rule};
use crate::spec::Spec;

use super::finding;

/// The definitions without a schema, and the schemas that stand for what is no definition.
pub(super) fn compare(documented: &Documented, spec: &Spec) -> (Vec<Finding>, Vec<Finding>) {
    let mut definitions: BTreeMap<&str, Finding> = BTreeMap::new();
    for (key, operation) in &documented.facts.operations {
        let list = join(&join("/operations", key), "definitions");
        for definition in operation.definitions.keys() {
            let name = definition_name(definition);
            let at = documented.at(&join(&list, definition));
            let entry = definitions.entry(name).or_insert_with(|| {
                let mut missing = finding(Rule::DefinitionMissing, key, name, &spec.schemas_at, at.clone());
                (missing.operations, missing.documented_at) = (Vec::new(), Vec::new());
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
                });
            }
        }
    }
    let stood_for =
        |name: &str| spec.schemas.values().any(|schema| schema.documented_as.iter().any(|(other, _)| other == name));
    let missing = definitions.into_iter().filter(|(name, _)| !stood_for(name)).map(|(_, missing)| missing).collect();
    (missing, undocumented)
}
