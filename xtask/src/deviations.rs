//! Where the curated document departs from the page on purpose.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::Value;

use crate::compare::Comparison;
use crate::document::join;
use crate::finding::{Finding, Fix};
use crate::place::{At, Source, Unreadable};
use crate::rule::Rule;
use crate::spec::LIMITS;

/// A difference that is meant.
#[derive(Debug)]
pub struct Deviation {
    /// The rule of the finding that it allows.
    pub rule: Rule,
    /// The subject of that finding.
    pub subject: String,
    /// The documented value.
    pub documented: Option<String>,
    /// The curated value.
    pub curated: Option<String>,
    /// The operations that it may touch, by method and path: a schema that another one uses by mistake is no deviation.
    pub operations: Vec<String>,
    /// Why the spec is right.
    pub reason: String,
    /// Where it stands.
    pub at: At,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    subject: String,
    documented: Value,
    curated: Value,
    operations: Vec<String>,
    reason: String,
}

/// Reads the text of the list.
///
/// # Errors
/// If an entry is incomplete, is there twice, or names an unknown rule.
pub fn parse(file: &str, text: &str) -> Result<Vec<Deviation>, Unreadable> {
    let source = Source::parse(file, text)?;
    let entries: Option<Vec<Entry>> = source.decode()?;
    let mut deviations: Vec<Deviation> = Vec::new();
    for (index, entry) in entries.into_iter().flatten().enumerate() {
        let pointer = join("", &index.to_string());
        let rule = Rule::named(&entry.rule).filter(|rule| rule.can_be_meant()).ok_or_else(|| {
            let cause = format!("`{}` is not a rule that can be departed from", entry.rule);
            source.unreadable(&join(&pointer, "rule"), cause)
        })?;
        if entry.reason.trim().is_empty() {
            return Err(source.unreadable(&join(&pointer, "reason"), "a deviation needs a reason"));
        }
        let value = |name: &str, value: Value| match value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            Value::Bool(_) | Value::Number(_) => Ok(Some(value.to_string())),
            _ => Err(source.unreadable(&join(&pointer, name), "expected a value as findings show it, or null")),
        };
        let deviation = Deviation {
            rule,
            subject: entry.subject,
            documented: value("documented", entry.documented)?,
            curated: value("curated", entry.curated)?,
            operations: entry.operations,
            reason: entry.reason,
            at: source.at(&pointer),
        };
        if let Some(first) = deviations.iter().find(|other| other.same(&deviation)) {
            return Err(source.unreadable(&pointer, format!("the same deviation is already in line {}", first.at.line)));
        }
        deviations.push(deviation);
    }
    Ok(deviations)
}

impl Deviation {
    /// Gives a new parameter or field, which has what is documented, what the spec has instead: a limit, the release, or
    /// whether it has to be given. Another type may need a schema, and is left to a person.
    pub(crate) fn apply(&self, part: &mut Value) {
        let (documented, curated) = (self.documented.as_deref(), self.curated.as_deref());
        let name = match self.rule {
            Rule::ParameterConstraint | Rule::FieldConstraint => curated.or(documented).and_then(limit_name),
            Rule::ParameterIntroduced | Rule::FieldIntroduced => Some("x-ntap-introduced"),
            Rule::ParameterRequired => Some("required"),
            _ => None,
        };
        let Some(name) = name else { return };
        let is_limit = LIMITS.contains(&name) && part.get("schema").is_some();
        let node = if is_limit { &mut part["schema"] } else { part };
        // What stands beside a `$ref` does not count.
        let Some(members) = node.as_object_mut().filter(|members| !members.contains_key("$ref")) else { return };
        let (shown, new) = match (name, members.get(name)) {
            ("required", has) => {
                let word = if has.is_some() { "required" } else { "optional" };
                (Some(word.to_owned()), (curated == Some("required")).then_some(true.into()))
            }
            ("x-ntap-introduced", has) => (has.and_then(Value::as_str).map(str::to_owned), curated.map(Value::from)),
            (_, has) => {
                let value = curated.and_then(|shown| serde_json::from_str(shown.strip_prefix(name)?).ok());
                (has.map(|value| format!("{name} {value}")), value)
            }
        };
        if shown.as_deref() != documented {
            return;
        }
        match new {
            Some(value) => _ = members.insert(name.to_owned(), value),
            None => _ = members.shift_remove(name),
        }
    }

    fn same(&self, other: &Self) -> bool {
        self.rule == other.rule
            && self.subject == other.subject
            && self.documented == other.documented
            && self.curated == other.curated
    }

    fn allows(&self, finding: &Finding) -> bool {
        self.rule == finding.rule
            && self.subject == finding.subject
            && self.documented == finding.documented
            && self.curated == finding.curated
            && finding.operations.iter().all(|operation| self.operations.contains(operation))
    }
}

/// What is left of a comparison when the deviations are taken out.
#[derive(Debug)]
pub struct Judged {
    /// The differences that are not allowed, and the deviations that are stale; sorted.
    pub drift: Vec<Finding>,
    /// The differences that are, sorted.
    pub allowed: Vec<Allowed>,
}

/// A difference that is meant, and why.
#[derive(Debug, PartialEq)]
pub struct Allowed {
    /// The difference.
    pub finding: Finding,
    /// The deviation's reason.
    pub reason: String,
}

/// Takes the deviations out of the findings.
///
/// A deviation without its finding is stale, unless its subject could not be compared: then the finding that says so is
/// enough, if there is one.
pub fn judge(comparison: Comparison, deviations: &[Deviation]) -> Judged {
    let mut by_subject: HashMap<(Rule, &str), Vec<usize>> = HashMap::new();
    for (index, deviation) in deviations.iter().enumerate() {
        by_subject.entry((deviation.rule, &deviation.subject)).or_default().push(index);
    }
    let (mut allowed, mut drift) = (Vec::new(), Vec::new());
    let mut used = vec![false; deviations.len()];
    for finding in comparison.findings {
        let same_subject = by_subject.get(&(finding.rule, finding.subject.as_str())).into_iter().flatten();
        let mut allowing = same_subject.copied().filter(|index| deviations[*index].allows(&finding)).peekable();
        let first = allowing.peek().copied();
        allowing.for_each(|index| used[index] = true);
        match first {
            Some(index) => allowed.push(Allowed { finding, reason: deviations[index].reason.clone() }),
            None => drift.push(finding),
        }
    }
    let explained = !drift.is_empty();
    let whole: HashSet<&str> = drift
        .iter()
        .filter(|finding| finding.rule.is_missing() || finding.rule.is_undocumented())
        .map(|finding| finding.subject.as_str())
        .collect();
    let stale: Vec<Finding> = deviations
        .iter()
        .zip(used)
        .filter_map(|(deviation, used)| (!used).then_some(deviation))
        .filter(|deviation| !whole.contains(deviation.subject.as_str()))
        .filter(|deviation| {
            !(explained && comparison.unreached.iter().any(|scope| is_within(&deviation.subject, scope)))
        })
        .map(|deviation| Finding {
            operations: Vec::new(),
            subject: format!("{} {}", deviation.rule, deviation.subject),
            rule: Rule::DeviationStale,
            documented: deviation.documented.clone(),
            curated: deviation.curated.clone(),
            at: deviation.at.clone(),
            documented_at: Vec::new(),
            fix: Fix::person("take the entry out, or make it match again"),
        })
        .collect();
    drift.extend(stale);
    drift.sort_by(|a, b| a.order().cmp(&b.order()));
    Judged { drift, allowed }
}

/// The limit that a finding shows, as `NAME VALUE`.
fn limit_name(shown: &str) -> Option<&'static str> {
    LIMITS.into_iter().find(|name| shown.split(' ').next() == Some(name))
}

fn is_within(subject: &str, scope: &str) -> bool {
    subject.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ']))
}
