//! Differences between a description and the policy that a cluster returns.

use crate::support::{KEY, UUID, Wire, changed};
use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicyCreate, IpspaceReference, SvmReference};
use ontap_ipsec::{Change, ErrorArgument, Field, Plan};
use serde_json::{Value, json};

/// The UUID of the other objects that policies refer to.
const OBJECT: uuid::Uuid = uuid::uuid!("02c9e252-41be-11e9-81d5-00a0986138f7");

/// A description of the policy that is listed.
fn described() -> IpsecPolicyCreate {
    IpsecPolicyCreate::default().with_name("n").with_svm("svm1")
}

/// A list of one policy with these members.
fn listed(members: &Value) -> Vec<u8> {
    let mut record = json!({"uuid": UUID, "name": "n", "svm": {"name": "svm1", "uuid": OBJECT}});
    record.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    crate::support::json("200 OK", &json!({"records": [record], "num_records": 1}).to_string())
}

/// Asserts what is planned for this description, given a policy with these members.
async fn plans(described: IpsecPolicyCreate, members: Value, expected: Plan) {
    let wire = Wire::answering([listed(&members)]).await;
    let plan = wire.client().policies().plan(&described).await.unwrap();
    assert_eq!(plan, expected, "{described:?} {members}");
}

fn unchanged() -> Plan {
    Plan::Unchanged { uuid: UUID }
}

fn modify(field: Field) -> Plan {
    Plan::Modify { uuid: UUID, fields: vec![field] }
}

/// The fixed fields that differ, with the values that the policy has.
fn cannot(fields: &[(&str, Option<&str>)]) -> Plan {
    let argument = |&(field, value): &(&str, Option<&str>)| {
        changed(ErrorArgument::default(), |it| {
            it.code = Some(field.to_owned());
            it.message = value.map(ToOwned::to_owned);
        })
    };
    Plan::Cannot { uuid: UUID, fields: fields.iter().map(argument).collect() }
}

/// An endpoint from its address, netmask and port; `-` leaves a member out.
fn endpoint((address, netmask, port): (&str, &str, &str)) -> Value {
    let members = [("address", address), ("netmask", netmask), ("port", port)];
    members.into_iter().filter(|(_, value)| *value != "-").map(|(name, value)| (name, Value::from(value))).collect()
}

fn read(endpoint: Value) -> IpsecEndpoint {
    serde_json::from_value(endpoint).unwrap()
}

#[tokio::test]
async fn endpoints_in_other_forms_are_the_same() {
    for (given, existing) in [
        (("-", "-", "201"), ("-", "-", "201-201")),
        (("-", "-", "0201"), ("-", "-", "201-201")),
        (("-", "-", "0"), ("-", "-", "0-0")),
        (("-", "-", "0"), ("-", "-", "-")),
        (("-", "-", ""), ("-", "-", "0-0")),
        (("-", "-", "-"), ("-", "-", "0-0")),
        // ONTAP has a netmask for an IPv6 address without one.
        (("2001:db8::1", "-", "-"), ("2001:db8::1", "64", "0-0")),
        (("192.0.2.9", "255.255.255.0", "-"), ("192.0.2.9", "24", "0-0")),
        (("2001:DB8:0:0::1", "064", "-"), ("2001:db8::1", "64", "0-0")),
        (("", "", ""), ("-", "-", "-")),
    ] {
        let (given, mut existing) = (read(endpoint(given)), endpoint(existing));
        existing["family"] = json!("ipv4");
        let description = described().with_local_endpoint(given.clone()).with_remote_endpoint(given);
        plans(description, json!({"local_endpoint": existing, "remote_endpoint": existing}), unchanged()).await;
    }
}

#[tokio::test]
async fn endpoints_that_differ_say_in_what() {
    for (given, existing, field) in [
        (("-", "-", "201"), ("-", "-", "202-202"), Field::RemoteEndpointPort),
        (("-", "-", "0"), ("-", "-", "1-1"), Field::RemoteEndpointPort),
        (("-", "-", "nfs"), ("-", "-", "2049-2049"), Field::RemoteEndpointPort),
        (("192.0.2.9", "24", "-"), ("192.0.2.0", "24", "-"), Field::RemoteEndpointAddress),
        (("192.0.2.9", "24", "-"), ("192.0.2.9", "25", "-"), Field::RemoteEndpointNetmask),
        (("2001:db8::1", "-", "-"), ("2001:db8::1", "32", "-"), Field::RemoteEndpointNetmask),
        // Without a port, it is any.
        (("-", "-", "-"), ("-", "-", "201-201"), Field::RemoteEndpointPort),
        (("192.0.2.9", "24", "-"), ("192.0.2.9", "24", "1-1"), Field::RemoteEndpointPort),
    ] {
        let description = described().with_remote_endpoint(read(endpoint(given)));
        plans(description, json!({"remote_endpoint": endpoint(existing)}), modify(field)).await;
    }
}

/// No value stands for any address, so that `apply` cannot make a policy cover more of them.
#[tokio::test]
async fn an_address_that_is_not_described_is_any_and_cannot_be_taken_away() {
    let narrow = json!({"remote_endpoint": endpoint(("198.51.100.7", "32", "0-0"))});
    let fields = [("remote_endpoint.address", Some("198.51.100.7")), ("remote_endpoint.netmask", Some("32"))];
    plans(described().with_remote_endpoint(IpsecEndpoint::any()), narrow.clone(), cannot(&fields)).await;
    let all = described().with_local_endpoint(IpsecEndpoint::any()).with_remote_endpoint(IpsecEndpoint::any());
    plans(all.clone(), narrow.clone(), cannot(&fields)).await;
    plans(all, json!({}), unchanged()).await;
    // Fields that are left out stay.
    plans(described(), narrow, unchanged()).await;
}

#[tokio::test]
async fn an_ipspace_that_the_cluster_does_not_return_is_no_difference() {
    for ipspace in [IpspaceReference::from("Default"), IpspaceReference::from(OBJECT)] {
        for members in [json!({}), json!({"ipspace": {}}), json!({"ipspace": {"name": "Default", "uuid": OBJECT}})] {
            plans(described().with_ipspace(ipspace.clone()), members, unchanged()).await;
        }
    }
}

#[tokio::test]
async fn protocols_in_other_forms_are_the_same() {
    for (given, existing, same) in [
        ("6", Some("tcp"), true),
        ("TCP", Some("tcp"), true),
        ("udp", Some("17"), true),
        ("0", Some("any"), true),
        ("any", None, true),
        ("132", Some("132"), true),
        ("6", Some("udp"), false),
        ("tcp", None, false),
        ("sctp", Some("132"), false),
    ] {
        let members = existing.map_or(json!({}), |protocol| json!({"protocol": protocol}));
        let expected = if same { unchanged() } else { modify(Field::Protocol) };
        plans(described().with_protocol(given), members, expected).await;
    }
}

#[tokio::test]
async fn references_are_compared_by_what_is_given() {
    let svm_by_uuid = |uuid: String| SvmReference::default().with_uuid(uuid);
    let same = described().with_certificate("c").with_svm(svm_by_uuid(OBJECT.to_string().to_uppercase()));
    let other_ipspace = IpspaceReference::from(OBJECT).with_name("Other");
    // A policy is found by the name of its SVM. Another name finds no policy; the same name and another UUID differ in
    // the UUID.
    let other_svm = svm_by_uuid(UUID.to_string()).with_name("svm1");
    for (description, expected) in [
        (same.with_ipspace(OBJECT), unchanged()),
        (described().with_certificate("d"), modify(Field::CertificateName)),
        (described().with_svm("svm2"), Plan::Create),
        (
            described().with_certificate("d").with_svm(other_svm).with_ipspace(other_ipspace),
            cannot(&[("ipspace.name", Some("Default")), ("svm.uuid", Some(&OBJECT.to_string()))]),
        ),
    ] {
        let members = json!({
            "authentication_method": "pki",
            "certificate": {"name": "c", "uuid": OBJECT},
            "ipspace": {"name": "Default", "uuid": OBJECT},
        });
        plans(description, members, expected).await;
    }
}

#[tokio::test]
async fn a_certificate_only_goes_to_a_policy_with_pki() {
    let fixed = || cannot(&[("certificate.name", None)]);
    for (method, expected) in [("pki", modify(Field::CertificateName)), ("psk", fixed()), ("none", fixed())] {
        plans(described().with_certificate("c"), json!({"authentication_method": method}), expected).await;
    }
    plans(described().with_certificate("c"), json!({}), fixed()).await;
}

#[tokio::test]
async fn what_an_action_without_protection_ignores_is_no_difference() {
    let action = ("action", Some("bypass"));
    for (given, expected) in [
        ("bypass", unchanged()),
        ("discard", cannot(&[action])),
        ("esp_udp", cannot(&[action, ("authentication_method", Some("none")), ("certificate.name", None)])),
    ] {
        let description = described().with_action(given).with_authentication_method("pki").with_certificate("c");
        plans(description, json!({"action": "bypass", "authentication_method": "none"}), expected).await;
    }
}

#[tokio::test]
async fn a_change_has_the_objects_that_differ_as_they_are_described() {
    let local = json!({"address": "192.0.2.1", "netmask": "32"});
    let remote = json!({"address": "192.0.2.2", "netmask": "32", "port": "1"});
    let description = described()
        .with_enabled(false)
        .with_protocol("tcp")
        .with_secret_key(KEY)
        .with_local_endpoint(read(local.clone()))
        .with_remote_endpoint(read(remote.clone()));
    let members = json!({
        "enabled": true,
        "protocol": "tcp",
        "local_endpoint": local,
        "remote_endpoint": {"address": "192.0.2.2", "netmask": "32", "port": "0-0"},
    });
    let wire = Wire::answering([listed(&members), crate::support::json("200 OK", "{}")]).await;
    let applied = wire.client().policies().apply(&description).await.unwrap();
    assert_eq!(applied.change, Change::Modified(vec![Field::Enabled, Field::RemoteEndpointPort]));
    let requests = wire.requests();
    let (head, body) = requests[1].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("PATCH "), "{head}");
    let sent: Value = serde_json::from_str(body).unwrap();
    assert_eq!(sent, json!({"enabled": false, "remote_endpoint": remote}));
}
