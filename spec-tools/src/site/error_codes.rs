//! The table of error codes.

use maud::{Markup, html};

use super::content::{Site, Trigger};
use super::operations;
use super::shell::{paragraphs, search, table, words};
use crate::catalogue::ErrorCode;

const COLUMNS: [&str; 6] =
    ["Code and name", "Operations", "Meaning", "Remedy", "Listed since", "How to meet it in the simulator"];

pub(super) fn page(site: &Site<'_>) -> Markup {
    let codes = &site.catalogue.codes;
    let nothing = " The table has the codes of IPsec. Others, such as 4 for what is not there, can come from every \
                   part of ONTAP; its message says what is wrong.";
    html! {
        h1 { "Error codes" }
        p.lead {
            "What ONTAP answers with in " code { "error.code" } " when it refuses a request to IPsec, what to do then, and how \
             to bring it about without a cluster."
        }
        (search("codes", codes.len(), "Code, name, operation or words", "66257104", html! {}, nothing))
        (table("cards codes", "Error codes", &COLUMNS, html! { @for code in codes { (row(site, code)) } }))
        p.muted.small { "Listed since: the oldest release, of those whose reference was read, that lists the code. ONTAP can have had it before." }
        h2 { "How to meet one" }
        p {
            "Start the simulator with " code { "cargo run -p ontap-ipsec-simulator -- --cluster cluster.toml" }
            ". A code that comes of a request needs nothing in the file, unless its row names a release; one that comes of the \
             cluster's state needs the SVM, certificate, limit or release that its row names. What only an order brings about is a \
             fault in the file:"
        }
        pre tabindex="0" { code { "[[fault]]\nkind = \"error\"\ncode = 66257097\nmethod = \"PATCH\"" } }
        p { code { "cargo run -p ontap-ipsec-simulator -- --error-codes" } " prints this column as JSON." }
    }
}

fn row(site: &Site<'_>, code: &ErrorCode) -> Markup {
    let meetings = site.meetings.get(&code.code).map_or(&[][..], Vec::as_slice);
    let number = code.code.to_string();
    let mut told = vec![number.as_str(), &code.name, &code.summary, &code.remedy];
    for operation in site.operations.iter().filter(|operation| code.operations.contains(&operation.key)) {
        told.extend([operation.key.as_str(), &operation.summary]);
    }
    told.extend(code.release.as_deref());
    told.extend(meetings.iter().map(|meeting| meeting.how.as_str()));
    html! {
        tr id=(number) data-words=(words(&told)) {
            th.code scope="row" { a href={ "#" (code.code) } { (code.code) } div.name { (code.name) } }
            td.operations data-label="Operations" { (operations::marks(&site.operations, &code.operations)) }
            td.meaning data-label="Meaning" { (paragraphs(&code.summary)) }
            td.remedy data-label="Remedy" { (paragraphs(&code.remedy)) }
            td.since.number data-label="Listed since" { @if let Some(release) = &code.release { (release) } @else { span.muted { "–" } } }
            td.simulator data-label="How to meet it in the simulator" {
                @for meeting in meetings {
                    p {
                        @match meeting.trigger {
                            Trigger::Request => span.mark.good { "a request" },
                            Trigger::Cluster => span.mark.late { "the cluster's state" },
                            Trigger::Order => span.mark { "only by order" },
                        }
                        @if meetings.len() > 1 { " at " code { (meeting.path) } }
                    }
                    (paragraphs(&meeting.how))
                }
            }
        }
    }
}
