//! The consequence of each change for a caller: all the decisions.
//!
//! Two questions decide. Does a client made from the old document work against a cluster that the new one describes? Does
//! a program compile with code made from the new document? In doubt a change is breaking: a false alarm costs a look, a
//! missed one an outage.

use xtask::class::Class::{self, Breaking, Compatible, Wording};

use super::entries::Keys;

/// A kind of object in the document.
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

/// The ways to compare a part.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    /// A value, as a whole: the classes where it comes, changes or goes, and the reason where it is not obvious.
    Value { added: Class, changed: Class, removed: Class, note: Option<&'static str> },
    /// An object; the class is that of a new object. A lost object is breaking.
    Object(Part, Class),
    /// An object that is breaking if it is new and required.
    Input(Part),
    /// A collection, entry by entry; the class is that of another order.
    Each(Keys, &'static How, Class),
    /// An item without members; the classes are those of one more and one less.
    Item(Class, Class),
    /// A list of choices, in any order. An empty list differs in kind from any other.
    Choice,
    /// A limit.
    Limit,
    /// An item that is a demand on the sender.
    Demanded,
    /// A yes or no; a yes is a demand on the sender (`true`) or on the reader (`false`).
    Demand(bool),
    /// The bodies of a response, by media types.
    Bodies,
}

const fn value(added: Class, changed: Class, removed: Class) -> How {
    How::Value { added, changed, removed, note: None }
}

const fn breaking_for(note: &'static str) -> How {
    How::Value { added: Breaking, changed: Breaking, removed: Breaking, note: Some(note) }
}

const fn named(item: &'static How) -> How {
    How::Each(Keys::Names, item, Wording)
}

const fn set(item: &'static How) -> How {
    How::Each(Keys::Values, item, Wording)
}

/// For people.
const WORDS: How = value(Wording, Wording, Wording);
/// For senders and readers.
const FIXED: How = value(Breaking, Breaking, Breaking);
/// For nobody with an existing client.
const FREE: How = value(Compatible, Compatible, Compatible);
const NAME: How = breaking_for("generators make names of it");
/// The release that brought something: told more precisely, it tells more; where it is missing, programs that look at it
/// fail.
const INTRODUCED: How = value(Compatible, Compatible, Breaking);
const SCHEMA: How = How::Object(Part::Schema, Breaking);
const NAMED_SCHEMA: How = How::Object(Part::Schema, Compatible);
pub(super) const MEDIA_TYPES: How = named(&How::Object(Part::MediaType, Compatible));
/// The properties of a closed object: a strict reader refuses new ones.
pub(super) const CLOSED: How = named(&SCHEMA);

/// Tells how the member `key` of a `part` is compared.
pub(super) fn how(part: Part, key: &str) -> How {
    use Part::*;
    match (part, key) {
        // Words.
        (Info | PathItem | Operation | ErrorCode, "summary") => WORDS,
        (Info | Server | Tag | PathItem | Operation | Parameter | RequestBody, "description") => WORDS,
        (Response | Header | Schema | SecurityScheme, "description") => WORDS,
        (Document | Tag | Operation | Schema, "externalDocs") => WORDS,
        (Parameter | Header | MediaType | Schema | ErrorCode, "example") => WORDS,
        (Parameter | Header | MediaType | Components, "examples") => named(&WORDS),
        (Info, "termsOfService" | "contact" | "license") => WORDS,
        (SecurityScheme, "bearerFormat") => WORDS,
        (ErrorCode, "remedy" | "examples") => WORDS,
        (Operation, "x-ontap-commands") | (Schema, "x-ontap-documented-as") => set(&How::Item(Wording, Wording)),
        // Names.
        (Info | Schema, "title") | (Tag | Parameter, "name") | (Operation, "operationId" | "tags") => NAME,
        (ErrorCode, "name") => breaking_for("the name of an error code never changes"),
        // Values that change nothing by themselves; the version is the release of ONTAP.
        (Info, "version") | (Operation | Parameter | Header | Schema, "deprecated") => FREE,
        (Operation | Parameter | Schema, "x-ntap-introduced") => INTRODUCED,
        // Objects.
        (Document, "info") => How::Object(Info, Breaking),
        (Document, "paths") => How::Object(Paths, Breaking),
        (Document, "components") => How::Object(Components, Compatible),
        (Paths, _) if key.starts_with('/') => How::Object(PathItem, Compatible),
        (PathItem, "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace") => {
            How::Object(Operation, Compatible)
        }
        (Operation, "requestBody") => How::Input(RequestBody),
        (Operation, "responses") => How::Object(Responses, Breaking),
        // A client that was made before takes an answer with a new status for one of another kind, or for a failure.
        (Responses, _) if !key.starts_with("x-") => How::Object(Response, Breaking),
        (Parameter | Header | MediaType, "schema") | (Schema, "items" | "additionalProperties") => SCHEMA,
        // Objects in lists. Generators take the first server, and pass parameters by their positions.
        (Document, "servers") => How::Each(Keys::Positions, &How::Object(Server, Compatible), Breaking),
        (Document, "tags") => How::Each(Keys::Said, &How::Object(Tag, Compatible), Wording),
        (PathItem | Operation, "parameters") => How::Each(Keys::Said, &How::Input(Parameter), Breaking),
        (Schema, "allOf" | "anyOf" | "oneOf") => How::Each(Keys::Positions, &SCHEMA, Breaking),
        // Objects by name. A component does nothing by itself, also one that something new requires.
        (Schema, "properties") | (Components, "schemas") => named(&NAMED_SCHEMA),
        (Components, "parameters") => named(&How::Object(Parameter, Compatible)),
        (Components | Response, "headers") => named(&How::Object(Header, Compatible)),
        (Components, "responses") => named(&How::Object(Response, Compatible)),
        (Components, "requestBodies") => named(&How::Object(RequestBody, Compatible)),
        (Components, "securitySchemes") => named(&How::Object(SecurityScheme, Compatible)),
        (Components, "x-ontap-error-codes") => named(&How::Object(ErrorCode, Compatible)),
        (RequestBody, "content") => MEDIA_TYPES,
        (Response, "content") => How::Bodies,
        // Codes are open by design, but one that is gone takes its name from where a program looks for it.
        (Operation, "x-ontap-error-codes") => set(&How::Item(Compatible, Breaking)),
        // Choices: the requirements of security, one of which has to be met, and the values of an enum, which is open.
        (Document | Operation, "security") | (Schema, "enum") => How::Choice,
        (Parameter | RequestBody | Header, "required") => How::Demand(true),
        (Schema, "nullable") => How::Demand(false),
        (Schema, "required") => set(&How::Demanded),
        (Schema, "minimum" | "maximum" | "minLength" | "maxLength") => How::Limit,
        (Schema, "minItems" | "maxItems" | "minProperties" | "maxProperties") => How::Limit,
        (Schema, "x-ontap-length-error-code") => value(Compatible, Breaking, Breaking),
        // The rest, as far as it is known. Another default changes what a request without the value does.
        (Document, "openapi") | (Server, "url" | "variables") | (PathItem | Operation, "servers") => FIXED,
        (Operation, "callbacks") | (Response, "links") | (MediaType, "encoding") => FIXED,
        (Parameter | Header, "in" | "style" | "explode" | "allowReserved" | "allowEmptyValue" | "content") => FIXED,
        (Schema, "type" | "format" | "pattern" | "uniqueItems" | "multipleOf" | "default" | "discriminator") => FIXED,
        (Schema, "exclusiveMinimum" | "exclusiveMaximum" | "readOnly" | "writeOnly" | "xml" | "not") => FIXED,
        (Schema, "x-ntap-readCreate" | "x-ntap-createOnly" | "x-ntap-readOnly") => FIXED,
        (SecurityScheme, "type" | "scheme" | "name" | "in" | "flows" | "openIdConnectUrl") => FIXED,
        _ => breaking_for("the comparison does not know this change, so that it counts as breaking"),
    }
}
