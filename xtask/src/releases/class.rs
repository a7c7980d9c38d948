//! What each change means to a caller: all the decisions.
//!
//! The question is whether a call that was right by the old reference, with its answer read as that reference allows,
//! still is by the new one. Where the reference leaves room for doubt, a change is breaking: a false alarm costs a look,
//! a missed one an outage.

use super::change::{Kind, Rule, Subject};
use crate::changelist::Class;

pub(super) use crate::changelist::Direction;
pub(super) use crate::changelist::limits::constraint;

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
