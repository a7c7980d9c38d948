//! The differences between the curated document and the facts, and the words for them that several formats have.

use crate::drift::deviations::Judged;
use crate::finding::{Counts, Fix};

/// The result of a comparison of the curated document with the facts.
#[derive(Clone, Copy, Debug)]
pub struct Drift<'a> {
    /// The facts files.
    pub facts: &'a str,
    /// The curated document.
    pub spec: &'a str,
    /// The list of deviations.
    pub deviations: &'a str,
    /// The differences; an allowed one has the reason in its note.
    pub judged: &'a Judged,
    /// The size of the comparison.
    pub counts: Counts,
    /// The names and the texts of the files with findings, the curated document first.
    pub texts: &'a [(&'a str, &'a str)],
    /// The arguments that make other commands take the same files, with a space in front; or nothing.
    pub arguments: &'a str,
}

impl Drift<'_> {
    /// Counts the differences that `regenerate` removes, accepting the wording, and a person.
    pub(super) fn fixes(&self) -> [usize; 3] {
        let count = |is: fn(&Fix) -> bool| self.judged.drift.iter().filter(|finding| is(&finding.fix)).count();
        let edits = count(|fix| matches!(fix, Fix::Edits(_)));
        [edits, count(|fix| *fix == Fix::Accept), count(|fix| matches!(fix, Fix::Person(_)))]
    }

    /// Says the result in one sentence, with all counts.
    pub(super) fn verdict(&self) -> String {
        let Counts { operations, parameters, fields, error_codes, catalogue, .. } = self.counts;
        let (head, more) = match self.judged.drift.len() {
            0 => ("no drift".to_owned(), ""),
            1 => ("drift: 1 difference".to_owned(), " more"),
            count => (format!("drift: {count} differences"), " more"),
        };
        format!(
            "{head} between {} and {} in {operations} operations, {parameters} parameters, {fields} fields, \
             {error_codes} error codes in operations and {catalogue} in the catalogue; {} allows {}{more}",
            self.spec,
            self.facts,
            self.deviations,
            self.judged.allowed.len()
        )
    }

    /// Says how to remove the drift, a line for each way. The format shows the names of files and the commands.
    pub(super) fn advice(&self, file: impl Fn(&str) -> String, command: impl Fn(&str) -> String) -> Vec<String> {
        let run = format!("cargo xtask regenerate{}", self.arguments);
        let accept = command(&format!("{run} --accept-wording"));
        let ways = [
            format!("run: {}", command(&run)),
            format!("read what the page says now, then run: {accept}"),
            "a person is needed, for the reason given there".to_owned(),
        ];
        let counted = self.fixes().into_iter().zip(ways).filter(|(count, _)| *count > 0);
        let mut advice: Vec<String> = counted.map(|(count, way)| format!("to fix {count}, {way}")).collect();
        if self.judged.drift.iter().any(|finding| finding.rule.can_deviate()) {
            advice.push(format!("list intended differences, with reasons, in {}", file(self.deviations)));
        }
        advice
    }

    /// Gives the result and the advice as plain text, a line for each.
    pub(super) fn conclusion(&self) -> impl Iterator<Item = String> {
        [self.verdict()].into_iter().chain(self.advice(str::to_owned, str::to_owned))
    }
}
