//! Workflow commands for GitHub, which annotate the lines of a pull request.

use super::{Drift, few, file_and_line, level, notes, one_line};
use crate::finding::Finding;
use crate::place::At;

/// Shows drift as workflow commands, and then the result: GitHub shows only ten annotations of a step.
pub(super) fn drift(drift: &Drift<'_>) -> String {
    let conclusion = drift.conclusion().map(|line| one_line(&line) + "\n");
    drift.judged.drift.iter().map(annotation).chain(conclusion).collect()
}

fn annotation(finding: &Finding) -> String {
    let mut lines = vec![finding.message()];
    if !finding.from_at.is_empty() {
        let places: Vec<String> = finding.from_at.iter().map(file_and_line).collect();
        lines.push(format!("the facts: {}", few(&places)));
    }
    lines.extend(notes(finding));
    let place = |at: &At| format!("file={},line={},col={},", property(&at.file), at.line, at.column);
    let place = finding.to_at.first().map(place).unwrap_or_default();
    let (level, title) = (level(finding.rule), property(finding.rule.id()));
    format!("::{level} {place}title={title}::{}\n", message(&lines.join("\n")))
}

/// Escapes a message as GitHub's own toolkit does: a line break would end the command.
fn message(text: &str) -> String {
    one_line(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

/// Escapes a property, in which colons and commas have a meaning.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
