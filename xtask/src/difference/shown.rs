//! How findings show the values of parts.

use serde_json::Value;

use crate::openapi::Kind;

/// A type; of an object, what `object` calls the schema at this pointer.
pub(crate) fn kind(kind: &Kind, object: &dyn Fn(&str) -> Option<String>) -> String {
    match kind {
        Kind::Scalar(name) => name.clone(),
        Kind::Array(inner) => format!("array[{}]", self::kind(inner, object)),
        Kind::Object(pointer) => object(pointer).unwrap_or_else(|| "object".to_owned()),
    }
}

/// A limit.
pub(crate) fn limit(name: &str, value: Option<&Value>) -> Option<String> {
    value.map(|value| format!("{name} {value}"))
}

/// Whether a part has to be there.
pub(crate) fn requirement(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

/// The values that a part can have; `None` for an empty list.
pub(crate) fn values(values: &[&Value]) -> Option<String> {
    let word = |value: &&Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let words: Vec<String> = values.iter().map(word).collect();
    (!words.is_empty()).then(|| format!("enum {}", words.join(", ")))
}

/// The commands that do what an operation does; `None` for an empty list.
pub(crate) fn commands(commands: &[String]) -> Option<String> {
    (!commands.is_empty()).then(|| commands.join(", "))
}
