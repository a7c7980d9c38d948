//! The matrix of fields: what can be done with each, and since which release.

use maud::{Markup, html};

use super::listed::{Listed, Use};
use super::operations::Operations;
use super::prose;
use super::shell::{self, Edition, Page};
use crate::catalogue::{Field, Parameter};
use crate::workspace;

/// What the page is about.
pub(super) struct Matrix<'a> {
    pub(super) fields: &'a [Field],
    pub(super) parameters: &'a [Parameter],
    pub(super) operations: &'a Operations,
    /// What the references of the documented releases list.
    pub(super) listed: &'a [Listed],
}

pub(super) fn page(edition: &Edition, matrix: &Matrix<'_>) -> Markup {
    let releases = releases(edition, matrix);
    // `cargo xtask diff` compares the document with the reference of the release itself.
    let older: Vec<&Listed> = matrix.listed.iter().filter(|listed| listed.release != edition.release).collect();
    let mut columns: Vec<String> = ["Field", "What it is"].map(str::to_owned).to_vec();
    columns.extend(Use::ALL.map(|one| one.name().to_owned()));
    columns.extend(older.iter().map(|listed| heading(listed)));
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let is_field = |name: &str| matrix.fields.iter().any(|field| field.name == name);
    let content = html! {
        h1 { "Fields" }
        p.lead {
            "What can be done with each field of a policy. A cell names the release of ONTAP since which it is possible; a dash says \
             that it is not. What the first release did not have stands out."
        }
        form #seek.seek role="search" data-kinds="fields" hidden {
            div.words {
                label for="words" { "Name or words" }
                input #words type="search" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="local_endpoint" aria-describedby="keys";
            }
            div {
                label for="release" { "Release of ONTAP" }
                select #release {
                    option value="" { "any release" }
                    @for (index, release) in releases.iter().enumerate() { option value=(index) { (release) } }
                }
            }
            label.tick for="hide" { input #hide type="checkbox"; "hide what it lacks" }
        }
        p #keys.hint hidden { kbd { "/" } " leads to the words, " kbd { "Enter" } " to the first match, " kbd { "Esc" } " clears" }
        p #count.count role="status" aria-live="polite" hidden { (matrix.fields.len()) " fields" }
        p #nothing hidden { "No field matches " q {} "." }
        (shell::table("cards matrix", "Fields", &columns, html! {
            @for field in matrix.fields { (row(field, &releases, &older)) }
        }))
        h2 #parameters { "Parameters that are no fields" }
        (shell::table("cards", "Parameters", &["Parameter", "What it does", "Type", "Operations", "Since"], html! {
            @for parameter in matrix.parameters.iter().filter(|parameter| parameter.r#in != "query" || !is_field(&parameter.name)) {
                (parameter_row(parameter, matrix.operations))
            }
        }))
    };
    shell::page(edition, Page::Fields, Some("filter.js"), content)
}

fn heading(listed: &Listed) -> String {
    format!("Reference of {}", listed.release)
}

fn since(field: &Field, one: Use) -> Option<&str> {
    match one {
        Use::Create => &field.create,
        Use::Change => &field.modify,
        Use::Read => &field.read,
        Use::Filter => &field.filter,
    }
    .as_deref()
}

/// All releases that a reader may ask for, from the first to the last.
fn releases(edition: &Edition, matrix: &Matrix<'_>) -> Vec<String> {
    let of_fields = matrix.fields.iter().flat_map(|field| Use::ALL.map(|one| since(field, one))).flatten();
    let documented = matrix.listed.iter().map(|listed| listed.release.as_str());
    let mut all: Vec<String> =
        of_fields.chain(documented).chain([edition.release.as_str()]).map(str::to_owned).collect();
    all.sort_by_key(|release| workspace::release(release));
    all.dedup();
    all
}

fn row(field: &Field, releases: &[String], older: &[&Listed]) -> Markup {
    html! {
        tr id=(field.name) data-words=(words(field)) {
            th.field scope="row" {
                a href={ "#" (field.name) } { (shell::dotted(&field.name)) }
                div.name { (field.r#type) @if let Some(format) = &field.format { ", " (format) } }
            }
            td.about data-label="What it is" {
                (prose::paragraphs(&field.description))
                @if !field.values.is_empty() { p.small { @for (index, value) in field.values.iter().enumerate() { @if index > 0 { ", " } code { (value) } } } }
            }
            @for one in Use::ALL { (cell(field, one, releases)) }
            @for listed in older { (reference(field, listed)) }
        }
    }
}

fn cell(field: &Field, one: Use, releases: &[String]) -> Markup {
    let Some(since) = since(field, one) else {
        return html! { td.cell.none data-label=(one.name()) { span aria-hidden="true" { "–" } span.for-readers { "no" } } };
    };
    let index = releases.iter().position(|release| release == since);
    let is_first = index == Some(0);
    html! { td.cell data-label=(one.name()) data-since=[index] { span.mark.good[is_first].late[!is_first] { (since) } } }
}

/// What an older reference lists of that which its release should have.
fn reference(field: &Field, listed: &Listed) -> Markup {
    let has_come = |since: &str| workspace::release(since) <= workspace::release(&listed.release);
    let expected: Vec<Use> = Use::ALL.into_iter().filter(|one| since(field, *one).is_some_and(has_come)).collect();
    let lacking: Vec<&str> =
        expected.iter().filter(|one| listed.has(&field.name, **one) == Some(false)).map(|one| one.name()).collect();
    html! {
        td.cell data-label=(heading(listed)) {
            @if expected.is_empty() { span.mark.bad { "too old" } }
            @else if lacking.is_empty() { span.muted { "lists it" } }
            @else if lacking.len() == expected.len() { span.mark.bad { "lacks it" } }
            @else { span.mark.late { "lacks " (lacking.join(", ").to_lowercase()) } }
        }
    }
}

fn words(field: &Field) -> String {
    let parts = [&field.name, &field.r#type, &field.description, &field.values.join(" ")];
    parts.map(String::as_str).join(" ").replace('`', "").to_lowercase()
}

fn parameter_row(parameter: &Parameter, operations: &Operations) -> Markup {
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
            td data-label="What it does" { (prose::paragraphs(&parameter.description)) }
            td.short data-label="Type" {
                (parameter.r#type)
                @for (word, limit) in limits { @if let Some(limit) = limit { ", " (word) " " (limit) } }
            }
            td.short data-label="Operations" {
                (operations.marks(&parameter.operations))
            }
            td.short.number data-label="Since" { @if let Some(release) = &parameter.release { (release) } }
        }
    }
}
