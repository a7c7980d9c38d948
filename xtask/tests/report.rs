//! What `cargo xtask report` makes of figures, all of them invented.

#![allow(clippy::expect_used, clippy::panic, reason = "tests may stop the world, what they are made of too")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use xtask::figures::{Figures, Machine};
use xtask::report::{parse, render};

const HOSTILE: &str = "</td><script>alert(1)</script> | `x` **b** [l](https://outside.example) \n# h";

/// Figures of no machine that there is.
fn figures(bench: &str) -> Figures {
    Figures {
        bench: bench.to_owned(),
        command: format!("cargo bench --bench {bench}"),
        date: "2031-02-03".to_owned(),
        commit: "0123456789".to_owned(),
        machine: Machine { processor: "Abacus 3".to_owned(), cores: 2, memory_gib: 4, system: "beads 1.0".to_owned() },
        versions: BTreeMap::from([("rustc".to_owned(), "rustc 1.95.0".to_owned()), ("tea".to_owned(), "2".to_owned())]),
        series: Vec::new(),
        targets: Vec::new(),
    }
}

/// Two benchmarks: one with all that there can be, one with the least.
fn both() -> Vec<Figures> {
    let mut brew = figures("brew");
    brew.add("pots", "ours", None, "seconds", &[1.0, 1.5, 1.25]);
    brew.add("pots", "by hand", None, "seconds", &[1.0, 1.0, 1.0]);
    brew.add("pots", "by hand", None, "leaves", &[12_345.0]);
    brew.add("pots", "ours", None, "time, by hand = 1", &[1.25]);
    brew.add("growth", "ours", Some(1), "seconds", &[0.5]);
    brew.add("growth", "ours", Some(1000), "seconds", &[f64::NAN, 1.0]);
    brew.judge("pots: time, against by hand", &[1.0, 1.5, 1.25], 1.05, false);
    brew.judge("pots: how many times the rate of a kettle", &[150.0], 100.0, true);
    brew.judge("pots: what could not be measured", &[f64::NAN], 1.0, false);
    let mut rest = figures("rest");
    rest.commit.push('+');
    rest.add("naps", "ours", None, "minutes", &[20.0]);
    vec![brew, rest]
}

#[test]
fn the_report() {
    let report = render(&both());
    assert_eq!(report, include_str!("report/BENCHMARKS.md"), "{report}");
}

#[test]
fn no_name_breaks_the_table() {
    let mut brew = figures("brew");
    brew.add(HOSTILE, HOSTILE, None, HOSTILE, &[1.0]);
    brew.judge(HOSTILE, &[2.0], 1.0, false);
    (brew.command, brew.date, brew.commit) = (HOSTILE.to_owned(), HOSTILE.to_owned(), HOSTILE.to_owned());
    (brew.machine.processor, brew.machine.system) = (HOSTILE.to_owned(), HOSTILE.to_owned());
    brew.versions.insert(HOSTILE.to_owned(), HOSTILE.to_owned());
    let report = render(&[brew]);
    let unescaped = |text: &str| report.replace("\\<", "").replace("`` ", "\u{1}").contains(text);
    assert!(!unescaped("\n# h") && !unescaped(" # h\n# "), "{report}");
    for line in report.lines().filter(|line| !line.starts_with("- Command")) {
        let plain =
            line.replace("\\\\", "").replace("\\<", "").replace("\\[", "").replace("\\|", "").replace("\\`", "");
        let comment = plain.starts_with("<!-- ");
        assert!(comment || !plain.contains("<script"), "{line}");
        assert!(!plain.contains("[l]"), "{line}");
        // Each row has as many cells as its head.
        let cells = plain.matches('|').count();
        assert!(!line.starts_with('|') || [3, 6].contains(&cells), "{cells} in {line}");
    }
}

#[test]
fn figures_that_are_none() {
    type Change<'c> = &'c dyn Fn(&mut Figures);
    let text = |change: Change<'_>| {
        let mut brew = both().remove(0);
        change(&mut brew);
        serde_json::to_string_pretty(&brew).expect("JSON")
    };
    let refused = |text: &str| parse("x.json", text).expect_err("it is refused").to_string();
    assert!(parse("x.json", &text(&|_| ())).is_ok(), "null stands for what is not a number");
    let cases: [(Change<'_>, &str); 4] = [
        (&|brew| brew.bench = "../x".to_owned(), "`../x` cannot be the name of a benchmark: a-z, 0-9 and - can"),
        (&|brew| brew.targets[0].met = true, "`pots: time, against by hand` says that it is met, or not"),
        (&|brew| brew.add("pots", "ours", None, "seconds", &[1.0]), "`seconds` of `ours` in `pots` stands twice"),
        (&|brew| brew.add("pots", "theirs", None, "seconds", &[]), "`seconds` of `theirs` in `pots` has no value"),
    ];
    for (change, words) in cases {
        let said = refused(&text(change));
        assert!(said.starts_with(&format!("x.json:1:1: {words}")), "{said}");
    }
    let said = refused("{\n  \"bench\": 3\n}");
    assert!(said.starts_with("x.json:2:1: invalid type: integer `3`, expected a string"), "{said}");
    assert!(refused(&text(&|_| ()).replace("\"command\"", "\"commend\"")).contains("unknown field `commend`"));
}

/// A workspace that cargo knows, with a document.
fn workspace() -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let put = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("the directory is made");
        fs::write(path, text).expect("the file is written");
    };
    put("Cargo.toml", "[package]\nname = \"garden\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n");
    put("Cargo.lock", "version = 4\n\n[[package]]\nname = \"garden\"\nversion = \"0.0.0\"\n");
    put("src/lib.rs", "");
    put("spec/ontap-ipsec.yaml", include_str!("pages/garden-spec.yaml"));
    put("brew.json", &serde_json::to_string(&both()[0]).expect("JSON"));
    directory
}

fn report(workspace: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("report").args(arguments).current_dir(workspace.path());
    command.env("CARGO_MANIFEST_DIR", workspace.path().join("xtask")).env_remove("CARGO_TARGET_DIR");
    command.output().expect("the program runs")
}

#[track_caller]
fn said(output: &Output, code: i32, words: &str) {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!((output.status.code(), text.contains(words)), (Some(code), true), "{text}");
}

#[test]
fn figures_are_taken_in_and_shown() {
    let workspace = workspace();
    let there = |name: &str| fs::read_to_string(workspace.path().join(name)).unwrap_or_default();
    said(&report(&workspace, &[]), 2, "benches/results holds no figures");
    said(&report(&workspace, &["brew.json"]), 0, "wrote benches/results/brew.json\nwrote BENCHMARKS.md\n");
    assert_eq!(there("benches/results/brew.json"), there("brew.json"));
    assert_eq!(there("BENCHMARKS.md"), render(&both()[..1]));
    let page = there("target/site/benchmarks.html");
    for part in ["<span class=\"mark bad\">not met</span>", "<svg ", "no number", "not measured", "Abacus 3", "×0.8"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    // The name of a form is no address.
    let addresses = page.replace("http://www.w3.org/2000/svg", "").matches("://").count();
    assert_eq!(addresses, 0, "{page}");
    for beside in ["frame.css", "page.css", "theme.js"] {
        assert!(Path::exists(&workspace.path().join("target/site").join(beside)), "{beside}");
    }
    said(&report(&workspace, &["--check"]), 0, "BENCHMARKS.md is what the figures in benches/results give");

    let touched = there("BENCHMARKS.md").replace("1.25", "1.01");
    fs::write(workspace.path().join("BENCHMARKS.md"), touched).expect("it is written");
    said(&report(&workspace, &["--check"]), 1, "to mend it, run: cargo xtask report");
    said(&report(&workspace, &[]), 0, "not met: pots: time, against by hand");
    said(&report(&workspace, &["--check"]), 0, "");
}

#[test]
fn no_name_breaks_the_page() {
    let workspace = workspace();
    let mut brew = figures("brew");
    brew.add(HOSTILE, HOSTILE, None, HOSTILE, &[1.0]);
    brew.add(HOSTILE, "other", None, HOSTILE, &[2.0]);
    brew.judge(HOSTILE, &[2.0], 1.0, false);
    (brew.command, brew.machine.processor) = (HOSTILE.to_owned(), HOSTILE.to_owned());
    fs::write(workspace.path().join("brew.json"), serde_json::to_string(&brew).expect("JSON")).expect("it is written");
    said(&report(&workspace, &["brew.json"]), 0, "");
    let page = fs::read_to_string(workspace.path().join("target/site/benchmarks.html")).expect("the page");
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>"), "{page}");
    assert_eq!(page.matches("<svg ").count(), 1);
}

#[test]
fn a_file_of_another_benchmark_is_not_shown() {
    let workspace = workspace();
    said(&report(&workspace, &["brew.json"]), 0, "");
    let results = workspace.path().join("benches/results");
    fs::rename(results.join("brew.json"), results.join("tea.json")).expect("it is renamed");
    let words = "benches/results/tea.json:1:1: the figures of `brew` belong into benches/results/brew.json";
    said(&report(&workspace, &[]), 2, words);
    // Nothing is taken in if one of the files is none.
    fs::write(workspace.path().join("none.json"), "{}").expect("it is written");
    said(&report(&workspace, &["brew.json", "none.json"]), 2, "none.json:1:1: missing field");
    assert!(!results.join("brew.json").exists());
}
