//! The document as it grows: objects of JSON that know in which line each of their parts was read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::join;

/// Values that were read in a line each: the line, the name and the value.
pub(crate) type Rows = Vec<(u64, String, Value)>;

/// An object, with the lines of what is in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    /// The members, in the order in which they are written.
    pub(crate) members: Map<String, Value>,
    /// The JSON pointers of parts of the object, and the line of each.
    lines: Vec<(String, u64)>,
}

impl Part {
    /// Adds a member that has the line of the object.
    pub(crate) fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.members.insert(key.to_owned(), value.into());
    }

    /// Adds a member that was read in `line`.
    pub(crate) fn put_at(&mut self, line: u64, key: &str, value: impl Into<Value>) {
        self.lines.push((join("", key), line));
        self.put(key, value);
    }

    /// Adds a member that knows its lines.
    pub(crate) fn nest(&mut self, line: u64, key: &str, part: Self) {
        let pointer = join("", key);
        self.lines.extend(part.lines.into_iter().map(|(below, line)| (pointer.clone() + &below, line)));
        self.put_at(line, key, part.members);
    }

    /// Adds a list of the values of `rows`, if there are any.
    pub(crate) fn list(&mut self, key: &str, rows: Rows) {
        let Some((first, ..)) = rows.first() else { return };
        self.lines.push((join("", key), *first));
        self.lines.extend(rows.iter().enumerate().map(|(index, (line, ..))| (format!("/{key}/{index}"), *line)));
        self.put(key, rows.into_iter().map(|(.., value)| value).collect::<Vec<_>>());
    }

    /// Adds an object of the values of `rows` by their names, if there are any.
    pub(crate) fn object(&mut self, key: &str, rows: Rows) {
        let Some(first) = rows.iter().map(|(line, ..)| *line).min() else { return };
        let mut object = Self::default();
        rows.into_iter().for_each(|(line, name, value)| object.put_at(line, &name, value));
        self.nest(first, key, object);
    }

    /// Adds the members of another part.
    pub(crate) fn extend(&mut self, part: Self) {
        self.members.extend(part.members);
        self.lines.extend(part.lines);
    }

    /// Makes the content of a body whose schema this is.
    pub(crate) fn into_content(self, line: u64) -> Self {
        ["schema", "application/json", "content"].iter().fold(self, |inner, key| {
            let mut outer = Self::default();
            outer.nest(line, key, inner);
            outer
        })
    }
}

/// The file and the line of each part of a document, by its JSON pointer (RFC 6901).
pub type Places = BTreeMap<String, (String, u64)>;

/// The operations and schemas of the files that were read.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// The names of the files, and their digests.
    pub(crate) sources: Vec<(String, String)>,
    /// The operations, by path and method, with the file and the line of each.
    pub(crate) operations: BTreeMap<(String, String), (String, u64, Part)>,
    /// The schemas that they refer to, by the names of their components.
    pub(crate) schemas: BTreeMap<String, (String, u64, Part)>,
}

impl Parts {
    /// Takes from `others` the operations that are not here, and the schemas that those reach.
    pub(crate) fn fill_from(&mut self, others: &Self) {
        self.sources.extend(others.sources.clone());
        for (key, operation) in &others.operations {
            if !self.operations.contains_key(key) {
                for name in others.reached(&operation.2) {
                    self.schemas.entry(name.clone()).or_insert_with(|| others.schemas[&name].clone());
                }
                self.operations.insert(key.clone(), operation.clone());
            }
        }
    }

    /// The names of the schemas that `part` refers to, and of those that these refer to.
    fn reached(&self, part: &Part) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&Value> = part.members.values().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Array(items) => open.extend(items),
                Value::Object(members) => open.extend(members.values()),
                Value::String(text) => {
                    if let Some(name) = text.strip_prefix(SCHEMAS)
                        && let Some((.., schema)) = self.schemas.get(name)
                        && reached.insert(name.to_owned())
                    {
                        open.extend(schema.members.values());
                    }
                }
                _ => {}
            }
        }
        reached
    }

    /// The OpenAPI document about `release`, and the places of its parts.
    pub(crate) fn document(mut self, release: &str) -> (Value, Places) {
        let mut places = Places::new();
        let mut placed = |pointer: &str, (file, line, part): (String, u64, Part)| {
            let below = part.lines.into_iter().map(|(below, line)| (format!("{pointer}{below}"), (file.clone(), line)));
            places.extend(below);
            places.insert(pointer.to_owned(), (file, line));
            Value::Object(part.members)
        };
        let mut paths = Map::new();
        for ((path, method), operation) in self.operations {
            let operation = placed(&join(&join("/paths", &path), &method), operation);
            let item = paths.entry(path).or_insert_with(|| Value::Object(Map::new()));
            item[method] = operation;
        }
        let mut schemas = Map::new();
        for (name, schema) in self.schemas {
            let schema = placed(&join("/components/schemas", &name), schema);
            schemas.insert(name, schema);
        }
        self.sources.sort();
        let source = |(file, sha256)| json!({"file": file, "sha256": sha256});
        let sources: Vec<Value> = self.sources.into_iter().map(source).collect();
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "What the vendor documents", "version": release, "x-ontap-sources": sources},
            "paths": paths,
            "components": {"schemas": schemas},
        });
        (document, places)
    }
}

/// The start of a reference to a schema.
const SCHEMAS: &str = "#/components/schemas/";

/// The path to the schema of this name, for references.
pub(crate) fn path_to(name: &str) -> String {
    format!("{SCHEMAS}{name}")
}
