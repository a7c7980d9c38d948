//! For people at a terminal: a block for each class.

use crate::place::At;

/// The entries under their heading, or nothing if there are none.
pub(crate) fn block(heading: &str, entries: &[String]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    format!("{heading}: {}\n{}\n", entries.len(), entries.concat())
}

/// An entry: what changed, and where on both sides.
pub(crate) fn entry(what: &str, from: &[At], to: &[At]) -> String {
    format!("  {what}\n    {} -> {}\n", places(from), places(to))
}

/// What stands on one side of a change.
pub(crate) fn shown(value: Option<&str>) -> &str {
    value.unwrap_or("nothing")
}

/// Each file once, with all its lines.
fn places(places: &[At]) -> String {
    let mut out = String::new();
    let mut last: Option<&At> = None;
    for at in places {
        match last {
            Some(last) if (&last.file, last.line) == (&at.file, at.line) => {}
            Some(last) if last.file == at.file => out.push_str(&format!(", {}", at.line)),
            _ => out.push_str(&format!("{}:{}", at.file, at.line)),
        }
        last = Some(at);
    }
    out
}

/// What is compared can be made by hand: nothing in it may steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    let steers = |c: char| c.is_control() && c != '\n';
    if !text.contains(steers) {
        return text.to_owned();
    }
    text.chars().map(|c| if steers(c) { c.escape_default().to_string() } else { c.to_string() }).collect()
}
