//! Triggers every documented error code, and checks requests that just keep the rule.

use std::collections::BTreeSet;

use ontap_ipsec_simulator::{ClusterState, CodeEntry, ERROR_CODES, Fault, Release, Trigger};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    code_rules::{pki, rules, state, udp},
    facts::{CHANGE, Facts},
    rig::{CERT, KEY, POLICIES, Reply, Rig, SVM1, psk, with},
};

/// Codes that depend on the cluster: the target of the error, a cluster that refuses a new policy, and one that accepts
/// it.
fn clusters() -> Vec<(u32, Option<&'static str>, ClusterState, ClusterState, Value)> {
    let old = "9.7.0".parse::<Release>().unwrap();
    let new = "9.8.0".parse::<Release>().unwrap();
    let policy = || psk("p");
    let admin = with(policy(), json!({"svm": {"name": "cluster1"}}));
    vec![
        (66257121, Some("svm"), state().policies_per_svm(1), state().policies_per_svm(2), policy()),
        (66257130, None, state().policies_per_cluster(1), state().policies_per_cluster(2), policy()),
        (66257199, None, state().node("n1", new).node("n2", old), state().node("n1", new), policy()),
        (66257201, None, state().effective_release(old), state().effective_release(new), policy()),
        (66257396, Some("svm"), state().metrocluster(), state(), admin),
    ]
}

/// Returns a cluster in this state with a policy of the name `existing`.
async fn rig(state: ClusterState) -> Rig {
    Rig::with(|builder| builder.cluster(state.policy(psk("existing")))).await
}

#[tokio::test]
async fn a_post_that_breaks_a_rule_is_refused_and_one_that_just_keeps_it_is_not() {
    for (code, target, bad, good) in rules() {
        let rig = rig(state()).await;
        let reply = rig.post(POLICIES, bad.clone()).await;
        let status = if code == 66257104 { 409 } else { 400 };
        assert_eq!(reply.body["error"]["code"], code.to_string(), "{bad}: {}", reply.text);
        reply.is_error(status, &code.to_string(), target);
        assert_eq!(rig.names("").await, ["existing"], "{bad}");
        let reply = rig.post(POLICIES, good.clone()).await;
        assert_eq!(reply.status, 201, "{code}: {good}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_cluster_in_a_forbidden_state_refuses_policies() {
    for (code, target, bad, good, policy) in clusters() {
        // The cluster lacks the initial objects, so the code needs another trigger.
        let full = matches!(code, 66257121 | 66257130);
        let refusing = if full { rig(bad).await } else { Rig::with(|builder| builder.cluster(bad)).await };
        refusing.post(POLICIES, policy.clone()).await.is_error(400, &code.to_string(), target);
        let accepting = rig(good).await;
        let reply = accepting.post(POLICIES, policy).await;
        match code {
            // Without MetroCluster, the general rule for SVMs without data applies.
            66257396 => reply.is_error(400, "66257117", Some("svm")),
            _ => assert_eq!(reply.status, 201, "{code}: {}", reply.text),
        }
    }
}

#[tokio::test]
async fn a_delete_makes_room_below_the_limit() {
    let rig = rig(state().policies_per_svm(2).policies_per_cluster(3)).await;
    let path = rig.make(psk("a")).await;
    rig.post(POLICIES, psk("b")).await.is_error(400, "66257121", Some("svm"));
    rig.make(with(psk("of the cluster"), json!({"svm": null}))).await;
    rig.post(POLICIES, with(psk("b"), json!({"svm": {"name": "svm2"}}))).await.is_error(400, "66257130", None);
    assert_eq!(rig.delete(&path).await.status, 200);
    rig.make(psk("b")).await;
}

/// Lists rules that a PATCH can break: the policy before, the change, and a change that keeps the rule.
fn changes() -> Vec<(u32, Value, Value, Value)> {
    let lone = |end: &str, value: Value| json!({end: value});
    let local = json!({"local_endpoint": {"address": "10.0.0.1", "netmask": "24", "port": "443"}});
    let of = |value: Value| with(with(psk("p"), local.clone()), value);
    let udp = udp(json!({"address": "10.0.0.1", "netmask": "32"}), json!({"address": "10.0.0.2", "netmask": "32"}));
    let subnet = |address: &str, netmask: &str| json!({"address": address, "netmask": netmask});
    let ppk = || with(psk("p"), json!({"ppk": {"identity": "site-a", "shared_key": KEY}}));
    let identity = |identity: Value| json!({"ppk": {"identity": identity}});
    vec![
        (66257099, psk("p"), json!({"protocol": "1,2"}), json!({"protocol": "1"})),
        (
            66257100,
            psk("p"),
            lone("local_endpoint", json!({"port": "1,2"})),
            lone("local_endpoint", json!({"port": "1"})),
        ),
        (
            66257101,
            psk("p"),
            lone("remote_endpoint", json!({"port": "1,2"})),
            lone("remote_endpoint", json!({"port": "1"})),
        ),
        (
            66257113,
            of(json!({})),
            lone("local_endpoint", json!({"address": "10.0.0.1,10.0.0.2"})),
            lone("local_endpoint", json!({"address": "10.0.0.2"})),
        ),
        (
            66257114,
            of(json!({})),
            lone("remote_endpoint", subnet("10.0.0.1", "8,9")),
            lone("remote_endpoint", subnet("10.0.0.1", "8")),
        ),
        (
            66257115,
            psk("p"),
            lone("local_endpoint", json!({"port": "1-2"})),
            lone("local_endpoint", json!({"port": "1-1"})),
        ),
        (
            66257120,
            udp.clone(),
            lone("local_endpoint", json!({"netmask": "24"})),
            lone("local_endpoint", json!({"address": "10.0.0.9"})),
        ),
        (66257125, psk("p"), lone("local_endpoint", json!({"netmask": "24"})), local.clone()),
        (
            66257126,
            psk("p"),
            lone("remote_endpoint", json!({"address": "10.0.0.1"})),
            lone("remote_endpoint", json!({"address": "2001:db8::1"})),
        ),
        (
            66257127,
            of(json!({})),
            lone("local_endpoint", json!({"netmask": "0"})),
            lone("local_endpoint", json!({"netmask": "1"})),
        ),
        (
            66257128,
            of(json!({})),
            lone("remote_endpoint", subnet("0.0.0.0", "1")),
            lone("remote_endpoint", subnet("0.0.0.0", "0")),
        ),
        (
            66257129,
            of(json!({"remote_endpoint": {"address": "0.0.0.0", "netmask": "0"}})),
            lone("local_endpoint", json!({"port": "0"})),
            lone("local_endpoint", json!({"port": "80"})),
        ),
        (
            66257131,
            udp,
            lone("remote_endpoint", subnet("2001:db8::1", "128")),
            lone("remote_endpoint", subnet("10.0.0.3", "32")),
        ),
        (
            66257135,
            pki(json!({})),
            json!({"certificate": {"name": "of svm2"}}),
            json!({"certificate": {"name": "client"}}),
        ),
        (66257136, psk("p"), json!({"certificate": {"name": "cert"}}), json!({"certificate": null})),
        (66257138, pki(json!({})), json!({"remote_identity": null}), json!({"remote_identity": "CN=other"})),
        (66257139, pki(json!({})), json!({"certificate": {"uuid": SVM1}}), json!({"certificate": {"uuid": CERT}})),
        (66257140, pki(json!({})), json!({"certificate": {"name": "ca"}}), json!({"certificate": {"name": "cert"}})),
        (66257143, of(json!({})), lone("local_endpoint", json!({"netmask": ""})), lone("local_endpoint", Value::Null)),
        (66257153, psk("p"), identity(json!("site-a")), identity(Value::Null)),
        (66257154, ppk(), identity(Value::Null), identity(json!("site-b"))),
        (
            66257305,
            pki(json!({})),
            json!({"certificate": {"name": "client", "uuid": CERT}}),
            json!({"certificate": {"name": "cert", "uuid": CERT}}),
        ),
    ]
}

#[tokio::test]
async fn a_patch_that_breaks_a_rule_is_refused_and_one_that_just_keeps_it_is_not() {
    for (code, policy, bad, good) in changes() {
        let rig = rig(state()).await;
        let path = rig.make(policy).await;
        let before = rig.get(&path).await.body;
        let reply = rig.patch(&path, bad.clone()).await;
        assert_eq!(reply.status, 400, "{bad}: {}", reply.text);
        assert_eq!(reply.body["error"]["code"], code.to_string(), "{bad}: {}", reply.text);
        assert_eq!(rig.get(&path).await.body, before, "{code}: a refused change changes nothing");
        let reply = rig.patch(&path, good.clone()).await;
        assert_eq!(reply.status, 200, "{code}: {good}: {}", reply.text);
    }
}

/// Returns the codes of policies.
fn of_policies() -> impl Iterator<Item = &'static CodeEntry> {
    ERROR_CODES.iter().filter(|entry| entry.path == "/security/ipsec/policies")
}

#[test]
fn the_table_of_codes_has_the_right_trigger_for_each() {
    let by_request: BTreeSet<_> = rules().iter().map(|rule| rule.0).collect();
    let by_cluster: BTreeSet<_> = clusters().iter().map(|rule| rule.0).collect();
    for entry in of_policies() {
        match entry.trigger {
            Trigger::Fault => assert!(!by_request.contains(&entry.code), "{}", entry.code),
            Trigger::Request => assert!(by_request.contains(&entry.code), "{}", entry.code),
            _ => assert!(by_request.contains(&entry.code) || by_cluster.contains(&entry.code), "{}", entry.code),
        }
    }
    // The remaining codes depend on the cluster, or need a fault.
    let by_patch: BTreeSet<_> = changes().iter().map(|rule| rule.0).collect();
    let documented: BTreeSet<_> = Facts::of("9.17.1").operations[CHANGE].codes().collect();
    let rest: Vec<_> = documented.difference(&by_patch).copied().collect();
    assert_eq!(rest, [66257097, 66257110, 66257142, 66257199, 66257200, 66257201]);
}

/// Some codes need the fault `error`. The fault can trigger every code, for each of its operations.
#[tokio::test]
async fn the_fault_error_triggers_every_code_once() {
    let rig = rig(state()).await;
    let path = rig.make(psk("p")).await;
    let before = rig.get(&path).await.body;
    for entry in of_policies() {
        for operation in entry.operations.split(' ') {
            let fault = Fault::error(entry.code).on(operation).target("name");
            rig.simulator.inject(fault).unwrap();
            let reply = match operation {
                "POST" => rig.post(POLICIES, psk("q")).await,
                "PATCH" => rig.patch(&path, json!({"enabled": false})).await,
                _ => rig.delete(&path).await,
            };
            let status = match entry.code {
                66257104 => 409,
                66257096 | 66257097 | 66257110 => 500,
                _ => 400,
            };
            reply.is_error(status, &entry.code.to_string(), Some("name"));
        }
    }
    assert_eq!(rig.names("name=!existing").await, ["p"]);
    assert_eq!(rig.get(&path).await.body, before);
    // Without a fault, the requests succeed.
    rig.make(psk("q")).await;
    assert_eq!(rig.patch(&path, json!({"enabled": false})).await.status, 200);
    assert_eq!(rig.delete(&path).await.status, 200);
}

#[tokio::test]
async fn bypass_and_discard_ignore_credentials() {
    let rig = rig(state()).await;
    for action in ["bypass", "discard"] {
        let policy = json!({
            "name": action, "svm": {"name": "svm1"}, "action": action, "secret_key": "0x", "authentication_method": "pki",
            "certificate": {"name": "nobody"},
        });
        let policy = rig.make_and_read(policy).await;
        assert_eq!((&policy["authentication_method"], policy.get("certificate")), (&json!("none"), None));
    }
}

#[tokio::test]
async fn messages_of_rules_repeat_no_key() {
    let rig = rig(state()).await;
    for key in ["0xsesame", "0s*sesame", "sesame"] {
        let body = with(psk("p"), json!({"secret_key": key}));
        let request = rig.request(Method::POST, POLICIES).header("x-dot-error-arguments", "true");
        let reply = Reply::of(request.json(&body)).await;
        assert_eq!(reply.status, 400);
        assert!(!reply.text.contains("sesame"), "{}", reply.text);
    }
}
