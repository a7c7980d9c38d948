//! What changed between two releases of the vendor's reference, for a caller of the client.
//!
//! [`compare()`] is pure: facts against facts, nothing read or written. What each change means to a caller is decided in
//! one place, `class`. Bodies are compared by what goes over the wire, path by path, since definitions are only how the
//! pages print them. What one of the references leaves out is a [`Gap`], and nothing behind it is compared.

mod age;
mod bodies;
mod change;
mod class;
mod fields;
mod gap;
pub mod json;
mod ledger;
pub mod markdown;
mod merged;
mod notes;
mod operations;
mod pairing;
mod parameters;
mod remarks;
mod responses;
pub mod text;

use crate::facts::Documented;

use ledger::Ledger;

pub use crate::changelist::Class;
pub use change::{Change, Kind, Rule, Subject};
pub use gap::{Absence, Gap, Side};
pub use notes::annotate;

/// What changed between two releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The release to come from.
    pub from: Reference,
    /// The release to go to.
    pub to: Reference,
    /// The changes: what is breaking first, then by operation and subject.
    pub changes: Vec<Change>,
    /// What could not be compared, because one of the references leaves it out.
    pub gaps: Vec<Gap>,
    /// How much was compared.
    pub counts: Counts,
}

/// One of the two references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The release that it is of.
    pub release: String,
    /// Its facts file.
    pub file: String,
}

/// How much was compared: what both sides have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Operations.
    pub operations: usize,
    /// Parameters of all operations.
    pub parameters: usize,
    /// Fields of all bodies; one of a definition counts once for each body that leads to it.
    pub fields: usize,
    /// Headers of all operations.
    pub headers: usize,
    /// Error codes of all operations.
    pub error_codes: usize,
    /// Descriptions that could not be compared: one side has none, or its page breaks off within it.
    pub wordings_skipped: usize,
}

impl Changes {
    /// The changes of one class, in their order.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.class == class)
    }

    /// Whether all is as it should be. Always: another release may differ, and this tells in what.
    pub fn clean(&self) -> bool {
        true
    }
}

/// Compares two releases.
pub fn compare(from: &Documented, to: &Documented) -> Changes {
    let mut ledger = Ledger::new(from, to);
    for pair in operations::compare(&mut ledger) {
        parameters::compare(&mut ledger, &pair);
        bodies::compare(&mut ledger, &pair);
        responses::compare(&mut ledger, &pair);
    }
    let (changes, gaps, counts) = ledger.close();
    let reference = |side: &Documented| Reference { release: side.facts.release.clone(), file: side.at("").file };
    Changes {
        from: reference(from),
        to: reference(to),
        changes: merged::changes(changes),
        gaps: merged::gaps(gaps),
        counts,
    }
}
