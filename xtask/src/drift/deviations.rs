//! Where the curated document departs from the page on purpose.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::document::join;
use crate::finding::{Finding, Fix, merge};
use crate::openapi::LIMITS;
use crate::place::{At, Source, Unreadable};
use crate::rule::Rule;
use crate::workspace;

use super::Comparison;

/// A difference that is meant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// The rule of the finding that it allows.
    #[serde(deserialize_with = "deviation_rule")]
    pub rule: Rule,
    /// The subject of that finding.
    pub subject: String,
    /// The documented value.
    #[serde(deserialize_with = "value")]
    pub documented: Option<String>,
    /// The curated value.
    #[serde(deserialize_with = "value")]
    pub curated: Option<String>,
    /// The operations that it may touch, by method and path: a schema that another one uses by mistake is no deviation.
    pub operations: Vec<String>,
    /// The releases of ONTAP whose references differ so; none is every release that has the difference.
    #[serde(default)]
    pub releases: Vec<String>,
    /// Why the spec is right.
    pub reason: String,
    /// Where it stands.
    #[serde(skip)]
    pub at: At,
}

/// Reads the name of a rule that can be departed from.
fn deviation_rule<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Rule, D::Error> {
    let id = String::deserialize(deserializer)?;
    let rule = Rule::named(&id).filter(|rule| rule.can_deviate());
    rule.ok_or_else(|| D::Error::custom(format!("`{id}` is not a rule that can be departed from")))
}

/// Reads a value as findings show it.
fn value<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        value @ (Value::Bool(_) | Value::Number(_)) => Ok(Some(value.to_string())),
        _ => Err(D::Error::custom("expected a value as findings show it, or null")),
    }
}

/// Reads the text of the list.
///
/// # Errors
/// If an entry is incomplete, is there twice, or names an unknown rule.
pub fn parse(file: &str, text: &str) -> Result<Vec<Deviation>, Unreadable> {
    let source = Source::parse(file, text)?;
    let entries: Option<Vec<Deviation>> = source.decode()?;
    let mut deviations: Vec<Deviation> = Vec::new();
    for (index, deviation) in entries.into_iter().flatten().enumerate() {
        let pointer = join("", &index.to_string());
        if deviation.reason.trim().is_empty() {
            return Err(source.unreadable(&join(&pointer, "reason"), "a deviation needs a reason"));
        }
        if let Some(odd) = deviation.releases.iter().position(|release| !is_release(release)) {
            let pointer = join(&join(&pointer, "releases"), &odd.to_string());
            return Err(source.unreadable(&pointer, "expected a release such as \"9.15.1\""));
        }
        if let Some(first) = deviations.iter().find(|other| other.same(&deviation)) {
            return Err(source.unreadable(&pointer, format!("the same deviation is already in line {}", first.at.line)));
        }
        deviations.push(Deviation { at: source.at(&pointer), ..deviation });
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

    /// The difference that it allows.
    fn difference(&self) -> (Rule, &String, &Option<String>, &Option<String>) {
        (self.rule, &self.subject, &self.documented, &self.curated)
    }

    fn same(&self, other: &Self) -> bool {
        let lists = [&self.releases, &other.releases];
        self.difference() == other.difference()
            && (lists.iter().any(|releases| releases.is_empty())
                || self.releases.iter().any(|release| other.releases.contains(release)))
    }

    /// Whether the entry allows a finding about the reference of `release`.
    fn allows(&self, finding: &Finding, release: &String) -> bool {
        self.difference() == (finding.rule, &finding.subject, &finding.from, &finding.to)
            && finding.operations.iter().all(|operation| self.operations.contains(operation))
            && (self.releases.is_empty() || self.releases.contains(release))
    }

    /// Whether the comparison has to find the difference.
    fn is_due(&self, Comparison { release, newest, shared, .. }: &Comparison) -> bool {
        if !self.releases.is_empty() {
            return self.releases.contains(release);
        }
        let of_pages = if self.operations.is_empty() {
            shared.is_empty()
        } else {
            !self.operations.iter().any(|operation| shared.contains(operation))
        };
        *newest && of_pages
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
    let mut by_subject: HashMap<(Rule, &String), Vec<&Deviation>> = HashMap::new();
    for deviation in deviations {
        by_subject.entry((deviation.rule, &deviation.subject)).or_default().push(deviation);
    }
    let (mut allowed, mut drift) = (Vec::new(), Vec::new());
    let mut used = BTreeSet::new();
    for finding in &comparison.findings {
        let same_subject = by_subject.get(&(finding.rule, &finding.subject)).into_iter().flatten();
        let allowing: Vec<_> =
            same_subject.filter(|deviation| deviation.allows(finding, &comparison.release)).collect();
        used.extend(allowing.iter().map(|deviation| &deviation.at));
        match allowing.first() {
            Some(deviation) => allowed.push(Finding { note: Some(deviation.reason.clone()), ..finding.clone() }),
            None => drift.push(finding.clone()),
        }
    }
    let whole = drift.iter().filter(|finding| finding.rule.is_missing() || finding.rule.is_undocumented());
    let whole: HashSet<&str> = whole.map(|finding| finding.subject.as_str()).collect();
    // A part that differs hides the fields behind it, in the operations that it is of.
    let hides = |finding: &&Finding| {
        let id = finding.rule.id();
        let is_body = ["field-", "operation-", "response-", "definition-"].iter().any(|part| id.starts_with(part));
        is_body && (finding.rule.is_missing() || id.ends_with("-type") && finding.rule != Rule::FieldType)
    };
    let hiding: Vec<&Finding> = drift.iter().filter(hides).collect();
    let is_hidden = |deviation: &Deviation| {
        let is_behind = |finding: &&Finding| {
            let shares = finding.operations.iter().any(|key| deviation.operations.contains(key));
            shares && finding.subject != deviation.subject
        };
        deviation.rule.id().starts_with("field-") && hiding.iter().any(is_behind)
    };
    let unreached = if drift.is_empty() { &[] } else { comparison.unreached.as_slice() };
    let is_stale = |deviation: &&Deviation| {
        !used.contains(&deviation.at)
            && deviation.is_due(&comparison)
            && !whole.contains(deviation.subject.as_str())
            && !is_hidden(deviation)
            && !unreached.iter().any(|scope| is_within(&deviation.subject, scope))
    };
    let stale = deviations.iter().filter(is_stale);
    let stale: Vec<_> = stale.map(|one| one.stale("take the entry out, or make it match again")).collect();
    drift.extend(stale);
    drift.sort_by(|a, b| a.order().cmp(&b.order()));
    Judged { drift, allowed, used: used.into_iter().cloned().collect() }
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
    Judged { drift: merge(drift), allowed: merge(allowed), used }
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
