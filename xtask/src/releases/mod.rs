//! The changes between two releases of the vendor's reference, for a caller of the client.
//!
//! A call that was right by the old reference, and the reading of its response, should be right by the new one. If the
//! reference leaves room for doubt, a change is breaking: a false alarm costs a look, a missed one an outage. A part that one
//! of the references leaves out is a gap: nothing behind it is compared.

mod bodies;
mod operations;
mod parts;

use crate::class::Class;
use crate::difference::{self, Body, Spot, Values, shown};
use crate::drift::deviations::Deviation;
use crate::finding::{Counts, Finding, merge};
use crate::openapi::{Document, Kind, Said};
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
    let mut collector = Collector { from, to, counts: Counts::default(), changes: Vec::new(), gaps: Vec::new() };
    let (pairs, lone) = difference::operations(from, to);
    lone.into_iter().for_each(|(key, sides)| collector.lone_operation(key, sides));
    collector.counts.operations = pairs.len();
    for pair in &pairs {
        collector.operation(pair);
        collector.parts(pair);
        Body::ALL.iter().for_each(|body| collector.body(pair, *body));
    }
    let Collector { counts, changes, gaps, .. } = collector;
    let reference = |side: &Document| Reference { release: side.release().to_owned(), file: side.at("").file };
    Changes { from: reference(from), to: reference(to), changes: merge(changes), gaps: merge(gaps), counts }
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

/// All that was found so far.
struct Collector<'a> {
    from: &'a Document,
    to: &'a Document,
    counts: Counts,
    changes: Vec<Finding>,
    gaps: Vec<Finding>,
}

impl Collector<'_> {
    /// Takes down a change; parts that no rule speaks of do not differ.
    fn change(&mut self, spot: Spot<'_>, class: Class, rule: impl Into<Option<Rule>>, values: Values) {
        let Some(rule) = rule.into() else { return };
        let change = Finding { class: Some(class), from: values.0, to: values.1, ..self.finding(spot, rule) };
        self.changes.push(change);
    }

    /// Takes down a change if the two values differ.
    fn differ(&mut self, spot: Spot<'_>, class: Class, rule: impl Into<Option<Rule>>, values: Values) {
        if values.0 != values.1 {
            self.change(spot, class, rule, values);
        }
    }

    fn finding(&self, spot: Spot<'_>, rule: Rule) -> Finding {
        Finding {
            operations: vec![spot.operation.to_owned()],
            from_at: vec![self.from.at(&spot.at.0)],
            to_at: vec![self.to.at(&spot.at.1)],
            ..Finding::new(rule, spot.subject)
        }
    }

    /// Takes down a page or a table that only one of the references has: the older one, or the newer.
    fn left_out(&mut self, spot: Spot<'_>, rule: Rule, is_old: bool) {
        let (there, lacks) = match rule {
            Rule::PageMissing => ("page", "has no page for it"),
            _ => ("table", "leaves out the table of its fields"),
        };
        let there = Some(there.to_owned());
        let (from, to, without) = if is_old { (there, None, self.to) } else { (None, there, self.from) };
        let note = Some(format!("the reference of {} {lacks}", without.release()));
        self.gaps.push(Finding { from, to, note, ..self.finding(spot, rule) });
    }

    /// Compares two descriptions, if both are there and whole.
    fn wording(&mut self, spot: Spot<'_>, rule: impl Into<Option<Rule>>, from: &Said, to: &Said) {
        match (&from.fingerprint, &to.fingerprint) {
            (None, None) if !from.cut && !to.cut => {}
            (Some(before), Some(after)) if !from.cut && !to.cut => {
                let values = (Some(before.to_string()), Some(after.to_string()));
                self.differ(spot, Class::Wording, rule, values);
            }
            _ => self.counts.wordings_skipped += 1,
        }
    }
}

/// Whether two values are the same on the wire, apart from the members of objects.
fn same_shape(from: &Kind, to: &Kind) -> bool {
    match (from, to) {
        (Kind::Array(from), Kind::Array(to)) => same_shape(from, to),
        (Kind::Object(_), Kind::Object(_)) => true,
        (from, to) => from == to,
    }
}

/// The type of a part as the facts call it: an object by the name of its definition.
fn type_of(document: &Document, kind: &Kind) -> String {
    let name = |pointer: &str| Some(format!("#{}", document.schemas.get(pointer)?.definition()?));
    shown::kind(kind, &name)
}
