//! A curated part against all that operations document of it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::difference::shown;
use crate::finding::Fix;
use crate::openapi::{LIMITS, Part, Way};
use crate::rule::Rule;

use super::{Drift, fixes};

/// A part that the operation `key` documents.
pub(super) struct Row<'a> {
    pub(super) key: &'a str,
    pub(super) part: &'a Part,
    pub(super) way: Way,
}

/// Why nothing is changed where the pages of several operations disagree.
const CONTRADICTION: &str = "the operations that share it are documented differently; give each a schema of its own";

impl<'a> Drift<'a> {
    /// Adds a finding about the rows whose value is another. `said` shows the value of a row, and says whether it is.
    /// `fix` makes the change that such a row asks for; all rows have to ask for the same.
    pub(super) fn differ(
        &mut self,
        (rule, subject): (Rule, &str),
        rows: &[Row<'a>],
        (at, has): (&str, Option<String>),
        said: impl Fn(&Row<'a>) -> (Option<String>, bool),
        fix: impl FnOnce(&Self, &'a Part) -> Fix,
    ) {
        let all: Vec<_> = rows.iter().map(|row| (row, said(row))).collect();
        let others: Vec<_> = all.iter().filter(|(_, (_, differs))| *differs).collect();
        let Some((first, _)) = others.first() else { return };
        let distinct: BTreeSet<&String> = all.iter().filter_map(|(_, (shown, _))| shown.as_ref()).collect();
        let fix = match fix(self, first.part) {
            Fix::Edits(_) if distinct.len() > 1 => Fix::person(CONTRADICTION),
            fix => fix,
        };
        let values: BTreeSet<&str> = others.iter().filter_map(|(_, (shown, _))| shown.as_deref()).collect();
        let values = (!values.is_empty()).then(|| values.into_iter().collect::<Vec<_>>().join(" or "));
        let rows: Vec<_> = others.iter().map(|(row, _)| (row.key, row.part.used.as_str())).collect();
        self.add(rule, subject, &rows, at, (values, has), fix);
    }

    /// Compares the limits and the listed values of a part.
    pub(super) fn constraints(&mut self, rule: Rule, subject: &str, part: &Part, rows: &[Row<'a>]) {
        let (documented, curated) = (self.documented, self.curated);
        for name in LIMITS {
            // A schema that all operations share has the limits of create.
            let counts = |row: &Row<'a>| row.way == Way::Create || !documented.shares_schemas(row.key);
            let has = part.limit(name);
            let said = |row: &Row<'a>| {
                let said = row.part.limit(name).filter(|_| counts(row));
                // Where the reference is silent about the limits of fields, the spec may say more.
                let is_silent = said.is_none() && rule == Rule::FieldConstraint;
                (shown::limit(name, said), said != has && !is_silent)
            };
            let own = part.limits.get(name).map(|(_, at)| at.as_str());
            let at = (own.unwrap_or(&part.schema), shown::limit(name, has));
            let fix = |_: &Self, said: &Part| fixes::limit(curated, &part.schema, name, own, said.limit(name));
            self.differ((rule, subject), rows, at, said, fix);
        }
        // Where one of the two lists no values, any will do.
        let has = curated.values(&part.schema);
        let said = |row: &Row<'a>| {
            let mut new: Vec<&Value> = documented.values(&row.part.schema);
            new.retain(|value| !has.is_empty() && !has.contains(value));
            (shown::values(&new), !new.is_empty())
        };
        let fix = |_: &Self, _| Fix::person("a person has to find out and describe what the value means");
        self.differ((rule, subject), rows, (&part.schema, shown::values(&has)), said, fix);
    }
}
