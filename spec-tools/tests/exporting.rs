//! The spec in other forms.

use std::collections::BTreeSet;
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
    let mut command = Command::new(env!("CARGO_BIN_EXE_spec-tools"));
    command.arg("export").args(arguments).current_dir(root).env("CARGO_MANIFEST_DIR", root.join("spec-tools"));
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

/// The entries of our own spec that people look up first.
#[test]
fn our_own_spec() {
    let all: Value = serde_json::from_str(&runs(root(), &["--format", "json"], 0)).expect("JSON");
    let find = |table: &str, key: &str, value: Value| {
        let found = all[table].as_array().expect("a list").iter().find(|row| row[key] == value);
        found.unwrap_or_else(|| panic!("{table} has {value}")).clone()
    };
    let spec: Value = serde_json::from_str(include_str!("../../spec/ontap-ipsec.json")).expect("JSON");
    let catalogue = spec["components"]["x-ontap-error-codes"].as_object().expect("the catalogue");
    assert_eq!(all["codes"].as_array().map(Vec::len), Some(catalogue.len()));
    let duplicate = find("codes", "code", json!(66257104));
    assert_eq!(duplicate["name"], "duplicate-policy-name");
    assert_eq!(duplicate["operations"], json!(["POST /security/ipsec/policies"]));

    let fields = all["fields"].as_array().expect("a list");
    let uses_of = |resource: &str, name: &str| {
        let field = fields.iter().find(|field| field["resource"] == resource && field["name"] == name).expect(name);
        ["create", "modify", "read", "filter"].map(|r#use| field[r#use].as_str().unwrap_or("-").to_owned())
    };
    let uses = |name: &str| uses_of("/security/ipsec/policies", name);
    assert_eq!(uses("secret_key"), ["9.8", "-", "-", "-"]);
    assert_eq!(uses("uuid"), ["-", "-", "9.8", "9.8"]);
    assert_eq!(uses("action"), ["9.8", "-", "9.15", "9.15"]);
    assert_eq!(uses("certificate.uuid"), ["9.10", "9.10", "9.10", "9.10"]);
    assert_eq!(uses("local_endpoint.family"), ["-", "-", "9.8", "9.8"]);
    assert_eq!(uses("svm._links.self.href"), ["-", "-", "9.8", "-"]);

    // A singleton has no list that could be filtered; associations can neither be made nor changed.
    assert_eq!(uses_of("/security/ipsec", "enabled"), ["-", "9.8", "9.8", "-"]);
    assert_eq!(uses_of("/security/ipsec/ca-certificates", "scope"), ["-", "-", "9.10", "9.10"]);
    assert_eq!(uses_of("/security/ipsec/security-associations", "uuid"), ["-", "-", "9.8", "9.8"]);

    let lists =
        ["ca-certificates", "policies", "security-associations"].map(|last| format!("GET /security/ipsec/{last}"));
    let parameters = all["parameters"].as_array().expect("a list").iter().filter(|one| one["name"] == "max_records");
    let mut operations: Vec<&Value> =
        parameters.flat_map(|one| one["operations"].as_array().expect("a list")).collect();
    operations.sort_by_key(|key| key.as_str());
    assert_eq!(json!(operations), json!(lists));
}

/// No filter is lost: each parameter of a list that is named like a field stands with that field.
#[test]
fn every_filter_belongs_to_a_field() {
    let all: Value = serde_json::from_str(&runs(root(), &["--format", "json"], 0)).expect("JSON");
    let rows = |table: &str| all[table].as_array().expect("a list").clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let filtered = rows("fields").into_iter().filter(|row| row["filter"].is_string());
    let filtered: Vec<_> = filtered.map(|row| (text(&row["resource"]), text(&row["name"]))).collect();
    let not_fields = ["fields", "max_records", "order_by", "return_records", "return_timeout"];
    let mut parameters = Vec::new();
    for parameter in rows("parameters").iter().filter(|one| !not_fields.contains(&&*text(&one["name"]))) {
        let lists = parameter["operations"].as_array().expect("a list").iter().map(text);
        let lists = lists.filter_map(|key| key.strip_prefix("GET ").map(str::to_owned));
        // A path has these where it ends in one.
        let lists = lists.filter(|path| !path.ends_with('}'));
        parameters.extend(lists.map(|path| (path, text(&parameter["name"]))));
    }
    parameters.sort();
    assert_eq!(filtered, parameters);
    assert_eq!(filtered.iter().map(|(path, _)| path).collect::<BTreeSet<_>>().len(), 3);
}

#[test]
fn the_document_as_json() {
    let workspace = workspace();
    let path = workspace.path().join("spec/ontap-ipsec.json");
    let differs = "spec/ontap-ipsec.json differs from spec/ontap-ipsec.yaml\nto fix it, run: cargo spec export\n";
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
        (Some(2), "error: spec/ontap-ipsec.yaml:25:50: \"other.yaml#/tree_create\" is not in this document\n")
    );
    assert!(!workspace.path().join("spec/ontap-ipsec.json").exists());
}

#[test]
fn a_bundle_is_whole_and_its_resolved_form_refers_to_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let folder = directory.path().join("a new/bundle");
    let printed = runs(root(), &["--bundle", folder.to_str().expect("text")], 0);
    let names: Vec<_> = printed.lines().map(|line| line.strip_prefix("wrote ").expect(line)).collect();
    assert_eq!(
        names,
        [
            "README.md",
            "codes.csv",
            "extensions.schema.json",
            "fields.csv",
            "ontap-ipsec.json",
            "ontap-ipsec.resolved.json",
            "ontap-ipsec.yaml",
            "parameters.csv",
            "SHA256SUMS"
        ]
    );
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect(name);
    let json = |name: &str| serde_json::from_str::<Value>(&read(name)).expect(name);
    assert_eq!(read("ontap-ipsec.yaml"), include_str!("../../spec/ontap-ipsec.yaml"));
    assert_eq!(read("codes.csv"), runs(root(), &["--format", "csv", "--table", "codes"], 0));
    let (whole, resolved) = (json("ontap-ipsec.json"), json("ontap-ipsec.resolved.json"));
    assert!(whole.to_string().contains("$ref") && !resolved.to_string().contains("$ref"));
    let error = "/paths/~1security~1ipsec/get/responses/default";
    assert_eq!(resolved.pointer(error), resolved.pointer("/components/responses/error"));
    let sums = read("SHA256SUMS");
    assert_eq!(sums.lines().count(), names.len() - 1);
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").expect(line);
        assert_eq!(sum, xtask::openapi::digest(read(name).as_bytes()), "{name}");
    }
}

#[test]
fn a_schema_within_itself_makes_no_bundle() {
    let workspace = workspace();
    let spec = "openapi: 3.0.3\ninfo: {version: 9.8.0}\npaths: {}\ncomponents:\n  schemas:\n    a: {type: object, properties: \
                {b: {$ref: \"#/components/schemas/a\"}}}\n";
    fs::write(workspace.path().join("spec/ontap-ipsec.yaml"), spec).expect("the file is written");
    let folder = workspace.path().join("bundle");
    let output = run(workspace.path(), &["--bundle", folder.to_str().expect("text")]);
    let words = "error: #/components/schemas/a refers to itself, so that its references cannot be resolved\n";
    assert_eq!((String::from_utf8_lossy(&output.stderr).as_ref(), output.status.code()), (words, Some(2)));
    assert!(!folder.exists());
}
