//! What changed between two versions of the curated document, and whether the step between their numbers says so.
//!
//! [`compare()`] is pure: document against document, nothing read or written. It walks both as they stand, and not as
//! [`Spec`](crate::spec::Spec) has them, since that leaves out what the facts have no word for: each difference between the
//! two documents is a [`Change`], and one that the tables do not know is breaking. What each change means is decided in
//! one place, `members`. References are not followed: what a name stands for is compared where it is defined.
//!
//! The crate `drift` compares OpenAPI documents too. Tried with version 0.2.0 on each part of the spec in turn, it says
//! nothing of more than a third of the changes, among them those to names of operations, servers, security and error codes;
//! calls properties that come or go, limits and values of enums unhandled; and panics when a media type or a parameter in
//! a path goes.

mod change;
mod changelog;
mod edition;
pub mod json;
pub mod markdown;
mod members;
mod rows;
mod rule;
mod sets;
mod step;
pub mod text;
mod travels;
mod walk;

use semver::Version;

use crate::changelist::Class;

pub use change::{Change, Kind};
pub(crate) use changelog::Changelog;
pub(crate) use edition::number;
pub use edition::{Edition, VERSION};
pub use step::Fault;
pub(crate) use step::said;

/// What changed between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The version to come from.
    pub from: Name,
    /// The version to go to.
    pub to: Name,
    /// The changes: what is breaking first, then as they stand in the documents.
    pub changes: Vec<Change>,
}

/// One of the two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its number.
    pub version: Version,
    /// Its file.
    pub file: String,
}

impl Changes {
    /// The changes of one class, in their order.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.class == class)
    }
}

/// Compares two versions.
pub fn compare(from: &Edition, to: &Edition) -> Changes {
    let mut changes = walk::compare(&from.source, &to.source);
    changes.sort_by_key(|change| change.class);
    let name = |edition: &Edition| Name { version: edition.version.clone(), file: edition.source.file.clone() };
    Changes { from: name(from), to: name(to), changes }
}
