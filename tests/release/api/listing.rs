//! The public API of the crate, as a list that a review can see change: `public-api.txt`.
//!
//! With `GOLDEN=write` in the environment, the test writes the list.

#![allow(clippy::expect_used, reason = "tests may stop the world")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use similar::TextDiff;

/// The list, from the root.
const LIST: &str = "public-api.txt";
/// The features that add to the API.
const FEATURES: &str = "blocking,schemars,serialize-error";
const WRITE: &str = "GOLDEN=write cargo test -p ontap-ipsec-api";

/// Runs cargo in the workspace, and gives what it writes to standard output.
fn cargo(arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command.current_dir(root()).args(arguments);
    // The form of rustdoc's JSON is not stable yet, so that a stable rustdoc has to be asked for it twice.
    if cfg!(windows) {
        command.env("RUSTC_BOOTSTRAP", "1");
    } else {
        command.env("RUSTDOC", root().join("tests/release/api/rustdoc"));
    }
    let output = command.output().expect("cargo runs");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`cargo {}` failed: {words}", arguments.join(" "));
    output.stdout
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).expect("the package is in the workspace")
}

/// Lists the API.
fn list() -> String {
    let metadata = cargo(&["metadata", "--no-deps", "--locked", "--format-version", "1"]);
    let metadata: serde_json::Value = serde_json::from_slice(&metadata).expect("cargo writes JSON");
    let target = PathBuf::from(metadata["target_directory"].as_str().expect("a target directory"));
    let rustdoc = ["rustdoc", "--quiet", "--locked", "--package", "ontap-ipsec", "--lib", "--features", FEATURES];
    cargo(&[&rustdoc[..], &["--", "-Z", "unstable-options", "--output-format", "json"]].concat());
    let api = public_api::Builder::from_rustdoc_json(target.join("doc/ontap_ipsec.json"))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .expect("rustdoc writes the form of Rust 1.95; another compiler needs another version of public-api");
    let head = format!("# The public API of the crate. Written by `{WRITE}`.\n");
    api.items().fold(head, |text, item| format!("{text}{item}\n"))
}

/// Tells how a list that is `there` differs from the `list` of the API, or nothing if it does not.
fn difference(there: &str, list: &str) -> Option<String> {
    let shown = TextDiff::from_lines(there, list).unified_diff().header(LIST, "what the crate has").to_string();
    (there != list).then(|| format!("{shown}to take it over, run: {WRITE}\n"))
}

#[test]
fn the_list_is_the_api() {
    let (path, list) = (root().join(LIST), list());
    if env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        let beside = path.with_extension("tmp");
        fs::write(&beside, &list).expect("the list is written");
        fs::rename(&beside, &path).expect("the list takes its place");
    }
    let difference = difference(&fs::read_to_string(&path).unwrap_or_default(), &list);
    assert!(difference.is_none(), "{}", difference.unwrap_or_default());
}

#[test]
fn a_difference_is_shown_with_the_command_that_takes_it_over() {
    let shown = difference("pub mod a\npub fn a::old()\n", "pub mod a\npub fn a::new()\n");
    let expected = "--- public-api.txt\n+++ what the crate has\n@@ -1,2 +1,2 @@\n pub mod a\n-pub fn a::old()\n+pub fn a::new()\n\
                    to take it over, run: GOLDEN=write cargo test -p ontap-ipsec-api\n";
    assert_eq!(shown.as_deref(), Some(expected));
    assert_eq!(difference("pub mod a\n", "pub mod a\n"), None);
}
