//! Operations: which there are, and their members, parameters, headers and error codes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::difference::{HEADER, PARAMETER, Pair, Paired, Sides, Values, shown};
use crate::document::join;
use crate::finding::Fix;
use crate::openapi::{CATALOGUE, Document, Operation, Part, Way};
use crate::rule::Rule;

use super::parts::Row;
use super::wording::Kind;
use super::{Drift, curated_type, documented_type, fixes};

impl<'a> Drift<'a> {
    /// An operation that one of the two lacks.
    pub(super) fn lone_operation(&mut self, key: &str, sides: Sides<&Operation>) {
        let since = |side: Option<&Operation>| Some(format!("since {}", side?.said.introduced.as_ref()?));
        let values = (since(sides.from), since(sides.to));
        let path = |key: &str| key.split_once(' ').map_or_else(|| key.to_owned(), |(_, path)| path.to_owned());
        if let Some(operation) = sides.from {
            let fix = Fix::person("a person has to choose its operationId and the schemas of its bodies");
            let at = join("/paths", &path(key));
            self.add(Rule::OperationMissing, key, &[(key, &operation.pointer)], &at, values, fix);
        } else if let Some(operation) = sides.to.filter(|operation| !self.comes_later(&operation.said)) {
            let is_unread = !self.documented.operations.keys().any(|other| path(other) == path(key));
            if self.later.is_some() && is_unread {
                return;
            }
            let fix = Fix::person("its page may only be absent; if ONTAP has it no more, take it out by hand");
            self.add(Rule::OperationUndocumented, key, &[(key, "/paths")], &operation.pointer, values, fix);
        }
    }

    /// Compares the release, the commands and the sentence of an operation.
    pub(super) fn operation(&mut self, pair: &Pair<'_>) {
        let Pair { key, from, to } = *pair;
        self.sentence(Kind::Operations, key, (key, &from.pointer), &from.said, &to.pointer);
        let since = |operation: &Operation| operation.said.introduced.clone();
        let commands = |operation: &Operation| shown::commands(&operation.commands);
        let listed = (!from.commands.is_empty()).then(|| from.commands.clone().into());
        let members = [
            (Rule::OperationIntroduced, "x-ntap-introduced", since(from), since(to), since(from).map(Value::from)),
            (Rule::OperationConstraint, "x-ontap-commands", commands(from), commands(to), listed),
        ];
        for (rule, name, said, has, value) in members {
            if said != has {
                let at = pair.members(name);
                let fix = fixes::member(self.curated, &to.pointer, name, value);
                self.add(rule, key, &[(key, &at.0)], &at.1, (said, has), fix);
            }
        }
    }

    pub(super) fn parameters(&mut self, pair: &Pair<'a>) {
        for part in pair.parameters() {
            match part.sides.both() {
                Some((from, to)) => self.parameter(pair.key, from, to),
                None => self.lone(pair, &part),
            }
        }
    }

    pub(super) fn error_codes(&mut self, pair: &Pair<'a>) {
        for part in pair.error_codes().iter().filter(|part| part.sides.both().is_none()) {
            let lists = |later: &Document| {
                let operation = later.operations.get(pair.key);
                operation.is_some_and(|operation| operation.error_codes.values().any(|code| code.name == part.name))
            };
            if part.sides.from.is_some() || !self.is_later(lists) {
                self.lone(pair, part);
            }
        }
    }

    /// A parameter, a header or an error code that one of the two lacks.
    pub(super) fn lone(&mut self, pair: &Pair<'a>, part: &Paired<'a>) {
        let (documented, curated) = (self.documented, self.curated);
        let show = |side: Option<&Part>, of: &dyn Fn(&Part) -> String| match part.kind {
            PARAMETER => side.map(|side| format!("{} {}", side.r#in, of(side))),
            HEADER => side.map(|side| side.kind.to_string()),
            _ => None,
        };
        let said = show(part.sides.from, &|side| documented_type(documented, &side.kind));
        let has = show(part.sides.to, &|side| curated_type(curated, &side.kind));
        let (how, fix) = match (part.sides.from, part.sides.to) {
            (Some(from), _) => {
                let fix = match part.kind {
                    PARAMETER => {
                        let node = documented.value(&from.pointer);
                        fixes::new_parameter((curated, self.wording), &part.at.1, from, node)
                    }
                    HEADER => fixes::new_header(curated, &part.at.1, &part.name, documented.value(&from.used)),
                    _ => fixes::new_code(&part.at.1, part.name.parse().unwrap_or_default()),
                };
                ("missing", fix)
            }
            (None, Some(to)) if self.comes_later(&to.said) => return,
            (None, _) if part.kind == PARAMETER && !part.at.1.starts_with(&format!("{}/", pair.to.pointer)) => {
                ("undocumented", Fix::person("it belongs to all operations of its path"))
            }
            (None, _) => ("undocumented", fixes::removal(&part.at.1)),
        };
        if let Some(rule) = Rule::of(part.kind, how) {
            let subject = format!("{} {}", pair.key, part.name);
            self.add(rule, &subject, &[(pair.key, &part.at.0)], &part.at.1, (said, has), fix);
        }
    }

    fn parameter(&mut self, key: &'a str, from: &'a Part, to: &'a Part) {
        let (curated, row) = (self.curated, (key, from.used.as_str()));
        self.sentence(Kind::Parameters, &to.subject, row, &from.said, &to.pointer);
        let place = |part: &Part| Some(format!("in {}", part.r#in));
        let word = |part: &Part| Some(shown::requirement(part.required).to_owned());
        let since = |part: &Part| part.said.introduced.clone();
        let (is_in, required) = (Value::from(from.r#in.as_str()), from.required.then_some(true.into()));
        let members = [
            (Rule::ParameterConstraint, "in", place(from), place(to), Some(is_in)),
            (Rule::ParameterRequired, "required", word(from), word(to), required),
            (Rule::ParameterIntroduced, "x-ntap-introduced", since(from), since(to), since(from).map(Value::from)),
        ];
        for (rule, name, said, has, value) in members {
            if said != has {
                let fix = fixes::member(curated, &to.pointer, name, value);
                self.add(rule, &to.subject, &[row], &to.pointer, (said, has), fix);
            }
        }
        if from.kind != to.kind {
            let (kinds, fix) = (kinds(from, to), fixes::retyped_parameter(curated, to, &from.kind));
            self.add(Rule::ParameterType, &to.subject, &[row], &to.pointer, kinds, fix);
        }
        let rows = [Row { key, part: from, way: Way::Create }];
        self.constraints(Rule::ParameterConstraint, &to.subject, to, &rows);
    }

    pub(super) fn header(&mut self, pair: &Pair<'a>, part: &Paired<'a>) {
        let Some((from, to)) = part.sides.both() else { return self.lone(pair, part) };
        let (subject, row) = (format!("{} {}", pair.key, part.name), (pair.key, from.used.as_str()));
        if from.kind != to.kind {
            let fix = fixes::retyped_scalar(self.curated, &to.schema, &from.kind);
            self.add(Rule::HeaderType, &subject, &[row], &to.used, kinds(from, to), fix);
        }
        self.sentence(Kind::Headers, &subject, row, &from.said, &to.used);
    }

    /// The catalogue holds the codes of all operations, also of those that the curated document lacks.
    pub(super) fn catalogue(&mut self) {
        let (documented, curated) = (self.documented, self.curated);
        let mut codes: BTreeMap<u64, Vec<(&str, &str)>> = BTreeMap::new();
        for (key, operation) in &documented.operations {
            for (code, part) in &operation.error_codes {
                let row = (key.as_str(), part.pointer.as_str());
                if let Some(entry) = curated.catalogue.get(code) {
                    self.sentence(Kind::ErrorCodes, &format!("catalogue {code}"), row, &part.said, entry);
                }
                codes.entry(*code).or_default().push(row);
            }
        }
        // Deviations judge a code in the list of an operation. The catalogue keeps the names of all codes that are listed.
        let lists = |document: &Document, code: &u64| {
            document.operations.values().any(|operation| operation.error_codes.contains_key(code))
        };
        let all: BTreeSet<&u64> = codes.keys().chain(curated.catalogue.keys()).collect();
        for code in all {
            let subject = format!("catalogue {code}");
            match (codes.get(code), curated.catalogue.get(code)) {
                (Some(rows), None) => {
                    let fix = fixes::new_catalogue_entry(*code);
                    self.add(Rule::ErrorCodeMissing, &subject, rows, CATALOGUE, (None, None), fix);
                }
                (None, Some(entry)) if !lists(curated, code) && !self.is_later(|later| lists(later, code)) => {
                    self.add(Rule::ErrorCodeUndocumented, &subject, &[], entry, (None, None), fixes::removal(entry));
                }
                _ => {}
            }
        }
    }
}

/// Shows the two types of a part.
fn kinds(from: &Part, to: &Part) -> Values {
    (Some(from.kind.to_string()), Some(to.kind.to_string()))
}
