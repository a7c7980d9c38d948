//! Where the document and the vendor's reference differ, and what changed between the releases that are documented.

use maud::{Markup, html};

use super::operations::Operations;
use super::prose;
use super::shell::{self, Edition, Page};
use crate::compare::Counts;
use crate::deviations::{Allowed, Judged};
use crate::finding::{Finding, Fix};
use crate::place::At;
use crate::releases::{Change, Changes, Class, Kind};

/// What the page is about.
pub(super) struct Drift<'a> {
    pub(super) judged: &'a Judged,
    pub(super) counts: Counts,
    /// The names of the document, of the facts, and of the list of deviations.
    pub(super) names: [&'a str; 3],
    pub(super) operations: &'a Operations,
    /// What changed from each documented release to the next.
    pub(super) history: &'a [Changes],
}

pub(super) fn page(edition: &Edition, drift: &Drift<'_>) -> Markup {
    let [spec, facts, deviations] = drift.names;
    let Counts { operations, parameters, fields, error_codes, catalogue } = drift.counts;
    let (found, allowed) = (drift.judged.drift.len(), drift.judged.allowed.len());
    let content = html! {
        h1 { "Drift" }
        p.lead { "The document is compared, part by part, with what the vendor's reference states." }
        @if found == 0 {
            div.verdict.good { p { strong { "No drift." } " " code { (spec) } " says what " code { (facts) } " does, but for " (allowed) " " (plural(allowed, "difference", "differences")) " on purpose." } }
        } @else {
            div.verdict.bad { p { strong { (found) " " (plural(found, "difference", "differences")) } " between " code { (spec) } " and " code { (facts) } ", and " (allowed) " on purpose." } }
        }
        h2 { "What was compared" }
        dl.facts {
            (shell::fact("Operations", operations))
            (shell::fact("Parameters", parameters))
            (shell::fact("Fields", fields))
            (shell::fact("Codes in operations", error_codes))
            (shell::fact("Codes in the catalogue", catalogue))
        }
        @if found > 0 {
            h2 #differences { "Differences" }
            (shell::table("cards", "Differences", &["What", "Documented", "In the document", "Operations", "Where", "Mended by"], html! {
                @for finding in &drift.judged.drift { (difference(finding, drift.operations)) }
            }))
        }
        h2 #deviations { "On purpose" }
        @if allowed == 0 {
            p { "The document departs from the reference nowhere: " code { (deviations) } " is empty." }
        } @else {
            p { "Listed in " code { (deviations) } ", each with its reason. An entry that no longer matches would be drift." }
            (shell::table("cards", "Deviations", &["What", "Documented", "In the document", "Why the document is right", "Operations", "Where"], html! {
                @for one in &drift.judged.allowed { (deviation(one, drift.operations)) }
            }))
        }
        @for changes in drift.history { (between(changes, drift.operations)) }
    };
    shell::page(edition, Page::Drift, None, content)
}

fn difference(finding: &Finding, operations: &Operations) -> Markup {
    html! {
        tr {
            (what(finding))
            td data-label="Documented" { (value(finding.documented.as_deref())) }
            td data-label="In the document" { (value(finding.curated.as_deref())) }
            td.short data-label="Operations" { (operations.marks(&finding.operations)) }
            td.small.places data-label="Where" { (places(finding)) }
            td data-label="Mended by" {
                @match &finding.fix {
                    Fix::Edits(_) => code { "cargo xtask regenerate" },
                    Fix::Accept => code { "cargo xtask regenerate --accept-wording" },
                    Fix::Person(reason) => { "a person: " (reason) },
                }
            }
        }
    }
}

fn deviation(allowed: &Allowed, operations: &Operations) -> Markup {
    let finding = &allowed.finding;
    html! {
        tr {
            (what(finding))
            td data-label="Documented" { (value(finding.documented.as_deref())) }
            td data-label="In the document" { (value(finding.curated.as_deref())) }
            td data-label="Why the document is right" { (prose::paragraphs(&allowed.reason)) }
            td.short data-label="Operations" { (operations.marks(&finding.operations)) }
            td.small.places data-label="Where" { (places(finding)) }
        }
    }
}

fn what(finding: &Finding) -> Markup {
    html! { th scope="row" { (shell::dotted(&finding.subject)) div.name { (finding.rule) } } }
}

fn places(finding: &Finding) -> Markup {
    html! {
        div { code { (place(&finding.at)) } }
        @for at in &finding.documented_at { div { code { (place(at)) } } }
    }
}

fn place(at: &At) -> String {
    format!("{}:{}", at.file, at.line)
}

fn value(value: Option<&str>) -> Markup {
    html! { @if let Some(value) = value { code { (value) } } @else { span.muted { "nothing" } } }
}

/// What changed between two releases: what is breaking is to be seen, the rest on request.
fn between(changes: &Changes, operations: &Operations) -> Markup {
    let title = format!("From {} to {}", changes.from.release, changes.to.release);
    html! {
        h2 id={ "since-" (changes.from.release) } { (title) }
        p { "What a caller notices, by " code { (changes.from.file) } " and " code { (changes.to.file) } "." }
        @for class in Class::ALL {
            @let found: Vec<&Change> = changes.of(class).collect();
            @if !found.is_empty() {
                details open[class == Class::Breaking] {
                    summary { (name(class)) " (" (found.len()) ")" }
                    (shell::table("cards", &format!("{title}: {}", name(class)), &["What", "Before", "After", "Operations", "Where"], html! {
                        @for change in found { (row(change, operations)) }
                    }))
                }
            }
        }
        @if !changes.gaps.is_empty() {
            details {
                summary { "Not compared (" (changes.gaps.len()) ")" }
                ul { @for gap in &changes.gaps { li { code { (gap.subject) } " in " (gap.operations.join(", ")) ": " (crate::releases::text::reason(changes, gap.absence)) "." } } }
            }
        }
    }
}

fn row(change: &Change, operations: &Operations) -> Markup {
    // A fingerprint tells nobody anything.
    let side = |side: &Option<String>| side.as_deref().filter(|_| change.rule.kind != Kind::Wording).map(str::to_owned);
    let (from, to) = (side(&change.from), side(&change.to));
    html! {
        tr {
            th scope="row" {
                (shell::dotted(&change.subject))
                div.name { (change.rule) }
                @if let Some(note) = &change.note { (prose::paragraphs(note)) }
            }
            td data-label="Before" { @if change.rule.kind == Kind::Wording { span.muted { "other words" } } @else { (value(from.as_deref())) } }
            td data-label="After" { @if change.rule.kind == Kind::Wording { span.muted { "other words" } } @else { (value(to.as_deref())) } }
            td.short data-label="Operations" { (operations.marks(&change.operations)) }
            td.small.places data-label="Where" { @for at in change.from_at.iter().chain(&change.to_at) { div { code { (place(at)) } } } }
        }
    }
}

fn name(class: Class) -> &'static str {
    match class {
        Class::Breaking => "Breaking",
        Class::Compatible => "Compatible",
        Class::Wording => "Words only",
    }
}

fn plural<'t>(count: usize, one: &'t str, many: &'t str) -> &'t str {
    if count == 1 { one } else { many }
}
