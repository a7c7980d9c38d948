//! Which operations there are, since when, and which commands do the same.

use crate::document::join;
use crate::facts::Documented;
use crate::finding::{Finding, Rule};
use crate::spec::Spec;

use super::{Pair, finding};

pub(super) fn compare(documented: &Documented, spec: &Spec, pairs: &[Pair<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, operation) in &documented.facts.operations {
        if !spec.operations.contains_key(key) {
            let path = key.split_once(' ').map_or(key.as_str(), |(_, path)| path);
            let at = spec.paths.get(path).unwrap_or(&spec.paths_at);
            let documented_at = documented.at(&join("/operations", key));
            let mut missing = finding(Rule::OperationMissing, key, key, at, documented_at);
            missing.documented = Some(format!("since {}", operation.introduced));
            findings.push(missing);
        }
    }
    for (key, operation) in &spec.operations {
        if !documented.facts.operations.contains_key(key) {
            let mut extra = finding(Rule::OperationUndocumented, key, key, &operation.at, documented.at("/operations"));
            extra.curated = operation.introduced.0.as_ref().map(|release| format!("since {release}"));
            findings.push(extra);
        }
    }
    for pair in pairs {
        let (introduced, at) = &pair.curated.introduced;
        if introduced.as_ref() != Some(&pair.documented.introduced) {
            let documented_at = documented.at(&join(&pair.pointer, "introduced"));
            let mut other = finding(Rule::OperationIntroduced, pair.key, pair.key, at, documented_at);
            other.documented = Some(pair.documented.introduced.clone());
            other.curated.clone_from(introduced);
            findings.push(other);
        }
        let (commands, at) = &pair.curated.commands;
        if commands != &pair.documented.commands {
            let documented_at = documented.at(&join(&pair.pointer, "commands"));
            let mut other = finding(Rule::OperationCommand, pair.key, pair.key, at, documented_at);
            other.documented = listed(&pair.documented.commands);
            other.curated = listed(commands);
            findings.push(other);
        }
    }
    findings
}

fn listed(commands: &[String]) -> Option<String> {
    (!commands.is_empty()).then(|| commands.join(", "))
}
