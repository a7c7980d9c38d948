//! The members that facts consist of.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde_json::Value;

use crate::document::join;
use crate::openapi::METHODS;

/// The mappings whose keys are names that the vendor gives.
pub(super) const NAMED: [&str; 6] = ["paths", "responses", "content", "headers", "properties", "schemas"];

/// The members that tell when a value can be set, as the API document of a cluster has them.
pub(crate) const FLAGS: [&str; 5] =
    ["readOnly", "x-ntap-readOnly", "x-ntap-readCreate", "x-ntap-createOnly", "x-ntap-writeOnly"];

/// The limits of values, in the order of the document.
pub(crate) const LIMITS: [&str; 11] = [
    "format",
    "default",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "enum",
];

/// The other members, but for the methods of operations.
static OTHERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "openapi info title version x-ontap-sources file sha256 paths parameters name in required schema \
                      requestBody content responses description headers components schemas type items properties allOf \
                      $ref code x-ntap-introduced x-ontap-commands x-ontap-cut x-ontap-documented-as \
                      x-ontap-error-codes x-ontap-fingerprint"
        .split(' ')
        .collect()
});

/// The JSON pointer of a member that no facts file has. A misspelt member would be read as a missing one.
pub fn unknown_member(facts: &Value) -> Option<String> {
    unknown(facts, false)
}

fn is_known(key: &str) -> bool {
    let key = &key;
    METHODS.contains(key) || FLAGS.contains(key) || LIMITS.contains(key) || OTHERS.contains(key)
}

fn unknown(value: &Value, named: bool) -> Option<String> {
    let below = |token: &str, rest: String| join("", token) + &rest;
    match value {
        Value::Object(members) => members.iter().find_map(|(key, value)| {
            if !named && !is_known(key) {
                return Some(join("", key));
            }
            unknown(value, !named && NAMED.contains(&key.as_str())).map(|rest| below(key, rest))
        }),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| unknown(item, false).map(|rest| below(&index.to_string(), rest)))
        }
        _ => None,
    }
}
