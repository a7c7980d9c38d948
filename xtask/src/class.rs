//! The consequence of a change for a caller of the client.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// The consequence of a change for a caller of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A call that was right before can fail, or mean something else.
    Breaking,
    /// A call that was right before still is.
    Compatible,
    /// Only the words for people read differently.
    Wording,
}

impl Class {
    /// All classes, the gravest first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Compatible, Self::Wording];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Compatible => "compatible",
            Self::Wording => "wording",
        }
    }

    /// Judges another default or limit; `name` is OpenAPI's.
    ///
    /// A caller must stay within the limits of requests, and may rely on the limits of responses. Tighter limits
    /// therefore break requests, and looser limits break the reading of responses. A default that comes, goes or differs
    /// changes the meaning of a message without the value.
    pub fn of_limit(direction: Direction, name: &str, from: Option<&Value>, to: Option<&Value>) -> Self {
        if [from, to].into_iter().flatten().any(|value| value.as_i64().is_none()) {
            return Self::Breaking;
        }
        let bound = |value: Option<&Value>, none: i64| value.and_then(Value::as_i64).unwrap_or(none);
        let tightened = match name {
            "minimum" => bound(to, i64::MIN).cmp(&bound(from, i64::MIN)),
            "minLength" | "minItems" | "minProperties" => bound(to, 0).cmp(&bound(from, 0)),
            "maximum" | "maxLength" | "maxItems" | "maxProperties" => bound(from, i64::MAX).cmp(&bound(to, i64::MAX)),
            _ => return Self::Breaking,
        };
        match (tightened, direction) {
            (Ordering::Greater, Direction::Request) | (Ordering::Less, Direction::Response) => Self::Breaking,
            (Ordering::Less, Direction::Request) | (Ordering::Greater, Direction::Response) => Self::Compatible,
            // A length of at least nothing, said or not, is the same.
            (Ordering::Equal, _) => Self::Wording,
        }
    }
}

/// Which way a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the caller: a parameter, or a member of the request body.
    Request,
    /// To the caller: a member of a response, whatever its status.
    Response,
}
