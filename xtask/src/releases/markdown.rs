//! For a pull request or a changelog: a table for each class.

use crate::changelist::Class;
use crate::changelist::markdown::{heading, table};
use crate::markdown::{code, plain};

use super::change::{Change, Kind};
use super::gap::Gap;
use super::{Changes, text};

/// The report as Markdown.
pub fn render(changes: &Changes) -> String {
    let mut out = format!("## From {} to {}\n", plain(&changes.from.release), plain(&changes.to.release));
    for class in Class::ALL {
        let rows: Vec<String> = changes.of(class).map(row).collect();
        out.push_str(&table(heading(class), &["Change", "Subject", "Operations", "From", "To"], &rows));
    }
    let rows: Vec<String> = changes.gaps.iter().map(|gap| gap_row(changes, gap)).collect();
    out.push_str(&table("Not compared", &["What", "Where", "Why"], &rows));
    if changes.changes.is_empty() && changes.gaps.is_empty() {
        out.push_str("\nNo changes.\n");
    }
    out
}

fn row(change: &Change) -> String {
    // A fingerprint tells nobody anything.
    let value = |value: &Option<String>| match value {
        Some(value) if change.rule.kind != Kind::Wording => code(value),
        _ => String::new(),
    };
    let note = change.note.as_ref().map(|note| format!("<br>{}", plain(note))).unwrap_or_default();
    format!(
        "| {} | {}{note} | {} | {} | {} |\n",
        change.rule,
        code(&change.subject),
        codes(&change.operations),
        value(&change.from),
        value(&change.to),
    )
}

fn gap_row(changes: &Changes, gap: &Gap) -> String {
    format!(
        "| {} | {} | {} |\n",
        code(&gap.subject),
        codes(&gap.operations),
        plain(&text::reason(changes, gap.absence))
    )
}

fn codes(texts: &[String]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}
