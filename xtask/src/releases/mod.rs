//! The changes between two releases of the vendor's reference, for a caller of the client.
//!
//! A call that was right by the old reference, and the reading of its response, should be right by the new one. If the
//! reference leaves room for doubt, a change is breaking: a false alarm costs a look, a missed one an outage. A part that one
//! of the references leaves out is a gap: nothing behind it is compared.

mod age;
mod fields;
mod operations;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::class::{Class, Direction};
use crate::difference::{self, Body, Pair, shown};
use crate::drift::deviations::Deviation;
use crate::finding::{Counts, Finding, merged};
use crate::openapi::{Document, Kind, Limits, Said};
use crate::rule::Rule;

/// The changes between two releases.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// The release to come from.
    pub from: Reference,
    /// The release to go to.
    pub to: Reference,
    /// The changes: what is breaking first, then by operation and subject.
    pub changes: Vec<Finding>,
    /// The parts that could not be compared, because one of the references leaves them out.
    pub gaps: Vec<Finding>,
    /// How much was compared: what both sides have.
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

impl Changes {
    /// The changes of one class, in their order.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Finding> {
        self.changes.iter().filter(move |change| change.class == Some(class))
    }
}

/// Compares two releases.
pub fn compare(from: &Document, to: &Document) -> Changes {
    let mut ledger = Ledger { from, to, counts: Counts::default(), changes: Vec::new(), gaps: Vec::new() };
    let mut pairs = Vec::new();
    for (key, sides) in difference::operations(from, to) {
        match sides.both() {
            Some((from, to)) => pairs.push(Pair { key, from, to }),
            None => ledger.lone_operation(key, sides),
        }
    }
    ledger.counts.operations = pairs.len();
    for pair in &pairs {
        ledger.operation(pair);
        ledger.parameters(pair);
        ledger.responses(pair);
        Body::ALL.iter().for_each(|body| ledger.body(pair, *body));
    }
    let Ledger { counts, changes, gaps, .. } = ledger;
    let reference = |side: &Document| Reference { release: side.release().to_owned(), file: side.at("").file };
    Changes { from: reference(from), to: reference(to), changes: merged(changes), gaps: merged(gaps), counts }
}

/// Notes the reason of a deviation at each change from or to the value that the deviation corrects. Deviations name fields by
/// schema and not by path, so that fields have no notes.
pub fn annotate(changes: &mut Changes, deviations: &[Deviation]) {
    for change in &mut changes.changes {
        let of_this = |deviation: &&Deviation| {
            deviation.rule == change.rule
                && deviation.documented.is_some()
                && [&change.from, &change.to].contains(&&deviation.documented)
                && change.operations.iter().all(|operation| deviation.operations.contains(operation))
                && (deviation.subject == change.subject
                    || change.operations.iter().any(|key| deviation.subject == format!("{key} {}", change.subject)))
        };
        if let Some(deviation) = deviations.iter().find(of_this) {
            change.note = Some(deviation.reason.trim().to_owned());
        }
    }
}

/// A part that is compared: its operation and name, and its pointers on both sides.
#[derive(Clone, Copy)]
struct Spot<'s> {
    operation: &'s str,
    subject: &'s str,
    from: &'s str,
    to: &'s str,
}

/// All that was found so far.
struct Ledger<'a> {
    from: &'a Document,
    to: &'a Document,
    counts: Counts,
    changes: Vec<Finding>,
    gaps: Vec<Finding>,
}

/// One of the two releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    From,
    To,
}

impl Side {
    /// The side that has a part which only one of them has.
    fn present(from: bool) -> Self {
        if from { Self::From } else { Self::To }
    }
}

/// The rules about one kind of part that has limits and a description.
#[derive(Clone, Copy)]
struct Rules {
    constraint: Rule,
    introduced: Rule,
    wording: Rule,
}

impl Ledger<'_> {
    fn change(&mut self, spot: Spot<'_>, class: Class, rule: Rule, from: Option<String>, to: Option<String>) {
        let change = Finding { class: Some(class), from, to, ..self.finding(spot, rule) };
        self.changes.push(change);
    }

    fn finding(&self, spot: Spot<'_>, rule: Rule) -> Finding {
        Finding {
            operations: vec![spot.operation.to_owned()],
            from_at: vec![self.from.at(spot.from)],
            to_at: vec![self.to.at(spot.to)],
            ..Finding::new(rule, spot.subject)
        }
    }

    /// Takes down a page or a table that only one of the references has.
    fn left_out(&mut self, spot: Spot<'_>, rule: Rule, present: Side) {
        let (there, lacks) = match rule {
            Rule::PageMissing => ("page", "has no page for it"),
            _ => ("table", "leaves out the table of its fields"),
        };
        let there = Some(there.to_owned());
        let (from, to, without) = match present {
            Side::From => (there, None, self.to.release()),
            Side::To => (None, there, self.from.release()),
        };
        let note = Some(format!("the reference of {without} {lacks}"));
        self.gaps.push(Finding { from, to, note, ..self.finding(spot, rule) });
    }

    fn limits(&mut self, spot: Spot<'_>, rule: Rule, direction: Direction, (from, to): (&Limits, &Limits)) {
        let names: BTreeSet<&str> = from.keys().chain(to.keys()).copied().collect();
        for name in names {
            let (before, after) = (from.get(name).map(|(value, _)| value), to.get(name).map(|(value, _)| value));
            if before != after {
                let class = Class::of_limit(direction, name, before, after);
                let values = (shown::limit(name, before), shown::limit(name, after));
                self.change(spot, class, rule, values.0, values.1);
            }
        }
    }

    /// Compares the lists of values of two schemas, if both have one.
    fn values(&mut self, spot: Spot<'_>, rule: Rule, direction: Direction, (from, to): (&str, &str)) {
        let (before, after) = (self.from.values(from), self.to.values(to));
        let lacks = |some: &[&Value], other: &[&Value]| other.iter().any(|value| !some.contains(value));
        if before.is_empty() || after.is_empty() || !(lacks(&before, &after) || lacks(&after, &before)) {
            return;
        }
        // A value that goes breaks requests with it. A caller may not expect one that comes in a response.
        let breaks = match direction {
            Direction::Request => lacks(&after, &before),
            Direction::Response => lacks(&before, &after),
        };
        let class = if breaks { Class::Breaking } else { Class::Compatible };
        let values = (shown::values(&before), shown::values(&after));
        self.change(spot, class, rule, values.0, values.1);
    }

    /// Compares the marks of a part; `since` has those of the operation, whose release counts for a part without its own.
    fn said(&mut self, spot: Spot<'_>, rules: Rules, (from, to): (&Said, &Said), since: (&Said, &Said)) {
        if from.introduced != to.introduced {
            let release = |own: &Said, since: &Said| own.introduced.clone().or_else(|| since.introduced.clone());
            let (before, after) = (release(from, since.0), release(to, since.1));
            if before != after {
                self.change(spot, Class::Wording, rules.introduced, before, after);
            }
        }
        self.wording(spot, rules.wording, from, to);
    }

    /// Compares two descriptions, if both are there and whole.
    fn wording(&mut self, spot: Spot<'_>, rule: Rule, from: &Said, to: &Said) {
        match (&from.fingerprint, &to.fingerprint) {
            _ if from.cut || to.cut => self.counts.wordings_skipped += 1,
            (Some(before), Some(after)) if before != after => {
                self.change(spot, Class::Wording, rule, Some(before.to_string()), Some(after.to_string()));
            }
            (Some(_), None) | (None, Some(_)) => self.counts.wordings_skipped += 1,
            _ => {}
        }
    }
}

/// The type of a part as the facts call it: an object by the name of its definition.
fn type_of(document: &Document, kind: &Kind) -> String {
    let name = |pointer: &str| Some(format!("#{}", document.schemas.get(pointer)?.definition()?));
    shown::kind(kind, &name)
}
