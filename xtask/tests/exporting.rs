//! The spec in other forms.

#![allow(clippy::expect_used, clippy::panic, reason = "tests may stop the world, what they are made of too")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const SPEC: &str = include_str!("exporting/spec.yaml");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace")
}

/// A workspace of its own, with the small spec, and facts of two releases: code 3 is documented in the later one alone.
fn workspace() -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::create_dir_all(directory.path().join("spec/documented")).expect("the directory is made");
    let put = |name: &str, text: &str| fs::write(directory.path().join(name), text).expect("the file is written");
    put("spec/ontap-ipsec.yaml", SPEC);
    for (release, codes) in [("9.9.1", "[{code: 20}]"), ("9.12.1", "[{code: 3}, {code: 20}]")] {
        let facts = format!(
            "openapi: 3.0.3\ninfo: {{version: \"{release}\"}}\npaths:\n  /trees:\n    post: {{x-ntap-introduced: \"9.8\", \
             responses: {{\"201\": {{description: \"\"}}}}, x-ontap-error-codes: {codes}}}\n"
        );
        put(&format!("spec/documented/{release}.yaml"), &facts);
    }
    directory
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("export").args(arguments).current_dir(root).env("CARGO_MANIFEST_DIR", root.join("xtask"));
    command.output().expect("it runs")
}

#[track_caller]
fn runs(root: &Path, arguments: &[&str], code: i32) -> String {
    let output = run(root, arguments);
    assert_eq!((String::from_utf8_lossy(&output.stderr).as_ref(), output.status.code()), ("", Some(code)));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn each_table_as_csv() {
    let workspace = workspace();
    for (table, text) in [
        ("codes", include_str!("exporting/codes.csv")),
        ("fields", include_str!("exporting/fields.csv")),
        ("parameters", include_str!("exporting/parameters.csv")),
    ] {
        assert_eq!(runs(workspace.path(), &["--format", "csv", "--table", table], 0), text);
    }
}

#[test]
fn all_tables_as_markdown() {
    let workspace = workspace();
    let all = runs(workspace.path(), &["--format", "markdown"], 0);
    assert_eq!(all, include_str!("exporting/all.md"));
    let fields = runs(workspace.path(), &["--format", "markdown", "--table", "fields"], 0);
    assert!(fields.starts_with("## Fields") && all.contains(&fields), "{fields}");
}

#[test]
fn the_catalogue_as_json() {
    let workspace = workspace();
    let all: Value = serde_json::from_str(&runs(workspace.path(), &["--format", "json"], 0)).expect("JSON");
    assert_eq!(all["release"], "9.12.1");
    for table in ["codes", "fields", "parameters"] {
        let one = runs(workspace.path(), &["--format", "json", "--table", table], 0);
        assert_eq!(serde_json::from_str::<Value>(&one).expect("JSON"), all[table]);
    }
    assert_eq!(
        all["codes"][0],
        json!({
            "code": 3, "name": "frost", "summary": "It is too cold, or \"too dry\".", "remedy": "Wait.",
            "operations": ["PATCH /trees/{id}", "POST /trees"], "release": "9.12.1",
        })
    );
    assert_eq!(all["codes"][1]["release"], "9.9.1");
}

fn schema() -> jsonschema::Validator {
    let text = fs::read_to_string(root().join("spec/catalogue.schema.json")).expect("the schema");
    jsonschema::draft202012::new(&serde_json::from_str(&text).expect("JSON")).expect("a schema")
}

#[test]
fn what_is_written_is_as_its_schema_says() {
    let schema = schema();
    for root in [workspace().path(), root()] {
        let catalogue: Value = serde_json::from_str(&runs(root, &["--format", "json"], 0)).expect("JSON");
        let errors: Vec<String> = schema.iter_errors(&catalogue).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
        let mut broken = catalogue.clone();
        broken["codes"][0]["code"] = json!("3");
        assert!(!schema.is_valid(&broken));
    }
}

/// What anybody would look up first, in our own spec.
#[test]
fn our_own_spec() {
    let all: Value = serde_json::from_str(&runs(root(), &["--format", "json"], 0)).expect("JSON");
    let find = |table: &str, key: &str, value: Value| {
        let found = all[table].as_array().expect("a list").iter().find(|row| row[key] == value);
        found.unwrap_or_else(|| panic!("{table} has {value}")).clone()
    };
    assert_eq!(all["codes"].as_array().map(Vec::len), Some(46));
    let duplicate = find("codes", "code", json!(66257104));
    assert_eq!(duplicate["name"], "duplicate-policy-name");
    assert_eq!(duplicate["operations"], json!(["POST /security/ipsec/policies"]));

    let uses = |name: &str| {
        let field = find("fields", "name", json!(name));
        ["create", "modify", "read", "filter"].map(|r#use| field[r#use].as_str().unwrap_or("-").to_owned())
    };
    assert_eq!(uses("secret_key"), ["9.8", "-", "-", "-"]);
    assert_eq!(uses("uuid"), ["-", "-", "9.8", "9.8"]);
    assert_eq!(uses("action"), ["9.8", "-", "9.15", "9.15"]);
    assert_eq!(uses("certificate.uuid"), ["9.10", "9.10", "9.10", "9.10"]);
    assert_eq!(uses("local_endpoint.family"), ["-", "-", "9.8", "9.8"]);
    assert_eq!(uses("svm._links.self.href"), ["-", "-", "9.8", "-"]);

    let timeout = find("parameters", "name", json!("max_records"));
    assert_eq!(timeout["operations"], json!(["GET /security/ipsec/policies"]));
}

/// No filter is lost: each parameter of the list that is named like a field stands with that field.
#[test]
fn every_filter_belongs_to_a_field() {
    let all: Value = serde_json::from_str(&runs(root(), &["--format", "json"], 0)).expect("JSON");
    let names = |table: &str, has: &dyn Fn(&Value) -> bool| -> Vec<String> {
        let rows = all[table].as_array().expect("a list").iter().filter(|row| has(row));
        rows.map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    };
    let filtered = names("fields", &|row| row["filter"].is_string());
    let not_fields = ["fields", "max_records", "order_by", "return_records", "return_timeout"];
    let parameters = names("parameters", &|row| {
        row["operations"].as_array().is_some_and(|all| all.contains(&json!("GET /security/ipsec/policies")))
            && !not_fields.contains(&row["name"].as_str().unwrap_or_default())
    });
    assert_eq!(filtered, parameters);
}

#[test]
fn the_document_as_json() {
    let workspace = workspace();
    let path = workspace.path().join("spec/ontap-ipsec.json");
    let differs = "spec/ontap-ipsec.json differs from spec/ontap-ipsec.yaml\nto fix it, run: cargo xtask export\n";
    assert_eq!(runs(workspace.path(), &["--check"], 1), differs);
    assert!(!path.exists(), "a check writes nothing");
    assert_eq!(runs(workspace.path(), &[], 0), "wrote spec/ontap-ipsec.json\n");
    let text = fs::read_to_string(&path).expect("the file");
    assert_eq!(
        serde_json::from_str::<Value>(&text).expect("JSON"),
        serde_saphyr::from_str::<Value>(SPEC).expect("YAML"),
        "another reader says the same"
    );
    assert!(text.starts_with("{\n  \"openapi\": \"3.0.3\",\n  \"info\""), "in the order of the document");
    assert_eq!(runs(workspace.path(), &["--check"], 0), "spec/ontap-ipsec.json is spec/ontap-ipsec.yaml in JSON\n");

    let spec = SPEC.replace("title: Orchard", "title: Garden");
    fs::write(workspace.path().join("spec/ontap-ipsec.yaml"), spec).expect("the file is written");
    assert_eq!(runs(workspace.path(), &["--check"], 1), differs);
}

#[test]
fn what_cannot_be_exported() {
    let workspace = workspace();
    for (arguments, words) in [
        (&["--format", "csv"][..], "--table <TABLE>"),
        (&["--check", "--format", "json"], "cannot be used with"),
        (&["--table", "codes"], "--format <FORMAT>"),
        (&["--format", "json", "--spec", "nowhere.yaml"], "error: cannot read nowhere.yaml"),
    ] {
        let output = run(workspace.path(), arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && stderr.contains(words), "{arguments:?}: {stderr}");
    }
    let spec = SPEC.replace("#/components/schemas/tree_create", "other.yaml#/tree_create");
    fs::write(workspace.path().join("spec/ontap-ipsec.yaml"), spec).expect("the file is written");
    let output = run(workspace.path(), &[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        (output.status.code(), stderr.as_ref()),
        (Some(2), "error: spec/ontap-ipsec.yaml:22:50: \"other.yaml#/tree_create\" is not in this document\n")
    );
    assert!(!workspace.path().join("spec/ontap-ipsec.json").exists());
}
