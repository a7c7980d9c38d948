//! One change.

use std::fmt;

use crate::changelist::Class;
use crate::place::At;

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An operation as a whole.
    Operation,
    /// A parameter.
    Parameter,
    /// The request body as a whole.
    Request,
    /// The answer of success as a whole.
    Response,
    /// A member of a body, at any depth.
    Field,
    /// A header of success.
    Header,
    /// An error code.
    ErrorCode,
    /// An object that fields name as their type.
    Definition,
}

impl Subject {
    fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::Request => "request",
            Self::Response => "response",
            Self::Field => "field",
            Self::Header => "header",
            Self::ErrorCode => "error-code",
            Self::Definition => "definition",
        }
    }
}

/// How it has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It goes elsewhere: into the query, or into the path.
    Location,
    /// It has another type.
    Type,
    /// It has to be given, or no longer.
    Required,
    /// It has another default or limit.
    Constraint,
    /// Success has another status.
    Status,
    /// It is said to be there since another release.
    Introduced,
    /// Other CLI commands are said to do the same.
    Command,
    /// The reference gives it another name, which does not go over the wire.
    Name,
    /// Its description reads differently.
    Wording,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Location => "location",
            Self::Type => "type",
            Self::Required => "required",
            Self::Constraint => "constraint",
            Self::Status => "status",
            Self::Introduced => "introduced",
            Self::Command => "command",
            Self::Name => "name",
            Self::Wording => "wording",
        }
    }
}

/// What has changed and how, such as `parameter-added`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// What.
    pub subject: Subject,
    /// How.
    pub kind: Kind,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.subject.name(), self.kind.name())
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it means to a caller.
    pub class: Class,
    /// What has changed and how.
    pub rule: Rule,
    /// The operations that it touches, sorted.
    pub operations: Vec<String>,
    /// What has changed within the operation: the name of a parameter, header or definition, an error code, a body and
    /// the path of a member in it, such as `response records[].svm.name`; or `operation`, `request` or `response`.
    pub subject: String,
    /// What was said; of what is worded differently, the fingerprint.
    pub from: Option<String>,
    /// What is said now.
    pub to: Option<String>,
    /// Where it was said; for what is new, where it would have been.
    pub from_at: Vec<At>,
    /// Where it is said now; for what is gone, where it would be.
    pub to_at: Vec<At>,
    /// Why this is not quite what it seems, if that is known.
    pub note: Option<String>,
}

impl Change {
    /// What changes are sorted by. Changes that are equal in this but for the operations are one.
    pub(super) fn order(&self) -> impl Ord + '_ {
        (self.class, &self.operations, &self.subject, self.rule, &self.from, &self.to)
    }
}
