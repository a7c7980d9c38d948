//! What the references of the documented releases list of a policy's fields.

use std::collections::BTreeSet;

use crate::facts::{Documented, Facts, Field, Of, Operation};

/// What can be done with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Create,
    Change,
    Read,
    Filter,
}

impl Use {
    pub(super) const ALL: [Self; 4] = [Self::Create, Self::Change, Self::Read, Self::Filter];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Change => "Change",
            Self::Read => "Read",
            Self::Filter => "Filter",
        }
    }
}

/// What the reference of one release lists.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) release: String,
    /// The fields by what can be done with them; none where the reference has no page for it.
    uses: [Option<BTreeSet<String>>; 4],
}

/// Definitions within definitions go no deeper than this.
const DEEPEST: usize = 8;

impl Listed {
    pub(super) fn of(documented: &Documented) -> Self {
        let facts = &documented.facts;
        Self { release: facts.release.clone(), uses: Use::ALL.map(|one| fields(facts, one)) }
    }

    /// Whether the field is listed for this; nothing is known if there is no page.
    pub(super) fn has(&self, field: &str, one: Use) -> Option<bool> {
        self.uses[one as usize].as_ref().map(|fields| fields.contains(field))
    }
}

fn fields(facts: &Facts, one: Use) -> Option<BTreeSet<String>> {
    let is_one = |path: &str| path.ends_with('}');
    let fits = |key: &str| match (one, key.split_once(' ')) {
        (Use::Create, Some(("POST", _))) | (Use::Change, Some(("PATCH", _))) => true,
        (Use::Read, Some(("GET", path))) => is_one(path),
        (Use::Filter, Some(("GET", path))) => !is_one(path),
        _ => false,
    };
    let (_, operation) = facts.operations.iter().find(|(key, _)| fits(key))?;
    let mut found = BTreeSet::new();
    match one {
        Use::Create | Use::Change => walk(operation, operation.request.as_deref()?, "", 0, &mut found),
        Use::Read => walk(operation, &operation.response, "", 0, &mut found),
        Use::Filter => found.extend(operation.parameters.iter().map(|parameter| parameter.name.clone())),
    }
    Some(found)
}

fn walk(operation: &Operation, fields: &[Field], around: &str, depth: usize, found: &mut BTreeSet<String>) {
    for field in fields {
        let name = if around.is_empty() { field.name.clone() } else { format!("{around}.{}", field.name) };
        match &field.r#type.of {
            Of::Definition(key) if depth < DEEPEST => {
                if let Some(definition) = operation.definitions.get(key) {
                    walk(operation, &definition.fields, &name, depth + 1, found);
                }
            }
            _ => drop(found.insert(name)),
        }
    }
}
