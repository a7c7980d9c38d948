//! For people at a terminal: each finding in the way of a compiler's message.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use crate::compare::Counts;
use crate::deviations::Judged;
use crate::finding::Finding;
use crate::place::At;
use crate::rule::Rule;

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The findings.
    pub judged: &'a Judged,
    /// How much was compared.
    pub counts: Counts,
    /// The name and the text of the curated document.
    pub spec: (&'a str, &'a str),
    /// The name of the facts file.
    pub facts: &'a str,
    /// The name and the text of the list of deviations.
    pub deviations: (&'a str, &'a str),
}

/// The report as text.
pub fn render(report: &Report<'_>) -> String {
    let mut out = String::new();
    for finding in &report.judged.drift {
        out.push_str(&one(report, finding));
        out.push_str("\n\n");
    }
    let Counts { operations, parameters, fields, error_codes, catalogue } = report.counts;
    let compared = format!(
        "{operations} operations, {parameters} parameters, {fields} fields, {error_codes} error codes in operations and \
         {catalogue} in the catalogue",
    );
    let (allowed, drift) = (report.judged.allowed.len(), report.judged.drift.len());
    let (spec, deviations) = (report.spec.0, report.deviations.0);
    if drift == 0 {
        out.push_str(&format!(
            "no drift between {spec} and {} in {compared}; {deviations} allows {allowed}\n",
            report.facts
        ));
        return out;
    }
    out.push_str(&format!(
        "drift: {} between {spec} and {} in {compared}; {deviations} allows {allowed} more\n",
        if drift == 1 { "1 difference".to_owned() } else { format!("{drift} differences") },
        report.facts
    ));
    let stale = report.judged.drift.iter().filter(|finding| finding.rule == Rule::DeviationStale).count();
    if stale < drift {
        out.push_str(&format!(
            "to mend it, make {spec} say what is documented, or list the difference with its reason in {deviations}\n"
        ));
    }
    if stale > 0 {
        out.push_str(&format!("to mend what is stale, take the entry out of {deviations}, or make it match again\n"));
    }
    out
}

fn one(report: &Report<'_>, finding: &Finding) -> String {
    let message = finding.message();
    let text = if finding.at.file == report.deviations.0 { report.deviations.1 } else { report.spec.1 };
    let line = line(text, &finding.at);
    let start = line.char_indices().nth(column(&finding.at)).map_or(line.len(), |(index, _)| index);
    let end = end(line, start);
    let snippet = Snippet::source(line)
        .path(finding.at.file.as_str())
        .line_start(usize::try_from(finding.at.line).unwrap_or(usize::MAX))
        .annotation(AnnotationKind::Primary.span(start..end).label(label(finding.rule)));
    let mut group =
        Level::ERROR.with_name("drift").primary_title(message.as_str()).id(finding.rule.id()).element(snippet);
    for at in &finding.documented_at {
        group = group.element(Origin::path(at.file.as_str()).line(usize::try_from(at.line).unwrap_or(usize::MAX)));
    }
    let operations = finding.operations.join(", ");
    let note = format!("in {operations}");
    if !operations.is_empty() {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    Renderer::plain().render(&[group]).to_string()
}

/// Where the underlining ends: with the line, or with the item in a list that is on one line.
fn end(line: &str, start: usize) -> usize {
    let whole = line.trim_end().len().max(start);
    let in_list = !line[..start].chars().all(|c| c == ' ' || c == '-');
    let item = line[start..].find([',', ']', '}']).filter(|_| in_list);
    item.map_or(whole, |length| start + length)
}

fn label(rule: Rule) -> &'static str {
    match rule {
        Rule::DeviationStale => "nothing like this is found",
        _ if rule.is_missing() => "it belongs here",
        _ => "here",
    }
}

fn line<'t>(text: &'t str, at: &At) -> &'t str {
    let index = usize::try_from(at.line).unwrap_or(usize::MAX).saturating_sub(1);
    text.lines().nth(index).unwrap_or_default()
}

fn column(at: &At) -> usize {
    usize::try_from(at.column).unwrap_or(usize::MAX).saturating_sub(1)
}
