//! Which operations there are, since when, and which commands do the same.

use crate::document::join;
use crate::facts::Documented;
use crate::finding::{Finding, Fix};
use crate::rule::Rule;
use crate::spec::Spec;
use crate::wording::Kind;

use super::fixes::member;
use super::sentences::Sentences;
use super::{Pair, finding};

pub(super) fn compare(
    documented: &Documented,
    spec: &Spec,
    pairs: &[Pair<'_>],
    sentences: &mut Sentences,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, operation) in &documented.facts.operations {
        if !spec.operations.contains_key(key) {
            let path = key.split_once(' ').map_or(key.as_str(), |(_, path)| path);
            let at = spec.paths.get(path).unwrap_or(&spec.paths_at);
            let documented_at = documented.at(&join("/operations", key));
            let mut missing = finding(Rule::OperationMissing, key, key, at, documented_at);
            missing.documented = Some(format!("since {}", operation.introduced));
            missing.fix = Fix::person("its operationId and the schemas of its bodies are for a person to choose");
            findings.push(missing);
        }
    }
    for (key, operation) in &spec.operations {
        if !documented.facts.operations.contains_key(key) {
            let mut extra = finding(Rule::OperationUndocumented, key, key, &operation.at, documented.at("/operations"));
            extra.curated = operation.introduced.0.as_ref().map(|release| format!("since {release}"));
            extra.fix = Fix::person("its page may only be absent; if ONTAP has it no more, take it out by hand");
            findings.push(extra);
        }
    }
    for pair in pairs {
        let own = &pair.curated.at;
        let fingerprint = pair.documented.fingerprint.as_ref();
        sentences.add(Kind::Operations, pair.key, own, pair.key, fingerprint, documented.at(&pair.pointer));
        let (introduced, at) = &pair.curated.introduced;
        if introduced.as_ref() != Some(&pair.documented.introduced) {
            let documented_at = documented.at(&join(&pair.pointer, "introduced"));
            let mut other = finding(Rule::OperationIntroduced, pair.key, pair.key, at, documented_at);
            other.documented = Some(pair.documented.introduced.clone());
            other.curated.clone_from(introduced);
            let release = pair.documented.introduced.as_str();
            other.fix = member(spec, &own.pointer, "x-ntap-introduced", Some(release.into()));
            findings.push(other);
        }
        let (commands, at) = &pair.curated.commands;
        if commands != &pair.documented.commands {
            let documented_at = documented.at(&join(&pair.pointer, "commands"));
            let mut other = finding(Rule::OperationConstraint, pair.key, pair.key, at, documented_at);
            other.documented = listed(&pair.documented.commands);
            other.curated = listed(commands);
            let commands = (!pair.documented.commands.is_empty()).then(|| pair.documented.commands.clone().into());
            other.fix = member(spec, &own.pointer, "x-ontap-commands", commands);
            findings.push(other);
        }
    }
    findings
}

fn listed(commands: &[String]) -> Option<String> {
    (!commands.is_empty()).then(|| commands.join(", "))
}
