//! For a pull request: a table, and what to do.

use super::{FEW, Report, file_and_line};
use crate::finding::{Finding, Fix};
use crate::markdown::{code, plain};

/// The report as Markdown, in GitHub's flavour.
pub fn render(report: &Report<'_>) -> String {
    let mut out = String::new();
    if !report.judged.drift.is_empty() {
        out.push_str("| Rule | Subject | Documented | In the spec | Operations | Places | Mended by |\n");
        out.push_str("|---|---|---|---|---|---|---|\n");
        for finding in &report.judged.drift {
            out.push_str(&row(finding));
        }
        out.push('\n');
    }
    out.push_str(&format!("{}.\n", plain(&report.verdict())));
    let advice = report.advice();
    if !advice.is_empty() {
        out.push('\n');
    }
    for (text, command) in advice {
        let command = command.map(|command| format!(": {}", code(&command))).unwrap_or_default();
        out.push_str(&format!("- {}{command}\n", plain(&text)));
    }
    out
}

fn row(finding: &Finding) -> String {
    let side = |value: &Option<String>| value.as_deref().map_or("—".to_owned(), code);
    let mut places = vec![finding.at.to_string()];
    places.extend(finding.documented_at.iter().map(file_and_line));
    let mend = match &finding.fix {
        Fix::Edits(_) => code("regenerate"),
        Fix::Accept => code("regenerate --accept-wording"),
        Fix::Person(reason) => format!("a person: {}", plain(reason)),
    };
    let cells = [
        code(finding.rule.id()),
        code(&finding.subject),
        side(&finding.documented),
        side(&finding.curated),
        list(&finding.operations),
        list(&places),
        mend,
    ];
    format!("| {} |\n", cells.join(" | "))
}

fn list(all: &[String]) -> String {
    let mut shown: Vec<String> = all.iter().take(FEW).map(|item| code(item)).collect();
    if all.len() > FEW {
        shown.push(format!("and {} more", all.len() - FEW));
    }
    shown.join("<br>")
}
