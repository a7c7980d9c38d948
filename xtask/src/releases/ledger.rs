//! Takes down what the parts of the comparison find, with its places.

use crate::facts::Documented;

use crate::changelist::Class;

use super::change::{Change, Kind, Rule, Subject};
use super::gap::{Absence, Gap};
use super::{Counts, class};

/// Something that is compared: what it is called, and its pointers on both sides.
pub(super) struct Spot<'s> {
    pub(super) operation: &'s str,
    pub(super) subject: &'s str,
    pub(super) from: &'s str,
    pub(super) to: &'s str,
}

/// All that was found so far.
pub(super) struct Ledger<'a> {
    pub(super) from: &'a Documented,
    pub(super) to: &'a Documented,
    pub(super) counts: Counts,
    changes: Vec<Change>,
    gaps: Vec<Gap>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(from: &'a Documented, to: &'a Documented) -> Self {
        Self { from, to, counts: Counts::default(), changes: Vec::new(), gaps: Vec::new() }
    }

    pub(super) fn close(self) -> (Vec<Change>, Vec<Gap>, Counts) {
        (self.changes, self.gaps, self.counts)
    }

    /// A change that means the same to a caller, whatever the values.
    pub(super) fn change(
        &mut self,
        spot: &Spot<'_>,
        subject: Subject,
        kind: Kind,
        from: Option<String>,
        to: Option<String>,
    ) {
        let rule = Rule { subject, kind };
        self.judged(spot, rule, class::of(rule), from, to);
    }

    /// A change whose class hangs on more than its rule.
    pub(super) fn judged(
        &mut self,
        spot: &Spot<'_>,
        rule: Rule,
        class: Class,
        from: Option<String>,
        to: Option<String>,
    ) {
        self.changes.push(Change {
            class,
            rule,
            operations: vec![spot.operation.to_owned()],
            subject: spot.subject.to_owned(),
            from,
            to,
            from_at: vec![self.from.at(spot.from)],
            to_at: vec![self.to.at(spot.to)],
            note: None,
        });
    }

    pub(super) fn gap(&mut self, spot: &Spot<'_>, absence: Absence) {
        self.gaps.push(Gap {
            absence,
            operations: vec![spot.operation.to_owned()],
            subject: spot.subject.to_owned(),
            from_at: vec![self.from.at(spot.from)],
            to_at: vec![self.to.at(spot.to)],
        });
    }
}
