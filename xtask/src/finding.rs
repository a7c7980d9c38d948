//! Differences between what is documented and what is curated, and what would mend them.

use crate::facts::digest;
use crate::patch::Edit;
use crate::place::At;
use crate::rule::Rule;

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The operations that it touches, sorted.
    pub operations: Vec<String>,
    /// What differs: `SCHEMA.FIELD`, `METHOD /path NAME` for what belongs to one operation, `catalogue CODE`, or the
    /// path of a component, such as `components.parameters.uuid`.
    pub subject: String,
    /// How it differs.
    pub rule: Rule,
    /// What is documented, if the subject is.
    pub documented: Option<String>,
    /// What the spec has, if it has the subject.
    pub curated: Option<String>,
    /// Where in the spec it is, or should be.
    pub at: At,
    /// Where it is documented; for what is not documented, where it would be.
    pub documented_at: Vec<At>,
    /// What would mend it.
    pub fix: Fix,
}

/// What would make a difference go away.
#[derive(Clone, Debug, PartialEq)]
pub enum Fix {
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
    /// The difference in words.
    pub fn message(&self) -> String {
        let subject = &self.subject;
        let value = |value: &Option<String>| value.as_deref().map(|value| format!(" ({value})")).unwrap_or_default();
        match self.rule {
            Rule::DeviationStale => {
                return format!("`{subject}` is listed as a deviation, but there is no such difference");
            }
            Rule::SummaryMissing => return format!("`{subject}` has no words yet"),
            _ => {}
        }
        if self.rule.is_wording() {
            return format!("`{subject}` is described in other words than when the spec's were written");
        }
        if self.rule.is_missing() {
            return format!("`{subject}` is documented{}, but not in the spec", value(&self.documented));
        }
        if self.rule.is_undocumented() {
            return format!("`{subject}` is in the spec{}, but not documented", value(&self.curated));
        }
        let about = match self.rule {
            Rule::OperationIntroduced | Rule::ParameterIntroduced | Rule::FieldIntroduced => "has the release ",
            Rule::OperationConstraint => "has the commands ",
            Rule::ParameterType | Rule::HeaderType | Rule::FieldType => "has the type ",
            Rule::ParameterRequired => "is ",
            Rule::ResponseConstraint => "has the status ",
            Rule::OperationType | Rule::ResponseType => "has as its body ",
            _ => "has ",
        };
        let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        format!("`{subject}` {about}{}, but {} is documented", side(&self.curated), side(&self.documented))
    }

    /// Tells the finding from all others, and stays the same while nothing but line numbers changes: 12 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let operations = self.operations.join(",");
        let side = |value: &Option<String>| value.as_ref().map_or("-".to_owned(), |value| format!("={value}"));
        let parts =
            [self.rule.id(), &self.subject, &operations, &side(&self.documented), &side(&self.curated)].join("\n");
        digest(parts.as_bytes())[..12].to_owned()
    }

    /// What findings are sorted by.
    pub fn order(&self) -> impl Ord + '_ {
        (&self.operations, &self.subject, self.rule, &self.documented, &self.curated)
    }
}
