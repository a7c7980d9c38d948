//! One change.

use crate::changelist::Class;
use crate::place::At;

/// How something has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
    /// It is the same in another order.
    Reordered,
}

impl Kind {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Reordered => "reordered",
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it means to a caller.
    pub class: Class,
    /// How it has changed.
    pub kind: Kind,
    /// What has changed: the path of the part in the document, with operations by method and path and parameters by name,
    /// such as `GET /security/ipsec/policies parameters.scope.schema.type`.
    pub subject: String,
    /// What was there, if it is short and no sentence.
    pub from: Option<String>,
    /// What is there now, if it is short and no sentence.
    pub to: Option<String>,
    /// Where it was; for what is new, where it would have been.
    pub from_at: At,
    /// Where it is now; for what is gone, where it would be.
    pub to_at: At,
    /// Why it has this class, where that is not to be guessed.
    pub note: Option<&'static str>,
}
