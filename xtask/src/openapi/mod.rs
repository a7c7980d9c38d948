//! An OpenAPI document, with the places of its parts and all its references followed.
//!
//! The curated document and the facts of a release are both read into it.

mod fingerprint;
mod operation;
mod part;
mod reader;
mod schema;

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::place::{At, Source, Unreadable};
use crate::workspace;

pub use fingerprint::{Fingerprint, digest};
pub use operation::{Operation, Response};
pub use part::Way;
pub use part::{Kind, LIMITS, Limits, Part, Said};
pub use schema::Schema;

/// Where the schemas are.
pub(crate) const SCHEMAS: &str = "/components/schemas";
/// Where the catalogue of error codes is.
pub(crate) const CATALOGUE: &str = "/components/x-ontap-error-codes";

/// The methods that OpenAPI knows.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The document.
#[derive(Debug)]
pub struct Document {
    /// The operations, by method and path, such as `GET /security/ipsec/policies`.
    pub operations: BTreeMap<String, Operation>,
    /// The schemas that are objects, by their pointers.
    pub schemas: BTreeMap<String, Schema>,
    /// The pointers of the entries of the catalogue, by error code.
    pub catalogue: BTreeMap<u64, String>,
    /// The pointers of the components that the reference prints as the definitions of an operation, by its key.
    definitions: HashMap<String, Vec<String>>,
    source: Source,
}

impl Document {
    /// Reads the text of a document.
    ///
    /// # Errors
    /// If the text is not YAML, or a part that comparisons need is not as OpenAPI has it.
    pub fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        Self::read(Source::parse(file, text)?)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// If a part that comparisons need is not as OpenAPI has it.
    pub(crate) fn read(source: Source) -> Result<Self, Unreadable> {
        let version = ("/openapi", "`openapi` with its version, such as 3.0.3");
        for (pointer, member) in [version, ("/info/version", "`info.version`, such as 9.15.1")] {
            if source.text(pointer)?.is_none() {
                return Err(source.unreadable(pointer, format!("expected an OpenAPI document, found no {member}")));
            }
        }
        let mut schemas = schema::Schemas::new(&source);
        for (pointer, _, _) in source.members(SCHEMAS)? {
            schemas.kind(&pointer)?;
        }
        let mut operations = BTreeMap::new();
        for (item, path, value) in source.members("/paths")? {
            if value.get("$ref").is_some() {
                let cause = "expected the operations of the path, found a reference to others";
                return Err(source.unreadable(&item, cause));
            }
            for (pointer, method, _) in source.members(&item)? {
                if METHODS.contains(&method.as_str()) {
                    let key = format!("{} {path}", method.to_uppercase());
                    let operation = schemas.operation(&item, &pointer, &key)?;
                    operations.insert(key, operation);
                }
            }
        }
        let mut catalogue = BTreeMap::new();
        for (pointer, code, _) in source.members(CATALOGUE)? {
            let digits = code.bytes().all(|byte| byte.is_ascii_digit());
            let Some(number) = digits.then(|| code.parse().ok()).flatten() else {
                return Err(source.unreadable(&pointer, format!("`{code}` is not an error code")));
            };
            if catalogue.contains_key(&number) {
                return Err(source.unreadable(&pointer, format!("the error code {number} stands twice")));
            }
            catalogue.insert(number, pointer);
        }
        let schemas = schemas.finish()?;
        let owners: HashMap<String, &String> = operations.keys().map(|key| (component_prefix(key), key)).collect();
        let mut definitions: HashMap<String, Vec<String>> = HashMap::new();
        for pointer in schemas.keys() {
            let name = pointer.strip_prefix(SCHEMAS).and_then(|rest| rest.strip_prefix('/'));
            let Some(name) = name.filter(|name| !name.contains('/')) else { continue };
            // The prefix of one operation can start with that of another: the longest one counts.
            let mut prefixes = name.rmatch_indices('.').filter_map(|(end, _)| owners.get(&name[..end]));
            if let Some(key) = prefixes.next() {
                definitions.entry((*key).clone()).or_default().push(pointer.clone());
            }
        }
        Ok(Self { operations, schemas, catalogue, definitions, source })
    }

    /// The file, as messages call it; of a document that was read from pages, all of them.
    pub fn file(&self) -> &str {
        &self.source.file
    }

    /// The release of ONTAP that the document is about.
    pub fn release(&self) -> &str {
        self.value("/info/version").as_str().unwrap_or_default()
    }

    /// Whether the document is about an older release of ONTAP than `other`.
    pub(crate) fn is_before(&self, other: &Self) -> bool {
        workspace::release(self.release()) < workspace::release(other.release())
    }

    /// The value at `pointer`; null if there is nothing.
    pub fn value(&self, pointer: &str) -> &Value {
        self.source.value(pointer)
    }

    /// The member `name` of the schema at `pointer`, or else of the schemas that it is made of.
    ///
    /// # Errors
    /// If a schema is made of itself, or refers to what is not there.
    pub fn keyword(&self, pointer: &str, name: &str) -> Result<Option<&Value>, Unreadable> {
        let words = schema::Words::of(&self.source, pointer)?;
        Ok(words.get(name).map(|(_, value)| value))
    }

    /// The place of what `pointer` names, or of the nearest part around it.
    pub fn at(&self, pointer: &str) -> At {
        self.source.at(pointer)
    }

    /// The schema of an object, or of the objects in a list.
    pub fn object(&self, kind: &Kind) -> Option<&Schema> {
        self.schemas.get(kind.object()?)
    }

    /// Whether the operation `key` shares schemas with others, as in the API document of a cluster. Pages print the schemas
    /// of each operation.
    pub(crate) fn shares_schemas(&self, key: &str) -> bool {
        !self.definitions.contains_key(key)
    }

    /// The values that the schema at `pointer` lists; none if any value will do. Null stands for no value.
    pub fn values(&self, pointer: &str) -> Vec<&Value> {
        let values = self.keyword(pointer, "enum").ok().flatten().and_then(Value::as_array);
        values.into_iter().flatten().filter(|value| !value.is_null()).collect()
    }

    /// The schemas that the reference prints as the definitions of the operation `key`.
    pub(crate) fn definitions(&self, key: &str) -> impl Iterator<Item = &Schema> {
        let pointers = self.definitions.get(key).into_iter().flatten();
        pointers.filter_map(|pointer| self.schemas.get(pointer))
    }
}

/// The start of the names of all components that are definitions of the operation `key`.
pub(crate) fn component_prefix(key: &str) -> String {
    let dotted = key.replacen(" /", ".", 1).replace('/', ".");
    dotted.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).collect()
}

/// The pointers that `value` refers to, each as often as it does.
pub fn references(value: &Value) -> Vec<&str> {
    let mut references = Vec::new();
    let mut ahead = vec![value];
    while let Some(value) = ahead.pop() {
        let target = value.get("$ref").and_then(Value::as_str);
        references.extend(target.and_then(|target| target.strip_prefix('#')));
        match value {
            Value::Object(members) => ahead.extend(members.values()),
            Value::Array(items) => ahead.extend(items),
            _ => {}
        }
    }
    references
}
