//! The first page: what this is, and the way to the others.

use maud::{Markup, html};

use super::content::Site;
use super::page::Page;
use super::shell::table;

/// The pages that the first one leads to, and what they are good for.
const WAYS: [(Page, &str); 3] = [
    (Page::ErrorCodes, "Type a code; read what it means, what to do, and how to trigger it in the simulator."),
    (Page::Fields, "Which field can be given, changed, read and filtered by, and since which release."),
    (Page::Reference, "All operations with their parameters, bodies, responses and examples."),
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
            "The REST API that tells an ONTAP cluster which traffic to encrypt: every operation, field and error code, from \
             an OpenAPI document that is checked against NetApp's reference. NetApp has no part in this project, and no \
             cluster was compared."
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
        p { "The simulator follows the documents of ONTAP " (site.spec.release()) ", and can return every error code on this site. The account is " code { "admin" } " with the password " code { "netapp1!" } "." }
        pre tabindex="0" { code { "cargo run -p ontap-ipsec-simulator -- --listen 127.0.0.1:8443 --policies 20 --ca-out ca.pem\ncurl --user 'admin:netapp1!' --cacert ca.pem 'https://127.0.0.1:8443/api/security/ipsec/policies?fields=*'" } }
        h3 { "In a program" }
        p {
            "For Rust, add the client with " code { "cargo add ontap-ipsec" } ". For other languages, give "
            a href="ontap-ipsec.yaml" { code { "spec/ontap-ipsec.yaml" } } " to a generator; "
            code { "spec/README.md" } " says what generators need."
        }
        p.muted.small {
            "The number of fields counts each field of each resource once. A table of one resource has fewer."
        }
    }
}
