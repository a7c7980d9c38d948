//! Differences between what is documented and what is curated.

use std::fmt;

use crate::place::At;

/// What kind of difference a finding is. `missing` is documented but not in the spec; `undocumented` the other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// An operation is documented, but the spec lacks it.
    OperationMissing,
    /// An operation of the spec is not documented.
    OperationUndocumented,
    /// The two name different releases for an operation.
    OperationIntroduced,
    /// The two name different CLI commands for an operation.
    OperationCommand,
    /// A parameter is documented, but the spec lacks it.
    ParameterMissing,
    /// A parameter of the spec is not documented.
    ParameterUndocumented,
    /// A parameter goes into the query in one and into the path in the other.
    ParameterLocation,
    /// A parameter has two types.
    ParameterType,
    /// A parameter must be given in one and may be left out in the other.
    ParameterRequired,
    /// A parameter's default or limits differ.
    ParameterConstraint,
    /// The two name different releases for a parameter.
    ParameterIntroduced,
    /// A body is documented, but the spec lacks it.
    BodyMissing,
    /// A body of the spec is not documented.
    BodyUndocumented,
    /// A response is documented, but the spec lacks it.
    ResponseMissing,
    /// A response of success in the spec is not documented.
    ResponseUndocumented,
    /// Success has two statuses.
    ResponseStatus,
    /// A header is documented, but the spec lacks it.
    HeaderMissing,
    /// A header of the spec is not documented.
    HeaderUndocumented,
    /// A header has two types.
    HeaderType,
    /// A field is documented, but the schema lacks it.
    FieldMissing,
    /// A field of the schema is not documented.
    FieldUndocumented,
    /// A field has two types, or its schema stands for another definition.
    FieldType,
    /// A documented default or limit of a field is not the schema's.
    FieldConstraint,
    /// The two name different releases for a field.
    FieldIntroduced,
    /// A definition is documented, and no schema stands for it.
    DefinitionMissing,
    /// A schema stands for a definition that is not documented.
    DefinitionUndocumented,
    /// An error code is documented, but not listed.
    ErrorCodeMissing,
    /// An error code is listed, but not documented.
    ErrorCodeUndocumented,
    /// An allowed deviation that is no longer there.
    DeviationStale,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 29] = [
        Self::OperationMissing,
        Self::OperationUndocumented,
        Self::OperationIntroduced,
        Self::OperationCommand,
        Self::ParameterMissing,
        Self::ParameterUndocumented,
        Self::ParameterLocation,
        Self::ParameterType,
        Self::ParameterRequired,
        Self::ParameterConstraint,
        Self::ParameterIntroduced,
        Self::BodyMissing,
        Self::BodyUndocumented,
        Self::ResponseMissing,
        Self::ResponseUndocumented,
        Self::ResponseStatus,
        Self::HeaderMissing,
        Self::HeaderUndocumented,
        Self::HeaderType,
        Self::FieldMissing,
        Self::FieldUndocumented,
        Self::FieldType,
        Self::FieldConstraint,
        Self::FieldIntroduced,
        Self::DefinitionMissing,
        Self::DefinitionUndocumented,
        Self::ErrorCodeMissing,
        Self::ErrorCodeUndocumented,
        Self::DeviationStale,
    ];

    /// The rule's name: what differs, and in what.
    pub fn id(self) -> &'static str {
        match self {
            Self::OperationMissing => "operation-missing",
            Self::OperationUndocumented => "operation-undocumented",
            Self::OperationIntroduced => "operation-introduced",
            Self::OperationCommand => "operation-command",
            Self::ParameterMissing => "parameter-missing",
            Self::ParameterUndocumented => "parameter-undocumented",
            Self::ParameterLocation => "parameter-location",
            Self::ParameterType => "parameter-type",
            Self::ParameterRequired => "parameter-required",
            Self::ParameterConstraint => "parameter-constraint",
            Self::ParameterIntroduced => "parameter-introduced",
            Self::BodyMissing => "body-missing",
            Self::BodyUndocumented => "body-undocumented",
            Self::ResponseMissing => "response-missing",
            Self::ResponseUndocumented => "response-undocumented",
            Self::ResponseStatus => "response-status",
            Self::HeaderMissing => "header-missing",
            Self::HeaderUndocumented => "header-undocumented",
            Self::HeaderType => "header-type",
            Self::FieldMissing => "field-missing",
            Self::FieldUndocumented => "field-undocumented",
            Self::FieldType => "field-type",
            Self::FieldConstraint => "field-constraint",
            Self::FieldIntroduced => "field-introduced",
            Self::DefinitionMissing => "definition-missing",
            Self::DefinitionUndocumented => "definition-undocumented",
            Self::ErrorCodeMissing => "error-code-missing",
            Self::ErrorCodeUndocumented => "error-code-undocumented",
            Self::DeviationStale => "deviation-stale",
        }
    }

    /// The rule with this name.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.id() == id)
    }

    /// Whether the subject is on the documented side only.
    pub fn is_missing(self) -> bool {
        self.id().ends_with("-missing")
    }

    /// Whether the subject is on the curated side only.
    pub fn is_undocumented(self) -> bool {
        self.id().ends_with("-undocumented")
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

impl Finding {
    /// The difference in words.
    pub fn message(&self) -> String {
        let subject = &self.subject;
        let value = |value: &Option<String>| value.as_deref().map(|value| format!(" ({value})")).unwrap_or_default();
        if self.rule == Rule::DeviationStale {
            return format!("`{subject}` is listed as a deviation, but there is no such difference");
        }
        if self.rule.is_missing() {
            return format!("`{subject}` is documented{}, but not in the spec", value(&self.documented));
        }
        if self.rule.is_undocumented() {
            return format!("`{subject}` is in the spec{}, but not documented", value(&self.curated));
        }
        let about = match self.rule {
            Rule::OperationIntroduced | Rule::ParameterIntroduced | Rule::FieldIntroduced => "has the release ",
            Rule::OperationCommand => "has the commands ",
            Rule::ParameterLocation => "goes into ",
            Rule::ParameterType | Rule::HeaderType | Rule::FieldType => "has the type ",
            Rule::ParameterRequired => "is ",
            Rule::ResponseStatus => "has the status ",
            _ => "has ",
        };
        let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        format!("`{subject}` {about}{}, but {} is documented", side(&self.curated), side(&self.documented))
    }

    /// What findings are sorted by.
    pub fn order(&self) -> impl Ord + '_ {
        (&self.operations, &self.subject, self.rule, &self.documented, &self.curated)
    }
}
