//! Workflow commands for GitHub, which annotate the lines of a pull request.

use super::{Drift, Report, few, file_and_line, level, one_line};
use crate::finding::{Finding, Fix};
use crate::place::At;

/// Shows the report as workflow commands, and then the result: GitHub shows only ten annotations of a step.
pub(super) fn render(report: &Report<'_>, drift: &Drift<'_>) -> String {
    let mut out: String = report.findings.iter().map(annotation).collect();
    report.conclusion(drift).iter().for_each(|line| out.push_str(&format!("{}\n", one_line(line))));
    out
}

fn annotation(finding: &Finding) -> String {
    let mut text = finding.message();
    if !finding.from_at.is_empty() {
        let places: Vec<String> = finding.from_at.iter().map(file_and_line).collect();
        text.push_str(&format!("\nthe facts: {}", few(&places)));
    }
    if !finding.operations.is_empty() {
        text.push_str(&format!("\nin {}", few(&finding.operations)));
    }
    if let Fix::Person(reason) = &finding.fix {
        text.push_str(&format!("\na person is needed: {reason}"));
    }
    let place = |at: &At| format!("file={},line={},col={},", property(&at.file), at.line, at.column);
    let place = finding.to_at.first().map(place).unwrap_or_default();
    format!("::{} {place}title={}::{}\n", level(finding.rule), property(finding.rule.id()), message(&text))
}

/// Escapes a message as GitHub's own toolkit does: a line break would end the command.
fn message(text: &str) -> String {
    one_line(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

/// Escapes a property, in which colons and commas have a meaning.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
