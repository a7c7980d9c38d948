//! What the benchmarks measured, in tables and plots.

use maud::{Markup, html};

use super::shell::{self, Edition, Page};
use crate::figures::{Figures, Target};
use crate::report::group::{Group, Row, groups};
use crate::report::numbers::{number, of_three, spread};
use crate::report::{self, plot, prose};

pub(super) fn page(edition: &Edition, all: &[Figures]) -> Markup {
    let targets: Vec<(&Figures, &Target)> =
        all.iter().flat_map(|figures| figures.targets.iter().map(move |target| (figures, target))).collect();
    let missed = targets.iter().filter(|(_, target)| !target.met).count();
    let content = html! {
        h1 { "Benchmarks" }
        p.lead {
            "Each figure is the median of several runs, with the least and the most of them in parentheses. Figures of \
             one table come from one run on one machine, whose contenders took turns; those of another machine are \
             others, and what should hold there too are the ratios: × is how many times what the first row has."
        }
        @if all.is_empty() {
            p { "No figures are kept yet: " code { "cargo xtask report FILE" } " takes in what a benchmark wrote." }
        }
        @if !targets.is_empty() {
            h2 #targets { "Targets" }
            @if missed == 0 {
                div.verdict.good { p { strong { "All " (targets.len()) " are met." } } }
            } @else {
                div.verdict.bad { p { strong { (missed) " of " (targets.len()) " not met." } } }
            }
            (shell::table("cards", "Targets", &["Target", "Benchmark", "Measured", "Limit", "Verdict"], html! {
                @for (figures, target) in &targets { (self::target(figures, target)) }
            }))
        }
        @for figures in all { (bench(figures)) }
    };
    shell::page(edition, Page::Benchmarks, None, content)
}

fn target(figures: &Figures, target: &Target) -> Markup {
    html! {
        tr {
            th scope="row" { (target.what) }
            td data-label="Benchmark" { (figures.bench) }
            td.number data-label="Measured" { (of_three(target.measured)) }
            td.number data-label="Limit" { (report::limit(target)) }
            td data-label="Verdict" {
                @if target.met { span.mark.good { "met" } } @else { span.mark.bad { "not met" } }
            }
        }
    }
}

fn bench(figures: &Figures) -> Markup {
    let machine = &figures.machine;
    let versions: Vec<String> =
        figures.versions.iter().map(|(name, version)| report::versioned(name, version)).collect();
    let about = prose::of_bench(&figures.bench);
    html! {
        h2 id=(figures.bench) { (figures.bench) }
        @if !about.is_empty() { p { (about) } }
        ul {
            li { "Command: " code { (figures.command) } }
            li { "Machine: " (machine.processor) ", " (machine.cores) " cores, " (machine.memory_gib) " GiB, " (machine.system) }
            li { "Versions: " (versions.join(", ")) }
            li { "Measured on " (figures.date) " at " (report::commit(figures)) }
        }
        @for group in groups(&figures.series) { (self::group(&group)) }
    }
}

fn group(group: &Group<'_>) -> Markup {
    let sizes = group.has_sizes();
    let columns: Vec<&str> =
        ["Case"].into_iter().chain(sizes.then_some("Size")).chain(group.quantities.iter().copied()).collect();
    html! {
        h3 { (group.name) }
        (shell::table("cards", group.name, &columns, html! {
            @for row in &group.rows {
                tr {
                    th scope="row" { (row.case) }
                    @if sizes { td.number data-label="Size" { @if let Some(size) = row.size { (report::size(size)) } } }
                    @for quantity in &group.quantities {
                        td.number data-label=(quantity) { (cell(group, row, quantity)) }
                    }
                }
            }
        }))
        div.plots { @for quantity in &group.quantities { (plots(group, quantity)) } }
    }
}

fn cell(group: &Group<'_>, row: &Row<'_>, quantity: &str) -> Markup {
    let Some(values) = group.values(row, quantity) else { return html! { span.muted { "not measured" } } };
    html! {
        (spread(values))
        @if let Some(ratio) = group.ratio(row, quantity) { " " span.mark { "×" (number(ratio)) } }
    }
}

/// The plots of a quantity: of several cases one for each size, of a single case one of all sizes.
fn plots(group: &Group<'_>, quantity: &str) -> Markup {
    let several = group.rows.iter().any(|row| Some(row.case) != group.reference());
    let bars = |rows: Vec<&Row<'_>>, with_size: bool, title: &str| {
        let rows = rows.into_iter().filter_map(|row| Some((plot::label(row, with_size), group.values(row, quantity)?)));
        plot::bars(title, &rows.collect::<Vec<_>>())
    };
    html! {
        @if several {
            @for size in group.sizes() {
                @let rows = group.rows.iter().filter(|row| row.size == size).collect();
                @let title = size.map_or_else(|| quantity.to_owned(), |size| format!("{quantity}, size {}", report::size(size)));
                @if let Some(plot) = bars(rows, false, &title) { (plot) }
            }
        } @else if let Some(plot) = bars(group.rows.iter().collect(), true, quantity) { (plot) }
    }
}
