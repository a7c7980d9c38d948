//! For people at a terminal: each finding in the way of a compiler's message.

use annotate_snippets::{Annotation, AnnotationKind, Level, Origin, Renderer, Snippet};

pub use super::Report;
use super::{FEW, few, one_line};
use crate::finding::{Finding, Fix};
use crate::place::At;
use crate::rule::Rule;

/// The report as text.
pub fn render(report: &Report<'_>) -> String {
    let mut out = String::new();
    let lines = Lines::new(report);
    for finding in &report.judged.drift {
        out.push_str(&one(&lines, finding));
        out.push_str("\n\n");
    }
    out.push_str(&report.verdict());
    out.push('\n');
    for (text, command) in report.advice() {
        out.push_str(&text);
        if let Some(command) = command {
            out.push_str(&format!(": {command}"));
        }
        out.push('\n');
    }
    out
}

/// The lines of the files that findings are in: there are many findings in long files.
struct Lines<'r> {
    spec: Vec<&'r str>,
    /// With the name of their file.
    deviations: (&'r str, Vec<&'r str>),
    sources: Vec<(&'r str, Vec<&'r str>)>,
}

impl<'r> Lines<'r> {
    fn new(report: &Report<'r>) -> Self {
        let lines = |text: &'r str| text.lines().collect();
        Self {
            spec: lines(report.spec.1),
            deviations: (report.deviations.0, lines(report.deviations.1)),
            sources: report.sources.iter().map(|(name, text)| (*name, lines(text))).collect(),
        }
    }

    /// The line of what was curated, in the document or in the list of deviations.
    fn curated(&self, at: &At) -> &'r str {
        let lines = if at.file == self.deviations.0 { &self.deviations.1 } else { &self.spec };
        nth(lines, at)
    }

    /// The line of what is documented.
    fn documented(&self, at: &At) -> &'r str {
        self.sources.iter().find(|(name, _)| *name == at.file).map_or("", |(_, lines)| nth(lines, at))
    }
}

fn nth<'r>(lines: &[&'r str], at: &At) -> &'r str {
    lines.get(number(at.line).saturating_sub(1)).copied().unwrap_or_default()
}

fn one(lines: &Lines<'_>, finding: &Finding) -> String {
    let message = one_line(&finding.message());
    let curated = snippet(lines.curated(&finding.at), &finding.at, AnnotationKind::Primary, label(finding.rule));
    let mut group =
        Level::ERROR.with_name("drift").primary_title(message.as_str()).id(finding.rule.id()).element(curated);
    let mut places = finding.documented_at.iter();
    if let Some(first) = places.next() {
        let line = lines.documented(first);
        group = group.element(snippet(line, first, AnnotationKind::Context, documented(finding.rule)));
    }
    for at in places.take(FEW - 1) {
        group = group.element(Origin::path(at.file.as_str()).line(number(at.line)));
    }
    let notes = notes(finding);
    for note in &notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    Renderer::plain().render(&[group]).to_string()
}

fn notes(finding: &Finding) -> Vec<String> {
    let mut notes = Vec::new();
    let more = finding.documented_at.len().saturating_sub(FEW);
    if more > 0 {
        notes.push(format!("and {more} more in {}", finding.documented_at[FEW].file));
    }
    if !finding.operations.is_empty() {
        notes.push(format!("in {}", few(&finding.operations)));
    }
    if let Fix::Person(reason) = &finding.fix {
        notes.push(format!("a person is needed: {reason}"));
    }
    notes.iter().map(|note| one_line(note)).collect()
}

fn snippet<'t>(line: &'t str, at: &'t At, kind: AnnotationKind, label: &'t str) -> Snippet<'t, Annotation<'t>> {
    let column = number(at.column).saturating_sub(1);
    let start = line.char_indices().nth(column).map_or(line.len(), |(index, _)| index);
    Snippet::source(line)
        .path(at.file.as_str())
        .line_start(number(at.line))
        .annotation(kind.span(start..end(line, start)).label(label))
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

fn documented(rule: Rule) -> &'static str {
    if rule.is_undocumented() { "not documented here" } else { "documented here" }
}

fn number(of: u64) -> usize {
    usize::try_from(of).unwrap_or(usize::MAX)
}
