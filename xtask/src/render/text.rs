//! Text for a terminal: drift as a compiler shows its messages, changes in a few lines each.

use std::collections::HashMap;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Changes, Drift, FEW, notes, one_line};
use crate::class::Class;
use crate::finding::{Counts, Finding};
use crate::place::At;
use crate::rule::Rule;

/// Shows a block for each class and for the gaps, and then the counts and the faults.
pub fn changes(report: &Changes<'_>) -> String {
    let mut out: String = Class::ALL.into_iter().map(|class| block(class.name(), report.of(class))).collect();
    out.push_str(&block("not compared", report.gaps.iter()));
    let [from, to] = [&report.from, &report.to].map(|side| format!("{} ({})", side.name, side.file));
    let classes = Class::ALL.map(|class| format!("{} {}", report.of(class).count(), class.name()));
    out.push_str(&format!("from {from} to {to}: {}", classes.join(", ")));
    if let Some(counts) = report.compared {
        let Counts { operations, parameters, fields, headers, error_codes, wordings_skipped, .. } = counts;
        out.push_str(&format!(
            ", {} not compared\n\
             in both: operations {operations}, parameters {parameters}, fields {fields}, headers {headers}, \
             error codes {error_codes}; descriptions not compared: {wordings_skipped}",
            report.gaps.len(),
        ));
    }
    out.push('\n');
    out.extend(report.faults.iter().map(|fault| format!("{fault}\n")));
    printable(&out)
}

/// Shows findings under a heading; without findings, nothing.
fn block<'f>(heading: &str, found: impl Iterator<Item = &'f Finding>) -> String {
    let entries: Vec<String> = found.map(entry).collect();
    if entries.is_empty() { String::new() } else { format!("{heading}: {}\n{}\n", entries.len(), entries.concat()) }
}

/// Shows a change or a gap, and its places on both sides.
fn entry(finding: &Finding) -> String {
    let note = finding.note.as_deref().unwrap_or_default();
    let values = match finding.values() {
        _ if finding.rule.is_gap() => format!(": {note}"),
        [None, None] => String::new(),
        [Some(value), None] if finding.rule.is_removed() => format!(": {value}"),
        [None, Some(value)] if finding.rule.is_added() => format!(": {value}"),
        [from, to] => format!(": {} -> {}", from.unwrap_or("nothing"), to.unwrap_or("nothing")),
    };
    let operations =
        if finding.operations.is_empty() { String::new() } else { format!(", in {}", finding.operations.join(", ")) };
    let note = if finding.rule.is_gap() || note.is_empty() { String::new() } else { format!("    note: {note}\n") };
    let Finding { rule, subject, from_at, to_at, .. } = finding;
    format!("  {rule} {subject}{values}{operations}\n    {} -> {}\n{note}", places(from_at), places(to_at))
}

/// Names each file once, with all lines.
fn places(places: &[At]) -> String {
    let file = |places: &[At]| {
        let mut lines: Vec<String> = places.iter().map(|at| at.line.to_string()).collect();
        lines.dedup();
        format!("{}:{}", places[0].file, lines.join(", "))
    };
    places.chunk_by(|at, next| at.file == next.file).map(file).collect()
}

/// Escapes control characters: a file made by hand must not steer the terminal.
fn printable(text: &str) -> String {
    let steers = |c: char| c.is_control() && c != '\n';
    text.chars().map(|c| if steers(c) { c.escape_default().to_string() } else { c.to_string() }).collect()
}

/// Shows each difference with the lines of both sides, and then the result and the advice.
pub fn drift(drift: &Drift<'_>) -> String {
    let mut out = String::new();
    // Long files have many findings, so that each file is split into lines once.
    let lines: HashMap<&str, Vec<&str>> =
        drift.texts.iter().map(|(name, text)| (*name, text.lines().collect())).collect();
    let line = |at: &At, or: &str| {
        let lines = lines.get(at.file.as_str()).or_else(|| lines.get(or));
        lines.and_then(|lines| lines.get(number(at.line).saturating_sub(1))).copied().unwrap_or_default()
    };
    for finding in &drift.judged.drift {
        let curated = finding.to_at.first().map(|at| (at, line(at, drift.spec)));
        let documented = finding.from_at.first().map(|at| (at, line(at, "")));
        out.push_str(&difference(finding, curated, documented));
        out.push_str("\n\n");
    }
    out.extend(drift.conclusion().map(|line| line + "\n"));
    out
}

/// Shows one difference, with the line of each side.
fn difference(finding: &Finding, curated: Option<(&At, &str)>, documented: Option<(&At, &str)>) -> String {
    let message = one_line(&finding.message());
    let title = Level::ERROR.with_name("drift").primary_title(message.as_str()).id(finding.rule.id());
    let label = match finding.rule {
        Rule::DeviationStale => "nothing like this is found",
        rule if rule.is_missing() => "it belongs here",
        _ => "here",
    };
    let curated = curated.map(|(at, line)| snippet(line, at, AnnotationKind::Primary, label));
    let label = if finding.rule.is_undocumented() { "not documented here" } else { "documented here" };
    let documented = documented.map(|(at, line)| snippet(line, at, AnnotationKind::Context, label));
    let mut group = Group::with_title(title).elements(curated.into_iter().chain(documented));
    for at in finding.from_at.iter().take(FEW).skip(1) {
        group = group.element(Origin::path(at.file.as_str()).line(number(at.line)));
    }
    let more = finding.from_at.get(FEW).map(|at| format!("and {} more in {}", finding.from_at.len() - FEW, at.file));
    let notes: Vec<String> = more.into_iter().chain(notes(finding)).map(|note| one_line(&note)).collect();
    let group = group.elements(notes.iter().map(|note| Level::NOTE.message(note.as_str())));
    Renderer::plain().render(&[group]).to_string()
}

fn snippet<'t>(line: &'t str, at: &'t At, kind: AnnotationKind, label: &'t str) -> Snippet<'t, Annotation<'t>> {
    let column = number(at.column).saturating_sub(1);
    let start = line.char_indices().nth(column).map_or(line.len(), |(index, _)| index);
    Snippet::source(line)
        .path(at.file.as_str())
        .line_start(number(at.line))
        .annotation(kind.span(start..end(line, start)).label(label))
}

/// Finds the end of the underlining: the end of the line, or of the item in a list on one line.
fn end(line: &str, start: usize) -> usize {
    let whole = line.trim_end().len().max(start);
    let in_list = !line[..start].chars().all(|c| c == ' ' || c == '-');
    let item = line[start..].find([',', ']', '}']).filter(|_| in_list);
    item.map_or(whole, |length| start + length)
}

fn number(of: u64) -> usize {
    usize::try_from(of).unwrap_or(usize::MAX)
}
