//! What one of the references leaves out.

use crate::place::At;

/// One of the two sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The release to come from.
    From,
    /// The release to go to.
    To,
}

/// Why something could not be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Absence {
    /// The release has the operation, by what the other one says of it, but its reference has no page for it.
    Page(Side),
    /// The page names the object, but leaves out the table of its fields.
    Table(Side),
    /// The definition stands where the other release has so many different ones that they were not all gone through.
    Counterpart,
}

impl Absence {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Page(_) => "page-missing",
            Self::Table(_) => "table-missing",
            Self::Counterpart => "counterpart-unclear",
        }
    }

    /// The side that leaves it out.
    pub fn side(self) -> Option<Side> {
        match self {
            Self::Page(side) | Self::Table(side) => Some(side),
            Self::Counterpart => None,
        }
    }
}

/// Something that was not compared. It counts as no change: nothing is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Why.
    pub absence: Absence,
    /// The operations that it touches, sorted.
    pub operations: Vec<String>,
    /// What was not compared, as in [`Change::subject`](super::Change::subject).
    pub subject: String,
    /// Where it stands, or should, in the release to come from.
    pub from_at: Vec<At>,
    /// Where it stands, or should, in the release to go to.
    pub to_at: Vec<At>,
}

impl Gap {
    /// What gaps are sorted by. Gaps that are equal in this but for the operations are one.
    pub(super) fn order(&self) -> impl Ord + '_ {
        (&self.operations, &self.subject, self.absence)
    }
}
