//! Differences between two sides, and the edits that remove them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::class::Class;
use crate::openapi::digest;
use crate::patch::Edit;
use crate::place::At;
use crate::rule::Rule;

/// A part of an API as people name it.
///
/// Drift has `SCHEMA.FIELD`, `METHOD /path NAME` within one operation, `catalogue CODE`, or the path of a component, such
/// as `components.parameters.uuid`. Releases have the name of a parameter, header or definition, an error code, or a body
/// with the path of a member. Versions have the path of a part in the document.
pub type Subject = String;

/// One difference between two sides: the facts and the spec, two releases, or two versions.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Finding {
    /// How the two differ; `cargo xtask rules` explains each.
    #[schemars(with = "String")]
    pub rule: Rule,
    /// The consequence for a caller; null for drift and for gaps.
    pub class: Option<Class>,
    /// The operations with the difference, sorted; empty between versions.
    pub operations: Vec<String>,
    /// The part that differs.
    pub subject: Subject,
    /// The documented or older value. Wording has a fingerprint; a gap has the part that the other release lacks.
    pub from: Option<String>,
    /// The curated or newer value.
    pub to: Option<String>,
    /// The places of the documented or older value; the nearest places if the part is missing.
    pub from_at: Vec<At>,
    /// The places of the curated or newer value; the nearest places if the part is missing.
    pub to_at: Vec<At>,
    /// The reason of a deviation, of the class, or of a gap.
    pub note: Option<String>,
    /// The way to remove the difference.
    #[serde(skip)]
    pub fix: Fix,
}

/// The size of a comparison. Each comparison counts some of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Counts {
    /// Operations.
    pub operations: usize,
    /// Parameters of all operations.
    pub parameters: usize,
    /// Fields of all schemas, or of all bodies. A field of a definition counts once for each body with the definition.
    pub fields: usize,
    /// Headers of all operations.
    pub headers: usize,
    /// Error codes of all operations.
    pub error_codes: usize,
    /// Error codes of the catalogue.
    pub catalogue: usize,
    /// Descriptions that could not be compared: one side has none, or the page breaks off within the description.
    pub wordings_skipped: usize,
}

/// The way to remove a difference.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Fix {
    /// Nothing has to be done: a change is no fault.
    #[default]
    None,
    /// These changes to the curated document.
    Edits(Vec<Edit>),
    /// Somebody has to read what the page says now, and then to say so: `cargo xtask regenerate --accept-wording`.
    Accept,
    /// Nothing that a program could do, for this reason.
    Person(String),
}

impl Fix {
    /// One change.
    pub(crate) fn edit(edit: Edit) -> Self {
        Self::Edits(vec![edit])
    }

    /// A reason why a person is needed.
    pub(crate) fn person(reason: impl Into<String>) -> Self {
        Self::Person(reason.into())
    }
}

impl Finding {
    /// Makes a difference without values and places.
    pub fn new(rule: Rule, subject: impl Into<Subject>) -> Self {
        Self {
            rule,
            class: None,
            operations: Vec::new(),
            subject: subject.into(),
            from: None,
            to: None,
            from_at: Vec::new(),
            to_at: Vec::new(),
            note: None,
            fix: Fix::None,
        }
    }

    /// Gives both values for people, and none for wording: a fingerprint tells nobody anything.
    pub(crate) fn values(&self) -> [Option<&str>; 2] {
        [&self.from, &self.to].map(|value| value.as_deref().filter(|_| !self.rule.is_wording()))
    }

    /// Says the difference in words.
    pub fn message(&self) -> String {
        let subject = &self.subject;
        let value = |value: &Option<String>| value.as_deref().map(|value| format!(" ({value})")).unwrap_or_default();
        let about = match self.rule {
            Rule::DeviationStale => {
                return format!("`{subject}` is listed as a deviation, but there is no such difference");
            }
            Rule::SummaryMissing => return format!("`{subject}` has no words yet"),
            rule if rule.is_wording() => {
                return format!("`{subject}` is described in other words than when the spec's were written");
            }
            rule if rule.is_missing() => {
                return format!("`{subject}` is documented{}, but not in the spec", value(&self.from));
            }
            rule if rule.is_undocumented() => {
                return format!("`{subject}` is in the spec{}, but not documented", value(&self.to));
            }
            Rule::OperationIntroduced | Rule::ParameterIntroduced | Rule::FieldIntroduced => "has the release ",
            Rule::OperationConstraint => "has the commands ",
            Rule::ParameterType | Rule::HeaderType | Rule::FieldType => "has the type ",
            Rule::ParameterRequired => "is ",
            Rule::ResponseConstraint => "has the status ",
            Rule::OperationType | Rule::ResponseType => "has as its body ",
            _ => "has ",
        };
        let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        format!("`{subject}` {about}{}, but {} is documented", side(&self.to), side(&self.from))
    }

    /// Tells the finding from all others, and stays the same while nothing but line numbers changes: 12 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let operations = self.operations.join(",");
        let side = |value: &Option<String>| value.as_ref().map_or("-".to_owned(), |value| format!("={value}"));
        let parts = [self.rule.id(), &self.subject, &operations, &side(&self.from), &side(&self.to)].join("\n");
        digest(parts.as_bytes())[..12].to_owned()
    }

    /// Gives the sort key: breaking changes first, then by operation and subject.
    pub(crate) fn order(&self) -> impl Ord + '_ {
        (self.class, &self.operations, &self.subject, self.rule, &self.from, &self.to)
    }
}

/// Makes one finding of those that differ only in operation and place, and puts all in order.
pub(crate) fn merge(mut found: Vec<Finding>) -> Vec<Finding> {
    fn kind(of: &Finding) -> impl Ord + '_ {
        (of.class, of.rule, &of.subject, &of.from, &of.to)
    }
    found.sort_by(|a, b| kind(a).cmp(&kind(b)));
    found.dedup_by(|next, first| {
        let alike = kind(next) == kind(first);
        if alike {
            first.operations.append(&mut next.operations);
            first.from_at.append(&mut next.from_at);
            first.to_at.append(&mut next.to_at);
        }
        alike
    });
    for finding in &mut found {
        in_order(&mut finding.operations);
        in_order(&mut finding.from_at);
        in_order(&mut finding.to_at);
    }
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    found
}

fn in_order<T: Ord>(items: &mut Vec<T>) {
    items.sort();
    items.dedup();
}
