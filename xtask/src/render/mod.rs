//! Shows the result of a comparison. Each format is a pure function of a [`Drift`] or of [`Changes`].

mod changes;
mod drift;
mod github;
mod json;
mod markdown;
mod sarif;
pub mod text;

use clap::ValueEnum;
use serde::Serialize;

use crate::finding::{Finding, Fix};
use crate::outcome::Failure;
use crate::place::At;
use crate::rule::Rule;

pub use changes::{Changes, Side};
pub use drift::Drift;
pub use json::Difference;

/// The number of places or operations that a person is shown.
const FEW: usize = 3;

/// The format of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    #[default]
    Text,
    /// For programs; the schemas are spec/diff.schema.json and, with --from, spec/versions.schema.json.
    Json,
    /// For a pull request.
    Markdown,
    /// For the log of a GitHub workflow, which makes annotations of it.
    Github,
    /// For viewers of static analysis, version 2.1.0; they judge, so that findings are no failure.
    Sarif,
}

impl Format {
    /// Shows drift in this format.
    ///
    /// # Errors
    /// If JSON cannot hold it.
    pub fn drift(self, drift: &Drift<'_>) -> Result<String, Failure> {
        Ok(match self {
            Self::Text => text::drift(drift),
            Self::Json => json(&Difference::new(drift))?,
            Self::Markdown => markdown::drift(drift),
            Self::Github => github::drift(drift),
            Self::Sarif => sarif::drift(drift),
        })
    }

    /// Shows changes in this format.
    ///
    /// # Errors
    /// If the format is for drift only, or JSON cannot hold the changes.
    pub fn changes(self, changes: &Changes<'_>) -> Result<String, Failure> {
        Ok(match self {
            Self::Text => text::changes(changes),
            Self::Json => json(changes)?,
            Self::Markdown => markdown::changes(changes),
            Self::Github | Self::Sarif => {
                return Err("changes are shown with --format text, json or markdown".into());
            }
        })
    }
}

fn json(report: &impl Serialize) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

/// Lists the rules that drift can have.
fn rules() -> impl Iterator<Item = Rule> {
    Rule::ALL.iter().copied().filter(|rule| rule.is_drift())
}

/// Gives the severity in GitHub's and SARIF's word. A changed sentence misleads nobody, and is a warning.
fn level(rule: Rule) -> &'static str {
    if rule.is_wording() || rule == Rule::SummaryMissing { "warning" } else { "error" }
}

/// Says in which operations the difference is, and why a person is needed.
fn notes(finding: &Finding) -> impl Iterator<Item = String> {
    let operations = (!finding.operations.is_empty()).then(|| format!("in {}", few(&finding.operations)));
    operations.into_iter().chain(person(finding))
}

/// Says why a person is needed, if one is.
fn person(finding: &Finding) -> Option<String> {
    if let Fix::Person(reason) = &finding.fix { Some(format!("a person is needed: {reason}")) } else { None }
}

/// Shows a place without its column, which tells people nothing about a file that a program wrote.
fn file_and_line(at: &At) -> String {
    format!("{}:{}", at.file, at.line)
}

/// Shows the first few, and the number of the rest.
fn few(all: &[String]) -> String {
    let shown = all[..all.len().min(FEW)].join(", ");
    if all.len() > FEW { format!("{shown} and {} more", all.len() - FEW) } else { shown }
}

/// Removes line breaks and control characters, which a terminal would obey.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
