//! The first page: what this is, and the way to the others.

use maud::{Markup, html};

use super::content::Site;
use super::page::Page;
use super::shell::table;

/// The pages that the first one leads to, and what they are good for.
const WAYS: [(Page, &str); 3] = [
    (Page::ErrorCodes, "Type a code; read what it means, what to do, and how to meet it in the simulator."),
    (Page::Fields, "Which field can be given, changed, read and filtered by, and since which release."),
    (Page::Reference, "All operations with their parameters, bodies, answers and examples."),
];

pub(super) fn page(site: &Site<'_>) -> Markup {
    let facts = [
        ("Release of ONTAP", Some(site.spec.release().to_owned())),
        ("Version of the document", site.version().map(str::to_owned)),
        ("Operations", Some(site.operations.len().to_string())),
        ("Fields", Some(site.catalogue.fields.len().to_string())),
        ("Error codes", Some(site.catalogue.codes.len().to_string())),
    ];
    html! {
        h1 { (site.title()) }
        p.lead {
            "The REST API by which an ONTAP cluster is told what traffic to encrypt: every operation, field and error \
             code of it, from an OpenAPI document that is checked against the vendor's reference."
        }
        dl.facts {
            @for (name, value) in facts { @if let Some(value) = value { div { dt { (name) } dd { (value) } } } }
        }
        ul.ways { @for (page, words) in WAYS { li { a href=(page.file()) { (page.name()) } p { (words) } } } }
        h2 { "Operations" }
        (table("cards", "Operations", &["Operation", "What it does"], html! {
            @for operation in &site.operations {
                tr {
                    th scope="row" { a href=(operation.link) { code { (operation.key) } } }
                    td { (operation.summary) }
                }
            }
        }))
        h2 { "Quick start" }
        h3 { "Ask a cluster" }
        pre tabindex="0" { code { "curl -u admin --cacert ca.pem 'https://cluster.example.com/api/security/ipsec/policies?fields=*'" } }
        h3 { "Try it without a cluster" }
        p { "The simulator answers as ONTAP " (site.spec.release()) " does, with every error code on this site. It prints its URL; the account is " code { "admin" } " with the password " code { "netapp1!" } "." }
        pre tabindex="0" { code { "cargo run -p ontap-ipsec-simulator -- --policies 20 --ca-out ca.pem" } }
        h3 { "In a program" }
        p {
            "In Rust, the crate " code { "ontap-ipsec" } " is a client with types for all of this. For other languages, give "
            code { "spec/ontap-ipsec.yaml" } " to a generator; " code { "spec/README.md" } " tells what generators need."
        }
    }
}
