//! The page as HTML. What is put into it is escaped by the templates.

use std::time::UNIX_EPOCH;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{EndpointCell, Overview};
use crate::recording::RecordedRequest;

const STYLE: &str = include_str!("style.css");

/// A lock on a disc. Without an icon, browsers ask for `/favicon.ico`, which would be one more request.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
    %3Ccircle cx='8' cy='8' r='8' fill='%230a5fb4'/%3E\
    %3Cpath d='M5 7V5.5a3 3 0 0 1 6 0V7h1v5H4V7zm1.5 0h3V5.5a1.5 1.5 0 0 0-3 0z' fill='white'/%3E%3C/svg%3E";

pub(super) fn page(overview: &Overview, nonce: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (overview.name) " – ONTAP simulator" }
                link rel="icon" href=(ICON);
                style nonce=(nonce) { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header {
                    div {
                        p.kind { "ONTAP simulator" }
                        h1 { (overview.name) }
                    }
                    nav aria-label="Sections" {
                        a href="#cluster" { "Cluster" }
                        a href="#policies" { "Policies" }
                        a href="#requests" { "Requests" }
                        a href="#faults" { "Faults" }
                        a.reload href="/" { "Reload" }
                    }
                }
                main #content tabindex="-1" {
                    @if let Some(error) = &overview.unsaved {
                        p.alarm role="alert" { "The last changes are not in the state file: " (error) }
                    }
                    (cluster(overview))
                    (policies(overview))
                    (requests(overview))
                    (faults(overview))
                }
                footer { p { "Nothing here is a real cluster. The page shows one moment; load it again for the next." } }
            }
        }
    }
}

fn cluster(overview: &Overview) -> Markup {
    html! {
        section aria-labelledby="cluster" {
            h2 #cluster { "Cluster" }
            dl {
                @for (name, value) in &overview.facts {
                    div { dt { (name) } dd { (value) } }
                }
            }
            (table("SVMs", "SVMs", &["Name", "Kind", "IPspace", "Policies", "State"], html! {
                @for svm in &overview.svms {
                    tr {
                        th scope="row" { (svm.name) }
                        td { (svm.kind) }
                        td { (svm.ipspace) }
                        td.number { (svm.policies) }
                        td { @if svm.migrating { span.mark.bad { "migrating" } } @else { span.muted { "in place" } } }
                    }
                }
            }))
            @if !overview.certificates.is_empty() {
                (table("Certificates", "Certificates", &["Name", "Owner"], html! {
                    @for certificate in &overview.certificates {
                        tr { th scope="row" { (certificate.name) } td { (certificate.owner) } }
                    }
                }))
            }
        }
    }
}

fn policies(overview: &Overview) -> Markup {
    let (shown, all) = (overview.policies.len(), overview.policies_in_all);
    let columns =
        ["Name and UUID", "SVM", "State", "Action", "Authentication", "Local endpoint", "Remote endpoint", "Protocol"];
    html! {
        section aria-labelledby="policies" {
            h2 #policies { "Policies " span.count { (all) } }
            @if shown == 0 {
                p.nothing { "There are no policies." }
            } @else {
                @let caption = if shown < all { format!("The first {shown} of {all}, oldest first") } else { "Oldest first".to_owned() };
                (table("Policies table", &caption, &columns, html! {
                    @for policy in &overview.policies {
                        tr {
                            th scope="row" { (policy.name) br; code.muted { (policy.uuid) } }
                            td { @if let Some(svm) = &policy.svm { (svm) } @else { span.muted { "cluster" } } }
                            td {
                                @if policy.enabled { span.mark.good { "enabled" } }
                                @else { span.mark { "disabled" } }
                            }
                            td { code { (policy.action) } }
                            td { (policy.authentication) }
                            td.endpoint { (endpoint(&policy.local)) }
                            td.endpoint { (endpoint(&policy.remote)) }
                            td { (policy.protocol) }
                        }
                    }
                }))
            }
        }
    }
}

fn endpoint(endpoint: &EndpointCell) -> Markup {
    html! {
        (endpoint.subnet)
        @if let Some(port) = &endpoint.port { br; span.muted { "port " (port) } }
    }
}

fn requests(overview: &Overview) -> Markup {
    html! {
        section aria-labelledby="requests" {
            h2 #requests { "Last requests" }
            @if !overview.recording {
                p.nothing { "Requests are not recorded." }
            } @else if overview.requests.is_empty() {
                p.nothing { "There were no requests." }
            } @else {
                (table("Requests table", "Newest first, without secrets", &["Time (UTC)", "Method", "Target", "Status"], html! {
                    @for request in &overview.requests {
                        tr {
                            td.number { (time(request)) }
                            td { code { (request.method) } }
                            td.target { code { (request.path_and_query) } }
                            td { (status(request)) }
                        }
                    }
                }))
            }
        }
    }
}

fn faults(overview: &Overview) -> Markup {
    html! {
        section aria-labelledby="faults" {
            h2 #faults { "Faults" }
            @if overview.faults.is_empty() {
                p.nothing { "No faults are configured." }
            } @else {
                (table("Faults table", "In the order in which they are tried", &["Fault", "Requests", "How often", "Seen", "Struck", "State"], html! {
                    @for fault in &overview.faults {
                        tr {
                            th scope="row" { (fault.what) }
                            td.target { code { (fault.requests) } }
                            td { (fault.often) }
                            td.number { (fault.seen) }
                            td.number { (fault.struck) }
                            td { @if fault.spent { span.mark { "spent" } } @else { span.mark.bad { "set" } } }
                        }
                    }
                }))
            }
        }
    }
}

/// A table that scrolls by itself where the window is narrow, by keyboard too.
fn table(label: &str, caption: &str, columns: &[&str], rows: Markup) -> Markup {
    html! {
        div.scroll role="region" aria-label=(label) tabindex="0" {
            table {
                caption { (caption) }
                thead { tr { @for column in columns { th scope="col" { (column) } } } }
                tbody { (rows) }
            }
        }
    }
}

fn status(request: &RecordedRequest) -> Markup {
    html! {
        @match request.status {
            Some(status @ ..400) => span.mark.good { (status) },
            Some(status) => span.mark.bad { (status) },
            None => span.muted { "no answer" },
        }
    }
}

/// The time of day.
fn time(request: &RecordedRequest) -> String {
    const DAY: u64 = 24 * 60 * 60;
    let second = request.arrived.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() % DAY;
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}
