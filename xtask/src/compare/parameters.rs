//! Parameters: which there are, and what is said of each.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::join;
use crate::facts::{self, Documented};
use crate::finding::{Finding, Rule};
use crate::place::At;
use crate::spec;

use super::{Pair, finding, is_scalar, shown, type_name};

pub(super) fn compare(documented: &Documented, pairs: &[Pair<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pair in pairs {
        let list = join(&pair.pointer, "parameters");
        let mut rest: Vec<&spec::Parameter> = pair.curated.parameters.iter().collect();
        let mut unmatched = Vec::new();
        for (index, parameter) in pair.documented.parameters.iter().enumerate() {
            let documented_at = documented.at(&join(&list, &index.to_string()));
            match rest.iter().position(|other| other.name == parameter.name && other.r#in == parameter.r#in) {
                Some(found) => findings.extend(differences(pair.key, parameter, rest.remove(found), &documented_at)),
                None => unmatched.push((parameter, documented_at)),
            }
        }
        // By now only those are left that have no partner in the same place; a namesake elsewhere has moved.
        for (parameter, documented_at) in unmatched {
            match rest.iter().position(|other| other.name == parameter.name) {
                Some(found) => {
                    let other = rest.remove(found);
                    let mut moved =
                        finding(Rule::ParameterLocation, pair.key, &other.subject, &other.at, documented_at.clone());
                    moved.documented = Some(parameter.r#in.clone());
                    moved.curated = Some(other.r#in.clone());
                    findings.push(moved);
                    findings.extend(differences(pair.key, parameter, other, &documented_at));
                }
                None => {
                    let subject = format!("{} {}", pair.key, parameter.name);
                    let at = &pair.curated.parameters_at;
                    let mut missing = finding(Rule::ParameterMissing, pair.key, subject, at, documented_at);
                    missing.documented = Some(format!("{} {}", parameter.r#in, type_name(&parameter.r#type)));
                    findings.push(missing);
                }
            }
        }
        for other in rest {
            let subject = format!("{} {}", pair.key, other.name);
            let mut extra =
                finding(Rule::ParameterUndocumented, pair.key, subject, &other.used_at, documented.at(&list));
            extra.curated = Some(format!("{} {}", other.r#in, shown(&other.kind, None)));
            findings.push(extra);
        }
    }
    findings
}

fn differences(
    key: &str,
    documented: &facts::Parameter,
    curated: &spec::Parameter,
    documented_at: &At,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |rule, at: &At, said: Option<String>, has: Option<String>| {
        let mut difference = finding(rule, key, &curated.subject, at, documented_at.clone());
        difference.documented = said;
        difference.curated = has;
        findings.push(difference);
    };
    if !is_scalar(&documented.r#type, &curated.kind) {
        let (said, has) = (type_name(&documented.r#type), shown(&curated.kind, None));
        add(Rule::ParameterType, &curated.at, Some(said), Some(has));
    }
    if documented.required != curated.required {
        let word = |required: bool| Some(if required { "required" } else { "optional" }.to_owned());
        add(Rule::ParameterRequired, &curated.at, word(documented.required), word(curated.required));
    }
    if documented.introduced != curated.introduced {
        add(Rule::ParameterIntroduced, &curated.at, documented.introduced.clone(), curated.introduced.clone());
    }
    let said = documented.limits.named();
    let names: BTreeSet<&str> = said.iter().map(|(name, _)| *name).chain(curated.limits.keys().copied()).collect();
    for name in names {
        let said = said.iter().find(|(other, _)| *other == name).map(|(_, value)| value);
        let has = curated.limits.get(name);
        if said != has.map(|(value, _)| value) {
            let at = has.map_or(&curated.limits_at, |(_, at)| at);
            add(Rule::ParameterConstraint, at, limit(name, said), limit(name, has.map(|(value, _)| value)));
        }
    }
    findings
}

/// A limit as findings show it.
pub(super) fn limit(name: &str, value: Option<&Value>) -> Option<String> {
    value.map(|value| format!("{name} {value}"))
}
