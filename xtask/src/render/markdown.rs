//! Tables for a pull request or a changelog.

use super::{Compared, Drift, FEW, Report, file_and_line};
use crate::class::Class;
use crate::finding::{Finding, Fix};
use crate::markdown::{code, plain};

/// Shows the report in GitHub's flavour.
pub fn render(report: &Report<'_>) -> String {
    match &report.compared {
        Compared::Drift(compared) => drift(report, compared),
        Compared::Releases(_, gaps) => {
            let change = |change: &Finding| {
                let [rule, subject, from, to] = change_cells(change);
                vec![rule, subject, codes(&change.operations), from, to]
            };
            let gap = |gap: &Finding| {
                let why = gap.note.as_deref().unwrap_or_default();
                vec![code(&gap.subject), codes(&gap.operations), plain(why)]
            };
            let gaps = table("Not compared", &["What", "Where", "Why"], gaps.iter().map(gap));
            changes(report, &["Change", "Subject", "Operations", "From", "To"], change, &gaps)
        }
        Compared::Versions { faults, .. } => {
            let change = |change: &Finding| {
                let [rule, subject, from, to] = change_cells(change);
                let places = change.from_at.iter().chain(&change.to_at).map(|at| plain(&file_and_line(at)));
                vec![rule, subject, from, to, places.collect::<Vec<_>>().join(" to ")]
            };
            let mut out = changes(report, &["Change", "Subject", "From", "To", "Where"], change, "");
            if !faults.is_empty() {
                out.push_str("\n### What is wrong with the version\n\n");
                faults.iter().for_each(|fault| out.push_str(&format!("- {}\n", plain(fault))));
            }
            out
        }
    }
}

/// Shows a table for each class, and then the gaps.
fn changes(report: &Report<'_>, columns: &[&str], row: impl Fn(&Finding) -> Vec<String>, gaps: &str) -> String {
    let mut out = format!("## From {} to {}\n", plain(&report.from.name), plain(&report.to.name));
    for (class, heading) in Class::ALL.into_iter().zip(["Breaking", "Compatible", "Wording only"]) {
        out.push_str(&table(heading, columns, report.of(class).map(&row)));
    }
    out.push_str(if report.findings.is_empty() && gaps.is_empty() { "\nNo changes.\n" } else { gaps });
    out
}

/// Makes the cells of the rule, the subject with its note, and both values.
fn change_cells(change: &Finding) -> [String; 4] {
    let note = change.note.as_ref().map(|note| format!("<br>{}", plain(note))).unwrap_or_default();
    let [from, to] = change.values().map(|value| value.map(code).unwrap_or_default());
    [change.rule.to_string(), code(&change.subject) + &note, from, to]
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
    let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
    let line = vec!["---".to_owned(); columns.len()];
    format!("\n### {heading}: {}\n\n{}{}{}", rows.len(), row(&columns), row(&line), rows.concat())
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn drift(report: &Report<'_>, drift: &Drift<'_>) -> String {
    let mut out = String::new();
    if !report.findings.is_empty() {
        out.push_str("| Rule | Subject | Documented | In the spec | Operations | Places | Fixed by |\n");
        out.push_str("|---|---|---|---|---|---|---|\n");
        report.findings.iter().for_each(|finding| out.push_str(&difference(finding)));
        out.push('\n');
    }
    out.push_str(&format!("{}.\n", plain(&report.verdict(drift))));
    let advice = report.advice(drift);
    if !advice.is_empty() {
        out.push('\n');
    }
    for (text, command) in advice {
        let command = command.map(|command| format!(": {}", code(&command))).unwrap_or_default();
        out.push_str(&format!("- {}{command}\n", plain(&text)));
    }
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
