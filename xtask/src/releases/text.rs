//! For people at a terminal: a block for each class, two lines for each change.

use crate::changelist::Class;
use crate::changelist::text::{self, block, printable, shown};
use crate::place::At;

use super::change::{Change, Kind};
use super::gap::{Absence, Gap, Side};
use super::{Changes, Reference};

/// The report as text.
pub fn render(changes: &Changes) -> String {
    let mut out = String::new();
    for class in Class::ALL {
        let entries: Vec<String> = changes.of(class).map(change).collect();
        out.push_str(&block(class.name(), &entries));
    }
    let gaps: Vec<String> = changes.gaps.iter().map(|entry| gap(changes, entry)).collect();
    out.push_str(&block("not compared", &gaps));
    out.push_str(&end(changes));
    printable(&out)
}

fn change(change: &Change) -> String {
    let note = change.note.as_ref().map(|note| format!("    note: {note}\n")).unwrap_or_default();
    let what = format!("{} {}{}", change.rule, change.subject, values(change));
    format!("{}{note}", entry(&what, &change.operations, &change.from_at, &change.to_at))
}

fn gap(changes: &Changes, gap: &Gap) -> String {
    let what = format!("{} {}: {}", gap.absence.name(), gap.subject, reason(changes, gap.absence));
    entry(&what, &gap.operations, &gap.from_at, &gap.to_at)
}

fn entry(what: &str, operations: &[String], from: &[At], to: &[At]) -> String {
    text::entry(&format!("{what}, in {}", operations.join(", ")), from, to)
}

/// The two values; a fingerprint tells nobody anything.
fn values(change: &Change) -> String {
    if change.rule.kind == Kind::Wording {
        return String::new();
    }
    match (&change.from, &change.to) {
        (None, None) => String::new(),
        (Some(value), None) if change.rule.kind == Kind::Removed => format!(": {value}"),
        (None, Some(value)) if change.rule.kind == Kind::Added => format!(": {value}"),
        (from, to) => format!(": {} -> {}", shown(from.as_deref()), shown(to.as_deref())),
    }
}

/// What a gap comes of, in words.
pub(crate) fn reason(changes: &Changes, absence: Absence) -> String {
    let release = |side: Side| match side {
        Side::From => &changes.from.release,
        Side::To => &changes.to.release,
    };
    match absence {
        Absence::Page(side) => format!("the reference of {} has no page for it", release(side)),
        Absence::Table(side) => format!("the reference of {} leaves out the table of its fields", release(side)),
        Absence::Counterpart => "too many definitions stand where this one does".to_owned(),
    }
}

fn end(changes: &Changes) -> String {
    let count = |class| format!("{} {}", changes.of(class).count(), class.name());
    let side = |reference: &Reference| format!("{} ({})", reference.release, reference.file);
    let classes: Vec<String> = Class::ALL.into_iter().map(count).collect();
    let counts = changes.counts;
    format!(
        "from {} to {}: {}, {} not compared\n\
         in both: operations {}, parameters {}, fields {}, headers {}, error codes {}; descriptions not compared: {}\n",
        side(&changes.from),
        side(&changes.to),
        classes.join(", "),
        changes.gaps.len(),
        counts.operations,
        counts.parameters,
        counts.fields,
        counts.headers,
        counts.error_codes,
        counts.wordings_skipped,
    )
}
