//! The table of error codes.

use maud::{Markup, html};

use super::content::{Site, Trigger};
use super::operations;
use super::shell::{paragraphs, search, table, words};
use crate::catalogue::ErrorCode;

const COLUMNS: [&str; 6] =
    ["Code and name", "Operations", "Meaning", "Remedy", "Listed since", "How to trigger it in the simulator"];

/// Codes of all parts of ONTAP, with their HTTP statuses, from the vendor's page on getting started with the REST API.
const GENERAL: [(u64, &str, &str, &str); 14] = [
    (1, "409", "An entry with the same identifiers exists.", "Use the existing entry, or choose another name."),
    (2, "400", "A field is missing, invalid, or not allowed here.", "Correct the field that the message names."),
    (3, "405", "The operation is not supported.", "Check the path, the method, and the release of the cluster."),
    (4, "404", "There is no such entry.", "List the entries, and use the UUID from the list."),
    (6, "403", "The account lacks a permission.", "Give the account a role with access to /api/security/ipsec."),
    (7, "429 or 503", "A limit on resources is exceeded.", "Wait, and send fewer requests at a time."),
    (8, "409 or 503", "The resource is in use.", "Wait until the other operation has ended."),
    (262_160, "429", "Too many requests are being processed.", "Wait, and repeat the request."),
    (262_177, "400", "A value is missing.", "Give a value to the field that the message names."),
    (
        262_179,
        "400",
        "The request has an unknown field or parameter.",
        "Check its spelling, and the release that brought it.",
    ),
    (262_185, "400", "A value is invalid.", "Correct the value that the message shows."),
    (262_188, "400", "A field is given twice.", "Give each field once."),
    (262_197, "400", "A value does not fit its field.", "Correct the value that the message shows."),
    (
        6_691_623,
        "401",
        "The cluster does not know the user, or the password is wrong.",
        "Check the credentials, and that the account may use HTTP.",
    ),
];

pub(super) fn page(site: &Site<'_>) -> Markup {
    let codes = &site.catalogue.codes;
    let nothing =
        " The tables have the codes of IPsec and the usual general ones. For others, read the message of the error.";
    html! {
        h1 { "Error codes" }
        p.lead {
            "ONTAP returns one of these numbers in " code { "error.code" } " when it refuses a request to IPsec. Each has a remedy, \
             and a way to trigger it in the simulator."
        }
        (search("codes", codes.len() + GENERAL.len(), "Code, name, operation or words", "66257104", html! {}, nothing))
        (table("cards codes", "Error codes", &COLUMNS, html! { @for code in codes { (row(site, code)) } }))
        p.muted.small { "Listed since: the oldest release that lists the code, of those whose reference was read." }
        h2 { "General codes" }
        p { "Every part of ONTAP can return these codes. Numbers and statuses are from NetApp's page on getting started with the REST API." }
        (table("cards codes", "General codes", &["Code", "HTTP status", "Meaning", "Remedy"], html! {
            @for (code, status, meaning, remedy) in GENERAL {
                tr id=(code) data-words=(words(&[&code.to_string(), status, meaning, remedy])) {
                    th.code scope="row" { a href={ "#" (code) } { (code) } }
                    td.number data-label="HTTP status" { (status) }
                    td.meaning data-label="Meaning" { (meaning) }
                    td.remedy data-label="Remedy" { (remedy) }
                }
            }
        }))
        h2 { "How to trigger a code" }
        p {
            "Start the simulator with " code { "cargo run -p ontap-ipsec-simulator -- --cluster cluster.toml" }
            ". “A request” needs nothing in the file, unless the row names a release. “The cluster's state” needs the SVM, \
             certificate, limit or release that the row names. “A fault” needs the fault `error` in the file:"
        }
        pre tabindex="0" { code { "[[fault]]\nkind = \"error\"\ncode = 66257097\nmethod = \"PATCH\"" } }
        p { code { "cargo run -p ontap-ipsec-simulator -- --error-codes" } " prints this column as JSON." }
    }
}

fn row(site: &Site<'_>, code: &ErrorCode) -> Markup {
    let triggers = site.triggers.get(&code.code).map_or(&[][..], Vec::as_slice);
    let number = code.code.to_string();
    let mut told = vec![number.as_str(), &code.name, &code.summary, &code.remedy];
    for operation in site.operations.iter().filter(|operation| code.operations.contains(&operation.key)) {
        told.extend([operation.key.as_str(), &operation.summary]);
    }
    told.extend(code.release.as_deref());
    told.extend(triggers.iter().map(|trigger| trigger.how.as_str()));
    html! {
        tr id=(number) data-words=(words(&told)) {
            th.code scope="row" { a href={ "#" (code.code) } { (code.code) } div.name { (code.name) } }
            td.operations data-label="Operations" { (operations::marks(&site.operations, &code.operations)) }
            td.meaning data-label="Meaning" { (paragraphs(&code.summary)) }
            td.remedy data-label="Remedy" { (paragraphs(&code.remedy)) }
            td.since.number data-label="Listed since" { @if let Some(release) = &code.release { (release) } @else { span.muted { "–" } } }
            td.simulator data-label="How to trigger it in the simulator" {
                @for trigger in triggers {
                    p {
                        @match trigger.trigger {
                            Trigger::Request => span.mark.good { "a request" },
                            Trigger::Cluster => span.mark.late { "the cluster's state" },
                            Trigger::Fault => span.mark { "a fault" },
                        }
                        @if triggers.len() > 1 { " at " code { (trigger.path) } }
                    }
                    (paragraphs(&trigger.how))
                }
            }
        }
    }
}
