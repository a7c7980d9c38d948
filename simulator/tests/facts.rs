//! Reads the documented facts of each release from `spec/documented/`.

use std::collections::BTreeMap;
use std::rc::Rc;

use ontap_ipsec_simulator::Release;
use serde::Deserialize;
use serde_json::Value;

pub(crate) const LIST: &str = "GET /security/ipsec/policies";
pub(crate) const READ: &str = "GET /security/ipsec/policies/{uuid}";
pub(crate) const CREATE: &str = "POST /security/ipsec/policies";
pub(crate) const CHANGE: &str = "PATCH /security/ipsec/policies/{uuid}";

/// The documented operations, by method and path.
pub(crate) struct Facts {
    pub(crate) operations: BTreeMap<String, Operation>,
}

pub(crate) struct Operation {
    operation: Value,
    /// The schemas that the document refers to, by reference.
    schemas: Rc<BTreeMap<String, Value>>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) status: u16,
    /// The names of the headers of a 2xx response.
    pub(crate) headers: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    #[serde(rename = "in")]
    pub(crate) place: String,
    pub(crate) schema: Schema,
    #[serde(rename = "x-ntap-introduced")]
    introduced: Option<String>,
}

/// The schema of a value that is no object. An unknown kind of limit fails all tests.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Schema {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[allow(dead_code, reason = "so that it is not taken for a limit")]
    items: Option<Value>,
    pub(crate) default: Option<Value>,
    pub(crate) minimum: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
}

impl Facts {
    /// Reads the page of 9.11.1 or 9.17.1 for that release. Other releases use the marks in the page of 9.15.1.
    pub(crate) fn of(release: &str) -> Self {
        let document: Value = serde_saphyr::from_str(match release {
            "9.11.1" => include_str!("../../spec/documented/9.11.1.yaml"),
            "9.17.1" => include_str!("../../spec/documented/9.17.1.yaml"),
            _ => include_str!("../../spec/documented/9.15.1.yaml"),
        })
        .unwrap();
        let schemas = members(&document["components"]["schemas"]);
        let schemas = schemas.map(|(name, schema)| (format!("#/components/schemas/{name}"), schema.clone()));
        let schemas = Rc::new(schemas.collect());
        let operations = members(&document["paths"]).flat_map(|(path, item)| {
            let key = move |method: &str| format!("{} {path}", method.to_uppercase());
            members(item).map(move |(method, operation)| (key(method), operation.clone()))
        });
        let read = |(key, operation)| (key, Operation::of(operation, Rc::clone(&schemas)));
        Self { operations: operations.map(read).collect() }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

impl Operation {
    fn of(operation: Value, schemas: Rc<BTreeMap<String, Value>>) -> Self {
        let parameters = operation.get("parameters").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
        let parameters = serde_json::from_value(parameters).unwrap();
        let (status, success) = members(&operation["responses"]).find(|(status, _)| *status != "default").unwrap();
        let headers = members(&success["headers"]).map(|(name, _)| name.clone()).collect();
        Self { status: status.parse().unwrap(), headers, parameters, operation, schemas }
    }

    /// Returns the fields of a policy in the request: dotted name and type.
    pub(crate) fn request(&self, release: &str) -> BTreeMap<String, String> {
        self.leaves("", &self.operation["requestBody"]["content"]["application/json"]["schema"], release)
    }

    /// Returns the fields of a policy in the response, or in its records.
    pub(crate) fn response(&self, release: &str) -> BTreeMap<String, String> {
        let success = &self.operation["responses"][self.status.to_string()];
        let schema = &success["content"]["application/json"]["schema"];
        let records = schema["properties"].get("records").map(|records| self.object(records).unwrap());
        self.leaves("", records.unwrap_or(schema), release)
    }

    /// Tells whether the release has the part.
    pub(crate) fn is_known(&self, release: &str) -> bool {
        is_known(self.operation["x-ntap-introduced"].as_str(), release)
    }

    pub(crate) fn codes(&self) -> impl Iterator<Item = u32> {
        let codes = self.operation["x-ontap-error-codes"].as_array().into_iter().flatten();
        codes.map(|entry| entry["code"].as_u64().unwrap().try_into().unwrap())
    }

    fn leaves(&self, prefix: &str, object: &Value, release: &str) -> BTreeMap<String, String> {
        let known = members(&object["properties"])
            .filter(|(_, member)| is_known(member["x-ntap-introduced"].as_str(), release));
        let mut leaves = BTreeMap::new();
        for (name, member) in known.filter(|(name, _)| *name != "_links") {
            let name = format!("{prefix}{name}");
            match self.object(member) {
                Some(object) => leaves.extend(self.leaves(&format!("{name}."), object, release)),
                None => drop(leaves.insert(name, member["type"].as_str().unwrap().to_owned())),
            }
        }
        leaves
    }

    /// Returns the schema of an object member, or of the objects in an array member.
    fn object(&self, member: &Value) -> Option<&Value> {
        let one = member.get("items").or_else(|| member["allOf"].get(0)).unwrap_or(member);
        Some(&self.schemas[one.get("$ref")?.as_str()?])
    }
}

impl Parameter {
    pub(crate) fn is_known(&self, release: &str) -> bool {
        is_known(self.introduced.as_deref(), release)
    }
}

/// Tells whether a part with this mark exists in the release; without a mark, the part always exists.
fn is_known(introduced: Option<&str>, release: &str) -> bool {
    let parse = |text: &str| text.parse::<Release>().unwrap();
    introduced.is_none_or(|introduced| parse(introduced) <= parse(release))
}
