//! For a pull request: a table for each class, and what is wrong with the version.

use crate::changelist::Class;
use crate::changelist::markdown::{heading, table};
use crate::markdown::{code, plain};
use crate::place::At;

use super::Changes;
use super::change::Change;
use super::step::Fault;

/// The report as Markdown.
pub fn render(changes: &Changes, faults: &[Fault]) -> String {
    let mut out = format!("## From {} to {}\n", changes.from.version, changes.to.version);
    for class in Class::ALL {
        let rows: Vec<String> = changes.of(class).map(row).collect();
        out.push_str(&table(heading(class), &["Change", "Subject", "From", "To", "Where"], &rows));
    }
    if changes.changes.is_empty() {
        out.push_str("\nNo changes.\n");
    }
    if !faults.is_empty() {
        out.push_str("\n### What is wrong with the version\n\n");
        faults.iter().for_each(|fault| out.push_str(&format!("- {}\n", plain(&fault.to_string()))));
    }
    out
}

fn place(at: &At) -> String {
    plain(&format!("{}:{}", at.file, at.line))
}

fn row(change: &Change) -> String {
    let value = |value: &Option<String>| value.as_deref().map(code).unwrap_or_default();
    let note = change.note.map(|note| format!("<br>{}", plain(note))).unwrap_or_default();
    format!(
        "| {} | {}{note} | {} | {} | {} to {} |\n",
        change.kind.name(),
        code(&change.subject),
        value(&change.from),
        value(&change.to),
        place(&change.from_at),
        place(&change.to_at),
    )
}
