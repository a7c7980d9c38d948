//! The parts of the spec, as JSON, each with its JSON pointer.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::At;
use super::document::join;

/// Whether a schema is that of a secret. A plain string would show in the `Debug` of everything that holds it.
pub(crate) fn is_secret(schema: &Value) -> bool {
    schema["format"] == "password"
}

/// The methods that a path item can have.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation of the spec, as JSON.
pub(crate) struct Operation<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) pointer: String,
    pub(crate) value: &'a Value,
}

impl<'a> Operation<'a> {
    /// The `operationId`, which `check` has made sure of.
    pub(crate) fn id(&self) -> &'a str {
        self.value["operationId"].as_str().unwrap_or_default()
    }

    /// Its parameters, references not followed, with their pointers.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (String, &'a Value)> + use<'a> {
        let list = join(&self.pointer, "parameters");
        let parameters = self.value["parameters"].as_array().into_iter().flatten().enumerate();
        parameters.map(move |(index, parameter)| (join(&list, &index.to_string()), parameter))
    }

    /// The schema of its body; null without one.
    pub(crate) fn body(&self) -> &'a Value {
        &self.value["requestBody"]["content"]["application/json"]["schema"]
    }

    /// The error codes documented for it, with their pointers.
    pub(crate) fn codes(&self) -> impl Iterator<Item = (String, Option<u64>)> + use<'a> {
        let list = join(&self.pointer, "x-ontap-error-codes");
        let codes = self.value["x-ontap-error-codes"].as_array();
        codes
            .into_iter()
            .flatten()
            .enumerate()
            .map(move |(index, code)| (join(&list, &index.to_string()), code.as_u64()))
    }
}

/// All operations, in the order of the document.
pub(crate) fn operations(spec: &Value) -> impl Iterator<Item = Operation<'_>> {
    spec["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
        item.as_object()
            .into_iter()
            .flatten()
            .filter(|(method, _)| METHODS.contains(&method.as_str()))
            .map(move |(method, value)| Operation { path, method, pointer: join(&join("/paths", path), method), value })
    })
}

/// The one 2xx response of an operation.
pub(crate) fn success<'a>(spec: &'a Value, operation: &Operation<'a>) -> Result<&'a Value, At> {
    let responses = operation.value["responses"].as_object().into_iter().flatten();
    let mut successes = responses.filter(|(status, _)| status.starts_with('2'));
    match (successes.next(), successes.next()) {
        (Some((_, response)), None) => Ok(target(spec, response)),
        _ => {
            let cause = format!("`{}` needs one response of success, for `send` returns one type", operation.id());
            Err(At::new(join(&operation.pointer, "responses"), cause))
        }
    }
}

/// The schemas of request bodies, by name.
pub(crate) fn request_bodies(spec: &Value) -> impl Iterator<Item = (&str, &Value)> {
    operations(spec).filter_map(|operation| named(spec, operation.body()))
}

/// The entries of the map at `/components/<kind>`, with their pointers.
pub(crate) fn components<'a>(spec: &'a Value, kind: &str) -> impl Iterator<Item = (String, &'a str, &'a Value)> {
    let root = join("/components", kind);
    let map = spec["components"][kind].as_object();
    map.into_iter().flatten().map(move |(name, value)| (join(&root, name), name.as_str(), value))
}

/// `value` as a part of an OpenAPI document.
pub(crate) fn read<T: DeserializeOwned>(value: &Value, pointer: &str) -> Result<T, At> {
    serde_json::from_value(value.clone()).map_err(|error| At::new(pointer, format!("not OpenAPI 3.0: {error}")))
}

/// Returns `value`, or the value that it refers to.
pub(crate) fn target<'a>(spec: &'a Value, value: &'a Value) -> &'a Value {
    let reference = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| spec.pointer(pointer)).unwrap_or(value)
}

/// The schema of `components`, by name, that `schema` refers to, alone or as its only part.
pub(crate) fn named<'a>(spec: &'a Value, schema: &'a Value) -> Option<(&'a str, &'a Value)> {
    let reference = schema["$ref"].as_str().or_else(|| only_part(schema)?["$ref"].as_str())?;
    let name = reference.strip_prefix("#/components/schemas/")?;
    Some((name, spec["components"]["schemas"].get(name)?))
}

/// The only part of the `allOf` of `schema`, or what its `anyOf` has beside null.
pub(crate) fn only_part(schema: &Value) -> Option<&Value> {
    match (schema["allOf"].as_array().map(Vec::as_slice), schema["anyOf"].as_array().map(Vec::as_slice)) {
        (Some([only]), None) => Some(only),
        (None, Some([only, null] | [null, only])) if is_null(null) => Some(only),
        _ => None,
    }
}

/// Whether a schema lets null through and nothing else, which takes a list of values in OpenAPI 3.0.
fn is_null(schema: &Value) -> bool {
    schema["enum"].as_array().is_some_and(|values| matches!(values.as_slice(), [Value::Null]))
}
