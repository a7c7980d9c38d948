//! What is said of parameters and fields alike: limits, release and description.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::facts::{Field, Fingerprint, Limits, Parameter};

use super::change::{Kind, Rule, Subject};
use super::class::{self, Direction};
use super::ledger::{Ledger, Spot};

/// What a row of the page says besides name and type.
pub(super) struct Remarks<'a> {
    limits: &'a Limits,
    introduced: Option<&'a str>,
    fingerprint: Option<&'a Fingerprint>,
    cut: bool,
}

impl<'a> From<&'a Parameter> for Remarks<'a> {
    fn from(row: &'a Parameter) -> Self {
        let (introduced, fingerprint) = (row.introduced.as_deref(), row.fingerprint.as_ref());
        Self { limits: &row.limits, introduced, fingerprint, cut: row.cut }
    }
}

impl<'a> From<&'a Field> for Remarks<'a> {
    fn from(row: &'a Field) -> Self {
        let (introduced, fingerprint) = (row.introduced.as_deref(), row.fingerprint.as_ref());
        Self { limits: &row.limits, introduced, fingerprint, cut: row.cut }
    }
}

/// Compares the remarks on a part; `since` has the releases of its operation, which are its own unless it has one.
pub(super) fn compare(
    ledger: &mut Ledger<'_>,
    spot: &Spot<'_>,
    (subject, direction): (Subject, Direction),
    (from, to): (&Remarks<'_>, &Remarks<'_>),
    since: (&str, &str),
) {
    for (name, (before, after)) in limits(from.limits, to.limits) {
        if before != after {
            let class = class::constraint(direction, name, before.as_ref(), after.as_ref());
            let shown = |value: Option<Value>| value.map(|value| format!("{name} {value}"));
            ledger.judged(spot, Rule { subject, kind: Kind::Constraint }, class, shown(before), shown(after));
        }
    }
    if from.introduced != to.introduced {
        let (before, after) = (from.introduced.unwrap_or(since.0), to.introduced.unwrap_or(since.1));
        if before != after {
            ledger.change(spot, subject, Kind::Introduced, Some(before.to_owned()), Some(after.to_owned()));
        }
    }
    if from.cut || to.cut {
        // The fingerprint is that of a beginning.
        ledger.counts.wordings_skipped += 1;
    } else {
        wording(ledger, spot, subject, from.fingerprint, to.fingerprint);
    }
}

/// Compares two descriptions, if both are there.
pub(super) fn wording(
    ledger: &mut Ledger<'_>,
    spot: &Spot<'_>,
    subject: Subject,
    from: Option<&Fingerprint>,
    to: Option<&Fingerprint>,
) {
    match (from, to) {
        (Some(before), Some(after)) if before != after => {
            ledger.change(spot, subject, Kind::Wording, Some(before.to_string()), Some(after.to_string()));
        }
        (Some(_), None) | (None, Some(_)) => ledger.counts.wordings_skipped += 1,
        _ => {}
    }
}

fn limits(from: &Limits, to: &Limits) -> BTreeMap<&'static str, (Option<Value>, Option<Value>)> {
    let mut both: BTreeMap<_, (Option<Value>, Option<Value>)> = BTreeMap::new();
    from.named().into_iter().for_each(|(name, value)| both.entry(name).or_default().0 = Some(value));
    to.named().into_iter().for_each(|(name, value)| both.entry(name).or_default().1 = Some(value));
    both
}
