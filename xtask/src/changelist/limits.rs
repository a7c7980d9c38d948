//! What another limit means to a caller.

use std::cmp::Ordering;

use serde_json::Value;

use super::Class;

/// Which way a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From the caller: a parameter, or a member of the request body.
    Request,
    /// To the caller: a member of an answer, of success or error.
    Response,
}

/// Of another default or limit; `name` is OpenAPI's.
///
/// A caller must stay within the limits of what it sends, and may count on those of what it gets, for the width of a
/// column say. So tighter limits break requests, and looser ones break the reading of answers. Another default changes
/// what a request without the value does, and what an answer without it means; so does one that comes or goes.
pub(crate) fn constraint(direction: Direction, name: &str, from: Option<&Value>, to: Option<&Value>) -> Class {
    if [from, to].into_iter().flatten().any(|value| value.as_i64().is_none()) {
        return Class::Breaking;
    }
    let bound = |value: Option<&Value>, none: i64| value.and_then(Value::as_i64).unwrap_or(none);
    let tightened = match name {
        "minimum" => bound(to, i64::MIN).cmp(&bound(from, i64::MIN)),
        "minLength" | "minItems" | "minProperties" => bound(to, 0).cmp(&bound(from, 0)),
        "maximum" | "maxLength" | "maxItems" | "maxProperties" => bound(from, i64::MAX).cmp(&bound(to, i64::MAX)),
        _ => return Class::Breaking,
    };
    match (tightened, direction) {
        (Ordering::Greater, Direction::Request) | (Ordering::Less, Direction::Response) => Class::Breaking,
        (Ordering::Less, Direction::Request) | (Ordering::Greater, Direction::Response) => Class::Compatible,
        // A length of at least nothing, said or not, is the same.
        (Ordering::Equal, _) => Class::Wording,
    }
}
