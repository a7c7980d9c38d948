//! `BENCHMARKS.md`.

use std::fmt::Write;

use super::group::{Group, groups};
use super::numbers::{number, of_three, spread};
use super::prose;
use crate::figures::{Figures, Target};
use crate::markdown::{code, plain};

/// The whole file.
pub fn render(all: &[Figures]) -> String {
    let mut out = String::from(
        "<!-- Made by `cargo xtask report` from the files in benches/results/. Change those, not this. -->\n\
         # Benchmarks\n\n\
         Each figure is the median of several runs, with the least and the most of them in parentheses. Figures of one \
         table come from one run on one machine, whose contenders took turns; those of another machine are others, and \
         what should hold there too are the ratios: `×` is how many times what the first row has.\n",
    );
    targets(&mut out, all);
    for figures in all {
        bench(&mut out, figures);
    }
    out
}

fn targets(out: &mut String, all: &[Figures]) {
    let targets: Vec<(&Figures, &Target)> =
        all.iter().flat_map(|figures| figures.targets.iter().map(move |target| (figures, target))).collect();
    if targets.is_empty() {
        return;
    }
    let met = targets.iter().filter(|(_, target)| target.met).count();
    let count = targets.len();
    line(
        out,
        &format!(
            "\n## Targets\n\n{met} of {count} are met.\n\n| benchmark | target | measured | limit | |\n|---|---|---|---|---|"
        ),
    );
    for (figures, target) in targets {
        let measured = of_three(target.measured);
        let limit = super::limit(target);
        let [bench, what] = [&figures.bench, &target.what].map(|text| plain(text));
        line(out, &format!("| {bench} | {what} | {measured} | {limit} | {} |", super::verdict(target)));
    }
}

fn bench(out: &mut String, figures: &Figures) {
    line(out, &format!("\n## {}\n", plain(&figures.bench)));
    let about = prose::of_bench(&figures.bench);
    if !about.is_empty() {
        line(out, &format!("{about}\n"));
    }
    let machine = &figures.machine;
    let command = code(&figures.command);
    let (processor, system) = (plain(&machine.processor), plain(&machine.system));
    let versions: Vec<String> =
        figures.versions.iter().map(|(name, version)| plain(&super::versioned(name, version))).collect();
    line(out, &format!("- Command: {command}"));
    line(out, &format!("- Machine: {processor}, {} cores, {} GiB, {system}", machine.cores, machine.memory_gib));
    line(out, &format!("- Versions: {}", versions.join(", ")));
    line(out, &format!("- Measured on {} at {}", plain(&figures.date), plain(&super::commit(figures))));
    for group in groups(&figures.series) {
        table(out, &group);
    }
}

fn table(out: &mut String, group: &Group<'_>) {
    line(out, &format!("\n### {}\n", plain(group.name)));
    let sizes = group.has_sizes();
    let mut head = vec!["".to_owned()];
    head.extend(sizes.then(|| "size".to_owned()));
    head.extend(group.quantities.iter().map(|quantity| plain(quantity)));
    row(out, &head);
    let marks = (0..head.len()).map(|index| if index == 0 { "---" } else { "--:" }.to_owned());
    row(out, &marks.collect::<Vec<_>>());
    for one in &group.rows {
        let mut cells = vec![plain(one.case)];
        cells.extend(sizes.then(|| one.size.map_or_else(String::new, super::size)));
        for quantity in &group.quantities {
            let Some(values) = group.values(one, quantity) else {
                cells.push("not measured".to_owned());
                continue;
            };
            let ratio = group.ratio(one, quantity).map(|ratio| format!(" ×{}", number(ratio))).unwrap_or_default();
            cells.push(spread(values) + &ratio);
        }
        row(out, &cells);
    }
}

fn row(out: &mut String, cells: &[String]) {
    line(out, &format!("| {} |", cells.join(" | ")));
}

fn line(out: &mut String, text: &str) {
    // A string takes all.
    let _ = writeln!(out, "{text}");
}
