//! Which schema stands for a definition, and the new one for a definition that has none.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::join;
use crate::facts::{Documented, Field, Of, Type, definition_name};
use crate::patch::Edit;
use crate::spec::Spec;

use super::{field_node, put};

/// The schema of each definition.
pub(in crate::compare) struct Schemas<'a> {
    /// By the definition's key: the pointer of its schema, and what a new one has in it.
    targets: BTreeMap<&'a str, Target<'a>>,
}

struct Target<'a> {
    pointer: String,
    /// The fields of a schema that is not there yet.
    new: Option<BTreeMap<&'a str, &'a Field>>,
}

impl<'a> Schemas<'a> {
    pub(in crate::compare) fn of(documented: &'a Documented, spec: &Spec) -> Self {
        let mut standing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (pointer, schema) in &spec.schemas {
            for (name, _) in &schema.documented_as {
                standing.entry(name).or_default().push(pointer);
            }
        }
        let mut members: BTreeMap<&'a str, BTreeMap<&'a str, &'a Field>> = BTreeMap::new();
        for operation in documented.facts.operations.values() {
            for (definition, said) in &operation.definitions {
                let fields = members.entry(definition).or_default();
                for field in &said.fields {
                    fields.entry(&field.name).or_insert(field);
                }
            }
        }
        let taken = |name: &str| !spec.value(&join("/components/schemas", name)).is_null();
        let mut given = BTreeSet::new();
        let mut targets = BTreeMap::new();
        for (key, fields) in members {
            let name = definition_name(key);
            let candidates = standing.get(name).map(Vec::as_slice).unwrap_or_default();
            let lacks = |pointer: &str| {
                let schema = spec.schemas.get(pointer);
                fields.keys().filter(|field| schema.is_none_or(|schema| !schema.fields.contains_key(**field))).count()
            };
            let has = |pointer: &str| spec.schemas.get(pointer).map_or(0, |schema| schema.fields.len());
            let best = candidates.iter().min_by_key(|pointer| (lacks(pointer), has(pointer)));
            let target = match best {
                Some(pointer) => Target { pointer: (*pointer).to_owned(), new: None },
                None => {
                    let numbered = (2..).map(|number| format!("{name}_{number}"));
                    let mut names = std::iter::once(name.to_owned()).chain(numbered);
                    let Some(free) = names.find(|name| !taken(name) && !given.contains(name)) else { continue };
                    let pointer = join("/components/schemas", &free);
                    given.insert(free);
                    Target { pointer, new: Some(fields) }
                }
            };
            targets.insert(key, target);
        }
        Self { targets }
    }

    /// The pointer of the schema for a definition.
    pub(super) fn target(&self, definition: &str) -> Option<&str> {
        self.targets.get(definition).map(|target| target.pointer.as_str())
    }

    /// The edits that make the schemas which a value of this type needs, and which are not there yet.
    pub(super) fn made_for(&self, of: &Type) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut seen = BTreeSet::new();
        let mut ahead = vec![of];
        while let Some(of) = ahead.pop() {
            let Of::Definition(definition) = &of.of else { continue };
            let Some((name, target)) = self.targets.get_key_value(definition.as_str()) else { continue };
            let Some(fields) = &target.new else { continue };
            if !seen.insert(*name) {
                continue;
            }
            let mut properties = Map::new();
            for (field, said) in fields {
                properties.insert((*field).to_owned(), field_node(said, self));
                ahead.push(&said.r#type);
            }
            let mut schema = json!({
                "description": "",
                "x-ontap-documented-as": [definition_name(name)],
                "type": "object",
            });
            if let (Value::Object(schema), false) = (&mut schema, properties.is_empty()) {
                schema.insert("properties".to_owned(), properties.into());
            }
            edits.push(put(target.pointer.clone(), schema));
        }
        edits
    }
}
