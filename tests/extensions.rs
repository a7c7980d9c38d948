//! The spec's extensions are as spec/extensions.schema.json describes them, which describes them narrowly.

use std::collections::BTreeSet;

use crate::schema::spec;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// Where extensions could stand, with an example of each kind of place.
const PLACES: [(&str, &str); 19] = [
    ("document", ""),
    ("info", "/info"),
    ("server", "/servers/0"),
    ("tag", "/tags/0"),
    ("paths", "/paths"),
    ("path item", "/paths/~1security~1ipsec~1policies"),
    ("operation", "/paths/~1security~1ipsec~1policies/post"),
    ("parameter", "/paths/~1security~1ipsec~1policies/get/parameters/0"),
    ("parameter", "/components/parameters/fields"),
    ("request", "/paths/~1security~1ipsec~1policies/post/requestBody"),
    ("media type", "/paths/~1security~1ipsec~1policies/post/requestBody/content/application~1json"),
    ("responses", "/paths/~1security~1ipsec~1policies/get/responses"),
    ("response", "/paths/~1security~1ipsec~1policies/get/responses/200"),
    ("response", "/components/responses/error"),
    ("header", "/components/headers/Location"),
    ("security scheme", "/components/securitySchemes/basic"),
    ("components", "/components"),
    ("schema", "/components/schemas/link"),
    ("property", "/components/schemas/ipsec_policy_modify/properties/local_identity"),
];

/// The extensions, each with where it may stand and with what.
fn allowed() -> [(&'static str, Vec<&'static str>, Value); 10] {
    [
        ("x-ontap-spec-version", vec!["info"], json!("1.0.0")),
        ("x-ntap-introduced", vec!["operation", "parameter", "property"], json!("9.15.1")),
        ("x-ntap-readCreate", vec!["property"], json!(true)),
        ("x-ntap-createOnly", vec!["property"], json!(true)),
        ("x-ntap-readOnly", vec!["property"], json!(true)),
        ("x-ontap-commands", vec!["operation"], json!(["security ipsec policy show"])),
        ("x-ontap-error-codes", vec!["operation"], json!([66257096])),
        (
            "x-ontap-error-codes",
            vec!["components"],
            json!({ "66257096": { "name": "a-name", "summary": "Words.", "remedy": "Try again." } }),
        ),
        ("x-ontap-length-error-code", vec!["schema", "property"], json!(66257148)),
        ("x-ontap-documented-as", vec!["schema"], json!(["link", "href"])),
    ]
}

/// Members that have to stand beside an extension.
fn companions(extension: &str) -> Map<String, Value> {
    let members = match extension {
        "x-ntap-createOnly" => json!({ "writeOnly": true }),
        "x-ntap-readOnly" => json!({ "readOnly": true }),
        "x-ontap-length-error-code" => json!({ "maxLength": 64 }),
        _ => json!({}),
    };
    members.as_object().unwrap().clone()
}

fn contract() -> Value {
    serde_json::from_str(include_str!("../spec/extensions.schema.json")).unwrap()
}

fn validator() -> Validator {
    jsonschema::draft202012::options().build(&contract()).unwrap()
}

/// Lists the faults of the spec's extensions, each with its place.
fn faults(validator: &Validator, spec: &Value) -> Vec<String> {
    validator.iter_errors(spec).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The spec with some members of the object at `pointer` replaced or added.
fn with(spec: &Value, pointer: &str, members: Map<String, Value>) -> Value {
    let mut changed = spec.clone();
    changed.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")).as_object_mut().unwrap().extend(members);
    changed
}

fn one(name: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value)])
}

/// Asserts that there are faults, and that they are at or below `pointer`.
fn assert_faulty(validator: &Validator, spec: &Value, pointer: &str, what: &str) {
    let faults = faults(validator, spec);
    assert!(!faults.is_empty(), "{what} at {pointer} is let through");
    assert!(faults.iter().all(|fault| fault.starts_with(pointer)), "{what} at {pointer}: {faults:?}");
}

#[test]
fn those_of_the_spec_are_as_described() {
    assert_eq!(faults(&validator(), &spec()), Vec::<String>::new());
}

#[test]
fn each_may_stand_where_it_means_something_and_nowhere_else() {
    let (spec, validator) = (spec(), validator());
    for (name, kinds, value) in allowed() {
        for (kind, pointer) in PLACES {
            let mut members = companions(name);
            members.insert(name.to_owned(), value.clone());
            let changed = with(&spec, pointer, members);
            if kinds.contains(&kind) {
                assert_eq!(faults(&validator, &changed), Vec::<String>::new(), "{name} at {pointer}");
            } else {
                assert_faulty(&validator, &changed, pointer, name);
            }
        }
    }
}

#[test]
fn one_that_is_not_described_may_stand_nowhere() {
    let (spec, validator) = (spec(), validator());
    for name in ["x-ontap-unheard-of", "x-ntap-introducedIn", "x-ntap-"] {
        for (_, pointer) in PLACES {
            assert_faulty(&validator, &with(&spec, pointer, one(name, json!(true))), pointer, name);
        }
    }
    let codes = "/components/x-ontap-error-codes/66257096";
    let changed = with(&spec, codes, one("x-ontap-remedy", json!("Try again.")));
    assert_faulty(&validator, &changed, codes, "a member");
}

#[test]
fn those_of_others_and_those_in_examples_are_not_its_business() {
    let (spec, validator) = (spec(), validator());
    for (kind, pointer) in PLACES {
        let changed = with(&spec, pointer, one("x-internal", json!({ "x": [1] })));
        assert_eq!(faults(&validator, &changed), Vec::<String>::new(), "{kind}");
    }
    let example = "/paths/~1security~1ipsec~1policies/post/requestBody/content/application~1json/examples/psk/value";
    let changed = with(&spec, example, one("x-ontap-unheard-of", json!(true)));
    assert_eq!(faults(&validator, &changed), Vec::<String>::new());
}

#[test]
fn each_has_a_shape() {
    let (spec, validator) = (spec(), validator());
    let post = "/paths/~1security~1ipsec~1policies/post";
    let property = "/components/schemas/ipsec_policy_modify/properties/local_identity";
    let schema = "/components/schemas/link";
    let named = |name: &str| json!({ "1": { "name": name, "summary": "Words.", "remedy": "" } });
    let cases: Vec<(&str, &str, Vec<Value>)> = vec![
        (
            "/info",
            "x-ontap-spec-version",
            vec![
                json!(1),
                json!("1"),
                json!("1.0"),
                json!("v1.0.0"),
                json!("01.0.0"),
                json!("1.0.0-rc.1"),
                json!("1.0.0+1"),
                json!(" 1.0.0"),
                json!(["1.0.0"]),
                json!(null),
            ],
        ),
        (post, "x-ntap-introduced", vec![json!(9.8), json!(9), json!("v9.8"), json!("9"), json!(""), json!(null)]),
        (property, "x-ntap-introduced", vec![json!(9.1), json!(["9.8"])]),
        (property, "x-ntap-readCreate", vec![json!(false), json!("true"), json!(1)]),
        (property, "x-ntap-createOnly", vec![json!(false), json!(null)]),
        (property, "x-ntap-readOnly", vec![json!(false), json!("yes")]),
        (
            post,
            "x-ontap-commands",
            vec![json!("show"), json!([]), json!([1]), json!(["show", "show"]), json!([" show"])],
        ),
        (
            post,
            "x-ontap-error-codes",
            vec![
                json!(1),
                json!([]),
                json!(["66257096"]),
                json!([1, 1]),
                json!([0]),
                json!([1.5]),
                json!({ "1": "a" }),
            ],
        ),
        (
            "/components",
            "x-ontap-error-codes",
            vec![
                json!([66257096]),
                json!({ "0x1": { "name": "a", "summary": "A.", "remedy": "B." } }),
                json!({ "01": { "name": "a", "summary": "A.", "remedy": "B." } }),
                json!({ "1": "a" }),
                json!({ "1": { "name": "a", "summary": "A." } }),
                json!({ "1": { "name": "a", "remedy": "B." } }),
                json!({ "1": { "summary": "A.", "remedy": "B." } }),
                json!({ "1": { "name": "a", "summary": null, "remedy": "B." } }),
                json!({ "1": { "name": "a", "summary": "A.", "remedy": null } }),
                json!({ "1": { "name": "a", "summary": "A.", "remedy": "B.", "cause": "C." } }),
                named("Update-failed"),
                named("update_failed"),
                named("update--failed"),
                named("1-failed"),
                named(""),
            ],
        ),
        (property, "x-ontap-length-error-code", vec![json!("66257148"), json!(0), json!([66257148])]),
        (schema, "x-ontap-length-error-code", vec![json!("66257148")]),
        (schema, "x-ontap-documented-as", vec![json!("link"), json!([]), json!([""]), json!(["a", "a"]), json!([1])]),
    ];
    for (pointer, name, values) in cases {
        for value in values {
            let mut members = companions(name);
            let what = format!("{name}: {value}");
            members.insert(name.to_owned(), value);
            assert_faulty(&validator, &with(&spec, pointer, members), pointer, &what);
        }
    }
}

#[test]
fn each_agrees_with_its_neighbours() {
    let (spec, validator) = (spec(), validator());
    let property = "/components/schemas/ipsec_policy_modify/properties/local_identity";
    let marks = ["x-ntap-readCreate", "x-ntap-createOnly", "x-ntap-readOnly"];
    for (index, first) in marks.iter().enumerate() {
        for second in &marks[index + 1..] {
            let members = json!({ *first: true, *second: true, "readOnly": true, "writeOnly": true });
            let changed = with(&spec, property, members.as_object().unwrap().clone());
            assert_faulty(&validator, &changed, property, &format!("{first} and {second}"));
        }
    }
    for (name, value) in
        [("x-ntap-createOnly", json!(true)), ("x-ntap-readOnly", json!(true)), ("x-ontap-length-error-code", json!(1))]
    {
        assert_faulty(&validator, &with(&spec, property, one(name, value)), property, &format!("{name} alone"));
    }
    let mut unversioned = spec.clone();
    unversioned["info"].as_object_mut().unwrap().remove("x-ontap-spec-version");
    assert_faulty(&validator, &unversioned, "/info", "no version");
    let text = "/components/schemas/network_scope";
    let changed = with(&spec, text, one("x-ontap-documented-as", json!(["scope"])));
    assert_faulty(&validator, &changed, text, "a definition for a string");
}

/// All extensions below `value`.
fn used<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if key.starts_with("x-ontap-") || key.starts_with("x-ntap-") {
                    found.insert(key);
                }
                used(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| used(item, found)),
        _ => {}
    }
}

#[test]
fn each_is_used_described_and_explained() {
    let (spec, contract) = (spec(), contract());
    let mut in_spec = BTreeSet::new();
    used(&spec, &mut in_spec);
    let described: BTreeSet<&str> = contract["$defs"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .filter(|name| name.starts_with("x-"))
        .collect();
    assert_eq!(in_spec, described);
    assert_eq!(in_spec, allowed().iter().map(|(name, ..)| *name).collect());

    let readme = include_str!("../spec/EXTENSIONS.md");
    let head = include_str!("../spec/ontap-ipsec.yaml").split("\nopenapi:").next().unwrap();
    for name in in_spec {
        assert!(contract["$defs"][name]["description"].is_string(), "{name}");
        assert!(readme.contains(&format!("\n## `{name}`\n")), "spec/EXTENSIONS.md does not explain {name}");
        assert!(head.contains(name), "the head of the spec does not name {name}");
    }
}
