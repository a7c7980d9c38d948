//! Which way the values of each schema travel.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::changelist::{Class, Direction};

/// The ways that a value travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Travels {
    pub(super) request: bool,
    pub(super) response: bool,
}

impl Travels {
    pub(super) const REQUEST: Self = Self { request: true, response: false };
    pub(super) const RESPONSE: Self = Self { request: false, response: true };

    /// The gravest of what a change means on each way. What travels nowhere yet may some day travel either way.
    pub(super) fn gravest(self, class: impl Fn(Direction) -> Class) -> Class {
        match (self.request, self.response) {
            (true, false) => class(Direction::Request),
            (false, true) => class(Direction::Response),
            _ => class(Direction::Request).min(class(Direction::Response)),
        }
    }

    /// The ways that are left to the values of a property on which both sides agree that it goes one way only.
    pub(super) fn within(self, from: &Map<String, Value>, to: &Map<String, Value>) -> Self {
        let marked = |key| flag(from, key) && flag(to, key);
        Self { request: self.request && !marked("readOnly"), response: self.response && !marked("writeOnly") }
    }
}

fn flag(members: &Map<String, Value>, key: &str) -> bool {
    members.get(key) == Some(&Value::Bool(true))
}

/// What requests and answers refer to, in either of two documents.
#[derive(Debug, Default)]
pub(super) struct Reached {
    sent: HashSet<String>,
    returned: HashSet<String>,
}

impl Reached {
    pub(super) fn new(documents: [&Value; 2]) -> Self {
        let mut reached = Self::default();
        for document in documents {
            let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(|paths| paths.values());
            for (key, value) in items.flat_map(|item| item.as_object().into_iter().flatten()) {
                if key == "parameters" {
                    reached.requests(document, value);
                    continue;
                }
                value.get("parameters").into_iter().for_each(|list| reached.requests(document, list));
                value.get("requestBody").into_iter().for_each(|body| reached.requests(document, body));
                value.get("responses").into_iter().for_each(|answers| reached.answers(document, answers));
            }
        }
        reached
    }

    /// The ways of the schema that `pointer` names, if it is a component.
    pub(super) fn travels(&self, pointer: &str) -> Option<Travels> {
        let name = pointer.strip_prefix("/components/schemas/")?;
        let travels = Travels { request: self.sent.contains(pointer), response: self.returned.contains(pointer) };
        (!name.contains('/')).then_some(travels)
    }

    fn requests(&mut self, document: &Value, value: &Value) {
        follow(document, value, "readOnly", &mut self.sent);
    }

    fn answers(&mut self, document: &Value, value: &Value) {
        follow(document, value, "writeOnly", &mut self.returned);
    }
}

/// Adds all that `start` refers to, but for what is marked as going the other way only.
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
