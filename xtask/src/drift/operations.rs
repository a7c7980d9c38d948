//! Which operations there are, since when, and which commands do the same.

use crate::difference::{Pair, Sides, shown};
use crate::finding::Fix;
use crate::openapi::Operation;
use crate::rule::Rule;

use super::wording::Kind;
use super::{Drift, Values, fixes};

impl Drift<'_> {
    /// An operation that one of the two lacks.
    pub(super) fn lone_operation(&mut self, key: &str, sides: Sides<&Operation>) {
        let since = |side: Option<&Operation>| Some(format!("since {}", side?.said.introduced.as_ref()?));
        let values = Values::new(since(sides.from), since(sides.to));
        if let Some(operation) = sides.from {
            let path = key.split_once(' ').map_or(key, |(_, path)| path);
            let item = crate::document::join("/paths", path);
            let fix = Fix::person("its operationId and the schemas of its bodies are for a person to choose");
            self.add(Rule::OperationMissing, key, key, (&operation.pointer, &item), values, fix);
        } else if let Some(operation) = sides.to.filter(|operation| !self.comes_later(&operation.said)) {
            let fix = Fix::person("its page may only be absent; if ONTAP has it no more, take it out by hand");
            self.add(Rule::OperationUndocumented, key, key, ("/paths", &operation.pointer), values, fix);
        }
    }

    /// Compares the release, the commands and the sentence of an operation.
    pub(super) fn operation(&mut self, pair: &Pair<'_>) {
        let Pair { key, from, to } = *pair;
        self.sentences.add(
            Kind::Operations,
            key,
            (key, self.curated.at(&to.pointer)),
            (&from.said, self.documented.at(&from.pointer)),
        );
        if from.said.introduced != to.said.introduced {
            let (said, has) = (from.said.introduced.clone(), to.said.introduced.clone());
            let fix = fixes::member(self.curated, &to.pointer, "x-ntap-introduced", said.clone().map(Into::into));
            let pointers = (from.member("x-ntap-introduced"), to.member("x-ntap-introduced"));
            let rule = Rule::OperationIntroduced;
            self.add(rule, key, key, (&pointers.0, &pointers.1), Values::new(said, has), fix);
        }
        if from.commands != to.commands {
            let commands = (!from.commands.is_empty()).then(|| from.commands.clone().into());
            let fix = fixes::member(self.curated, &to.pointer, "x-ontap-commands", commands);
            let pointers = (from.member("x-ontap-commands"), to.member("x-ontap-commands"));
            let values = Values::new(shown::commands(&from.commands), shown::commands(&to.commands));
            self.add(Rule::OperationConstraint, key, key, (&pointers.0, &pointers.1), values, fix);
        }
    }
}
