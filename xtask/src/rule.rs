//! The kinds of difference: each with a stable name, `<subject>-<change>`, and what it means.

use std::fmt;

/// One row for each rule: its variant, its name and what it means.
macro_rules! rules {
    ($($(#[doc = $text:literal])+ $variant:ident = $id:literal,)+) => {
        /// What kind of difference a finding is. `missing` is documented but not in the spec; `undocumented` the other
        /// way.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[doc = $text])+ $variant,)+
        }

        impl Rule {
            /// All rules.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The rule's name: what differs, and in what.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }

            /// What the rule means, in a few sentences.
            pub fn explanation(self) -> String {
                let lines: &[&str] = match self {
                    $(Self::$variant => &[$($text,)+],)+
                };
                lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
            }
        }
    };
}

rules! {
    /// An operation is documented, but the spec lacks it. A person has to add it: nothing documents its operationId,
    /// and that names the client's method.
    OperationMissing = "operation-missing",
    /// An operation of the spec is not documented. A person has to decide: a page of the reference may just be absent.
    OperationUndocumented = "operation-undocumented",
    /// An operation takes a request body on one side only, or one that is not an object.
    OperationType = "operation-type",
    /// The two name different CLI commands that do the same as an operation.
    OperationConstraint = "operation-constraint",
    /// The two name different releases in which an operation first appeared.
    OperationIntroduced = "operation-introduced",
    /// What the page says of an operation is not what it said when the spec's own description was written.
    OperationWording = "operation-wording",
    /// A parameter is documented, but the operation lacks it.
    ParameterMissing = "parameter-missing",
    /// A parameter of an operation is not documented.
    ParameterUndocumented = "parameter-undocumented",
    /// A parameter has two types.
    ParameterType = "parameter-type",
    /// A parameter must be given on one side and may be left out on the other.
    ParameterRequired = "parameter-required",
    /// A parameter's default, limits or place (query or path) differ.
    ParameterConstraint = "parameter-constraint",
    /// The two name different releases in which a parameter first appeared.
    ParameterIntroduced = "parameter-introduced",
    /// What the page says of a parameter is not what it said when the spec's own description was written.
    ParameterWording = "parameter-wording",
    /// A field is documented, but the schema lacks it.
    FieldMissing = "field-missing",
    /// A field of the schema is documented nowhere that the schema stands for.
    FieldUndocumented = "field-undocumented",
    /// A field has two types, or its schema stands for another definition.
    FieldType = "field-type",
    /// A documented default or limit of a field is not the schema's. Where the page is silent the spec may say more.
    FieldConstraint = "field-constraint",
    /// The page names a release in which a field first appeared, and the spec does not, or another one.
    FieldIntroduced = "field-introduced",
    /// What the page says of a field is not what it said when the spec's own description was written.
    FieldWording = "field-wording",
    /// An error code is documented, but not listed: in an operation, or in the catalogue.
    ErrorCodeMissing = "error-code-missing",
    /// An error code is listed, but not documented.
    ErrorCodeUndocumented = "error-code-undocumented",
    /// What the page says of an error code is not what it said when the spec's own summary was written.
    ErrorCodeWording = "error-code-wording",
    /// A response is documented, but the spec lacks it.
    ResponseMissing = "response-missing",
    /// A response of success in the spec is not documented.
    ResponseUndocumented = "response-undocumented",
    /// A response has a body on one side only, or one that is not an object.
    ResponseType = "response-type",
    /// Success has two HTTP statuses.
    ResponseConstraint = "response-constraint",
    /// A header is documented, but the response lacks it.
    HeaderMissing = "header-missing",
    /// A header of the response is not documented.
    HeaderUndocumented = "header-undocumented",
    /// A header has two types.
    HeaderType = "header-type",
    /// What the page says of a header is not what it said when the spec's own description was written.
    HeaderWording = "header-wording",
    /// A definition is documented, and no schema stands for it.
    DefinitionMissing = "definition-missing",
    /// A schema stands for a definition that is not documented.
    DefinitionUndocumented = "definition-undocumented",
    /// What the page says of a definition is not what it said when the schema's own description was written.
    DefinitionWording = "definition-wording",
    /// An entry of the list of deviations that matches no difference, or not only the one that it was meant for.
    DeviationStale = "deviation-stale",
    /// A description, summary or remedy is empty: `cargo xtask regenerate` added the part, and a person has to say what it is.
    SummaryMissing = "summary-missing",
}

impl Rule {
    /// The rule with this name.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }

    /// Whether the subject is on the documented side only.
    pub fn is_missing(self) -> bool {
        self.id().ends_with("-missing") && self != Self::SummaryMissing
    }

    /// Whether the subject is on the curated side only.
    pub fn is_undocumented(self) -> bool {
        self.id().ends_with("-undocumented")
    }

    /// Whether only the vendor's words differ.
    pub fn is_wording(self) -> bool {
        self.id().ends_with("-wording")
    }

    /// Whether a deviation can allow it: an entry that is stale, a summary that is empty or a sentence that nobody has
    /// read cannot be meant.
    pub fn can_be_meant(self) -> bool {
        !(self.is_wording() || matches!(self, Self::DeviationStale | Self::SummaryMissing))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
