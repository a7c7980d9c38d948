//! The members that facts consist of.

use serde_json::Value;

use crate::document::join;
use crate::openapi::LIMITS;

/// The mappings whose keys are names that the vendor gives.
pub(super) const NAMED: [&str; 6] = ["paths", "responses", "content", "headers", "properties", "schemas"];

const KNOWN: [&str; 43] = [
    "openapi",
    "info",
    "title",
    "version",
    "x-ontap-sources",
    "file",
    "sha256",
    "paths",
    "get",
    "post",
    "patch",
    "put",
    "delete",
    "parameters",
    "name",
    "in",
    "required",
    "schema",
    "requestBody",
    "content",
    "responses",
    "description",
    "headers",
    "components",
    "schemas",
    "type",
    "format",
    "items",
    "properties",
    "allOf",
    "$ref",
    "enum",
    "readOnly",
    "code",
    "x-ntap-introduced",
    "x-ntap-readOnly",
    "x-ntap-readCreate",
    "x-ntap-createOnly",
    "x-ontap-commands",
    "x-ontap-cut",
    "x-ontap-documented-as",
    "x-ontap-error-codes",
    "x-ontap-fingerprint",
];

/// The JSON pointer of a member that no facts file has. A misspelt member would be read as a missing one.
pub(crate) fn unknown_member(facts: &Value) -> Option<String> {
    unknown(facts, "", false)
}

fn unknown(value: &Value, pointer: &str, named: bool) -> Option<String> {
    match value {
        Value::Object(members) => members.iter().find_map(|(key, value)| {
            let pointer = join(pointer, key);
            let known = named || KNOWN.contains(&key.as_str()) || LIMITS.contains(&key.as_str());
            if known { unknown(value, &pointer, !named && NAMED.contains(&key.as_str())) } else { Some(pointer) }
        }),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| unknown(item, &join(pointer, &index.to_string()), false))
        }
        _ => None,
    }
}
