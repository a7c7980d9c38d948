//! Tables for a pull request or a changelog, in GitHub's flavour.

use std::borrow::Borrow;

use super::{Changes, Drift, FEW, file_and_line};
use crate::class::Class;
use crate::finding::{Finding, Fix};
use crate::markdown::{code, plain};

/// Shows a table for each class, and then the gaps and the faults.
pub(super) fn changes(report: &Changes<'_>) -> String {
    let between_releases = report.compared.is_some();
    let columns = if between_releases {
        ["Change", "Subject", "Operations", "From", "To"]
    } else {
        ["Change", "Subject", "From", "To", "Where"]
    };
    let change = |change: &Finding| {
        let note = change.note.as_ref().map(|note| format!("<br>{}", plain(note))).unwrap_or_default();
        let (rule, subject) = (change.rule.to_string(), code(&change.subject) + &note);
        let [from, to] = change.values().map(|value| value.map(code).unwrap_or_default());
        if between_releases {
            return vec![rule, subject, codes(&change.operations), from, to];
        }
        let places = change.from_at.iter().chain(&change.to_at).map(|at| plain(&file_and_line(at)));
        vec![rule, subject, from, to, places.collect::<Vec<_>>().join(" to ")]
    };
    let gap = |gap: &Finding| {
        let why = gap.note.as_deref().unwrap_or_default();
        vec![code(&gap.subject), codes(&gap.operations), plain(why)]
    };
    let mut out = format!("## From {} to {}\n", plain(&report.from.name), plain(&report.to.name));
    for (class, heading) in Class::ALL.into_iter().zip(["Breaking", "Compatible", "Wording only"]) {
        out.push_str(&table(heading, &columns, report.of(class).map(change)));
    }
    out.push_str(&table("Not compared", &["What", "Where", "Why"], report.gaps.iter().map(gap)));
    if report.changes.is_empty() && report.gaps.is_empty() {
        out.push_str("\nNo changes.\n");
    }
    if !report.faults.is_empty() {
        out.push_str("\n### What is wrong with the version\n\n");
        out.extend(report.faults.iter().map(|fault| format!("- {}\n", plain(fault))));
    }
    out
}

fn codes(texts: &[String]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

/// Shows rows under a heading; without rows, nothing.
fn table(heading: &str, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let rows: Vec<String> = rows.map(|cells| row(&cells)).collect();
    if rows.is_empty() {
        return String::new();
    }
    let line = vec!["---"; columns.len()];
    format!("\n### {heading}: {}\n\n{}{}{}", rows.len(), row(columns), row(&line), rows.concat())
}

fn row(cells: &[impl Borrow<str>]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Shows a table of the differences, and then the result and the advice.
pub(super) fn drift(drift: &Drift<'_>) -> String {
    let mut out = String::new();
    if !drift.judged.drift.is_empty() {
        out.push_str("| Rule | Subject | Documented | In the spec | Operations | Places | Fixed by |\n");
        out.push_str("|---|---|---|---|---|---|---|\n");
        out.extend(drift.judged.drift.iter().map(difference));
        out.push('\n');
    }
    out.push_str(&format!("{}.\n", plain(&drift.verdict())));
    let advice = drift.advice(plain, code);
    if !advice.is_empty() {
        out.push('\n');
    }
    out.extend(advice.iter().map(|way| format!("- {way}\n")));
    out
}

fn difference(finding: &Finding) -> String {
    let side = |value: &Option<String>| value.as_deref().map_or("—".to_owned(), code);
    let places = finding.to_at.iter().map(ToString::to_string).chain(finding.from_at.iter().map(file_and_line));
    let fix = match &finding.fix {
        Fix::None => String::new(),
        Fix::Edits(_) => code("regenerate"),
        Fix::Accept => code("regenerate --accept-wording"),
        Fix::Person(reason) => format!("a person: {}", plain(reason)),
    };
    row(&[
        code(finding.rule.id()),
        code(&finding.subject),
        side(&finding.from),
        side(&finding.to),
        list(&finding.operations),
        list(&places.collect::<Vec<_>>()),
        fix,
    ])
}

fn list(all: &[String]) -> String {
    let mut shown: Vec<String> = all.iter().take(FEW).map(|item| code(item)).collect();
    if all.len() > FEW {
        shown.push(format!("and {} more", all.len() - FEW));
    }
    shown.join("<br>")
}
