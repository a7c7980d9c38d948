//! For a pull request or a changelog: a table for each class.

use super::change::{Change, Class, Kind};
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

fn heading(class: Class) -> &'static str {
    match class {
        Class::Breaking => "Breaking",
        Class::Compatible => "Compatible",
        Class::Wording => "Wording only",
    }
}

fn table(heading: &str, columns: &[&str], rows: &[String]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    format!(
        "\n### {heading}: {}\n\n{}{}{}",
        rows.len(),
        line(columns.to_vec()),
        line(columns.iter().map(|_| "---").collect()),
        rows.concat()
    )
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

/// `text` as code, in the cell of a table. Where Markdown's own mark would end too early, HTML's takes its place.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    if text.contains(['`', '\\']) || text.trim() != text || text.contains(char::is_control) {
        return format!("<code>{}</code>", plain(text));
    }
    format!("`{}`", text.replace('|', "\\|"))
}

/// `text` with nothing in it that Markdown or HTML would take for a sign.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '|' | '`' | '\\' | '*' | '_' | '[' | ']' | '~' | '#' | '@' => {
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
