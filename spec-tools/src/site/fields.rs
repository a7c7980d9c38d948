//! The matrix of fields: what can be done with each, and since which release.

use std::collections::BTreeSet;

use maud::{Markup, html};
use xtask::openapi::Document;
use xtask::workspace;

use super::content::Site;
use super::operations;
use super::shell::{paragraphs, search, table, words};
use crate::catalogue::{Field, Parameter, Use, resource, uses};

fn label(one: Use) -> &'static str {
    ["Create", "Change", "Read", "Filter"][one as usize]
}

pub(super) fn page(site: &Site<'_>) -> Markup {
    let fields = &site.catalogue.fields;
    let releases = releases(site);
    // `cargo xtask diff` compares the document with the newest reference whole.
    let older = site.documented.split_last().map_or(&[][..], |(_, older)| older);
    let older: Vec<Listed> = older.iter().map(Listed::of).collect();
    let mut columns: Vec<&str> = vec!["Field", "What it is"];
    columns.extend(Use::ALL.map(label));
    columns.extend(older.iter().map(|listed| listed.heading.as_str()));
    let is_field =
        |name: &str, key: &String| fields.iter().any(|field| field.name == name && field.resource == resource(key));
    let is_filter = |one: &Parameter| one.r#in == "query" && one.operations.iter().all(|key| is_field(&one.name, key));
    let parameters = site.catalogue.parameters.iter().filter(|one| !is_filter(one));
    let choices = html! {
        div {
            label for="release" { "Release of ONTAP" }
            select #release {
                option value="" { "any release" }
                @for (index, release) in releases.iter().enumerate() { option value=(index) { (release) } }
            }
        }
        label.tick for="hide" { input #hide type="checkbox"; "hide what it lacks" }
    };
    html! {
        h1 { "Fields" }
        p.lead {
            "What can be done with each field of each resource. A cell names the release of ONTAP since which it is possible; a dash says \
             that it is not. What the first release did not have stands out."
        }
        (search("fields", fields.len(), "Name or words", "local_endpoint", choices, ""))
        @for of_one in fields.chunk_by(|one, next| one.resource == next.resource) {
            section {
                h2 { code { (of_one[0].resource) } }
                @let label = format!("Fields of {}", of_one[0].resource);
                (table("cards matrix", &label, &columns, html! { @for field in of_one { (row(field, &releases, &older)) } }))
            }
        }
        h2 #parameters { "Parameters that are no fields" }
        (table("cards", "Parameters", &["Parameter", "What it does", "Type", "Operations", "Since"], html! {
            @for parameter in parameters { (parameter_row(site, parameter)) }
        }))
    }
}

/// The fields that an older reference lists.
struct Listed<'d> {
    heading: String,
    release: Option<Vec<u32>>,
    /// The uses that it has pages for, of each resource.
    pages: BTreeSet<(&'d str, Use)>,
    uses: BTreeSet<(&'d str, String, Use)>,
}

impl<'d> Listed<'d> {
    fn of(facts: &'d Document) -> Self {
        let pages = facts.operations.iter();
        let pages = pages.filter_map(|(key, operation)| Some((resource(key), Use::of(facts, key, operation)?)));
        Self {
            heading: format!("Reference of {}", facts.release()),
            release: workspace::release(facts.release()),
            pages: pages.collect(),
            uses: uses(facts).into_iter().map(|usable| (usable.resource, usable.name, usable.r#use)).collect(),
        }
    }
}

/// Lists all releases that a reader may ask for, from the first to the last.
fn releases<'s>(site: &'s Site<'_>) -> Vec<&'s str> {
    let of_fields = site.catalogue.fields.iter().flat_map(|field| Use::ALL.map(|one| field.since(one))).flatten();
    let documented = site.documented.iter().map(Document::release);
    let mut all: Vec<&str> = of_fields.chain(documented).chain([site.spec.release()]).collect();
    all.sort_by_key(|release| workspace::release(release));
    all.dedup();
    all
}

fn row(field: &Field, releases: &[&str], older: &[Listed<'_>]) -> Markup {
    let values = field.values.join(" ");
    let id = format!("{}:{}", field.resource, field.name);
    html! {
        tr id=(id) data-words=(words(&[&field.resource, &field.name, &field.r#type, &field.description, &values])) {
            th.field scope="row" {
                // The name can go on in the next line after each dot.
                a href={ "#" (id) } { code { @for part in field.name.split_inclusive(['.', '_']) { (part) wbr; } } }
                div.name { (field.r#type) @if let Some(format) = &field.format { ", " (format) } }
            }
            td.about data-label="What it is" {
                (paragraphs(&field.description))
                @if !field.values.is_empty() { p.small { @for (index, value) in field.values.iter().enumerate() { @if index > 0 { ", " } code { (value) } } } }
            }
            @for one in Use::ALL {
                @if let Some(since) = field.since(one) {
                    @let index = releases.iter().position(|release| *release == since);
                    td.cell data-label=(label(one)) data-since=[index] { span.mark.good[index == Some(0)].late[index != Some(0)] { (since) } }
                } @else {
                    td.cell.none data-label=(label(one)) { span aria-hidden="true" { "–" } span.for-readers { "no" } }
                }
            }
            @for listed in older { td.cell data-label=(listed.heading) { (reference(field, listed)) } }
        }
    }
}

/// Tells how much an older reference lists of the uses that its release should have.
fn reference(field: &Field, listed: &Listed<'_>) -> Markup {
    let has_come = |since: &str| workspace::release(since) <= listed.release;
    let expected: Vec<Use> = Use::ALL.into_iter().filter(|one| field.since(*one).is_some_and(has_come)).collect();
    let resource = field.resource.as_str();
    let is_read = |one: &Use| listed.pages.contains(&(resource, *one));
    let is_listed = |one: &Use| !is_read(one) || listed.uses.contains(&(resource, field.name.clone(), *one));
    let lacking: Vec<&str> = expected.iter().filter(|one| !is_listed(one)).map(|one| label(*one)).collect();
    html! {
        @if expected.is_empty() { span.mark.bad { "too old" } }
        @else if !expected.iter().any(is_read) { span.muted { "no page" } }
        @else if lacking.is_empty() { span.muted { "lists it" } }
        @else if lacking.len() == expected.len() { span.mark.bad { "lacks it" } }
        @else { span.mark.late { "lacks " (lacking.join(", ").to_lowercase()) } }
    }
}

fn parameter_row(site: &Site<'_>, parameter: &Parameter) -> Markup {
    let limits = [
        ("default", &parameter.default),
        ("from", &parameter.minimum),
        ("to", &parameter.maximum),
        ("at least", &parameter.min_length),
        ("at most", &parameter.max_length),
    ];
    html! {
        tr {
            th scope="row" { code { (parameter.name) } div.name { "in the " (parameter.r#in) @if parameter.required { ", required" } } }
            td data-label="What it does" { (paragraphs(&parameter.description)) }
            td.short data-label="Type" {
                (parameter.r#type)
                @for (word, limit) in limits { @if let Some(limit) = limit { ", " (word) " " (limit) } }
            }
            td.short data-label="Operations" { (operations::marks(&site.operations, &parameter.operations)) }
            td.short.number data-label="Since" { @if let Some(release) = &parameter.release { (release) } }
        }
    }
}
