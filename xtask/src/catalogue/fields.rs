//! The table of a policy's fields: which can be given at create, changed, read and filtered by.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::place::Unreadable;
use crate::spec::{Kind, Operation, Spec};

use super::{Field, earlier, later};

/// What can be done with a field.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    Create,
    Modify,
    Read,
}

pub(super) fn list(spec: &Spec) -> Result<Vec<Field>, Unreadable> {
    let mut walk = Walk { spec, found: BTreeMap::new(), around: Vec::new() };
    for (key, operation) in &spec.operations {
        let since = operation.introduced.0.as_deref();
        let (r#use, body) = match key.split_once(' ') {
            Some(("POST", _)) => (Use::Create, operation.request.as_ref().map(|(kind, _)| kind)),
            Some(("PATCH", _)) => (Use::Modify, operation.request.as_ref().map(|(kind, _)| kind)),
            // A page of a list has the policies among its members; the answer to a read is one.
            Some(("GET", path)) if path.ends_with('}') => (Use::Read, answer(operation)),
            _ => continue,
        };
        if let Some(Kind::Object(schema)) = body {
            walk.schema(schema, "", since, r#use)?;
        }
    }
    let mut found = walk.found;
    for (key, operation) in &spec.operations {
        if key.starts_with("GET ") {
            for parameter in operation.parameters.iter().filter(|parameter| parameter.r#in == "query") {
                if let Some(field) = found.get_mut(&parameter.name) {
                    let since = parameter.introduced.as_deref().or(operation.introduced.0.as_deref());
                    field.filter = later(since, field.release.as_deref());
                }
            }
        }
    }
    Ok(found.into_values().collect())
}

fn answer(operation: &Operation) -> Option<&Kind> {
    operation.responses.iter().find(|(status, _)| status.starts_with('2')).and_then(|(_, answer)| answer.body.as_ref())
}

struct Walk<'s> {
    spec: &'s Spec,
    found: BTreeMap<String, Field>,
    /// The schemas around the one that is read, lest one within itself has no end.
    around: Vec<String>,
}

impl Walk<'_> {
    fn schema(&mut self, pointer: &str, path: &str, since: Option<&str>, r#use: Use) -> Result<(), Unreadable> {
        let Some(schema) = self.spec.schemas.get(pointer) else { return Ok(()) };
        if self.around.iter().any(|other| other == pointer) {
            return Ok(());
        }
        self.around.push(pointer.to_owned());
        for (name, property) in &schema.fields {
            let only =
                |mark: &str| Ok::<_, Unreadable>(self.spec.keyword(&property.at.pointer, mark)? == Some(&true.into()));
            let hidden = if r#use == Use::Read { only("writeOnly")? } else { only("readOnly")? };
            if hidden {
                continue;
            }
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let release = later(since, property.introduced.as_deref());
            match &property.kind {
                Kind::Object(inner) => self.schema(inner, &path, release.as_deref(), r#use)?,
                kind => self.leaf(&property.at.pointer, path, kind, release, r#use)?,
            }
        }
        self.around.pop();
        Ok(())
    }

    fn leaf(
        &mut self,
        pointer: &str,
        name: String,
        kind: &Kind,
        since: Option<String>,
        r#use: Use,
    ) -> Result<(), Unreadable> {
        let keyword = |word: &str| self.spec.keyword(pointer, word);
        let text = |word: &str| Ok::<_, Unreadable>(keyword(word)?.and_then(Value::as_str).map(str::to_owned));
        let values = keyword("enum")?.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let new = Field {
            name: name.clone(),
            r#type: kind.to_string(),
            format: text("format")?,
            values: values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            min_length: None,
            max_length: None,
            description: text("description")?.unwrap_or_default(),
            release: None,
            create: None,
            modify: None,
            read: None,
            filter: None,
        };
        let field = self.found.entry(name).or_insert(new);
        // What is returned has no limits, so that an older value does not fail to decode.
        field.min_length = field.min_length.take().or(keyword("minLength")?.cloned());
        field.max_length = field.max_length.take().or(keyword("maxLength")?.cloned());
        // The release that brought the field is the first that knows it in any way.
        field.release = earlier(field.release.as_deref(), since.as_deref());
        let slot = match r#use {
            Use::Create => &mut field.create,
            Use::Modify => &mut field.modify,
            Use::Read => &mut field.read,
        };
        *slot = since;
        Ok(())
    }
}
