//! Parameters: which there are, and what is said of each.

use crate::document::join;
use crate::facts::Parameter;

use super::change::{Kind, Rule, Subject};
use super::class::{self, Direction};
use super::ledger::{Ledger, Spot};
use super::operations::Pair;
use super::pairing::{Row, by_key, by_key_of};
use super::remarks;

pub(super) fn compare(ledger: &mut Ledger<'_>, pair: &Pair<'_>) {
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for row in by_key(&pair.from.parameters, &pair.to.parameters, |row| (&row.name, &row.r#in)) {
        match row {
            Row { from: Some(from), to: Some(to) } => both(ledger, pair, from, to),
            Row { from, to } => {
                gone.extend(from);
                new.extend(to);
            }
        }
    }
    // A namesake elsewhere has moved.
    for row in by_key_of(gone, new, |row| &row.name) {
        match row {
            Row { from: Some(from), to: Some(to) } => both(ledger, pair, from, to),
            Row { from, to } => {
                if let Some(from) = from {
                    alone(ledger, pair, from, Kind::Removed);
                }
                if let Some(to) = to {
                    alone(ledger, pair, to, Kind::Added);
                }
            }
        }
    }
}

fn alone(ledger: &mut Ledger<'_>, pair: &Pair<'_>, (index, row): (usize, &Parameter), kind: Kind) {
    let list = join(&pair.pointer, "parameters");
    let pointer = join(&list, &index.to_string());
    let since = row.introduced.as_ref().map(|release| format!(", since {release}")).unwrap_or_default();
    let shown = Some(format!("{} {}, {}{since}", row.r#in, row.r#type, word(row.required)));
    let spot = |from, to| Spot { operation: pair.key, subject: &row.name, from, to };
    if kind == Kind::Removed {
        ledger.change(&spot(&pointer, &list), Subject::Parameter, kind, shown, None);
    } else {
        let class = class::parameter_added(row.required);
        ledger.judged(&spot(&list, &pointer), Rule { subject: Subject::Parameter, kind }, class, None, shown);
    }
}

fn both(ledger: &mut Ledger<'_>, pair: &Pair<'_>, from: (usize, &Parameter), to: (usize, &Parameter)) {
    ledger.counts.parameters += 1;
    let list = join(&pair.pointer, "parameters");
    let pointer = |index: usize| join(&list, &index.to_string());
    let spot = Spot { operation: pair.key, subject: &to.1.name, from: &pointer(from.0), to: &pointer(to.0) };
    let (from, to) = (from.1, to.1);
    let subject = Subject::Parameter;
    if from.r#in != to.r#in {
        ledger.change(&spot, subject, Kind::Location, Some(from.r#in.clone()), Some(to.r#in.clone()));
    }
    if from.r#type != to.r#type {
        ledger.change(&spot, subject, Kind::Type, Some(from.r#type.to_string()), Some(to.r#type.to_string()));
    }
    if from.required != to.required {
        let shown = |required| Some(word(required).to_owned());
        let rule = Rule { subject, kind: Kind::Required };
        ledger.judged(&spot, rule, class::required(to.required), shown(from.required), shown(to.required));
    }
    let since = (pair.from.introduced.as_str(), pair.to.introduced.as_str());
    remarks::compare(ledger, &spot, (subject, Direction::Request), (&from.into(), &to.into()), since);
}

fn word(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}
