//! The table of error codes.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::meetings::{Meeting, Trigger};
use super::operations::Operation;
use super::prose;
use super::shell::{self, Edition, Page};
use crate::catalogue::ErrorCode;

const COLUMNS: [&str; 6] =
    ["Code and name", "Operations", "Meaning", "Remedy", "Listed since", "How to meet it in the simulator"];

pub(super) fn page(
    edition: &Edition,
    codes: &[ErrorCode],
    operations: &BTreeMap<String, Operation>,
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
                label for="words" { "Code, name, operation or words " span.muted { "(" kbd { "/" } " to get here, " kbd { "Esc" } " to clear)" } }
                input #words type="search" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="66257104";
            }
        }
        p #count.count role="status" aria-live="polite" hidden { (codes.len()) " codes" }
        p #nothing hidden {
            "No code here matches " q {} ". The table has those of the IPsec policies. Others, such as 4 for what is not there, \
             can come from every part of ONTAP; its message says what is wrong."
        }
        (shell::table("cards codes", "Error codes", &COLUMNS, html! {
            @for code in codes { (row(code, operations, meetings.get(&code.code))) }
        }))
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

fn row(code: &ErrorCode, operations: &BTreeMap<String, Operation>, meeting: Option<&Meeting>) -> Markup {
    let named: Vec<_> = code.operations.iter().map(|key| (key, operations.get(key))).collect();
    html! {
        tr id=(code.code) data-words=(words(code, &named, meeting)) {
            th.code scope="row" { a href={ "#" (code.code) } { (code.code) } div.name { (code.name) } }
            td.operations data-label="Operations" {
                div.marks {
                    @for (key, operation) in &named {
                        @if let Some(operation) = operation { (operation.mark()) } @else { span.mark { (key) } }
                    }
                }
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
fn words(code: &ErrorCode, named: &[(&String, Option<&Operation>)], meeting: Option<&Meeting>) -> String {
    let number = code.code.to_string();
    let mut words = vec![number.as_str(), &code.name, &code.summary, &code.remedy];
    for (key, operation) in named {
        words.push(key);
        words.extend(operation.map(|operation| operation.summary.as_str()));
    }
    words.extend(code.release.as_deref());
    words.extend(meeting.map(|meeting| meeting.how.as_str()));
    words.join(" ").replace('`', "").to_lowercase()
}
