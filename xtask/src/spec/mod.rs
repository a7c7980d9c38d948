//! The curated OpenAPI document, with the places of its parts and all its references followed.

mod operation;
mod schema;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::document::join;
use crate::place::{At, Source, Unreadable};

pub use operation::{Header, Operation, Parameter, Response};
pub use schema::{Field, Kind, LIMITS, Limits, Schema};

/// The document.
#[derive(Debug)]
pub struct Spec {
    /// The operations, by method and path, such as `GET /security/ipsec/policies`.
    pub operations: BTreeMap<String, Operation>,
    /// The schemas that are objects, by their pointers.
    pub schemas: BTreeMap<String, Schema>,
    /// The catalogue of error codes.
    pub catalogue: BTreeMap<u64, At>,
    /// Where the catalogue is.
    pub catalogue_at: At,
    /// The paths, and where each is.
    pub paths: BTreeMap<String, At>,
    /// Where a path would be added.
    pub paths_at: At,
    /// Where the schemas are.
    pub schemas_at: At,
    source: Source,
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The media type whose bodies are compared; ONTAP's other one has the same.
const MEDIA_TYPE: &str = "application/json";

impl Spec {
    /// Reads the text of the document.
    ///
    /// # Errors
    /// If it is not YAML, or a part that the comparison needs is not as OpenAPI has it.
    pub fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        let source = Source::parse(file, text)?;
        let reader = Reader { source: &source };
        let mut schemas = schema::Schemas::new(&reader);
        for (pointer, _, _) in reader.members("/components/schemas")? {
            schemas.kind(&pointer)?;
        }
        let mut operations = BTreeMap::new();
        let mut paths = BTreeMap::new();
        for (item, path, _) in reader.members("/paths")? {
            paths.insert(path.clone(), source.at(&item));
            for (pointer, method, _) in reader.members(&item)? {
                if METHODS.contains(&method.as_str()) {
                    let key = format!("{} {path}", method.to_uppercase());
                    operations.insert(key.clone(), operation::read(&reader, &mut schemas, &item, &pointer, &key)?);
                }
            }
        }
        let mut catalogue = BTreeMap::new();
        for (pointer, code, _) in reader.members("/components/x-ontap-error-codes")? {
            let digits = code.bytes().all(|byte| byte.is_ascii_digit());
            let Some(number) = digits.then(|| code.parse().ok()).flatten() else {
                return Err(source.unreadable(&pointer, format!("`{code}` is not an error code")));
            };
            if catalogue.insert(number, source.at(&pointer)).is_some() {
                return Err(source.unreadable(&pointer, format!("the error code {number} stands twice")));
            }
        }
        Ok(Self {
            operations,
            schemas: schemas.finish(),
            catalogue,
            catalogue_at: source.at("/components/x-ontap-error-codes"),
            paths,
            paths_at: source.at("/paths"),
            schemas_at: source.at("/components/schemas"),
            source,
        })
    }

    /// What stands at `pointer`; null if nothing does.
    pub fn value(&self, pointer: &str) -> &Value {
        self.source.document.value.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// What the schema at `pointer` says under `name`; if it does not, what the schemas that it is made of say.
    ///
    /// # Errors
    /// If a schema is made of itself, or refers to what is not there.
    pub fn keyword(&self, pointer: &str, name: &str) -> Result<Option<&Value>, Unreadable> {
        let found = schema::keyword(&Reader { source: &self.source }, pointer, name)?;
        Ok(found.map(|(_, value)| value))
    }

    /// The place of what `pointer` names.
    pub(crate) fn at(&self, pointer: &str) -> At {
        self.source.at(pointer)
    }
}

/// The pointers that `value` refers to, each as often as it does.
pub(crate) fn references(value: &Value) -> Vec<&str> {
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

/// Reads parts of the document by their pointers.
pub(crate) struct Reader<'s> {
    source: &'s Source,
}

impl<'s> Reader<'s> {
    fn at(&self, pointer: &str) -> At {
        self.source.at(pointer)
    }

    fn unreadable(&self, pointer: &str, cause: impl Into<String>) -> Unreadable {
        self.source.unreadable(pointer, cause)
    }

    /// The value at `pointer`; null if there is none.
    fn value(&self, pointer: &str) -> &'s Value {
        self.source.document.value.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The pointer that `pointer` leads to when `$ref`s are followed.
    fn follow(&self, pointer: &str) -> Result<String, Unreadable> {
        let mut at = pointer.to_owned();
        // More steps than any sane document takes; it ends references that go in circles.
        for _ in 0..64 {
            let Some(target) = self.value(&at).get("$ref") else { return Ok(at) };
            let reference = join(&at, "$ref");
            let local = target.as_str().and_then(|target| target.strip_prefix('#'));
            match local {
                Some(local) if !self.value(local).is_null() => at = local.to_owned(),
                _ => return Err(self.unreadable(&reference, format!("{target} is not in this document"))),
            }
        }
        Err(self.unreadable(pointer, "a reference that leads back to itself"))
    }

    /// The members of the mapping at `pointer`: the pointer, the name and the value of each. Null counts as empty.
    fn members(&self, pointer: &str) -> Result<Vec<(String, String, &'s Value)>, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(Vec::new()),
            Value::Object(map) => Ok(named(pointer, map)),
            _ => Err(self.unreadable(pointer, "expected a mapping")),
        }
    }

    /// The items of the list at `pointer`, with their pointers. Null counts as empty.
    fn items(&self, pointer: &str) -> Result<Vec<(String, &'s Value)>, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(Vec::new()),
            Value::Array(items) => {
                Ok((0..).zip(items).map(|(index, item)| (join(pointer, &format!("{index}")), item)).collect())
            }
            _ => Err(self.unreadable(pointer, "expected a list")),
        }
    }

    /// The text at `pointer`, if something is there.
    fn text(&self, pointer: &str) -> Result<Option<&'s str>, Unreadable> {
        match self.value(pointer) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            _ => Err(self.unreadable(pointer, "expected text; put it in quotes if it looks like a number")),
        }
    }

    /// The texts in the list at `pointer`.
    fn texts(&self, pointer: &str) -> Result<Vec<String>, Unreadable> {
        let mut texts = Vec::new();
        for (pointer, _) in self.items(pointer)? {
            texts.extend(self.text(&pointer)?.map(str::to_owned));
        }
        Ok(texts)
    }
}

fn named<'s>(pointer: &str, map: &'s Map<String, Value>) -> Vec<(String, String, &'s Value)> {
    map.iter().map(|(name, value)| (join(pointer, name), name.clone(), value)).collect()
}
