//! The sections of the page.

use maud::{Markup, html};
use time::OffsetDateTime;

use super::html::table;
use crate::{
    approvals::Approval,
    assumptions::{ASSUMPTIONS, Assumption, Evidence},
    cluster::{Associations, Certificate, Cluster, Item, Svm},
    faults::FaultReport,
    fields,
    path::POLICIES,
    recording::RecordedRequest,
    shared::Shared,
    state::SvmKind,
};

/// The highest number of policies, and of associations, on the page.
const MOST_RECORDS: usize = 50;

/// The highest number of requests on the page.
const MOST_REQUESTS: usize = 20;

const POLICY_COLUMNS: [&str; 8] =
    ["Name and UUID", "SVM", "State", "Action", "Authentication", "Local endpoint", "Remote endpoint", "Protocol"];

const ASSOCIATION_COLUMNS: [&str; 6] =
    ["Policy and UUID", "Type", "State", "Local address", "Remote address", "Indexes (SPI)"];

pub(super) fn all(shared: &Shared, cluster: &Cluster) -> Markup {
    let file = shared.state_file.clone();
    let mut facts = facts(cluster);
    facts.extend(file.as_ref().map(|file| ("State file", file.path().display().to_string())));
    let count = cluster.policies.len();
    let associations = Associations { cluster, silent_peer: None };
    let associations_count = associations.len();
    let policies = cluster.policies.after(None).take(MOST_RECORDS).map(policy);
    let requests = shared.recording.last(MOST_REQUESTS);
    let faults = shared.faults.reports();
    let svms = cluster.svms.iter().map(|svm| self::svm(cluster, svm));
    let certificates = cluster.certificates.iter().map(|certificate| self::certificate(cluster, certificate));
    let hint = match shared.url.starts_with("https:") {
        true => "The option --ca-out of the simulator writes ca.pem. curl asks for the password.",
        false => "curl asks for the password.",
    };
    html! {
        @if let Some(error) = file.and_then(|file| file.error()) {
            p.alarm role="alert" { "The last changes are not in the state file: " (error) }
        }
        section aria-labelledby="start" {
            h2 #start { "About this simulator" }
            p {
                "NetApp is not involved in this simulator. The simulator follows the documents of ONTAP " (cluster.release)
                ", and was not compared with a cluster."
            }
            p { "To list the policies, run the following command. " (hint) }
            pre { code { (curl(shared)) } }
        }
        section aria-labelledby="cluster" {
            h2 #cluster { "Cluster" }
            dl { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } }
            (table("SVMs", ["Name", "Kind", "IPspace", "Policies", "State"], svms))
            @if !cluster.certificates.is_empty() {
                (table("Certificates", ["Name", "Owner", "IPsec"], certificates))
            }
        }
        section aria-labelledby="policies" {
            h2 #policies { "Policies " span.count { (count) } }
            @if count == 0 {
                p { "There are no policies." }
            } @else {
                (table(&caption(count), POLICY_COLUMNS, policies))
            }
        }
        section aria-labelledby="associations" {
            h2 #associations { "Security associations " span.count { (associations_count) } }
            @if associations_count == 0 {
                p { "There are no security associations." }
            } @else {
                @let shown = associations.after(None).take(MOST_RECORDS);
                (table(&caption(associations_count), ASSOCIATION_COLUMNS, shown.map(|item| association(&item))))
            }
        }
        section aria-labelledby="requests" {
            h2 #requests { "Last requests" }
            @if !shared.recording.is_on() {
                p { "Requests are not recorded." }
            } @else if requests.is_empty() {
                p { "There were no requests." }
            } @else {
                @let columns = ["Time (UTC)", "Method", "Target", "Status · code"];
                (table("Newest first, without secrets", columns, requests.iter().map(request)))
            }
        }
        section aria-labelledby="faults" {
            h2 #faults { "Faults" }
            @if faults.is_empty() {
                p { "No faults are configured." }
            } @else {
                @let columns = ["Number", "Fault", "Seen", "Applied", "State"];
                (table("In the order in which they apply", columns, faults.iter().map(fault)))
            }
        }
        @let approvals = shared.approvals.all();
        @if !approvals.is_empty() {
            section aria-labelledby="approvals" {
                h2 #approvals { "Approvals" }
                (table("Requests for multi-admin verification", ["Number", "Request", "State"], approvals.iter().map(approval)))
            }
        }
        section aria-labelledby="assumptions" {
            h2 #assumptions { "Assumptions" }
            (table("Points that NetApp's documents leave open", ["Subject", "Behaviour", "Evidence"],
                ASSUMPTIONS.iter().map(assumption)))
        }
    }
}

/// Returns a command that lists the policies, with the user name quoted for a shell.
fn curl(shared: &Shared) -> String {
    let trust = if shared.url.starts_with("https:") { "--cacert ca.pem " } else { "" };
    let user = shared.sign_in.account.name.replace('\'', r"'\''");
    format!("curl {trust}--user '{user}' '{}{POLICIES}?fields=*'", shared.url)
}

/// Returns the caption of a table of records.
fn caption(count: usize) -> String {
    if count > MOST_RECORDS {
        format!("The first {MOST_RECORDS} of {count}, oldest first")
    } else {
        "Oldest first".to_owned()
    }
}

fn facts(cluster: &Cluster) -> Vec<(&'static str, String)> {
    let switch = |name| if cluster.config.text(name) == Some("true") { "enabled" } else { "disabled" }.to_owned();
    let limit = |limit: usize| if limit == usize::MAX { "no limit".to_owned() } else { limit.to_string() };
    let mut facts = vec![("Release", cluster.release.to_string())];
    if cluster.effective_release != cluster.release {
        facts.push(("Effective release", cluster.effective_release.to_string()));
    }
    if !cluster.node_releases.is_empty() {
        let releases: Vec<_> = cluster.node_releases.iter().map(ToString::to_string).collect();
        facts.push(("Releases of the nodes", releases.join(", ")));
    }
    let ipspaces: Vec<_> = cluster.ipspaces.iter().map(|ipspace| ipspace.name.as_str()).collect();
    facts.extend([
        ("UUID", cluster.uuid.to_string()),
        ("Refuses", format!("{:?}", cluster.refuses)),
        ("Certificate fault", cluster.certificate_fault.map_or("none".to_owned(), |fault| format!("{fault:?}"))),
        ("IPsec", switch(fields::ENABLED)),
        ("IPsec replay window", cluster.config.text(fields::REPLAY_WINDOW).unwrap_or_default().to_owned()),
        ("IPsec offload", switch(fields::OFFLOAD_ENABLED)),
        ("MetroCluster", if cluster.metrocluster { "yes" } else { "no" }.to_owned()),
        ("IPspaces", ipspaces.join(", ")),
        ("Limit of policies per SVM", limit(cluster.policies_per_svm)),
        ("Limit of policies", limit(cluster.policies_per_cluster)),
    ]);
    facts
}

fn svm(cluster: &Cluster, svm: &Svm) -> [Markup; 5] {
    let kind = match svm.kind {
        SvmKind::Data => "data",
        SvmKind::Admin => "admin",
        SvmKind::Node => "node",
    };
    [
        html! { strong { (svm.name) } },
        html! { (kind) },
        html! { (cluster.ipspaces[svm.ipspace].name) },
        html! { (cluster.policies.len_of_svm(&svm.uuid.to_string())) },
        html! { @if svm.migrating { span.mark.bad { "migrating" } } @else { span.muted { "not migrating" } } },
    ]
}

fn certificate(cluster: &Cluster, certificate: &Certificate) -> [Markup; 3] {
    let owner = cluster.svms.iter().find(|svm| Some(svm.uuid) == certificate.svm);
    let is_trusted = cluster.ca_certificates.get(certificate.uuid).is_some();
    [
        html! { strong { (certificate.name) } },
        html! { (owner.map_or("the cluster", |svm| svm.name.as_str())) },
        html! { @if is_trusted { span.mark.good { "trusted" } } @else { span.muted { "not added" } } },
    ]
}

fn policy(policy: &Item) -> [Markup; 8] {
    let text = |name| policy.record.text(name);
    let enabled = policy.record.text(fields::ENABLED) == Some("true");
    let endpoint = |names: &fields::EndpointNames| {
        // A policy has one port, shown as a range of itself; 0 means any.
        let port = text(names.port).and_then(|port| port.split('-').next()).filter(|port| *port != "0");
        html! {
            div.subnet {
                (text(names.address).unwrap_or("any"))
                @if let Some(netmask) = text(names.netmask) { "/" (netmask) }
            }
            @if let Some(port) = port { span.muted { "port " (port) } }
        }
    };
    [
        html! { strong { (text(fields::NAME).unwrap_or_default()) } br; code.muted { (policy.uuid) } },
        html! { @if let Some(svm) = text(fields::SVM_NAME) { (svm) } @else { span.muted { "cluster" } } },
        html! { @if enabled { span.mark.good { "enabled" } } @else { span.mark { "disabled" } } },
        html! { code.word { (text(fields::ACTION).unwrap_or_default()) } },
        html! {
            (text(fields::AUTHENTICATION_METHOD).unwrap_or_default())
            @if let Some(certificate) = text(fields::CERTIFICATE_NAME) { " with " (certificate) }
            @if let Some(identity) = text(fields::PPK_IDENTITY) { br; span.muted { "PPK " (identity) } }
        },
        endpoint(&fields::LOCAL),
        endpoint(&fields::REMOTE),
        html! { (text(fields::PROTOCOL).unwrap_or_default()) },
    ]
}

fn association(item: &Item) -> [Markup; 6] {
    let text = |name| item.record.text(name).unwrap_or_default();
    let (kind, is_ike) = (text("type"), text("type") == "ike");
    let state = text(if is_ike { "ike.state" } else { "ipsec.state" });
    let (first, second) = match is_ike {
        true => ("ike.initiator_security_parameter_index", "ike.responder_security_parameter_index"),
        false => ("ipsec.inbound.security_parameter_index", "ipsec.outbound.security_parameter_index"),
    };
    [
        html! { strong { (text("policy_name")) } br; code.muted { (item.uuid) } },
        html! { code.word { (kind) } },
        html! { span.mark.good[state != "connecting"] { (state) } },
        html! { (text("local_address")) },
        html! { (text("remote_address")) },
        html! { code { (text(first)) } br; code { (text(second)) } },
    ]
}

fn request(request: &RecordedRequest) -> [Markup; 4] {
    let time = OffsetDateTime::from(request.arrived);
    let clock = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    [
        html! { span.word { (time.date()) " " (clock) } },
        html! { code.word { (request.method) } },
        html! { code { (request.path_and_query) } },
        html! {
            @if let Some(status) = request.status {
                span.mark.(if status < 400 { "good" } else { "bad" }) {
                    (status) @if let Some(code) = request.code { " · " (code) }
                }
            } @else {
                span.muted.word { "no response" }
            }
            @if let Some(fault) = request.fault { " " span.mark { "fault " (fault) } }
        },
    ]
}

fn approval(approval: &Approval) -> [Markup; 3] {
    let state = match approval.granted {
        None => "waiting",
        Some(true) => "approved",
        Some(false) => "vetoed",
    };
    [html! { (approval.index) }, html! { code { (approval.method) " " (approval.path) } }, html! { (state) }]
}

fn assumption(assumption: &Assumption) -> [Markup; 3] {
    let evidence = match assumption.evidence {
        Evidence::Recorded => "recorded on a cluster",
        Evidence::Documented => "NetApp's documents",
        Evidence::Client => "behaviour of clients",
        Evidence::None => "none",
    };
    [html! { (assumption.subject) }, html! { (assumption.behaviour) }, html! { (evidence) }]
}

fn fault(report: &FaultReport) -> [Markup; 5] {
    [
        html! { (report.id) },
        html! { (report.fault.to_string()) },
        html! { (report.seen) },
        html! { (report.applied) },
        html! { @if report.used_up { span.mark { "used up" } } @else { span.mark.bad { "active" } } },
    ]
}
