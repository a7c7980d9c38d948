//! The first page: what this is, and the way to the others.

use maud::{Markup, html};

use super::operations::Operations;
use super::shell::{self, Edition, Page};

/// What there is how many of.
pub(super) struct Numbers {
    pub(super) codes: usize,
    pub(super) fields: usize,
}

pub(super) fn page(edition: &Edition, operations: &Operations, numbers: &Numbers) -> Markup {
    let content = html! {
        h1 { (edition.title) }
        p.lead {
            "The REST API by which an ONTAP cluster is told what traffic to encrypt: every operation, field and error \
             code of it, from an OpenAPI document that is checked against the vendor's reference."
        }
        dl.facts {
            (shell::fact("Release of ONTAP", &edition.release))
            @if let Some(version) = &edition.version { (shell::fact("Version of the document", version)) }
            (shell::fact("Operations", operations.iter().count()))
            (shell::fact("Fields", numbers.fields))
            (shell::fact("Error codes", numbers.codes))
        }
        ul.ways {
            (way(Page::ErrorCodes, "Type a code; read what it means, what to do, and how to meet it in the simulator."))
            (way(Page::Fields, "Which field can be given, changed, read and filtered by, and since which release."))
            (way(Page::Reference, "All operations with their parameters, bodies, answers and examples."))
        }
        h2 { "Operations" }
        (shell::table("cards", "Operations", &["Operation", "What it does"], html! {
            @for operation in operations.iter() {
                tr {
                    th scope="row" { a href=(operation.link()) { code { (operation.key) } } }
                    td { (operation.summary) }
                }
            }
        }))
        h2 { "Quick start" }
        h3 { "Ask a cluster" }
        pre tabindex="0" { code { "curl -u admin --cacert ca.pem 'https://cluster.example.com/api/security/ipsec/policies?fields=*'" } }
        h3 { "Try it without a cluster" }
        p { "The simulator answers as ONTAP " (edition.release) " does, with every error code on this site. It prints its URL; the account is " code { "admin" } " with the password " code { "netapp1!" } "." }
        pre tabindex="0" { code { "cargo run -p ontap-ipsec-simulator -- --policies 20 --ca-out ca.pem" } }
        h3 { "In a program" }
        p {
            "In Rust, the crate " code { "ontap-ipsec" } " is a client with types for all of this. For other languages, give "
            code { "spec/ontap-ipsec.yaml" } " to a generator; " code { "spec/README.md" } " tells what generators need."
        }
    };
    shell::page(edition, Page::Start, None, content)
}

fn way(page: Page, words: &str) -> Markup {
    html! { li { a href=(page.file()) { (page.name()) } p { (words) } } }
}
