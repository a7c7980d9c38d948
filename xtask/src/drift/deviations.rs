//! Where the curated document departs from the page on purpose.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::Value;

use crate::document::join;
use crate::finding::{Finding, Fix, merged};
use crate::openapi::LIMITS;
use crate::place::{At, Source, Unreadable};
use crate::rule::Rule;
use crate::workspace;

use super::Comparison;

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
    /// The releases of ONTAP whose references differ so; none is every release that has the difference.
    pub releases: Vec<String>,
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
    #[serde(default)]
    releases: Vec<String>,
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
        if let Some(odd) = entry.releases.iter().position(|release| !is_release(release)) {
            let pointer = join(&join(&pointer, "releases"), &odd.to_string());
            return Err(source.unreadable(&pointer, "expected a release such as \"9.15.1\""));
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
            releases: entry.releases,
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
    /// Changes a new parameter or field from the documented to the curated value: a limit, the release, or `required`.
    /// Another type may need a schema, and is left to a person.
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
        // Tools ignore members beside a `$ref`.
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
        let key = |one: &Self| (one.rule, one.subject.clone(), one.documented.clone(), one.curated.clone());
        key(self) == key(other)
            && (self.releases.is_empty()
                || other.releases.is_empty()
                || self.releases.iter().any(|release| other.is_about(release)))
    }

    /// Whether the entry allows a finding about the reference of `release`.
    fn allows(&self, finding: &Finding, release: &str) -> bool {
        self.rule == finding.rule
            && self.subject == finding.subject
            && self.documented == finding.from
            && self.curated == finding.to
            && finding.operations.iter().all(|operation| self.operations.contains(operation))
            && (self.releases.is_empty() || self.is_about(release))
    }

    fn is_about_pages(&self, comparison: &Comparison) -> bool {
        match self.operations.as_slice() {
            [] => comparison.shared.is_empty(),
            operations => !operations.iter().any(|operation| comparison.shared.contains(operation)),
        }
    }

    fn is_about(&self, release: &str) -> bool {
        self.releases.iter().any(|other| other == release)
    }

    fn stale(&self, fix: impl Into<String>) -> Finding {
        Finding {
            from: self.documented.clone(),
            to: self.curated.clone(),
            to_at: vec![self.at.clone()],
            fix: Fix::person(fix),
            ..Finding::new(Rule::DeviationStale, format!("{} {}", self.rule, self.subject))
        }
    }

    /// Whether the comparison has to find the difference.
    fn is_due(&self, comparison: &Comparison) -> bool {
        // A change between two sources is for `extract` to find.
        if !self.rule.is_drift() {
            return false;
        }
        if self.releases.is_empty() {
            comparison.newest && self.is_about_pages(comparison)
        } else {
            self.is_about(&comparison.release)
        }
    }
}

/// A comparison without the differences that are meant.
#[derive(Debug)]
pub struct Judged {
    /// The differences that are not allowed, and the deviations that are stale; sorted.
    pub drift: Vec<Finding>,
    /// The differences that are, sorted, each with the reason in its note.
    pub allowed: Vec<Finding>,
    /// The places of the deviations that allow a difference.
    pub used: Vec<At>,
}

/// Takes the deviations out of the findings.
///
/// A deviation without its finding is stale, unless its subject could not be compared. A finding then says that already.
pub fn judge(comparison: Comparison, deviations: &[Deviation]) -> Judged {
    let mut by_subject: HashMap<(Rule, &str), Vec<usize>> = HashMap::new();
    for (index, deviation) in deviations.iter().enumerate() {
        by_subject.entry((deviation.rule, &deviation.subject)).or_default().push(index);
    }
    let (mut allowed, mut drift) = (Vec::new(), Vec::new());
    let mut used = vec![false; deviations.len()];
    for finding in &comparison.findings {
        let finding = finding.clone();
        let same_subject = by_subject.get(&(finding.rule, finding.subject.as_str())).into_iter().flatten();
        let mut allowing =
            same_subject.copied().filter(|index| deviations[*index].allows(&finding, &comparison.release)).peekable();
        let first = allowing.peek().copied();
        allowing.for_each(|index| used[index] = true);
        match first {
            Some(index) => allowed.push(Finding { note: Some(deviations[index].reason.clone()), ..finding }),
            None => drift.push(finding),
        }
    }
    let explained = !drift.is_empty();
    let whole: HashSet<&str> = drift
        .iter()
        .filter(|finding| finding.rule.is_missing() || finding.rule.is_undocumented())
        .map(|finding| finding.subject.as_str())
        .collect();
    let (used, unused): (Vec<_>, Vec<_>) = deviations.iter().zip(used).partition(|(_, used)| *used);
    let stale: Vec<Finding> = unused
        .into_iter()
        .map(|(deviation, _)| deviation)
        .filter(|deviation| deviation.is_due(&comparison))
        .filter(|deviation| !whole.contains(deviation.subject.as_str()))
        .filter(|deviation| {
            !(explained && comparison.unreached.iter().any(|scope| is_within(&deviation.subject, scope)))
        })
        .map(|deviation| deviation.stale("take the entry out, or make it match again"))
        .collect();
    drift.extend(stale);
    drift.sort_by(|a, b| a.order().cmp(&b.order()));
    let used = used.into_iter().map(|(deviation, _)| deviation.at.clone()).collect();
    Judged { drift, allowed, used }
}

/// Judges the comparisons with several releases, of which the first is the newest. A finding of several releases is one.
pub fn judge_all(comparisons: Vec<Comparison>, deviations: &[Deviation]) -> Judged {
    let releases: Vec<String> = comparisons.iter().map(|comparison| comparison.release.clone()).collect();
    let (mut drift, mut allowed, mut used) = (Vec::new(), Vec::new(), Vec::new());
    for comparison in comparisons {
        let older = (!comparison.newest).then(|| comparison.release.clone());
        let mut judged = judge(comparison, deviations);
        if let Some(release) = older {
            for finding in &mut judged.drift {
                if matches!(finding.fix, Fix::Edits(_)) {
                    finding.fix = Fix::person(format!(
                        "the spec follows the newest release: say since when the part is there, or list what {release} has"
                    ));
                }
            }
            // The newest release has the entry as stale, and an older one still needs it.
            let still = |finding: &&mut Finding| {
                finding.rule == Rule::DeviationStale && finding.to_at.iter().any(|at| judged.used.contains(at))
            };
            for finding in drift.iter_mut().filter(still) {
                finding.fix = Fix::person(format!("still true of {release}: add `releases: [\"{release}\"]`"));
            }
        }
        drift.extend(judged.drift);
        allowed.extend(judged.allowed);
        used.extend(judged.used);
    }
    if releases.len() > 1 {
        let is_gone = |deviation: &&Deviation| {
            !deviation.releases.is_empty() && !deviation.releases.iter().any(|release| releases.contains(release))
        };
        let gone = deviations.iter().filter(is_gone);
        drift.extend(gone.map(|deviation| deviation.stale("no facts are of these releases: take the entry out")));
    }
    Judged { drift: merged(drift), allowed: merged(allowed), used }
}

/// Whether the text names a release in the one way that the names of facts files do.
fn is_release(text: &str) -> bool {
    let numbers = workspace::release(text).unwrap_or_default();
    !numbers.is_empty() && numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(".") == text
}

/// The limit that a finding shows, as `NAME VALUE`.
fn limit_name(shown: &str) -> Option<&'static str> {
    LIMITS.into_iter().find(|name| shown.split(' ').next() == Some(name))
}

fn is_within(subject: &str, scope: &str) -> bool {
    subject.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ']))
}
