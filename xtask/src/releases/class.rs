//! What each change means to a caller: all the decisions.
//!
//! The question is whether a call that was right by the old reference, with its answer read as that reference allows,
//! still is by the new one. Where the reference leaves room for doubt, a change is breaking: a false alarm costs a look,
//! a missed one an outage.

use std::cmp::Ordering;

use serde_json::Value;

use super::change::{Class, Kind, Rule, Subject};

/// Which way a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// From the caller: a parameter, or a member of the request body.
    Request,
    /// To the caller: a member of an answer, of success or error.
    Response,
}

/// The class of changes for which the rule decides.
pub(super) fn of(rule: Rule) -> Class {
    match (rule.subject, rule.kind) {
        // Codes are open by design, so that a caller meets unknown ones at any time; and one that is gone leaves dead
        // code behind, but nothing that fails.
        (Subject::ErrorCode, Kind::Added | Kind::Removed) => Class::Compatible,
        // The client ignores members and headers that it does not know, and the reference marks no member of a request
        // as required. A parameter that has to be given is judged by `parameter_added`.
        (_, Kind::Added) => Class::Compatible,
        // ONTAP refuses parameters and members that it does not know; what an answer lacks, a caller may have counted
        // on.
        (_, Kind::Removed) => Class::Breaking,
        (_, Kind::Location | Kind::Type | Kind::Status) => Class::Breaking,
        // These hang on the values, and have functions of their own; without them, the doubt decides.
        (_, Kind::Required | Kind::Constraint) => Class::Breaking,
        // History told differently: what either release documents, it has. Commands are not for callers of the client,
        // and the names of definitions do not go over the wire.
        (_, Kind::Introduced | Kind::Command | Kind::Name | Kind::Wording) => Class::Wording,
    }
}

/// A call without the new parameter is still right if the parameter can be left out.
pub(super) fn parameter_added(required: bool) -> Class {
    if required { Class::Breaking } else { Class::Compatible }
}

/// Calls without the parameter are wrong from now on, or right from now on too.
pub(super) fn required(now: bool) -> Class {
    if now { Class::Breaking } else { Class::Compatible }
}

/// Of another default or limit; `name` is OpenAPI's.
///
/// A caller must stay within the limits of what it sends, and may count on those of what it gets, for the width of a
/// column say. So tighter limits break requests, and looser ones break the reading of answers. Another default changes
/// what a request without the value does, and what an answer without it means; so does one that comes or goes.
pub(super) fn constraint(direction: Direction, name: &str, from: Option<&Value>, to: Option<&Value>) -> Class {
    let bound = |value: Option<&Value>, none: i64| value.and_then(Value::as_i64).unwrap_or(none);
    let tightened = match name {
        "minimum" => bound(to, i64::MIN).cmp(&bound(from, i64::MIN)),
        "minLength" => bound(to, 0).cmp(&bound(from, 0)),
        "maximum" | "maxLength" => bound(from, i64::MAX).cmp(&bound(to, i64::MAX)),
        _ => return Class::Breaking,
    };
    match (tightened, direction) {
        (Ordering::Greater, Direction::Request) | (Ordering::Less, Direction::Response) => Class::Breaking,
        (Ordering::Less, Direction::Request) | (Ordering::Greater, Direction::Response) => Class::Compatible,
        // A length of at least nothing, said or not, is the same.
        (Ordering::Equal, _) => Class::Wording,
    }
}
