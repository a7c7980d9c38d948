//! Bodies: which there are, and the way into each.

use crate::document::join;
use crate::facts::Field;

use super::change::{Kind, Subject};
use super::class::Direction;
use super::fields::{Body, Table};
use super::gap::{Absence, Side};
use super::ledger::{Ledger, Spot};
use super::operations::Pair;

pub(super) fn compare(ledger: &mut Ledger<'_>, pair: &Pair<'_>) {
    let (from, to) = (pair.from, pair.to);
    match (&from.request, &to.request) {
        (Some(before), Some(after)) => {
            inside(ledger, pair, ("request", Direction::Request), before, after);
        }
        (before, after) => whole(ledger, pair, ("request", Subject::Request), before.as_deref(), after.as_deref()),
    }
    // An answer without members is one without a body.
    match (from.response.as_slice(), to.response.as_slice()) {
        ([], []) => {}
        ([], after) => whole(ledger, pair, ("response", Subject::Response), None, Some(after)),
        (before, []) => whole(ledger, pair, ("response", Subject::Response), Some(before), None),
        (before, after) => inside(ledger, pair, ("response", Direction::Response), before, after),
    }
    // Every error has a body: a page that shows none has left it out.
    inside(ledger, pair, ("error", Direction::Response), &from.error, &to.error);
}

fn whole(
    ledger: &mut Ledger<'_>,
    pair: &Pair<'_>,
    (name, subject): (&str, Subject),
    from: Option<&[Field]>,
    to: Option<&[Field]>,
) {
    let pointer = join(&pair.pointer, name);
    let spot = Spot { operation: pair.key, subject: name, from: &pointer, to: &pointer };
    let shown = |fields: &[Field]| match fields.len() {
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    };
    match (from, to) {
        (Some(before), None) => ledger.change(&spot, subject, Kind::Removed, Some(shown(before)), None),
        (None, Some(after)) => ledger.change(&spot, subject, Kind::Added, None, Some(shown(after))),
        _ => {}
    }
}

fn inside<'a>(
    ledger: &mut Ledger<'_>,
    pair: &Pair<'a>,
    (name, direction): (&'static str, Direction),
    from: &'a [Field],
    to: &'a [Field],
) {
    let pointer = join(&pair.pointer, name);
    let table = |fields| Table { pointer: pointer.clone(), fields };
    Body { pair, name, direction }.compare(ledger, table(from), table(to));
}

/// The side that leaves out a table which the other one has.
pub(super) fn left_out(from: &[Field], to: &[Field]) -> Option<Absence> {
    match (from, to) {
        ([], [_, ..]) => Some(Absence::Table(Side::From)),
        ([_, ..], []) => Some(Absence::Table(Side::To)),
        _ => None,
    }
}
