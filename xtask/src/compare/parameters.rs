//! Parameters: which there are, and what is said of each.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::join;
use crate::facts::{self, Documented};
use crate::finding::{Finding, Fix};
use crate::place::At;
use crate::rule::Rule;
use crate::spec::{self, Spec};
use crate::wording::Kind;

use super::fixes::{self, member, new_parameter, retyped_parameter};
use super::sentences::Sentences;
use super::{Pair, finding, is_scalar, shown, type_name};

pub(super) fn compare(
    documented: &Documented,
    spec: &Spec,
    pairs: &[Pair<'_>],
    sentences: &mut Sentences,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pair in pairs {
        let list = join(&pair.pointer, "parameters");
        let mut rest: Vec<&spec::Parameter> = pair.curated.parameters.iter().collect();
        let mut unmatched = Vec::new();
        for (index, parameter) in pair.documented.parameters.iter().enumerate() {
            let documented_at = documented.at(&join(&list, &index.to_string()));
            match rest.iter().position(|other| other.name == parameter.name && other.r#in == parameter.r#in) {
                Some(found) => {
                    let other = rest.remove(found);
                    said(sentences, pair.key, parameter, other, &documented_at);
                    findings.extend(differences(spec, pair.key, parameter, other, &documented_at));
                }
                None => unmatched.push((parameter, documented_at)),
            }
        }
        // By now only those are left that have no partner in the same place; a namesake elsewhere has moved.
        for (parameter, documented_at) in unmatched {
            match rest.iter().position(|other| other.name == parameter.name) {
                Some(found) => {
                    let other = rest.remove(found);
                    let mut moved =
                        finding(Rule::ParameterConstraint, pair.key, &other.subject, &other.at, documented_at.clone());
                    moved.documented = Some(format!("in {}", parameter.r#in));
                    moved.curated = Some(format!("in {}", other.r#in));
                    moved.fix = member(spec, &other.pointer, "in", Some(parameter.r#in.as_str().into()));
                    findings.push(moved);
                    said(sentences, pair.key, parameter, other, &documented_at);
                    findings.extend(differences(spec, pair.key, parameter, other, &documented_at));
                }
                None => {
                    let subject = format!("{} {}", pair.key, parameter.name);
                    let at = &pair.curated.parameters_at;
                    let mut missing = finding(Rule::ParameterMissing, pair.key, subject, at, documented_at);
                    missing.documented = Some(format!("{} {}", parameter.r#in, type_name(&parameter.r#type)));
                    missing.fix = new_parameter(spec, &at.pointer, parameter);
                    findings.push(missing);
                }
            }
        }
        for other in rest {
            let subject = format!("{} {}", pair.key, other.name);
            let mut extra =
                finding(Rule::ParameterUndocumented, pair.key, subject, &other.used_at, documented.at(&list));
            extra.curated = Some(format!("{} {}", other.r#in, shown(&other.kind, None)));
            let own = &pair.curated.parameters_at.pointer;
            extra.fix = if other.used_at.pointer.starts_with(&format!("{own}/")) {
                fixes::removal(&other.used_at)
            } else {
                Fix::person("it belongs to all operations of its path")
            };
            findings.push(extra);
        }
    }
    findings
}

fn said(
    sentences: &mut Sentences,
    key: &str,
    documented: &facts::Parameter,
    curated: &spec::Parameter,
    documented_at: &At,
) {
    let fingerprint = documented.fingerprint.as_ref();
    sentences.add(Kind::Parameters, &curated.subject, &curated.at, key, fingerprint, documented_at.clone());
}

fn differences(
    spec: &Spec,
    key: &str,
    documented: &facts::Parameter,
    curated: &spec::Parameter,
    documented_at: &At,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |rule, at: &At, said: Option<String>, has: Option<String>, fix: Fix| {
        let mut difference = finding(rule, key, &curated.subject, at, documented_at.clone());
        difference.documented = said;
        difference.curated = has;
        difference.fix = fix;
        findings.push(difference);
    };
    if !is_scalar(&documented.r#type, &curated.kind) {
        let (said, has) = (type_name(&documented.r#type), shown(&curated.kind, None));
        let fix = retyped_parameter(spec, &curated.pointer, &curated.limits_at.pointer, &documented.r#type);
        add(Rule::ParameterType, &curated.at, Some(said), Some(has), fix);
    }
    if documented.required != curated.required {
        let word = |required: bool| Some(if required { "required" } else { "optional" }.to_owned());
        let fix = member(spec, &curated.pointer, "required", documented.required.then_some(true.into()));
        add(Rule::ParameterRequired, &curated.at, word(documented.required), word(curated.required), fix);
    }
    if documented.introduced != curated.introduced {
        let (said, has) = (documented.introduced.clone(), curated.introduced.clone());
        let fix = member(spec, &curated.pointer, "x-ntap-introduced", said.clone().map(Into::into));
        add(Rule::ParameterIntroduced, &curated.at, said, has, fix);
    }
    let said = documented.limits.named();
    let names: BTreeSet<&str> = said.iter().map(|(name, _)| *name).chain(curated.limits.keys().copied()).collect();
    for name in names {
        let said = said.iter().find(|(other, _)| *other == name).map(|(_, value)| value);
        let has = curated.limits.get(name);
        if said != has.map(|(value, _)| value) {
            let at = has.map_or(&curated.limits_at, |(_, at)| at);
            let fix = fixes::limit(spec, &curated.limits_at.pointer, name, has.map(|(_, at)| at), said);
            add(Rule::ParameterConstraint, at, limit(name, said), limit(name, has.map(|(value, _)| value)), fix);
        }
    }
    findings
}

/// A limit as findings show it.
pub(super) fn limit(name: &str, value: Option<&Value>) -> Option<String> {
    value.map(|value| format!("{name} {value}"))
}
