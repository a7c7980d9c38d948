//! For the log of a GitHub workflow: the commands that annotate the lines of a pull request.

use super::{Report, few, file_and_line, level, one_line};
use crate::finding::{Finding, Fix};

/// The report as workflow commands, and the result for those who read the log: GitHub shows ten annotations of a step.
pub fn render(report: &Report<'_>) -> String {
    let mut out: String = report.judged.drift.iter().map(annotation).collect();
    out.push_str(&one_line(&report.verdict()));
    out.push('\n');
    for (text, command) in report.advice() {
        let command = command.map(|command| format!(": {command}")).unwrap_or_default();
        out.push_str(&format!("{}\n", one_line(&format!("{text}{command}"))));
    }
    out
}

fn annotation(finding: &Finding) -> String {
    let mut text = finding.message();
    if !finding.documented_at.is_empty() {
        let places: Vec<String> = finding.documented_at.iter().map(file_and_line).collect();
        text.push_str(&format!("\nthe facts: {}", few(&places)));
    }
    if !finding.operations.is_empty() {
        text.push_str(&format!("\nin {}", few(&finding.operations)));
    }
    if let Fix::Person(reason) = &finding.fix {
        text.push_str(&format!("\na person is needed: {reason}"));
    }
    format!(
        "::{} file={},line={},col={},title={}::{}\n",
        level(finding.rule),
        property(&finding.at.file),
        finding.at.line,
        finding.at.column,
        property(finding.rule.id()),
        message(&text)
    )
}

/// A message, as GitHub's own toolkit escapes it: a line break would end the command.
fn message(text: &str) -> String {
    one_line(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

/// A property, likewise: colons and commas have a meaning there.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
