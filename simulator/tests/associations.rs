//! The security associations of the policies.

use std::time::Duration;

use ontap_ipsec_simulator::{Certificate, CertificateKind, ClusterState, Fault, Release, Svm};
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{ASSOCIATIONS, AUTHORITIES, CERT, CONFIG, KEY, NOBODY, POLICIES, Reply, Rig, SVM1, SVM2, with};

const CA: &str = "11111111-86d1-11e0-ae1c-123478563412";

fn state() -> ClusterState {
    ClusterState::default()
        .svm(Svm::data("svm1").with_uuid(SVM1.parse().unwrap()))
        .svm(Svm::data("svm2").with_uuid(SVM2.parse().unwrap()))
        .certificate(Certificate::new("cert").with_uuid(CERT.parse().unwrap()))
        .certificate(Certificate::new("ca").with_uuid(CA.parse().unwrap()).of_kind(CertificateKind::RootCa))
}

async fn rig() -> Rig {
    Rig::with(|builder| builder.cluster(state())).await
}

fn host(address: &str) -> Value {
    json!({"address": address, "netmask": "32"})
}

/// Returns a policy between two hosts.
fn policy(name: &str) -> Value {
    json!({
        "name": name, "svm": {"name": "svm1"}, "secret_key": KEY, "local_endpoint": host("10.0.0.1"),
        "remote_endpoint": host("10.0.0.2"),
    })
}

async fn list(rig: &Rig, query: &str) -> Vec<Value> {
    let reply = rig.get(&format!("{ASSOCIATIONS}?fields=*&{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.body["num_records"], reply.body["records"].as_array().unwrap().len());
    let counted = rig.get(&format!("{ASSOCIATIONS}?return_records=false&{query}")).await;
    assert_eq!(counted.body["num_records"], reply.body["num_records"], "{query}");
    reply.body["records"].as_array().unwrap().clone()
}

/// Returns the states of all associations, in the order of the list.
async fn states(rig: &Rig) -> Vec<String> {
    let state = |record: &Value| {
        let kind = record["type"].as_str().unwrap();
        format!("{} {kind} {}", record["policy_name"].as_str().unwrap(), record[kind]["state"].as_str().unwrap())
    };
    list(rig, "").await.iter().map(state).collect()
}

const UP: [&str; 2] = ["p ike established", "p ipsec installed"];

#[tokio::test]
async fn a_policy_has_an_ike_and_an_ipsec_association() {
    let rig = rig().await;
    rig.make(policy("p")).await;
    let records = list(&rig, "").await;
    let [ike, ipsec] = &records[..] else { panic!("{records:?}") };
    for (record, kind) in [(ike, "ike"), (ipsec, "ipsec")] {
        assert_eq!(record["type"], kind);
        assert_eq!((&record["local_address"], &record["remote_address"]), (&json!("10.0.0.1"), &json!("10.0.0.2")));
        assert_eq!((&record["policy_name"], &record["scope"]), (&json!("p"), &json!("svm")));
        assert_eq!(record["svm"], json!({"name": "svm1", "uuid": SVM1}));
        assert_eq!(record["node"]["name"], "node1");
        assert_eq!(record["cipher_suite"], "suiteb_gcm256");
        let uuid = record["uuid"].as_str().unwrap();
        assert_eq!(&rig.get(&format!("{ASSOCIATIONS}/{uuid}")).await.body, record);
        assert_eq!(list(&rig, &format!("uuid={uuid}")).await.first(), Some(record));
        let part = rig.get(&format!("{ASSOCIATIONS}/{uuid}?fields=lifetime")).await.body;
        assert_eq!(part, json!({"lifetime": record["lifetime"], "uuid": uuid}));
    }
    assert_ne!(ike["uuid"], ipsec["uuid"]);
    assert_eq!((&ike["ike"]["authentication"], &ike["ike"]["version"]), (&json!("psk"), &json!(2)));
    assert_eq!(ike["ike"]["is_initiator"], true);
    assert!(ike.get("ipsec").is_none() && ipsec.get("ike").is_none());
    assert_eq!(ipsec["ipsec"]["action"], "esp_transport");
    for side in ["inbound", "outbound"] {
        assert_eq!(ipsec["ipsec"][side]["bytes"], 0);
        assert_eq!(ipsec["ipsec"][side]["security_parameter_index"].as_str().unwrap().len(), 8);
    }
    let hal = rig.get_hal(&format!("{ASSOCIATIONS}?fields=node,svm.name")).await.body;
    let node = &hal["records"][0]["node"];
    assert_eq!(node["_links"]["self"]["href"], format!("/api/cluster/nodes/{}", node["uuid"].as_str().unwrap()));
}

#[tokio::test]
async fn associations_are_the_same_in_every_simulator() {
    let seeded = async || Rig::with(|builder| builder.cluster(state().made_up_policies(3))).await;
    let (one, other) = (seeded().await, seeded().await);
    let records = list(&one, "").await;
    assert_eq!(records.len(), 6);
    assert_eq!(records, list(&other, "").await);
}

#[tokio::test]
async fn associations_can_be_filtered_by_each_field() {
    let rig = rig().await;
    rig.make(policy("p")).await;
    rig.make(with(policy("q"), json!({"svm": {"name": "svm2"}, "remote_endpoint": host("10.0.0.10")}))).await;
    let records = list(&rig, "").await;
    let index = records[0]["ike"]["initiator_security_parameter_index"].as_str().unwrap();
    let inbound = records[3]["ipsec"]["inbound"]["security_parameter_index"].as_str().unwrap();
    for (query, expected) in [
        ("type=ike", vec![0, 2]),
        ("type=ipsec&policy_name=q", vec![3]),
        ("policy_name=p", vec![0, 1]),
        ("policy_name=nobody", vec![]),
        ("svm.name=svm2", vec![2, 3]),
        ("remote_address=>10.0.0.2", vec![2, 3]),
        ("ike.version=2", vec![0, 2]),
        ("ike.version=<2", vec![]),
        ("ike.is_initiator=true", vec![0, 2]),
        ("ike.state=establ*", vec![0, 2]),
        ("ipsec.inbound.bytes=0..9", vec![1, 3]),
        ("lifetime=>30000", vec![0, 2]),
        ("node.name=node1&scope=svm", vec![0, 1, 2, 3]),
        (&format!("ike.initiator_security_parameter_index={index}"), vec![0]),
        (&format!("ipsec.inbound.security_parameter_index={inbound}"), vec![3]),
        (&format!("uuid={NOBODY}"), vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|place: usize| records[place].clone()).collect();
        assert_eq!(list(&rig, query).await, expected, "{query}");
    }
    let sorted = list(&rig, "order_by=remote_address%20desc,type%20desc").await;
    assert_eq!(sorted, [3, 2, 1, 0].map(|place| records[place].clone()));
}

#[tokio::test]
async fn only_policies_between_two_hosts_have_associations() {
    let rig = rig().await;
    for (name, change) in [
        ("disabled", json!({"enabled": false})),
        ("bypass", json!({"action": "bypass"})),
        ("discard", json!({"action": "discard"})),
        ("any", json!({"local_endpoint": null, "remote_endpoint": null})),
        ("subnet", json!({"remote_endpoint": {"address": "10.0.1.0", "netmask": "24"}})),
        ("wildcard", json!({"remote_endpoint": {"address": "0.0.0.0", "netmask": "0", "port": "5"}})),
        ("local subnet", json!({"local_endpoint": {"address": "10.0.0.0", "netmask": "24"}})),
    ] {
        rig.make(with(with(policy(name), json!({"name": name})), change)).await;
    }
    assert_eq!(states(&rig).await, [""; 0]);
    rig.make(with(policy("p"), json!({"action": "esp_udp"}))).await;
    assert_eq!(states(&rig).await, UP);
    let host = json!({"address": "2001:db8::1", "netmask": "128"});
    rig.make(with(policy("six"), json!({"svm": null, "local_endpoint": host, "remote_endpoint": host}))).await;
    let records = list(&rig, "scope=cluster").await;
    assert_eq!(records.len(), 2);
    assert!(records[0].get("svm").is_none());
}

#[tokio::test]
async fn a_change_of_the_policy_replaces_its_associations() {
    let rig = rig().await;
    let path = rig.make(policy("p")).await;
    let before = list(&rig, "").await;
    assert_eq!(rig.patch(&path, json!({"enabled": false})).await.status, 200);
    assert_eq!(states(&rig).await, [""; 0]);
    let ike = format!("{ASSOCIATIONS}/{}", before[0]["uuid"].as_str().unwrap());
    rig.get(&ike).await.is_error(404, "4", Some("uuid"));
    assert_eq!(rig.patch(&path, json!({"enabled": true})).await.status, 200);
    let after = list(&rig, "").await;
    for (before, after, index) in [
        (&before[0], &after[0], "/ike/initiator_security_parameter_index"),
        (&before[0], &after[0], "/ike/responder_security_parameter_index"),
        (&before[1], &after[1], "/ipsec/inbound/security_parameter_index"),
        (&before[1], &after[1], "/ipsec/outbound/security_parameter_index"),
    ] {
        assert_eq!(before["uuid"], after["uuid"]);
        assert_ne!(before.pointer(index), after.pointer(index), "{index}");
    }
    assert_eq!(rig.delete(&path).await.status, 200);
    assert_eq!(states(&rig).await, [""; 0]);
}

#[tokio::test]
async fn associations_exist_while_ipsec_is_on() {
    let rig = rig().await;
    rig.make(policy("p")).await;
    let before = list(&rig, "").await;
    assert_eq!(rig.patch(CONFIG, json!({"enabled": false})).await.status, 200);
    assert_eq!(states(&rig).await, [""; 0]);
    assert_eq!(rig.patch(CONFIG, json!({"enabled": true})).await.status, 200);
    assert_eq!(states(&rig).await, UP);
    assert_ne!(list(&rig, "").await, before, "they were negotiated again");
    let again = list(&rig, "").await;
    assert_eq!(rig.patch(CONFIG, json!({"enabled": true, "replay_window": 64})).await.status, 200);
    assert_eq!(list(&rig, "").await, again, "nothing was switched");
}

#[tokio::test(start_paused = true)]
async fn associations_need_the_negotiation_time() {
    let text = format!("negotiation_time = \"20s\"\nsvm = [{{ name = \"svm1\", uuid = \"{SVM1}\" }}]");
    let rig = Rig::with(|builder| builder.cluster(ClusterState::from_toml(&text).unwrap())).await;
    let path = rig.make(policy("p")).await;
    let connecting = ["p ike connecting"];
    assert_eq!(states(&rig).await, connecting);
    assert!(list(&rig, "").await[0]["ike"].get("responder_security_parameter_index").is_none());
    tokio::time::advance(Duration::from_secs(19)).await;
    assert_eq!(states(&rig).await, connecting);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(states(&rig).await, UP);
    // Each change of the policy restarts the negotiation, and so does switching IPsec.
    rig.patch(&path, json!({"remote_identity": "peer"})).await;
    assert_eq!(states(&rig).await, connecting);
    tokio::time::advance(Duration::from_secs(21)).await;
    assert_eq!(states(&rig).await, UP);
    rig.patch(CONFIG, json!({"enabled": false})).await;
    rig.patch(CONFIG, json!({"enabled": true})).await;
    assert_eq!(states(&rig).await, connecting);
    tokio::time::advance(Duration::from_secs(21)).await;
    assert_eq!(states(&rig).await, UP);
}

#[tokio::test]
async fn pki_associations_need_a_trusted_ca() {
    let rig = rig().await;
    let pki = json!({"secret_key": null, "certificate": {"name": "cert"}, "remote_identity": "CN=peer"});
    rig.make(with(policy("p"), pki)).await;
    assert_eq!(states(&rig).await, ["p ike connecting"]);
    assert_eq!(list(&rig, "").await[0]["ike"]["authentication"], "cert");
    assert_eq!(rig.post(AUTHORITIES, json!({"certificate": {"uuid": CA}})).await.status, 201);
    assert_eq!(states(&rig).await, UP);
    assert_eq!(rig.delete(&format!("{AUTHORITIES}/{CA}")).await.status, 200);
    assert_eq!(states(&rig).await, ["p ike connecting"]);
}

#[tokio::test]
async fn a_new_certificate_can_keep_the_associations() {
    let cluster = state()
        .release(Release::LATEST)
        .certificate(Certificate::new("new"))
        .certificate(Certificate::new("trusted").of_kind(CertificateKind::RootCa).added_to_ipsec());
    let rig = Rig::with(|builder| builder.cluster(cluster)).await;
    let pki = json!({"secret_key": null, "certificate": {"name": "cert"}, "remote_identity": "CN=peer"});
    let path = rig.make(with(policy("p"), pki)).await;
    let certificate = |name: &str| json!({"name": name});
    let (cert, new) = (certificate("cert"), certificate("new"));
    let flag = "certificate_modify_keepsa";
    for (change, stay) in [
        (json!({"certificate": new}), false),
        (json!({"certificate": cert, flag: true}), true),
        (json!({"certificate": new}), true),
        (json!({"certificate": new}), true),
        (json!({"certificate": cert, "remote_identity": "CN=other"}), false),
        (json!({"enabled": true, "certificate": new}), true),
        (json!({"protocol": "6"}), false),
        (json!({"certificate": cert, flag: false}), false),
        (json!({flag: true}), true),
        (json!({flag: null, "certificate": new}), false),
        (json!({"certificate": cert}), false),
    ] {
        let before = list(&rig, "").await;
        assert_eq!(rig.patch(&path, change.clone()).await.status, 200, "{change}");
        assert_eq!(states(&rig).await, UP);
        assert_eq!(list(&rig, "").await == before, stay, "{change}");
        let read = rig.get(&path).await.body;
        for name in [flag, "certificate"] {
            match &change[name] {
                Value::Bool(given) => assert_eq!(read[name], *given),
                Value::Object(given) => assert_eq!(read[name]["name"], given["name"]),
                _ => {}
            }
        }
    }
    assert!(rig.get(&path).await.body.get(flag).is_none(), "it was taken away");
}

#[tokio::test(start_paused = true)]
async fn kept_associations_are_not_negotiated_again() {
    let cluster = state().release(Release::LATEST).negotiation_time(Duration::from_secs(20));
    let cluster = cluster
        .certificate(Certificate::new("new"))
        .certificate(Certificate::new("trusted").of_kind(CertificateKind::RootCa).added_to_ipsec());
    let rig = Rig::with(|builder| builder.cluster(cluster)).await;
    let pki = json!({
        "secret_key": null, "certificate": {"name": "cert"}, "remote_identity": "CN=peer",
        "certificate_modify_keepsa": true,
    });
    let path = rig.make(with(policy("p"), pki)).await;
    tokio::time::advance(Duration::from_secs(21)).await;
    assert_eq!(states(&rig).await, UP);
    rig.patch(&path, json!({"certificate": {"name": "new"}})).await;
    assert_eq!(states(&rig).await, UP);
    rig.patch(&format!("{POLICIES}?name=p"), json!({"certificate": {"name": "cert"}})).await;
    assert_eq!(states(&rig).await, UP, "a query changes no more");
    rig.patch(&path, json!({"certificate_modify_keepsa": false, "certificate": {"name": "new"}})).await;
    assert_eq!(states(&rig).await, ["p ike connecting"]);
}

#[tokio::test]
async fn certificate_modify_keepsa_is_no_filter() {
    let rig = Rig::with(|builder| builder.cluster(state().release(Release::LATEST))).await;
    let flag = "certificate_modify_keepsa";
    for value in [true, false] {
        let path = rig.make(with(policy("p"), json!({flag: value}))).await;
        for query in ["", "?fields=certificate_modify_keepsa", "?fields=*"] {
            assert_eq!(rig.get(&format!("{path}{query}")).await.body[flag], value);
        }
        rig.delete(&path).await;
    }
    assert!(rig.make_and_read(policy("p")).await.get(flag).is_none());
    let reply = rig.post(POLICIES, with(policy("q"), json!({flag: "true"}))).await;
    reply.is_error(400, "262197", Some(flag));
    rig.get(&format!("{POLICIES}?{flag}=true")).await.is_error(400, "262179", Some(flag));
    rig.get(&format!("{POLICIES}?order_by={flag}")).await.is_error(400, "262268", Some("order_by"));
    rig.patch(&format!("{POLICIES}?{flag}=true"), json!({"enabled": true})).await.is_error(400, "262179", Some(flag));
    assert_eq!(rig.names(&format!("{flag}=true&ignore_unknown_fields=true")).await, ["p"]);
}

#[tokio::test]
async fn a_fault_can_make_a_peer_silent() {
    let rig = rig().await;
    rig.make(policy("p")).await;
    rig.make(with(policy("q"), json!({"remote_endpoint": host("10.0.0.3")}))).await;
    let others = ["q ike established", "q ipsec installed"];
    let fault = rig.simulator.inject(Fault::silent_peer().peer("10.0.0.2")).unwrap();
    assert_eq!(states(&rig).await, [&["p ike connecting"][..], &others].concat());
    rig.simulator.remove_fault(fault);
    assert_eq!(states(&rig).await, [UP, others].concat());
    let fault = "fault = [{ kind = \"silent_peer\", times = 2 }]";
    let rig = Rig::with(|builder| builder.cluster(ClusterState::from_toml(fault).unwrap())).await;
    rig.make(policy("p")).await;
    assert_eq!(states(&rig).await, ["p ike connecting"]);
    assert_eq!(states(&rig).await, UP, "the list and its count were both affected");

    let problem = |fault: Fault| fault.check().unwrap_err().to_string();
    assert!(problem(Fault::silent_peer().peer("peer")).contains("peer is \"peer\"; use an IP address"));
    assert!(problem(Fault::silent_peer().on("POST")).contains("GET"));
    assert!(problem(Fault::busy().peer("10.0.0.2")).contains("this kind does not have the setting peer;"));
}

#[tokio::test]
async fn other_faults_apply_to_associations() {
    let rig = rig().await;
    rig.make(policy("p")).await;
    rig.simulator.inject(Fault::busy().path(ASSOCIATIONS).records(1)).unwrap();
    let page = rig.get(ASSOCIATIONS).await;
    assert_eq!(page.body["num_records"], 1);
    let next = page.body["_links"]["next"]["href"].as_str().unwrap();
    assert_eq!(rig.get(next).await.body["num_records"], 1);
    rig.simulator.inject(Fault::without_field("ipsec.inbound").path(ASSOCIATIONS)).unwrap();
    let reply = rig.get(&format!("{ASSOCIATIONS}?fields=ipsec&type=ipsec")).await;
    let sides = &reply.body["records"][0]["ipsec"];
    assert!(sides.get("inbound").is_none() && sides.get("outbound").is_some(), "{}", reply.text);
}

#[tokio::test]
async fn a_tunnel_shows_the_associations_of_its_svm_read_only() {
    let rig = rig().await;
    rig.make(policy("p")).await;
    let uuid = list(&rig, "").await[0]["uuid"].as_str().unwrap().to_owned();
    for (svm, count, status) in [("svm1", 2, 200), ("svm2", 0, 404)] {
        let through = |path: &str| rig.request(Method::GET, path).header("x-dot-svm-name", svm);
        assert_eq!(Reply::of(through(ASSOCIATIONS)).await.body["num_records"], count);
        assert_eq!(
            Reply::of(through(&format!("{ASSOCIATIONS}?return_records=false"))).await.body["num_records"],
            count
        );
        assert_eq!(Reply::of(through(&format!("{ASSOCIATIONS}/{uuid}"))).await.status, status);
    }
    for method in [Method::POST, Method::PATCH, Method::DELETE] {
        for path in [ASSOCIATIONS, &format!("{ASSOCIATIONS}/{uuid}")] {
            Reply::of(rig.request(method.clone(), path)).await.is_error(405, "3", None);
        }
    }
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let rig = Rig::with(|builder| builder.policies(60)).await;
    for order in ["", "&order_by=remote_address%20desc"] {
        let (mut uuids, mut next) = (Vec::new(), format!("{ASSOCIATIONS}?max_records=7{order}"));
        loop {
            let page = rig.get(&next).await.body;
            uuids.extend(page["records"].as_array().unwrap().iter().map(|record| record["uuid"].to_string()));
            let Some(link) = page["_links"]["next"]["href"].as_str() else { break };
            link.clone_into(&mut next);
        }
        assert_eq!(uuids.len(), 120);
        uuids.sort();
        uuids.dedup();
        assert_eq!(uuids.len(), 120, "none came twice");
    }
    let policies = rig.get(&format!("{POLICIES}?return_records=false")).await;
    assert_eq!(policies.body["num_records"], 60);
}
