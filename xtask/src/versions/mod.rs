//! Changes between two versions of the curated document, and the step that they take.
//!
//! [`compare()`] reads and writes nothing. The walk is over the raw documents: names of components matter to generators, and a
//! [`Document`](crate::openapi::Document) leaves out what the facts have no word for. Each difference is a [`Finding`], and an
//! unknown member is breaking. `members` alone decides the classes. A component is compared where it is defined.
//!
//! The crate `drift` (0.2.0) compares OpenAPI documents too. Tried on each part of the spec, the crate misses a third of the
//! changes: names of operations, servers, security and error codes among them. `drift` panics when a media type or a path
//! parameter goes.

mod changelog;
mod edition;
mod entries;
mod members;
mod step;
mod travels;
mod walk;

use crate::finding::Finding;

pub use changelog::Changelog;
pub(crate) use edition::number;
pub use edition::{Edition, VERSION};
pub(crate) use step::said;
pub use step::{faults, least};

/// Compares two versions. Breaking changes come first; within a class, the order is that of the documents.
pub fn compare(from: &Edition, to: &Edition) -> Vec<Finding> {
    let mut changes = walk::compare(&from.source, &to.source);
    changes.sort_by_key(|change| change.class);
    changes
}
