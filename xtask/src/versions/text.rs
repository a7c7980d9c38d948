//! For people at a terminal: a block for each class, two lines for each change, and what is wrong with the version.

use crate::changelist::Class;
use crate::changelist::text::{block, entry, printable, shown};

use super::change::{Change, Kind};
use super::step::Fault;
use super::{Changes, Name};

/// The report as text.
pub fn render(changes: &Changes, faults: &[Fault]) -> String {
    let mut out = String::new();
    for class in Class::ALL {
        let entries: Vec<String> = changes.of(class).map(change).collect();
        out.push_str(&block(class.name(), &entries));
    }
    out.push_str(&verdict(changes));
    out.push('\n');
    faults.iter().for_each(|fault| out.push_str(&format!("{fault}\n")));
    printable(&out)
}

fn change(change: &Change) -> String {
    let note = change.note.map(|note| format!("    note: {note}\n")).unwrap_or_default();
    let what = format!("{} {}{}", change.kind.name(), change.subject, values(change));
    let (from, to) = (std::slice::from_ref(&change.from_at), std::slice::from_ref(&change.to_at));
    format!("{}{note}", entry(&what, from, to))
}

fn values(change: &Change) -> String {
    match (&change.from, &change.to) {
        (None, None) => String::new(),
        (Some(value), None) if change.kind == Kind::Removed => format!(": {value}"),
        (None, Some(value)) if change.kind == Kind::Added => format!(": {value}"),
        (from, to) => format!(": {} -> {}", shown(from.as_deref()), shown(to.as_deref())),
    }
}

/// The result in one line, with all counts.
pub(super) fn verdict(changes: &Changes) -> String {
    let count = |class| format!("{} {}", changes.of(class).count(), class.name());
    let side = |name: &Name| format!("{} ({})", name.version, name.file);
    let classes: Vec<String> = Class::ALL.into_iter().map(count).collect();
    format!("from {} to {}: {}", side(&changes.from), side(&changes.to), classes.join(", "))
}
