//! The published JSON Schemas: they are what the types give, and they know a good file from a bad one.

#![allow(clippy::expect_used, clippy::panic, reason = "tests may stop the world, what they are made of too")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, str};

use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace").to_owned()
}

#[track_caller]
fn runs(root: &Path, arguments: &[&str], code: i32, stdout: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).current_dir(root).env("CARGO_MANIFEST_DIR", root.join("xtask"));
    let output = command.output().expect("it runs");
    assert_eq!(str::from_utf8(&output.stderr), Ok(""));
    assert_eq!(str::from_utf8(&output.stdout), Ok(stdout));
    assert_eq!(output.status.code(), Some(code));
}

const GOOD: &str = "spec/documented/schema.json is what the types give\n\
                    spec/diff.schema.json is what the types give\n\
                    spec/versions.schema.json is what the types give\n\
                    spec/catalogue.schema.json is what the types give\n";

#[test]
fn what_is_committed_is_what_the_types_give() {
    runs(&root(), &["schemas", "--check"], 0, GOOD);
}

#[test]
fn a_check_that_fails_names_the_command() {
    let directory = tempfile::tempdir().expect("a directory");
    let mend = "to mend it, run: cargo xtask schemas\n";
    let differ = "spec/documented/schema.json differs from what the types give\n\
                  spec/diff.schema.json differs from what the types give\n\
                  spec/versions.schema.json differs from what the types give\n\
                  spec/catalogue.schema.json differs from what the types give\n";
    runs(directory.path(), &["schemas", "--check"], 1, &format!("{differ}{mend}"));
    assert_eq!(fs::read_dir(directory.path()).expect("the directory").count(), 0, "a check writes nothing");

    let wrote = "wrote spec/documented/schema.json\nwrote spec/diff.schema.json\n\
                 wrote spec/versions.schema.json\nwrote spec/catalogue.schema.json\n";
    runs(directory.path(), &["schemas"], 0, wrote);
    runs(directory.path(), &["schemas", "--check"], 0, GOOD);

    fs::write(directory.path().join("spec/diff.schema.json"), "{}\n").expect("the file is written");
    let half = "spec/documented/schema.json is what the types give\n\
                spec/diff.schema.json differs from what the types give\n\
                spec/versions.schema.json is what the types give\n\
                spec/catalogue.schema.json is what the types give\n";
    runs(directory.path(), &["schemas", "--check"], 1, &format!("{half}{mend}"));
}

fn facts_schema() -> jsonschema::Validator {
    let text = fs::read_to_string(root().join("spec/documented/schema.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("a schema");
    jsonschema::draft202012::new(&schema).expect("a schema")
}

#[test]
fn facts_files_are_valid() {
    let schema = facts_schema();
    let documented = fs::read_dir(root().join("spec/documented")).expect("the directory");
    let mut files: Vec<PathBuf> = documented.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    assert!(!files.is_empty());
    files.push(root().join("xtask/tests/pages/garden.yaml"));
    for file in files {
        let text = fs::read_to_string(&file).expect("the file");
        let facts: Value = serde_saphyr::from_str(&text).expect("YAML");
        let errors: Vec<String> =
            schema.iter_errors(&facts).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, [""; 0], "{}", file.display());
    }
}

#[test]
fn damaged_facts_are_refused() {
    let schema = facts_schema();
    let facts: Value = serde_saphyr::from_str(include_str!("pages/garden.yaml")).expect("YAML");
    assert!(schema.is_valid(&facts));
    let parameter = "/operations/GET ~1garden~1plots/parameters/0";
    for (pointer, member, value) in [
        ("", "release", json!(9.15)),
        ("", "odd", json!(1)),
        ("/operations/GET ~1garden~1plots", "status", json!("200")),
        (parameter, "type", json!("float")),
        (parameter, "type", json!("array[string")),
        (parameter, "fingerprint", json!("45B6010072FF")),
        (parameter, "limits", json!({ "maxlength": 3 })),
    ] {
        let mut facts = facts.clone();
        facts.pointer_mut(pointer).expect(pointer)[member] = value.clone();
        assert!(!schema.is_valid(&facts), "{pointer} {member} {value}");
    }
    for good in ["string", "array[integer]", "#plots", "array[#_links(next,self)]"] {
        let mut facts = facts.clone();
        facts.pointer_mut(parameter).expect("a parameter")["type"] = json!(good);
        assert!(schema.is_valid(&facts), "{good}");
    }
}
