//! Parameters: which there are, and what is said of each.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::difference::{Pair, shown};
use crate::finding::Fix;
use crate::openapi::Parameter;
use crate::rule::Rule;

use super::wording::Kind;
use super::{Drift, Values, curated_type, documented_type, fixes};

impl Drift<'_> {
    pub(super) fn parameters(&mut self, pair: &Pair<'_>) {
        let key = pair.key;
        for sides in pair.parameters() {
            match (sides.from, sides.to) {
                (Some(from), Some(to)) => self.parameter(key, from, to),
                (Some(from), None) => {
                    let subject = format!("{key} {}", from.name);
                    let said = format!("{} {}", from.r#in, documented_type(self.documented, &from.kind));
                    let list = pair.to.member("parameters");
                    let fix = fixes::new_parameter(self.curated, &list, from, self.documented.value(&from.pointer));
                    let pointers = (from.used.as_str(), list.as_str());
                    self.add(Rule::ParameterMissing, key, &subject, pointers, Values::new(said, None), fix);
                }
                (None, Some(to)) if !self.comes_later(&to.said) => {
                    let subject = format!("{key} {}", to.name);
                    let has = format!("{} {}", to.r#in, curated_type(self.curated, &to.kind));
                    let fix = if to.used.starts_with(&format!("{}/", pair.to.pointer)) {
                        fixes::removal(&to.used)
                    } else {
                        Fix::person("it belongs to all operations of its path")
                    };
                    let pointers = (pair.from.member("parameters"), to.used.as_str());
                    let rule = Rule::ParameterUndocumented;
                    self.add(rule, key, &subject, (&pointers.0, pointers.1), Values::new(None, has), fix);
                }
                _ => {}
            }
        }
    }

    fn parameter(&mut self, key: &str, from: &Parameter, to: &Parameter) {
        let (documented, curated) = (self.documented, self.curated);
        let (said_at, has_at) = (self.documented.at(&from.used), curated.at(&to.pointer));
        self.sentences.add(Kind::Parameters, &to.subject, (key, has_at), (&from.said, said_at));
        let mut add = |rule, at: &str, values, fix| self.add(rule, key, &to.subject, (&from.used, at), values, fix);
        if from.r#in != to.r#in {
            let values = Values::new(format!("in {}", from.r#in), format!("in {}", to.r#in));
            let fix = fixes::member(curated, &to.pointer, "in", Some(from.r#in.as_str().into()));
            add(Rule::ParameterConstraint, &to.pointer, values, fix);
        }
        if from.kind != to.kind {
            let values = Values::new(from.kind.to_string(), to.kind.to_string());
            let fix = fixes::retyped_parameter(curated, to, &from.kind);
            add(Rule::ParameterType, &to.pointer, values, fix);
        }
        if from.required != to.required {
            let word = |required| shown::requirement(required).to_owned();
            let fix = fixes::member(curated, &to.pointer, "required", from.required.then_some(true.into()));
            let values = Values::new(word(from.required), word(to.required));
            add(Rule::ParameterRequired, &to.pointer, values, fix);
        }
        if from.said.introduced != to.said.introduced {
            let (said, has) = (from.said.introduced.clone(), to.said.introduced.clone());
            let fix = fixes::member(curated, &to.pointer, "x-ntap-introduced", said.clone().map(Into::into));
            add(Rule::ParameterIntroduced, &to.pointer, Values::new(said, has), fix);
        }
        let (said, has) = (documented.values(&from.schema()), curated.values(&to.schema()));
        let new: Vec<&Value> = said.into_iter().filter(|value| !has.contains(value)).collect();
        if !new.is_empty() && !has.is_empty() {
            let fix = Fix::person("what the value means is for a person to find out, and to say");
            add(Rule::ParameterConstraint, &to.schema(), Values::new(shown::values(&new), shown::values(&has)), fix);
        }
        let names: BTreeSet<&str> = from.limits.keys().chain(to.limits.keys()).copied().collect();
        for name in names {
            let said = from.limits.get(name).map(|(value, _)| value);
            let has = to.limits.get(name);
            if said != has.map(|(value, _)| value) {
                let own = to.schema();
                let fix = fixes::limit(curated, &own, name, has.map(|(_, at)| at.as_str()), said);
                let values = Values::new(shown::limit(name, said), shown::limit(name, has.map(|(value, _)| value)));
                add(Rule::ParameterConstraint, has.map_or(&own, |(_, at)| at), values, fix);
            }
        }
    }
}
