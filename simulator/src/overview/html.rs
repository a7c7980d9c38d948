//! The frame of the page, and its tables. The templates escape all values.

use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

/// The icon: a lock on a disc. Without an icon, browsers request `/favicon.ico`.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
    %3Ccircle cx='8' cy='8' r='8' fill='%230a5fb4'/%3E\
    %3Cpath d='M5 7V5.5a3 3 0 0 1 6 0V7h1v5H4V7zm1.5 0h3V5.5a1.5 1.5 0 0 0-3 0z' fill='white'/%3E%3C/svg%3E";

pub(super) fn page(name: &str, nonce: &str, sections: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (name) " – ONTAP simulator" }
                link rel="icon" href=(ICON);
                style nonce=(nonce) { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header {
                    div {
                        p.kind { "ONTAP simulator" }
                        h1 { (name) }
                    }
                    nav aria-label="Sections" {
                        a href="#cluster" { "Cluster" }
                        a href="#policies" { "Policies" }
                        a href="#associations" { "Associations" }
                        a href="#requests" { "Requests" }
                        a href="#faults" { "Faults" }
                        a href="#assumptions" { "Assumptions" }
                        a.reload href="/" { "Reload" }
                    }
                }
                main #content tabindex="-1" { (sections) }
                footer { p { "The page shows the state at the time of loading. Reload the page for the current state." } }
            }
        }
    }
}

/// Returns a table. In a narrow window, the style turns rows into blocks; the roles keep the table for screen readers.
pub(super) fn table<const N: usize>(
    caption: &str,
    columns: [&str; N],
    rows: impl Iterator<Item = [Markup; N]>,
) -> Markup {
    html! {
        table role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" { @for column in columns { th role="columnheader" scope="col" { (column) } } }
            }
            tbody role="rowgroup" {
                @for row in rows {
                    tr role="row" {
                        @for (place, (column, cell)) in columns.iter().zip(row).enumerate() {
                            @if place == 0 {
                                th role="rowheader" scope="row" data-label=(column) { (cell) }
                            } @else {
                                td role="cell" data-label=(column) { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}
