//! What each change means to a caller: all the decisions.
//!
//! The question is whether a client that was made from the old document still works against a cluster that the new one
//! describes, and whether a program still finds what it uses in the code that is made from the new one. Where there is
//! doubt, a change is breaking: a false alarm costs a look, a missed one an outage.

use crate::changelist::Class::{self, Breaking, Compatible, Wording};

use super::rule::{Effects, Part, Rule};

/// What is said of a member that no table has.
const UNKNOWN: &str = "the comparison does not know it, and takes it for breaking";

const fn value(added: Class, changed: Class, removed: Class) -> Rule {
    Rule::Value(Effects { added, changed, removed, note: None })
}

const fn breaking_for(note: &'static str) -> Rule {
    Rule::Value(Effects { added: Breaking, changed: Breaking, removed: Breaking, note: Some(note) })
}

/// For people.
const WORDS: Rule = value(Wording, Wording, Wording);
/// Of consequence to whoever sends or reads.
const FIXED: Rule = value(Breaking, Breaking, Breaking);
/// Of no consequence to a client that is there.
const FREE: Rule = value(Compatible, Compatible, Compatible);
const NAME: Rule = breaking_for("generators make names of it");
const UNLISTED: Rule = breaking_for(UNKNOWN);
/// The release that brought something: told more precisely, it tells more; where it is missing, programs that look at it
/// fail.
const INTRODUCED: Rule = value(Compatible, Compatible, Breaking);

/// How the member `key` of a `part` is compared.
pub(super) fn rule(part: Part, key: &str) -> Rule {
    match part {
        Part::Document => document(key),
        Part::Info => match key {
            "title" => NAME,
            // The release of ONTAP, which changes nothing by itself.
            "version" => FREE,
            "summary" | "description" | "termsOfService" | "contact" | "license" => WORDS,
            _ => UNLISTED,
        },
        Part::Server => match key {
            "url" | "variables" => FIXED,
            "description" => WORDS,
            _ => UNLISTED,
        },
        Part::Tag => match key {
            "name" => NAME,
            "description" | "externalDocs" => WORDS,
            _ => UNLISTED,
        },
        Part::Paths if key.starts_with('/') => Rule::Object(Part::PathItem, Compatible),
        Part::Paths => UNLISTED,
        Part::PathItem => match key {
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" => {
                Rule::Object(Part::Operation, Compatible)
            }
            "summary" | "description" => WORDS,
            "parameters" => PARAMETERS,
            "servers" => FIXED,
            _ => UNLISTED,
        },
        Part::Operation => operation(key),
        Part::Parameter => match key {
            "name" => NAME,
            "x-ntap-introduced" => INTRODUCED,
            _ => sent(key),
        },
        Part::RequestBody => match key {
            "description" => WORDS,
            "required" => Rule::Required,
            "content" => Rule::Named(Part::MediaType, Compatible),
            _ => UNLISTED,
        },
        Part::Responses if key.starts_with("x-") => UNLISTED,
        // A client that was made before takes an answer with a new status for one of another kind, or for a failure.
        Part::Responses => Rule::Object(Part::Response, Breaking),
        Part::Response => match key {
            "description" => WORDS,
            "headers" => Rule::Named(Part::Header, Compatible),
            "content" => Rule::Bodies,
            "links" => FIXED,
            _ => UNLISTED,
        },
        Part::Header => sent(key),
        Part::MediaType => match key {
            "schema" => Rule::Object(Part::Schema, Breaking),
            "example" => WORDS,
            "examples" => Rule::Examples,
            "encoding" => FIXED,
            _ => UNLISTED,
        },
        Part::Schema => schema(key),
        Part::Components => components(key),
        Part::SecurityScheme => match key {
            "description" | "bearerFormat" => WORDS,
            "type" | "scheme" | "name" | "in" | "flows" | "openIdConnectUrl" => FIXED,
            _ => UNLISTED,
        },
        Part::ErrorCode => match key {
            "name" => breaking_for("the name of an error code never changes"),
            "summary" | "remedy" | "example" | "examples" => WORDS,
            _ => UNLISTED,
        },
    }
}

/// Generators that pass parameters by their positions go by the order.
const PARAMETERS: Rule = Rule::Rows(Part::Parameter, Compatible, Breaking);

fn document(key: &str) -> Rule {
    match key {
        "openapi" => FIXED,
        "info" => Rule::Object(Part::Info, Breaking),
        // Generators take the first.
        "servers" => Rule::Positions(Part::Server, Compatible),
        "security" => Rule::Security,
        "tags" => Rule::Rows(Part::Tag, Compatible, Wording),
        "paths" => Rule::Object(Part::Paths, Breaking),
        "components" => Rule::Object(Part::Components, Compatible),
        "externalDocs" => WORDS,
        _ => UNLISTED,
    }
}

fn operation(key: &str) -> Rule {
    match key {
        "operationId" | "tags" => NAME,
        "summary" | "description" | "externalDocs" => WORDS,
        "deprecated" => FREE,
        "parameters" => PARAMETERS,
        "requestBody" => Rule::Object(Part::RequestBody, Compatible),
        "responses" => Rule::Object(Part::Responses, Breaking),
        "security" => Rule::Security,
        "servers" | "callbacks" => FIXED,
        "x-ntap-introduced" => INTRODUCED,
        "x-ontap-commands" => Rule::Set(Wording, Wording),
        // Codes are open by design, but one that is gone takes its name from where a program looks for it.
        "x-ontap-error-codes" => Rule::Set(Compatible, Breaking),
        _ => UNLISTED,
    }
}

/// What parameters and headers have in common.
fn sent(key: &str) -> Rule {
    match key {
        "description" | "example" => WORDS,
        "examples" => Rule::Examples,
        "required" => Rule::Required,
        "deprecated" => FREE,
        "schema" => Rule::Object(Part::Schema, Breaking),
        "in" | "style" | "explode" | "allowReserved" | "allowEmptyValue" | "content" => FIXED,
        _ => UNLISTED,
    }
}

fn schema(key: &str) -> Rule {
    match key {
        "description" | "example" | "externalDocs" => WORDS,
        "title" => NAME,
        "deprecated" => FREE,
        "type" | "format" | "pattern" | "uniqueItems" | "multipleOf" | "exclusiveMinimum" | "exclusiveMaximum" => FIXED,
        // Another default changes what a request without the value does.
        "default" | "readOnly" | "writeOnly" | "discriminator" | "xml" | "not" => FIXED,
        "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
        | "maxProperties" => Rule::Limit,
        "enum" => Rule::Enumeration,
        "nullable" => Rule::Nullable,
        "required" => Rule::RequiredProperties,
        "properties" => Rule::Named(Part::Schema, Compatible),
        "items" => Rule::Object(Part::Schema, Breaking),
        "additionalProperties" => Rule::AdditionalProperties,
        "allOf" | "anyOf" | "oneOf" => Rule::Positions(Part::Schema, Breaking),
        "x-ntap-introduced" => INTRODUCED,
        "x-ntap-readCreate" | "x-ntap-createOnly" | "x-ntap-readOnly" => FIXED,
        "x-ontap-length-error-code" => value(Compatible, Breaking, Breaking),
        "x-ontap-documented-as" => Rule::Set(Wording, Wording),
        _ => UNLISTED,
    }
}

fn components(key: &str) -> Rule {
    match key {
        "schemas" => Rule::Named(Part::Schema, Compatible),
        "parameters" => Rule::Named(Part::Parameter, Compatible),
        "headers" => Rule::Named(Part::Header, Compatible),
        "responses" => Rule::Named(Part::Response, Compatible),
        "requestBodies" => Rule::Named(Part::RequestBody, Compatible),
        "securitySchemes" => Rule::Named(Part::SecurityScheme, Compatible),
        "examples" => Rule::Examples,
        "x-ontap-error-codes" => Rule::Named(Part::ErrorCode, Compatible),
        _ => UNLISTED,
    }
}
