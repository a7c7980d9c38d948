//! The spec holds what a reader or a generator of another language needs.

// By path; otherwise rustfmt would look for the file in tests/spec/.

use std::collections::BTreeMap;

use crate::schema::{Schemas, resolve, spec};
use serde_json::{Map, Value};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn operations(spec: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for (path, item) in spec["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(METHODS.contains(&method.as_str()), "{path} {method}");
            found.push((format!("{method} {path}"), operation));
        }
    }
    found
}

/// The parameters of an operation, with references followed.
fn parameters<'a>(spec: &'a Value, operation: &'a Value) -> Vec<&'a Value> {
    operation["parameters"].as_array().into_iter().flatten().map(|parameter| resolve(spec, parameter)).collect()
}

/// All media types of an operation's bodies, each with the place that it stands in.
fn bodies<'a>(spec: &'a Value, name: &str, operation: &'a Value) -> Vec<(String, &'a Value)> {
    let mut found = Vec::new();
    let mut add = |place: String, body: &'a Value| {
        for (media_type, content) in body["content"].as_object().into_iter().flatten() {
            found.push((format!("{place} {media_type}"), content));
        }
    };
    add(format!("{name} request"), &operation["requestBody"]);
    for (status, response) in operation["responses"].as_object().unwrap() {
        add(format!("{name} {status}"), resolve(spec, response));
    }
    found
}

#[test]
fn it_has_the_operations_of_ipsec_under_api() {
    let spec = spec();
    let ids: BTreeMap<_, _> =
        operations(&spec).into_iter().map(|(name, operation)| (name, operation["operationId"].clone())).collect();
    let expected = [
        ("get /security/ipsec", "ipsec_get"),
        ("patch /security/ipsec", "ipsec_modify"),
        ("get /security/ipsec/ca-certificates", "ipsec_ca_certificate_collection_get"),
        ("post /security/ipsec/ca-certificates", "ipsec_ca_certificate_create"),
        ("get /security/ipsec/ca-certificates/{certificate.uuid}", "ipsec_ca_certificate_get"),
        ("delete /security/ipsec/ca-certificates/{certificate.uuid}", "ipsec_ca_certificate_delete"),
        ("get /security/ipsec/security-associations", "security_association_collection_get"),
        ("get /security/ipsec/security-associations/{uuid}", "security_association_get"),
        ("get /security/ipsec/policies", "ipsec_policy_collection_get"),
        ("post /security/ipsec/policies", "ipsec_policy_create"),
        ("get /security/ipsec/policies/{uuid}", "ipsec_policy_get"),
        ("patch /security/ipsec/policies/{uuid}", "ipsec_policy_modify"),
        ("delete /security/ipsec/policies/{uuid}", "ipsec_policy_delete"),
    ];
    assert_eq!(ids, expected.map(|(name, id)| (name.to_owned(), id.into())).into());
    assert_eq!(spec["openapi"], "3.0.3");
    assert_eq!(spec["servers"][0]["url"], "/api");
}

#[test]
fn every_body_has_examples_that_fit_its_schema() {
    let spec = spec();
    let schemas = Schemas::strict(&spec);
    let mut checked = 0;
    for (name, operation) in operations(&spec) {
        let (mut requests, mut responses) = (0, 0);
        for (place, content) in bodies(&spec, &name, operation) {
            let examples = content["examples"].as_object().unwrap_or_else(|| panic!("{place} has no examples"));
            for (example, value) in examples {
                assert!(value["summary"].is_string(), "{place} {example}");
                let faults = schemas.faults(&content["schema"], &value["value"]);
                assert_eq!(faults, Vec::<String>::new(), "{place} {example}");
                checked += 1;
                if place.contains(" request ") { requests += 1 } else { responses += 1 }
            }
        }
        assert!(responses > 0, "{name}");
        assert_eq!(requests > 0, operation.get("requestBody").is_some(), "{name}");
    }
    // Each operation has the three errors, and of their own: those of the configuration, of CA certificates, of policies, and
    // of associations.
    assert_eq!(checked, 13 * 3 + (2 + 2) + (2 + 4 + 2) + (4 + 6 + 2 + 2) + (3 + 2));
}

#[test]
fn every_parameter_and_header_has_an_example_that_fits() {
    let spec = spec();
    let schemas = Schemas::strict(&spec);
    let mut checked = 0;
    for (name, operation) in operations(&spec) {
        for parameter in parameters(&spec, operation) {
            let example = parameter.get("example").unwrap_or_else(|| panic!("{name} {}", parameter["name"]));
            assert_eq!(schemas.faults(&parameter["schema"], example), Vec::<String>::new(), "{name} {parameter}");
            checked += 1;
        }
    }
    assert_eq!(checked, 1 + (9 + 1 + 2 + 1) + (29 + 1 + 2 + 1 + 1) + (35 + 2));
    for header in spec["components"]["headers"].as_object().unwrap().values() {
        assert_eq!(schemas.faults(&header["schema"], &header["example"]), Vec::<String>::new());
    }
}

#[test]
fn an_example_that_does_not_fit_is_found() {
    let spec = spec();
    let schemas = Schemas::strict(&spec);
    let create = serde_json::json!({ "$ref": "#/components/schemas/ipsec_policy_create" });
    for (bad, words) in [
        (serde_json::json!({ "uuid": "7c1b7a3e-5d2f-4a8e-9c64-0f7d1f0a2b11" }), "uuid"),
        (serde_json::json!({ "name": "" }), "shorter"),
        (serde_json::json!({ "secret_key": "short" }), "shorter"),
        (serde_json::json!({ "action": "esp_tunnel" }), "esp_tunnel"),
        (serde_json::json!({ "local_endpoint": { "adress": "192.0.2.1" } }), "adress"),
    ] {
        let faults = schemas.faults(&create, &bad);
        assert!(faults.iter().any(|fault| fault.contains(words)), "{bad}: {faults:?}");
    }
    let modify = serde_json::json!({ "$ref": "#/components/schemas/ipsec_policy_modify" });
    assert_ne!(schemas.faults(&modify, &serde_json::json!({})), Vec::<String>::new());
    let policy = serde_json::json!({ "$ref": "#/components/schemas/ipsec_policy" });
    assert_eq!(schemas.faults(&policy, &serde_json::json!({ "name": null })), Vec::<String>::new());
    assert_ne!(schemas.faults(&policy, &serde_json::json!({ "name": 1 })), Vec::<String>::new());
}

/// ONTAP may return null for any scalar and for any list.
#[test]
fn what_is_returned_may_be_null() {
    fn values<'a>(spec: &'a Value, schema: &'a Value, place: &str, found: &mut Vec<(String, &'a Value)>) {
        let target = resolve(spec, schema["allOf"].get(0).unwrap_or(schema));
        for (name, property) in target["properties"].as_object().into_iter().flatten() {
            values(spec, property, &format!("{place}.{name}"), found);
        }
        if target["type"] == "array" {
            values(spec, &target["items"], &format!("{place}[]"), found);
        }
        if target["type"] != "object" {
            found.push((place.to_owned(), schema));
        }
    }
    let spec = spec();
    let schemas = Schemas::strict(&spec);
    let mut found = Vec::new();
    for name in [
        "ipsec",
        "ipsec_ca_certificate_response",
        "ipsec_policy_response",
        "security_association_response",
        "error_response",
    ] {
        values(&spec, &spec["components"]["schemas"][name], name, &mut found);
    }
    for (place, schema) in &found {
        assert_eq!(schemas.faults(schema, &Value::Null), Vec::<String>::new(), "{place}");
    }
    let places: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
    for place in [
        "ipsec_policy_response.records",
        "ipsec_policy_response.records[].action",
        "ipsec_policy_response.records[].local_endpoint.family",
        "error_response.error.arguments[].code",
    ] {
        assert!(places.contains(&place), "{places:?}");
    }
}

#[test]
fn everything_has_a_description() {
    fn described(value: &Value, place: &str) {
        assert!(value["description"].as_str().is_some_and(|text| text.ends_with('.')), "{place}: {value}");
    }
    let spec = spec();
    for (name, operation) in operations(&spec) {
        described(operation, &name);
        assert!(operation["summary"].is_string(), "{name}");
        assert!(!operation["x-ontap-commands"].as_array().unwrap().is_empty(), "{name}");
        let since = if name.contains("ca-certificates") { "9.10" } else { "9.8" };
        assert_eq!(operation["x-ntap-introduced"], since, "{name}");
        for parameter in parameters(&spec, operation) {
            described(parameter, &name);
        }
        if let Some(body) = operation.get("requestBody") {
            described(body, &name);
            assert_eq!(body["required"], true);
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            described(resolve(&spec, response), &format!("{name} {status}"));
        }
    }
    let empty = Map::new();
    for (name, schema) in spec["components"]["schemas"].as_object().unwrap() {
        described(schema, name);
        for (property, schema) in schema["properties"].as_object().unwrap_or(&empty) {
            described(schema, &format!("{name}.{property}"));
        }
    }
    for kind in ["headers", "securitySchemes", "parameters", "responses"] {
        for (name, value) in spec["components"][kind].as_object().unwrap() {
            described(value, name);
        }
    }
}

#[test]
fn lists_are_joined_by_commas() {
    let spec = spec();
    let mut lists = Vec::new();
    for (name, operation) in operations(&spec) {
        for parameter in parameters(&spec, operation) {
            if resolve(&spec, &parameter["schema"])["type"] == "array" {
                assert_eq!((&parameter["style"], &parameter["explode"]), (&"form".into(), &false.into()));
                lists.push(format!("{name} {}", parameter["name"].as_str().unwrap()));
            }
        }
    }
    assert_eq!(
        lists,
        [
            "get /security/ipsec fields",
            "get /security/ipsec/ca-certificates fields",
            "get /security/ipsec/ca-certificates order_by",
            "get /security/ipsec/ca-certificates/{certificate.uuid} fields",
            "get /security/ipsec/policies fields",
            "get /security/ipsec/policies order_by",
            "get /security/ipsec/policies/{uuid} fields",
            "get /security/ipsec/security-associations fields",
            "get /security/ipsec/security-associations order_by",
            "get /security/ipsec/security-associations/{uuid} fields"
        ]
    );
}

#[test]
fn the_crate_has_the_spec() {
    let first = ontap_ipsec::SPEC.lines().find(|line| line.starts_with("openapi:"));
    assert_eq!(first, Some("openapi: 3.0.3"));
    assert_eq!(ontap_ipsec::SPEC, include_str!("../spec/ontap-ipsec.yaml"));
}

#[test]
fn the_forms_of_a_policy_differ_as_the_api_does() {
    let spec = spec();
    let schemas = &spec["components"]["schemas"];
    let members = |schema: &str, flag: &str| -> Vec<String> {
        let properties = schemas[schema]["properties"].as_object().unwrap();
        properties.iter().filter(|(_, p)| flag.is_empty() || p[flag] == true).map(|(name, _)| name.clone()).collect()
    };
    let fixed = ["action", "authentication_method", "ipspace", "name", "svm"];
    assert_eq!(members("ipsec_policy", "x-ntap-readCreate"), fixed);
    assert_eq!(members("ipsec_policy_create", "x-ntap-readCreate"), fixed);
    assert_eq!(members("ipsec_policy", "x-ntap-readOnly"), ["scope", "uuid"]);
    assert_eq!(members("ipsec_policy_create", "x-ntap-createOnly"), ["secret_key"]);
    assert_eq!(
        members("ipsec_policy_modify", ""),
        [
            "certificate",
            "certificate_modify_keepsa",
            "enabled",
            "local_endpoint",
            "local_identity",
            "ppk",
            "protocol",
            "remote_endpoint",
            "remote_identity"
        ]
    );
    // The fields that can be modified are those of a create that are not fixed then.
    let create = members("ipsec_policy_create", "");
    let modifiable: Vec<_> =
        create.iter().filter(|name| !fixed.contains(&name.as_str()) && *name != "secret_key").cloned().collect();
    assert_eq!(members("ipsec_policy_modify", ""), modifiable);
}
