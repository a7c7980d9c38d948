//! The published JSON Schemas: they are what the types give.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, str};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace").to_owned()
}

#[track_caller]
fn runs(root: &Path, arguments: &[&str], code: i32, stdout: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spec-tools"));
    command.args(arguments).current_dir(root).env("CARGO_MANIFEST_DIR", root.join("spec-tools"));
    let output = command.output().expect("it runs");
    assert_eq!(str::from_utf8(&output.stderr), Ok(""));
    assert_eq!(str::from_utf8(&output.stdout), Ok(stdout));
    assert_eq!(output.status.code(), Some(code));
}

const GOOD: &str = "spec/diff.schema.json is what the types give\n\
                    spec/versions.schema.json is what the types give\n\
                    spec/catalogue.schema.json is what the types give\n";

#[test]
fn what_is_committed_is_what_the_types_give() {
    runs(&root(), &["schemas", "--check"], 0, GOOD);
}

#[test]
fn a_check_that_fails_names_the_command() {
    let directory = tempfile::tempdir().expect("a directory");
    let fix = "to fix it, run: cargo spec schemas\n";
    let differ = "spec/diff.schema.json differs from what the types give\n\
                  spec/versions.schema.json differs from what the types give\n\
                  spec/catalogue.schema.json differs from what the types give\n";
    runs(directory.path(), &["schemas", "--check"], 1, &format!("{differ}{fix}"));
    assert_eq!(fs::read_dir(directory.path()).expect("the directory").count(), 0, "a check writes nothing");

    let wrote = "wrote spec/diff.schema.json\nwrote spec/versions.schema.json\nwrote spec/catalogue.schema.json\n";
    runs(directory.path(), &["schemas"], 0, wrote);
    runs(directory.path(), &["schemas", "--check"], 0, GOOD);

    fs::write(directory.path().join("spec/diff.schema.json"), "{}\n").expect("the file is written");
    let half = "spec/diff.schema.json differs from what the types give\n\
                spec/versions.schema.json is what the types give\n\
                spec/catalogue.schema.json is what the types give\n";
    runs(directory.path(), &["schemas", "--check"], 1, &format!("{half}{fix}"));
}
