//! Operations: which there are, and what is said of each as a whole.

use std::collections::BTreeSet;

use crate::document::join;
use crate::facts::Operation;

use super::age::page_is_missing;
use super::change::{Kind, Subject};
use super::gap::{Absence, Side};
use super::ledger::{Ledger, Spot};
use super::remarks;

/// An operation that both sides have.
pub(super) struct Pair<'a> {
    pub(super) key: &'a str,
    /// Its pointer on both sides.
    pub(super) pointer: String,
    pub(super) from: &'a Operation,
    pub(super) to: &'a Operation,
}

const WHOLE: &str = "operation";

pub(super) fn compare<'a>(ledger: &mut Ledger<'a>) -> Vec<Pair<'a>> {
    let (from, to) = (&ledger.from.facts.operations, &ledger.to.facts.operations);
    let mut pairs = Vec::new();
    for (key, operation) in from {
        match to.get(key) {
            Some(other) => {
                pairs.push(Pair { key, pointer: join("/operations", key), from: operation, to: other });
            }
            None => alone(ledger, key, operation, Side::From),
        }
    }
    for (key, operation) in to.iter().filter(|(key, _)| !from.contains_key(*key)) {
        alone(ledger, key, operation, Side::To);
    }
    for pair in &pairs {
        whole(ledger, pair);
    }
    ledger.counts.operations = pairs.len();
    pairs
}

fn alone(ledger: &mut Ledger<'_>, key: &str, operation: &Operation, present: Side) {
    let pointer = join("/operations", key);
    let spot = Spot { operation: key, subject: WHOLE, from: &pointer, to: &pointer };
    let since = Some(format!("since {}", operation.introduced));
    let (from, to) = (&ledger.from.facts.release, &ledger.to.facts.release);
    let missing = page_is_missing(&operation.introduced, present, from, to);
    match present {
        Side::From if missing => ledger.gap(&spot, Absence::Page(Side::To)),
        Side::To if missing => ledger.gap(&spot, Absence::Page(Side::From)),
        Side::From => ledger.change(&spot, Subject::Operation, Kind::Removed, since, None),
        Side::To => ledger.change(&spot, Subject::Operation, Kind::Added, None, since),
    }
}

fn whole(ledger: &mut Ledger<'_>, pair: &Pair<'_>) {
    let (from, to) = (pair.from, pair.to);
    let mut change = |member: &str, kind, before, after| {
        let pointer = join(&pair.pointer, member);
        let spot = Spot { operation: pair.key, subject: WHOLE, from: &pointer, to: &pointer };
        ledger.change(&spot, Subject::Operation, kind, before, after);
    };
    if from.introduced != to.introduced {
        change("introduced", Kind::Introduced, Some(from.introduced.clone()), Some(to.introduced.clone()));
    }
    let (before, after) = (commands(from), commands(to));
    if before != after {
        change("commands", Kind::Command, before, after);
    }
    let pointer = join(&pair.pointer, "fingerprint");
    let spot = Spot { operation: pair.key, subject: WHOLE, from: &pointer, to: &pointer };
    remarks::wording(ledger, &spot, Subject::Operation, from.fingerprint.as_ref(), to.fingerprint.as_ref());
}

fn commands(operation: &Operation) -> Option<String> {
    let commands: BTreeSet<&str> = operation.commands.iter().map(String::as_str).collect();
    (!commands.is_empty()).then(|| commands.into_iter().collect::<Vec<_>>().join(", "))
}
