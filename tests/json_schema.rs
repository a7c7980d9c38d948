//! The feature `schemars`.

#[test]
fn the_generated_types_have_json_schemas() {
    use ontap_ipsec::types::{IpsecModify, IpsecPolicy, IpsecPolicyCreate};

    let schema = serde_json::to_value(schemars::schema_for!(IpsecPolicyCreate)).unwrap();
    assert_eq!(schema["properties"]["secret_key"]["anyOf"][0]["$ref"], "#/$defs/SecretKey", "{schema:#}");
    assert_eq!(schema["$defs"]["SecretKey"]["type"], "string");
    let shared = &schema["$defs"]["PpkCreate"]["properties"]["shared_key"];
    assert_eq!(shared["anyOf"][0]["$ref"], "#/$defs/SecretKey", "{shared:#}");
    // Open: a value of a newer ONTAP fits.
    assert_eq!(schema["$defs"]["IpsecAction"]["type"], "string");
    assert_eq!(schema["$defs"]["IpsecAction"].get("enum"), None);
    // Files of policies may give an SVM by its name, and a port as a number.
    assert_eq!(schema["properties"]["svm"]["anyOf"][0]["type"][0], "string");
    assert_eq!(schema["properties"]["svm"]["anyOf"][1]["$ref"], "#/$defs/SvmReference");
    assert_eq!(schema["$defs"]["IpsecEndpoint"]["properties"]["port"]["type"][1], "integer");
    let policy = serde_json::to_value(schemars::schema_for!(IpsecPolicy)).unwrap();
    assert_eq!(policy["properties"]["local_endpoint"]["anyOf"][0]["$ref"], "#/$defs/IpsecEndpoint");
    assert_eq!(policy["properties"]["uuid"]["description"], "UUID of the policy, given by ONTAP.");
    // A number, of which the known ones are a matter of the cluster.
    let config = serde_json::to_value(schemars::schema_for!(IpsecModify)).unwrap();
    assert_eq!(config["properties"]["replay_window"].get("enum"), None, "{config:#}");
    assert_eq!(config["additionalProperties"], false, "a mistyped member is an error");
}
