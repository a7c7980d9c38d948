//! How the parts of a document are compared.

use crate::changelist::Class;

/// A kind of object in the document. Which members it can have, and what a change to each means, `members` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Document,
    Info,
    Server,
    Tag,
    Paths,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Responses,
    Response,
    Header,
    MediaType,
    Schema,
    Components,
    SecurityScheme,
    ErrorCode,
}

/// What it means that a value comes, goes or is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Effects {
    pub(super) added: Class,
    pub(super) changed: Class,
    pub(super) removed: Class,
    /// Why, where that is not to be guessed.
    pub(super) note: Option<&'static str>,
}

/// How a member is compared, on both sides or on one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// A value as a whole.
    Value(Effects),
    /// An object; what one means that comes. One that goes is breaking.
    Object(Part, Class),
    /// Objects by their names; what one more means. One less is breaking.
    Named(Part, Class),
    /// Examples by their names.
    Examples,
    /// A list of objects that are known by what they say; what one more means, and what another order. One less is breaking.
    Rows(Part, Class, Class),
    /// A list of objects that are known by their positions; what one more at the end means. One less is breaking.
    Positions(Part, Class),
    /// A list whose order means nothing; what one more means, and what one less.
    Set(Class, Class),
    /// A list whose order means nothing, and which differs in kind from none at all.
    Enumeration,
    /// The requirements of security, one of which has to be met. None at all is less than any.
    Security,
    /// A limit.
    Limit,
    /// Whether null is a value.
    Nullable,
    /// Whether something has to be there.
    Required,
    /// Which properties have to be there.
    RequiredProperties,
    /// What else than the properties an object may have: a yes or no, or a schema.
    AdditionalProperties,
    /// The bodies of an answer, by media types.
    Bodies,
}
