//! One part of an operation: a parameter, a header, a field or an error code.

use serde_json::Value;

use crate::class::{Class, Direction};
use crate::difference::{ERROR_CODE, FIELD, HEADER, PARAMETER, Pair, Paired, Spot, shown};
use crate::openapi::{Document, LIMITS, Part, Way};
use crate::rule::Rule;

use super::{Collector, same_shape, type_of};

impl<'a> Collector<'a> {
    /// Compares a part whose values go this way.
    pub(super) fn part(&mut self, pair: &Pair<'a>, part: &Paired<'a>, way: Way) {
        let spot = pair.spot(&part.name, &part.at);
        let rule = |how| Rule::of(part.kind, how);
        let (from, to) = match (part.sides.from, part.sides.to) {
            (Some(from), Some(to)) => (from, to),
            (from, to) => {
                let class = match to {
                    // ONTAP refuses members of a request that it does not know, and a caller may have counted on one of a
                    // response. Codes are open by design: a caller meets unknown ones at any time.
                    None if part.kind != ERROR_CODE => Class::Breaking,
                    // A call without the new parameter is still right if the parameter can be left out.
                    Some(to) if to.required => Class::Breaking,
                    _ => Class::Compatible,
                };
                let alone = |document, side: Option<&Part>| side.and_then(|side| alone(document, part.kind, side));
                let values = (alone(self.from, from), alone(self.to, to));
                return self.change(spot, class, rule(if to.is_some() { "added" } else { "removed" }), values);
            }
        };
        match part.kind {
            PARAMETER => self.counts.parameters += 1,
            HEADER => self.counts.headers += 1,
            FIELD => self.counts.fields += 1,
            _ => self.counts.error_codes += 1,
        }
        let places = (Some(from.r#in.clone()), Some(to.r#in.clone()));
        self.differ(spot, Class::Breaking, rule("location"), places);
        // The members of objects are compared one by one.
        let alike = if part.kind == FIELD { same_shape(&from.kind, &to.kind) } else { from.kind == to.kind };
        if !alike {
            let types = (Some(type_of(self.from, &from.kind)), Some(type_of(self.to, &to.kind)));
            self.change(spot, Class::Breaking, rule("type"), types);
        }
        // Calls without the parameter are wrong from now on, or right from now on too.
        let class = if to.required { Class::Breaking } else { Class::Compatible };
        let word = |part: &Part| Some(shown::requirement(part.required).to_owned());
        self.differ(spot, class, rule("required"), (word(from), word(to)));
        if let Some(rule) = rule("constraint") {
            let direction = if way == Way::Return { Direction::Response } else { Direction::Request };
            // A schema that all operations share has the limits of create.
            let shared = self.from.shares_schemas(pair.key) || self.to.shares_schemas(pair.key);
            if !shared || way == Way::Create {
                self.limits(spot, rule, direction, (from, to));
            }
            self.values(spot, rule, direction, (&from.schema, &to.schema));
        }
        if from.said.introduced != to.said.introduced {
            // The release of the operation counts for a part without its own.
            let since = |own: &Option<String>, operation: &Option<String>| own.as_ref().or(operation.as_ref()).cloned();
            let before = since(&from.said.introduced, &pair.from.said.introduced);
            let after = since(&to.said.introduced, &pair.to.said.introduced);
            self.differ(spot, Class::Wording, rule("introduced"), (before, after));
        }
        self.wording(spot, rule("wording"), &from.said, &to.said);
    }

    fn limits(&mut self, spot: Spot<'_>, rule: Rule, direction: Direction, (from, to): (&Part, &Part)) {
        for name in LIMITS {
            let (before, after) = (from.limit(name), to.limit(name));
            if before != after {
                let class = Class::of_limit(direction, name, before, after);
                self.change(spot, class, rule, (shown::limit(name, before), shown::limit(name, after)));
            }
        }
    }

    /// Compares the lists of values of two schemas, if both have one.
    fn values(&mut self, spot: Spot<'_>, rule: Rule, direction: Direction, (from, to): (&str, &str)) {
        let (before, after) = (self.from.values(from), self.to.values(to));
        let lacks = |some: &[&Value], other: &[&Value]| other.iter().any(|value| !some.contains(value));
        if before.is_empty() || after.is_empty() || !(lacks(&before, &after) || lacks(&after, &before)) {
            return;
        }
        // A value that goes breaks requests with it. A caller may not expect one that comes in a response.
        let breaks = match direction {
            Direction::Request => lacks(&after, &before),
            Direction::Response => lacks(&before, &after),
        };
        let class = if breaks { Class::Breaking } else { Class::Compatible };
        self.change(spot, class, rule, (shown::values(&before), shown::values(&after)));
    }
}

/// Shows a part that only one release has.
fn alone(document: &Document, kind: &str, part: &Part) -> Option<String> {
    let since = part.said.introduced.as_ref().map(|release| format!(", since {release}")).unwrap_or_default();
    let of = type_of(document, &part.kind);
    match kind {
        PARAMETER => Some(format!("{} {of}, {}{since}", part.r#in, shown::requirement(part.required))),
        HEADER => Some(of),
        FIELD => Some(format!("{of}{since}")),
        _ => None,
    }
}
