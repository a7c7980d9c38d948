//! Shows the result of a comparison. Each format is a pure function of a [`Report`].

mod github;
pub mod json;
pub mod markdown;
mod sarif;
pub mod text;

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use crate::class::Class;
use crate::finding::{Counts, Finding, Fix};
use crate::place::At;
use crate::releases;
use crate::rule::Rule;
use crate::versions::{Edition, least};

/// The number of places or operations that a person is shown.
const FEW: usize = 3;

/// The result of a comparison.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The documented or older side.
    pub from: Side<'a>,
    /// The curated or newer side.
    pub to: Side<'a>,
    /// Drift, or changes.
    pub findings: &'a [Finding],
    /// The comparison, with its own data.
    pub compared: Compared<'a>,
}

/// One of the two sides.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Side<'a> {
    /// The release, the version, or the name of the document.
    pub name: String,
    /// Its file.
    pub file: &'a str,
}

/// The kinds of comparison.
#[derive(Clone, Debug)]
pub enum Compared<'a> {
    /// The curated document with the facts.
    Drift(Drift<'a>),
    /// Two releases of the reference: the size of the comparison, and the gaps.
    Releases(Counts, &'a [Finding]),
    /// Two versions of the curated document.
    Versions {
        /// The lowest version that the changes allow.
        least: String,
        /// The faults of the newer version, each with the way out.
        faults: &'a [String],
    },
}

/// The data that only drift has.
#[derive(Clone, Copy, Debug)]
pub struct Drift<'a> {
    /// The allowed differences, each with the reason in its note.
    pub allowed: &'a [Finding],
    /// The size of the comparison.
    pub counts: Counts,
    /// The list of deviations.
    pub deviations: &'a str,
    /// The names and the texts of the files with findings, the curated document first.
    pub texts: &'a [(&'a str, &'a str)],
    /// The arguments that make other commands take the same files, with a space in front; or nothing.
    pub arguments: &'a str,
}

/// The format of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    #[default]
    Text,
    /// For programs; the schemas are spec/diff.schema.json and, with --from or --since, spec/versions.schema.json.
    Json,
    /// For a pull request.
    Markdown,
    /// For the log of a GitHub workflow, which makes annotations of it.
    Github,
    /// For viewers of static analysis, version 2.1.0; they judge, so that findings are no failure.
    Sarif,
}

/// Why a report cannot be shown.
#[derive(Debug, Error)]
pub enum RenderError {
    /// JSON cannot hold it.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A format for drift only.
    #[error("--from and --to, and --since, go with --format text, json or markdown")]
    Format,
}

impl Format {
    /// Shows the report in this format.
    ///
    /// # Errors
    /// If the format is not for such a report, or JSON cannot hold it.
    pub fn render(self, report: &Report<'_>) -> Result<String, RenderError> {
        Ok(match (self, &report.compared) {
            (Self::Text, _) => text::render(report),
            (Self::Json, _) => json::render(report)?,
            (Self::Markdown, _) => markdown::render(report),
            (Self::Github, Compared::Drift(drift)) => github::render(report, drift),
            (Self::Sarif, Compared::Drift(drift)) => sarif::render(report, drift),
            (Self::Github | Self::Sarif, _) => return Err(RenderError::Format),
        })
    }

    /// Whether drift makes the command fail.
    pub fn fails_on_drift(self) -> bool {
        self != Self::Sarif
    }
}

impl<'a> Report<'a> {
    /// Makes the report on two releases.
    pub fn on_releases(changes: &'a releases::Changes) -> Self {
        let side = |side: &'a releases::Reference| Side { name: side.release.clone(), file: &side.file };
        let compared = Compared::Releases(changes.counts, &changes.gaps);
        Self { from: side(&changes.from), to: side(&changes.to), findings: &changes.changes, compared }
    }

    /// Makes the report on two versions, with the faults of the newer one.
    pub fn on_versions(from: &'a Edition, to: &'a Edition, findings: &'a [Finding], faults: &'a [String]) -> Self {
        let side = |edition: &'a Edition| Side { name: edition.version().to_string(), file: edition.file() };
        let compared = Compared::Versions { least: least(from.version(), findings).to_string(), faults };
        Self { from: side(from), to: side(to), findings, compared }
    }

    /// Gives the changes of one class.
    fn of(&self, class: Class) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |finding| finding.class == Some(class))
    }

    /// Counts the differences that `regenerate` removes, accepting the wording, and a person.
    fn fixes(&self) -> [usize; 3] {
        self.findings.iter().fold([0; 3], |[edits, accept, person], finding| match finding.fix {
            Fix::Edits(_) => [edits + 1, accept, person],
            Fix::Accept => [edits, accept + 1, person],
            Fix::Person(_) => [edits, accept, person + 1],
            Fix::None => [edits, accept, person],
        })
    }

    /// Says the result of a comparison with the facts in one sentence, with all counts.
    fn verdict(&self, drift: &Drift<'_>) -> String {
        let Counts { operations, parameters, fields, error_codes, catalogue, .. } = drift.counts;
        let (head, more) = match self.findings.len() {
            0 => ("no drift".to_owned(), ""),
            1 => ("drift: 1 difference".to_owned(), " more"),
            count => (format!("drift: {count} differences"), " more"),
        };
        format!(
            "{head} between {} and {} in {operations} operations, {parameters} parameters, {fields} fields, \
             {error_codes} error codes in operations and {catalogue} in the catalogue; {} allows {}{more}",
            self.to.name,
            self.from.name,
            drift.deviations,
            drift.allowed.len()
        )
    }

    /// Says how to remove drift, each way with its command if there is one.
    fn advice(&self, drift: &Drift<'_>) -> Vec<(String, Option<String>)> {
        let command = format!("cargo xtask regenerate{}", drift.arguments);
        let accept = format!("{command} --accept-wording");
        let ways = [
            ("run", Some(command)),
            ("read what the page says now, then run", Some(accept)),
            ("a person is needed, for the reason given there", None),
        ];
        let counted = self.fixes().into_iter().zip(ways).filter(|(count, _)| *count > 0);
        let mut advice: Vec<(String, Option<String>)> =
            counted.map(|(count, (what, command))| (format!("to fix {count}, {what}"), command)).collect();
        if self.findings.iter().any(|finding| finding.rule.can_be_meant()) {
            advice.push((format!("what is meant can be listed, with its reason, in {}", drift.deviations), None));
        }
        advice
    }

    /// Gives the result and the advice, a line for each.
    fn conclusion(&self, drift: &Drift<'_>) -> Vec<String> {
        let line = |(text, command): (String, Option<String>)| {
            text + &command.map(|command| format!(": {command}")).unwrap_or_default()
        };
        [self.verdict(drift)].into_iter().chain(self.advice(drift).into_iter().map(line)).collect()
    }
}

/// Gives the severity in GitHub's and SARIF's word. A changed sentence misleads nobody, and is a warning.
fn level(rule: Rule) -> &'static str {
    if rule.is_wording() || rule == Rule::SummaryMissing { "warning" } else { "error" }
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
