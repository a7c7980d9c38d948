//! The table of error codes.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::meetings::{Meeting, Trigger};
use super::operations::Operations;
use super::prose;
use super::shell::{self, Edition, Page};
use crate::catalogue::ErrorCode;

const COLUMNS: [&str; 6] =
    ["Code and name", "Operations", "Meaning", "Remedy", "Listed since", "How to meet it in the simulator"];

pub(super) fn page(
    edition: &Edition,
    codes: &[ErrorCode],
    operations: &Operations,
    meetings: &BTreeMap<u64, Meeting>,
) -> Markup {
    let content = html! {
        h1 { "Error codes" }
        p.lead {
            "What ONTAP answers with in " code { "error.code" } " when it refuses a request to the IPsec policies, what to do then, and how \
             to bring it about without a cluster."
        }
        form #seek.seek role="search" data-kinds="codes" hidden {
            div.words {
                label for="words" { "Code, name, operation or words" }
                input #words type="search" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="66257104" aria-describedby="keys";
            }
        }
        p #keys.hint hidden { kbd { "/" } " leads to the words, " kbd { "Enter" } " to the first match, " kbd { "Esc" } " clears" }
        p #count.count role="status" aria-live="polite" hidden { (codes.len()) " codes" }
        p #nothing hidden {
            "No code here matches " q {} ". The table has those of the IPsec policies. Others, such as 4 for what is not there, \
             can come from every part of ONTAP; its message says what is wrong."
        }
        (shell::table("cards codes", "Error codes", &COLUMNS, html! {
            @for code in codes { (row(code, operations, meetings.get(&code.code))) }
        }))
        p.muted.small { "Listed since: the oldest release, of those whose reference was read, that lists the code. ONTAP can have had it before." }
        h2 { "How to meet one" }
        p {
            "Start the simulator with " code { "cargo run -p ontap-ipsec-simulator -- --cluster cluster.toml" }
            ". A code that comes of a request needs nothing in the file; one that comes of the cluster's state needs the SVM, \
             certificate, limit or release that its row names. What only an order brings about is a fault in the file:"
        }
        pre tabindex="0" { code { "[[fault]]\nkind = \"error\"\ncode = 66257097\nmethod = \"PATCH\"" } }
        p { code { "cargo run -p ontap-ipsec-simulator -- --error-codes" } " prints this column as JSON." }
    };
    shell::page(edition, Page::ErrorCodes, Some("filter.js"), content)
}

fn row(code: &ErrorCode, operations: &Operations, meeting: Option<&Meeting>) -> Markup {
    html! {
        tr id=(code.code) data-words=(words(code, operations, meeting)) {
            th.code scope="row" { a href={ "#" (code.code) } { (code.code) } div.name { (code.name) } }
            td.operations data-label="Operations" {
                (operations.marks(&code.operations))
            }
            td.meaning data-label="Meaning" { (prose::paragraphs(&code.summary)) }
            td.remedy data-label="Remedy" { (prose::paragraphs(&code.remedy)) }
            td.since.number data-label="Listed since" { @if let Some(release) = &code.release { (release) } @else { span.muted { "–" } } }
            td.simulator data-label="How to meet it in the simulator" {
                @if let Some(meeting) = meeting { p { (mark(meeting.trigger)) } (prose::paragraphs(&meeting.how)) }
            }
        }
    }
}

fn mark(trigger: Trigger) -> Markup {
    match trigger {
        Trigger::Request => html! { span.mark.good { "a request" } },
        Trigger::Cluster => html! { span.mark.late { "the cluster's state" } },
        Trigger::Order => html! { span.mark { "only by order" } },
    }
}

/// What the row is found by.
fn words(code: &ErrorCode, operations: &Operations, meeting: Option<&Meeting>) -> String {
    let number = code.code.to_string();
    let mut words = vec![number.as_str(), &code.name, &code.summary, &code.remedy];
    for operation in operations.iter().filter(|operation| code.operations.contains(&operation.key)) {
        words.extend([operation.key.as_str(), &operation.summary]);
    }
    words.extend(code.release.as_deref());
    words.extend(meeting.map(|meeting| meeting.how.as_str()));
    words.join(" ").replace('`', "").to_lowercase()
}
