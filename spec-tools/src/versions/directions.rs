//! The ways that the values of each schema travel.

use std::collections::HashSet;

use serde_json::{Map, Value};
use xtask::class::{Class, Direction};

/// The ways that a value directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Directions {
    request: bool,
    response: bool,
}

impl Directions {
    pub(super) const REQUEST: Self = Self { request: true, response: false };
    pub(super) const RESPONSE: Self = Self { request: false, response: true };

    /// Judges another limit.
    pub(super) fn limit(self, name: &str, from: Option<&Value>, to: Option<&Value>) -> Class {
        self.gravest(|direction| Class::of_limit(direction, name, from, to))
    }

    /// Judges another demand on the sender, who has to do more than before, or less. A reader may rely on the demand.
    pub(super) fn demand(self, more: bool) -> Class {
        let breaks = |direction| more == (direction == Direction::Request);
        self.gravest(|direction| if breaks(direction) { Class::Breaking } else { Class::Compatible })
    }

    /// Gives the gravest class of all ways. An unused value may some day travel either way.
    fn gravest(self, class: impl Fn(Direction) -> Class) -> Class {
        let (sent, returned) = (class(Direction::Request), class(Direction::Response));
        match self {
            Self::REQUEST => sent,
            Self::RESPONSE => returned,
            _ => sent.min(returned),
        }
    }

    /// Takes away the way that both sides rule out by `readOnly` or `writeOnly`.
    pub(super) fn within(self, from: &Map<String, Value>, to: &Map<String, Value>) -> Self {
        let marked = |key| flag(from, key) && flag(to, key);
        Self { request: self.request && !marked("readOnly"), response: self.response && !marked("writeOnly") }
    }
}

/// Whether the member `key` is a yes.
pub(super) fn flag(members: &Map<String, Value>, key: &str) -> bool {
    members.get(key) == Some(&Value::Bool(true))
}

/// The components of requests and of responses, in either of two documents.
#[derive(Debug, Default)]
pub(super) struct Reached {
    sent: HashSet<String>,
    returned: HashSet<String>,
}

impl Reached {
    pub(super) fn new(documents: [&Value; 2]) -> Self {
        let mut reached = Self::default();
        for document in documents {
            let items = document["paths"].as_object().into_iter().flat_map(Map::values);
            for (key, value) in items.flat_map(|item| item.as_object().into_iter().flatten()) {
                let shared = if key == "parameters" { value } else { &Value::Null };
                for sent in [shared, &value["parameters"], &value["requestBody"]] {
                    follow(document, sent, "readOnly", &mut reached.sent);
                }
                follow(document, &value["responses"], "writeOnly", &mut reached.returned);
            }
        }
        reached
    }

    /// Gives the ways of the schema at `pointer`, if it is a component.
    pub(super) fn directions(&self, pointer: &str) -> Option<Directions> {
        let name = pointer.strip_prefix("/components/schemas/")?;
        let directions = Directions { request: self.sent.contains(pointer), response: self.returned.contains(pointer) };
        (!name.contains('/')).then_some(directions)
    }
}

/// Adds all components below `start`, but not below parts with the mark `other_way`.
fn follow(document: &Value, start: &Value, other_way: &str, met: &mut HashSet<String>) {
    let mut ahead = vec![start];
    while let Some(value) = ahead.pop() {
        match value {
            Value::Object(members) if flag(members, other_way) => {}
            Value::Object(members) => {
                if let Some(pointer) = members.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'))
                    && met.insert(pointer.to_owned())
                {
                    ahead.extend(document.pointer(pointer));
                }
                ahead.extend(members.values());
            }
            Value::Array(items) => ahead.extend(items),
            _ => {}
        }
    }
}
