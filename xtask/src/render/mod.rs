//! Shows what came of a comparison. Each format is a pure function of a [`Report`].

pub mod github;
pub mod json;
pub mod markdown;
pub mod sarif;
pub mod text;

use clap::ValueEnum;

use crate::compare::Counts;
use crate::deviations::Judged;
use crate::finding::Fix;
use crate::place::At;
use crate::rule::Rule;

/// The command that makes the changes which a program can make.
const REGENERATE: &str = "cargo xtask regenerate";

/// How many places or operations are shown where a person has to read them.
const FEW: usize = 3;

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The findings.
    pub judged: &'a Judged,
    /// How much was compared.
    pub counts: Counts,
    /// The name and the text of the curated document.
    pub spec: (&'a str, &'a str),
    /// What the facts are called.
    pub facts: &'a str,
    /// The facts file, or the pages that the facts were read from: names and texts.
    pub sources: &'a [(&'a str, &'a str)],
    /// The name and the text of the list of deviations.
    pub deviations: (&'a str, &'a str),
    /// What has to be said to other commands so that they take the same files, with a space in front; or nothing.
    pub arguments: &'a str,
}

/// What a report looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    #[default]
    Text,
    /// For programs; the schemas are spec/diff.schema.json and, with --since, spec/versions.schema.json.
    Json,
    /// For a pull request.
    Markdown,
    /// For the log of a GitHub workflow, which makes annotations of it.
    Github,
    /// For viewers of static analysis, version 2.1.0; they judge, so that findings are no failure.
    Sarif,
}

impl Format {
    /// The report in this format.
    ///
    /// # Errors
    /// If JSON cannot hold it.
    pub fn render(self, report: &Report<'_>) -> Result<String, serde_json::Error> {
        Ok(match self {
            Self::Text => text::render(report),
            Self::Json => json::render(report)?,
            Self::Markdown => markdown::render(report),
            Self::Github => github::render(report),
            Self::Sarif => sarif::render(report),
        })
    }

    /// Whether drift makes the command fail.
    pub fn fails_on_drift(self) -> bool {
        self != Self::Sarif
    }
}

/// How many differences go away by what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mends {
    regenerate: usize,
    accept: usize,
    person: usize,
}

impl Report<'_> {
    fn mends(&self) -> Mends {
        let mut mends = Mends::default();
        for finding in &self.judged.drift {
            *match finding.fix {
                Fix::Edits(_) => &mut mends.regenerate,
                Fix::Accept => &mut mends.accept,
                Fix::Person(_) => &mut mends.person,
            } += 1;
        }
        mends
    }

    /// The result in one sentence, with all counts.
    fn verdict(&self) -> String {
        let Counts { operations, parameters, fields, error_codes, catalogue } = self.counts;
        let (drift, allowed) = (self.judged.drift.len(), self.judged.allowed.len());
        let (head, tail) = match drift {
            0 => ("no drift".to_owned(), ""),
            1 => ("drift: 1 difference".to_owned(), " more"),
            _ => (format!("drift: {drift} differences"), " more"),
        };
        format!(
            "{head} between {} and {} in {operations} operations, {parameters} parameters, {fields} fields, \
             {error_codes} error codes in operations and {catalogue} in the catalogue; {} allows {allowed}{tail}",
            self.spec.0, self.facts, self.deviations.0
        )
    }

    /// What to do about the differences, each with the command if there is one.
    fn advice(&self) -> Vec<(String, Option<String>)> {
        let Mends { regenerate, accept, person } = self.mends();
        let mut advice = Vec::new();
        if regenerate > 0 {
            advice.push((format!("to mend {regenerate}, run"), Some(format!("{REGENERATE}{}", self.arguments))));
        }
        if accept > 0 {
            let text = format!("to mend {accept}, read what the page says now, then run");
            advice.push((text, Some(format!("{REGENERATE}{} --accept-wording", self.arguments))));
        }
        if person > 0 {
            advice.push((format!("to mend {person}, a person is needed, for the reason given there"), None));
        }
        if self.judged.drift.iter().any(|finding| finding.rule.can_be_meant()) {
            advice.push((format!("what is meant can be listed, with its reason, in {}", self.deviations.0), None));
        }
        advice
    }
}

/// How grave a finding is, in the word that GitHub and SARIF have for it. Nobody is misled by a sentence that is to be
/// read again.
fn level(rule: Rule) -> &'static str {
    if rule.is_wording() || rule == Rule::SummaryMissing { "warning" } else { "error" }
}

/// A place without its column, which tells people nothing about a file that a program wrote.
fn file_and_line(at: &At) -> String {
    format!("{}:{}", at.file, at.line)
}

/// The first few, and how many there are besides.
fn few(all: &[String]) -> String {
    let shown = all[..all.len().min(FEW)].join(", ");
    if all.len() > FEW { format!("{shown} and {} more", all.len() - FEW) } else { shown }
}

/// The text without line breaks, and without what a terminal would obey.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
