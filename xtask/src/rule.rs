//! The kinds of difference: each with a stable name and what it means.

use std::fmt;

use serde::{Serialize, Serializer};

/// The comparisons with a kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// Between the spec and the facts.
    Drift,
    /// Between two releases of the facts, or two versions of the spec.
    Changes,
    Both,
}

/// One row for each rule: the variant, the name, the comparisons, and the meaning.
macro_rules! rules {
    ($($variant:ident = $id:literal in $scope:ident: $text:literal,)+) => {
        /// The kind of a difference. Between the spec and the facts, `missing` is documented but not in the spec, and
        /// `undocumented` the other way.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $text] $variant,)+
        }

        impl Rule {
            /// All rules.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Gives the name: the kind of part, and how it differs.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }

            fn scope(self) -> Scope {
                match self {
                    $(Self::$variant => Scope::$scope,)+
                }
            }

            /// Explains the rule for the comparison that it was made for.
            pub(crate) fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

rules! {
    OperationMissing = "operation-missing" in Drift: "An operation is documented, but the spec lacks it. A person has \
        to add it: nothing documents its operationId, and that names the client's method.",
    OperationUndocumented = "operation-undocumented" in Drift: "An operation of the spec is not documented. A person \
        has to decide: a page of the reference may just be absent.",
    OperationAdded = "operation-added" in Changes: "An operation is new in the later release.",
    OperationRemoved = "operation-removed" in Changes: "An operation is gone in the later release.",
    OperationType = "operation-type" in Drift: "An operation takes a request body on one side only, or one that is not \
        an object.",
    OperationConstraint = "operation-constraint" in Drift: "The two name different CLI commands that do the same as an \
        operation.",
    OperationIntroduced = "operation-introduced" in Both: "The two name different releases in which an operation first \
        appeared.",
    OperationCommand = "operation-command" in Changes: "Other CLI commands are said to do the same as an operation.",
    OperationWording = "operation-wording" in Both: "The page's description of an operation has changed since the spec's own was written.",
    ParameterMissing = "parameter-missing" in Drift: "A parameter is documented, but the operation lacks it.",
    ParameterUndocumented = "parameter-undocumented" in Drift: "A parameter of an operation is not documented.",
    ParameterAdded = "parameter-added" in Changes: "A parameter is new in the later release.",
    ParameterRemoved = "parameter-removed" in Changes: "A parameter is gone in the later release.",
    ParameterLocation = "parameter-location" in Changes: "A parameter moves between query and path.",
    ParameterType = "parameter-type" in Both: "A parameter has two types.",
    ParameterRequired = "parameter-required" in Both: "A parameter must be given on one side and may be left out on \
        the other.",
    ParameterConstraint = "parameter-constraint" in Both: "A parameter's default, limits or place (query or path) \
        differ.",
    ParameterIntroduced = "parameter-introduced" in Both: "The two name different releases in which a parameter first \
        appeared.",
    ParameterWording = "parameter-wording" in Both: "The page's description of a parameter has changed since the spec's own was written.",
    RequestAdded = "request-added" in Changes: "An operation takes a request body in the later release only.",
    RequestRemoved = "request-removed" in Changes: "An operation takes a request body in the earlier release only.",
    FieldMissing = "field-missing" in Drift: "A field is documented, but the schema lacks it.",
    FieldUndocumented = "field-undocumented" in Drift: "A field of the schema is documented nowhere that the schema \
        stands for.",
    FieldAdded = "field-added" in Changes: "A field of a body is new in the later release.",
    FieldRemoved = "field-removed" in Changes: "A field of a body is gone in the later release.",
    FieldType = "field-type" in Both: "A field has two types, or its schema stands for another definition.",
    FieldConstraint = "field-constraint" in Both: "A documented default or limit of a field is not the schema's. Where \
        the page is silent the spec may say more.",
    FieldIntroduced = "field-introduced" in Both: "The page names a release in which a field first appeared, and the \
        spec does not, or another one.",
    FieldWording = "field-wording" in Both: "The page's description of a field has changed since the spec's own was written.",
    ErrorCodeMissing = "error-code-missing" in Drift: "An error code is documented, but not listed: in an operation, \
        or in the catalogue.",
    ErrorCodeUndocumented = "error-code-undocumented" in Drift: "An error code is listed, but not documented.",
    ErrorCodeAdded = "error-code-added" in Changes: "An error code of an operation is new in the later release.",
    ErrorCodeRemoved = "error-code-removed" in Changes: "An error code of an operation is gone in the later release.",
    ErrorCodeWording = "error-code-wording" in Both: "The page's description of an error code has changed since the spec's own was written.",
    ResponseMissing = "response-missing" in Drift: "A response is documented, but the spec lacks it.",
    ResponseUndocumented = "response-undocumented" in Drift: "A 2xx response in the spec is not documented.",
    ResponseAdded = "response-added" in Changes: "The 2xx response has a body in the later release only.",
    ResponseRemoved = "response-removed" in Changes: "The 2xx response has a body in the earlier release only.",
    ResponseType = "response-type" in Drift: "A response has a body on one side only, or one that is not an object.",
    ResponseConstraint = "response-constraint" in Drift: "The 2xx response has two HTTP statuses.",
    ResponseStatus = "response-status" in Changes: "The 2xx response has another HTTP status.",
    HeaderMissing = "header-missing" in Drift: "A header is documented, but the response lacks it.",
    HeaderUndocumented = "header-undocumented" in Drift: "A header of the response is not documented.",
    HeaderAdded = "header-added" in Changes: "A header of the 2xx response is new in the later release.",
    HeaderRemoved = "header-removed" in Changes: "A header of the 2xx response is gone in the later release.",
    HeaderType = "header-type" in Both: "A header has two types.",
    HeaderWording = "header-wording" in Both: "The page's description of a header has changed since the spec's own was written.",
    DefinitionMissing = "definition-missing" in Drift: "A definition is documented, and no schema stands for it.",
    DefinitionUndocumented = "definition-undocumented" in Drift: "A schema stands for a definition that is not \
        documented.",
    DefinitionName = "definition-name" in Changes: "The reference gives an object another name, which does not go over \
        the wire.",
    DefinitionWording = "definition-wording" in Both: "The page's description of a definition has changed since the schema's own was written.",
    DeviationStale = "deviation-stale" in Drift: "An entry of the list of deviations that matches no difference, or \
        not only the intended one.",
    SummaryMissing = "summary-missing" in Drift: "A description, summary or remedy is empty: `cargo xtask regenerate` \
        added the part, and a person has to say what it is.",
    PageMissing = "page-missing" in Changes: "A release has the operation, by what the other one says of it, but its \
        reference has no page for it.",
    TableMissing = "table-missing" in Changes: "A page names an object, but leaves out the table of its fields.",
    CounterpartUnclear = "counterpart-unclear" in Changes: "The other release has so many definitions in the place of \
        one that they were not all compared with it.",
    Added = "added" in Changes: "A part of the document is new in the later version.",
    Removed = "removed" in Changes: "A part of the document is gone in the later version.",
    Changed = "changed" in Changes: "A part of the document is another in the later version.",
    Reordered = "reordered" in Changes: "A list of the document has its items in another order.",
}

impl Rule {
    /// The rule with this name.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }

    /// Finds the rule about parts of this kind that differ so, if such parts can.
    pub(crate) fn of(kind: &str, how: &str) -> Option<Self> {
        Self::named(&format!("{kind}-{how}"))
    }

    /// Explains the rule for all comparisons.
    pub fn explanation(self) -> String {
        let also = " Between two releases: the later one says something else than the earlier one.";
        format!("{}{}", self.meaning(), if self.scope() == Scope::Both { also } else { "" })
    }

    /// Whether the spec and the facts can differ in this way.
    pub fn is_drift(self) -> bool {
        self.scope() != Scope::Changes
    }

    /// Whether something could not be compared: nothing is known of it.
    pub fn is_gap(self) -> bool {
        matches!(self, Self::PageMissing | Self::TableMissing | Self::CounterpartUnclear)
    }

    /// Whether the subject is on the documented side only.
    pub fn is_missing(self) -> bool {
        self.is_drift() && self.id().ends_with("-missing") && self != Self::SummaryMissing
    }

    /// Whether the subject is on the curated side only.
    pub fn is_undocumented(self) -> bool {
        self.id().ends_with("-undocumented")
    }

    /// Whether the subject is new.
    pub fn is_added(self) -> bool {
        self.id().ends_with("added")
    }

    /// Whether the subject is gone.
    pub fn is_removed(self) -> bool {
        self.id().ends_with("removed")
    }

    /// Whether only the vendor's words differ.
    pub fn is_wording(self) -> bool {
        self.id().ends_with("-wording")
    }

    /// Whether a deviation can allow it. A stale entry, an empty summary and an unread sentence cannot be meant.
    pub fn can_deviate(self) -> bool {
        self.is_drift() && !(self.is_wording() || matches!(self, Self::DeviationStale | Self::SummaryMissing))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
