//! A page of a release that does not exist, with a new nested object, filter and two error codes. The page leads to a
//! spec, and the spec to a crate with all new parts.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fs};

use crate::document::Document;
use serde_json::{Value, json};
use xtask::drift::deviations;
use xtask::drift::wording::Wording;
use xtask::extract;
use xtask::finding::Finding;
use xtask::reference::{self, Input, Warning};
use xtask::regenerate::{Regenerated, regenerate};
use xtask::rule::Rule;
use xtask::workspace;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace").to_owned()
}

fn file(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect(name)
}

static SPEC: LazyLock<String> = LazyLock::new(|| file(workspace::SPEC));

/// A field of the facts.
fn field(shape: Value) -> Value {
    let mut field = json!({ "x-ontap-fingerprint": "0123456789ab" });
    field.as_object_mut().expect("an object").extend(shape.as_object().expect("an object").clone());
    field
}

/// The newest facts and what is new.
fn later() -> Value {
    let mut facts = Document::parse(&file("spec/documented/9.17.1.yaml")).expect("the facts").value;
    facts["info"]["version"] = "9.99.1".into();
    let policies = "GET.security.ipsec.policies";
    for (prefix, records) in [
        (policies, Some("GET.security.ipsec.policies.records")),
        ("GET.security.ipsec.policies.uuid", None),
        ("POST.security.ipsec.policies", Some("POST.security.ipsec.policies.records")),
    ] {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{prefix}.{name}") });
        let object = |name: &str, fields: Value| json!({ "x-ontap-documented-as": [name], "type": "object", "properties": fields });
        let strings = json!({ "type": "string" });
        let tunnel = json!({
            "hops": field(json!({ "type": "array", "items": reference("hop") })),
            "mode": field(strings.clone()),
            "tags": field(json!({ "type": "array", "items": strings })),
        });
        let schemas = facts["components"]["schemas"].as_object_mut().expect("schemas");
        schemas.insert(format!("{prefix}.hop"), object("hop", json!({ "address": field(strings.clone()) })));
        schemas.insert(format!("{prefix}.tunnel"), object("tunnel", tunnel));
        let new = field(json!({ "allOf": [reference("tunnel")] }));
        let mut since = new.clone();
        since["x-ntap-introduced"] = "9.99".into();
        match records {
            Some(records) => facts["components"]["schemas"][records]["properties"]["tunnel"] = since,
            None => {
                let content = "/paths/~1security~1ipsec~1policies~1{uuid}/get/responses/200/content/application~1json";
                let content = facts.pointer_mut(content).expect("the policy");
                content["schema"]["properties"]["tunnel"] = since;
            }
        }
        if prefix.starts_with("POST") {
            let create = &mut facts["paths"]["/security/ipsec/policies"]["post"];
            create["requestBody"]["content"]["application/json"]["schema"]["properties"]["tunnel"] = new.clone();
            let codes = create["x-ontap-error-codes"].as_array_mut().expect("codes");
            codes.extend(
                [66_257_401, 66_257_402].map(|code| json!({ "code": code, "x-ontap-fingerprint": "0123456789ab" })),
            );
            facts["components"]["schemas"][format!("{prefix}.ipsec_policy")]["properties"]["tunnel"] = new;
        }
    }
    // A part of the spec from a release in between.
    let kept = field(json!({ "type": "boolean" }));
    let mut since = kept.clone();
    since["x-ntap-introduced"] = "9.18".into();
    let (one, sent) = ("/paths/~1security~1ipsec~1policies~1{uuid}", "requestBody/content/application~1json/schema");
    for (schema, field) in [
        ("/components/schemas/GET.security.ipsec.policies.records".to_owned(), &since),
        (format!("{one}/get/responses/200/content/application~1json/schema"), &since),
        ("/components/schemas/POST.security.ipsec.policies.records".to_owned(), &since),
        (format!("/paths/~1security~1ipsec~1policies/post/{sent}"), &kept),
        ("/components/schemas/POST.security.ipsec.policies.ipsec_policy".to_owned(), &kept),
        (format!("{one}/patch/{sent}"), &kept),
        ("/components/schemas/PATCH.security.ipsec.policies.uuid.ipsec_policy".to_owned(), &kept),
    ] {
        facts.pointer_mut(&schema).expect(&schema)["properties"]["certificate_modify_keepsa"] = field.clone();
    }
    let filter = json!({ "name": "tunnel.mode", "in": "query", "x-ntap-introduced": "9.99",
        "x-ontap-fingerprint": "0123456789ab", "schema": { "type": "string", "maxLength": 12 } });
    let parameters = &mut facts["paths"]["/security/ipsec/policies"]["get"]["parameters"];
    parameters.as_array_mut().expect("parameters").push(filter);
    facts
}

fn regenerated(pages: &[(String, String)]) -> Regenerated {
    let inputs: Vec<Input<'_>> = pages.iter().map(|(name, text)| Input { path: name, name, text }).collect();
    let read = reference::read(&inputs, "9.99.1").expect("the pages are read");
    // Newer pages leave out what has nothing in it.
    let is_empty = |warning: &Warning| {
        ["an operation with all its parts", "a table of its fields"].contains(&warning.expected.as_str())
    };
    assert!(read.warnings.iter().all(is_empty), "{:?}", read.warnings);
    let documented = extract::facts(pages, read).expect("the facts are read");
    let deviations =
        deviations::parse("deviations.yaml", &file(workspace::DEVIATIONS)).expect("the deviations are read");
    let wording = Wording::parse("wording.yaml", &file(workspace::WORDING)).expect("the list is read");
    regenerate(("spec.yaml", &SPEC), &documented, &deviations, &wording, true).expect("it can be regenerated")
}

/// The new parts of the spec, without words.
const NEW: [&str; 6] = [
    "  version: 9.99.1\n",
    "        - 66257396\n        - 66257401\n        - 66257402\n",
    "        - name: tunnel.mode\n          in: query\n          description: \"\"\n          x-ntap-introduced: \"9.99\"\n          schema:\n            type: string\n            maxLength: 12\n",
    "        tunnel:\n          description: \"\"\n          x-ntap-introduced: \"9.99\"\n          allOf:\n            - $ref: \"#/components/schemas/tunnel\"\n",
    "    hop:\n      description: \"\"\n      x-ontap-documented-as:\n        - hop\n      type: object\n      properties:\n        address:\n          description: \"\"\n          type: string\n",
    "    \"66257401\":\n      name: code-66257401\n      summary: \"\"\n      remedy: \"\"\n",
];

#[test]
fn both_forms_give_the_same_spec() {
    let text = regenerated(&[("page.txt".to_owned(), crate::printed::text(&later()))]);
    let asciidoc = regenerated(&crate::printed::asciidoc(&later()));
    assert_eq!(text.spec, asciidoc.spec);
    for new in NEW {
        assert!(text.spec.contains(new), "{new}");
    }
    let said = |finding: &Finding| (finding.rule, finding.subject.clone());
    let left: Vec<(Rule, String)> = text.left.iter().map(said).collect();
    let subjects = [
        "GET /security/ipsec/policies tunnel.mode",
        "catalogue 66257401",
        "catalogue 66257402",
        "hop",
        "hop.address",
        "ipsec_policy.tunnel",
        "ipsec_policy_create.tunnel",
        "tunnel",
        "tunnel.hops",
        "tunnel.mode",
        "tunnel.tags",
    ];
    let mut expected: Vec<(Rule, String)> =
        subjects.iter().map(|subject| (Rule::SummaryMissing, (*subject).to_owned())).collect();
    expected.sort_by(|a, b| a.1.cmp(&b.1));
    let mut left = left;
    left.sort_by(|a, b| a.1.cmp(&b.1));
    assert_eq!(left, expected);

    // All that was there before is there still, in its order: only the release's line is another.
    let mut lines = text.spec.lines();
    for line in SPEC.lines().filter(|line| !line.starts_with("  version: ")) {
        assert!(lines.any(|other| other == line), "{line}");
    }
}

/// Copies a folder with all that is in it.
fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let path = entry.expect("an entry").path();
        let copy = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            fs::copy(&path, copy).expect("a copy");
        }
    }
}

/// Uses the new parts of the crate that is generated from the new spec.
const USE: &str = r##"
//! Uses what is new.
use ontap_ipsec::types::{Hop, IpsecPolicy, IpsecPolicyCreate, Tunnel};
use ontap_ipsec::{Client, ErrorCode};

/// The filter, in the API.
pub fn filtered(client: &Client) -> impl Future {
    client.policies().list().tunnel_mode("nested").page()
}

#[test]
fn the_new_parts_are_there() {
    let tunnel = Tunnel::default().with_mode("nested").with_hops([Hop::default().with_address("192.0.2.1")]);
    let create = IpsecPolicyCreate::default().with_tunnel(tunnel);
    assert!(serde_json::to_string(&create).expect("JSON").contains("192.0.2.1"));
    let policy: IpsecPolicy = serde_json::from_str(r#"{"tunnel":{"mode":"nested","hops":null}}"#).expect("a policy");
    assert_eq!(policy.tunnel.expect("a tunnel").mode.as_deref(), Some("nested"));
    assert_eq!(ErrorCode::from("66257401"), ErrorCode::Code66257401);
    assert_eq!(ErrorCode::Code66257402.summary(), None);
}
"##;

#[test]
fn the_crate_builds_with_what_is_new() {
    let spec = regenerated(&[("page.txt".to_owned(), crate::printed::text(&later()))]).spec;
    let directory = tempfile::tempdir().expect("a directory");
    let copy = directory.path();
    for name in ["codegen", "src"] {
        copy_folder(&root().join(name), &copy.join(name));
    }
    for name in ["build.rs", "README.md", "Cargo.lock", "clippy.toml"] {
        fs::copy(root().join(name), copy.join(name)).expect(name);
    }
    // Under another name, so that what it leaves in the workspace's target directory is not taken for the workspace's own.
    let manifest = file("Cargo.toml");
    // It has no other packages, and one test more.
    let is_left_out = |line: &str| {
        ["members", "default-members", "autotests"].iter().any(|key| line.starts_with(&format!("{key} = ")))
    };
    let lines: Vec<&str> = manifest.lines().filter(|line| !is_left_out(line)).collect();
    let manifest = lines
        .join("\n")
        .replace("name = \"ontap-ipsec\"", "name = \"ontap-ipsec-later\"")
        .replace("\n[features]", "\n[lib]\nname = \"ontap_ipsec\"\n\n[features]");
    let (before, after) = manifest.split_once("[dev-dependencies]\n").expect("development dependencies");
    let after = &after[after.find("\n[lints]").expect("lints")..];
    let after = &after[..after.find("\n[[").expect("a benchmark or a test")];
    // With the dependencies and features of the lifecycle example, which are compiled already.
    let simulator = root().join("simulator");
    let uses = format!(
        "serde_json = \"1\"\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\
         ontap-ipsec-simulator = {{ path = {simulator:?}, default-features = false }}\n"
    );
    fs::write(copy.join("Cargo.toml"), format!("{before}[dev-dependencies]\n{uses}{after}")).expect("the manifest");
    fs::create_dir_all(copy.join("spec")).expect("a directory");
    fs::write(copy.join("spec/ontap-ipsec.yaml"), spec).expect("the spec");
    fs::create_dir_all(copy.join("tests")).expect("a directory");
    fs::write(copy.join("tests/later.rs"), USE).expect("the test");

    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["test", "--offline", "--test", "later", "--no-default-features", "--features", "rustls-ring"])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("CARGO_MANIFEST_DIR")
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}
