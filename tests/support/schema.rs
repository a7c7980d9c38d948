//! The spec's schemas as JSON Schema.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

#[path = "../../codegen/document.rs"]
#[allow(dead_code, unreachable_pub)]
pub(crate) mod document;

/// The spec, as JSON.
pub(crate) fn spec() -> Value {
    document::Document::parse(include_str!("../../spec/ontap-ipsec.yaml")).unwrap().value
}

/// `value`, or what it refers to.
pub(crate) fn resolve<'a>(spec: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => spec.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => value,
    }
}

/// The spec's schemas, ready to validate with.
pub(crate) struct Schemas {
    components: Value,
}

impl Schemas {
    /// Members that a schema does not name are faults: in an example, they are slips.
    pub(crate) fn strict(spec: &Value) -> Self {
        Self { components: json!({ "schemas": convert(&spec["components"]["schemas"]) }) }
    }

    /// Lists the faults of `instance`.
    pub(crate) fn faults(&self, schema: &Value, instance: &Value) -> Vec<String> {
        let mut root = convert(schema);
        root["components"] = self.components.clone();
        let validator: Validator =
            jsonschema::draft202012::options().should_validate_formats(true).build(&root).unwrap();
        validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }
}

/// OpenAPI 3.0 says `nullable` where JSON Schema adds a type.
fn convert(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let mut converted: Map<String, Value> =
                map.iter().map(|(key, value)| (key.clone(), convert(value))).collect();
            if converted.remove("nullable") == Some(true.into()) {
                let kind = converted.remove("type").unwrap();
                converted.insert("type".into(), json!([kind, "null"]));
            }
            if map.get("type") == Some(&"object".into()) && map.get("properties").is_some_and(Value::is_object) {
                converted.insert("additionalProperties".into(), false.into());
            }
            converted.into()
        }
        Value::Array(items) => items.iter().map(convert).collect(),
        other => other.clone(),
    }
}
