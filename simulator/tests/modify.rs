//! Changes of policies.

use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{CERT, KEY, NOBODY, POLICIES, Reply, Rig, SVM1, psk, with};

fn full(name: &str) -> Value {
    with(
        psk(name),
        json!({
            "local_endpoint": {"address": "10.0.0.1", "netmask": "24", "port": "23"},
            "remote_endpoint": {"address": "2001:db8::1"},
            "local_identity": "me",
        }),
    )
}

/// Replaces the key with a certificate.
fn pki(certificate: &str) -> Value {
    json!({"secret_key": null, "certificate": {"name": certificate}, "remote_identity": "CN=host"})
}

#[tokio::test]
async fn a_patch_keeps_the_other_fields() {
    let rig = Rig::start().await;
    let path = rig.make(full("p")).await;
    let before = rig.get(&path).await.body;
    let reply = rig.patch(&path, json!({"enabled": false})).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (200, &json!({})));
    assert_eq!(rig.get(&path).await.body, with(before, json!({"enabled": false})));
}

#[tokio::test]
async fn members_of_objects_change_one_by_one() {
    let rig = Rig::start().await;
    let path = rig.make(full("p")).await;
    let local = async |change: Value| {
        assert_eq!(rig.patch(&path, change).await.status, 200);
        rig.get(&path).await.body["local_endpoint"].clone()
    };
    assert_eq!(
        local(json!({"local_endpoint": {"port": "80"}})).await,
        json!({"address": "10.0.0.1", "family": "ipv4", "netmask": "24", "port": "80-80"})
    );
    assert_eq!(
        local(json!({"local_endpoint.netmask": "255.0.0.0"})).await,
        json!({"address": "10.0.0.1", "family": "ipv4", "netmask": "8", "port": "80-80"})
    );
    // A change to an IPv6 address removes the IPv4 netmask.
    assert_eq!(
        local(json!({"local_endpoint": {"address": "2001:db8::9"}})).await,
        json!({"address": "2001:db8::9", "family": "ipv6", "netmask": "64", "port": "80-80"})
    );
    let back = json!({"local_endpoint": {"address": "10.0.0.1"}});
    rig.patch(&path, back).await.is_error(400, "66257125", Some("local_endpoint.netmask"));
    assert_eq!(
        local(json!({"local_endpoint": {"address": "10.0.0.1", "netmask": "24"}})).await,
        json!({"address": "10.0.0.1", "family": "ipv4", "netmask": "24", "port": "80-80"})
    );
}

#[tokio::test]
async fn a_patch_can_change_every_modifiable_field() {
    let rig = Rig::start().await;
    let path = rig.make(with(full("p"), pki("old"))).await;
    let change = json!({
        "certificate": {"uuid": CERT},
        "enabled": false,
        "local_endpoint": {"address": "10.9.9.9", "netmask": "30", "port": "1-1"},
        "remote_endpoint": {"address": "10.8.8.8", "netmask": "31", "port": "3"},
        "local_identity": "you",
        "remote_identity": "them",
        "protocol": "17",
    });
    assert_eq!(rig.patch(&path, change).await.status, 200);
    let policy = rig.get(&path).await.body;
    assert_eq!(policy["certificate"]["uuid"], CERT);
    assert_eq!(policy["certificate"]["name"], "cert");
    assert_eq!(policy["enabled"], false);
    assert_eq!(
        policy["local_endpoint"],
        json!({"address": "10.9.9.9", "family": "ipv4", "netmask": "30", "port": "1-1"})
    );
    assert_eq!(
        policy["remote_endpoint"],
        json!({"address": "10.8.8.8", "family": "ipv4", "netmask": "31", "port": "3-3"})
    );
    assert_eq!((&policy["local_identity"], &policy["remote_identity"]), (&json!("you"), &json!("them")));
    assert_eq!(policy["protocol"], "udp");

    assert_eq!(rig.patch(&path, json!({"certificate": {"name": "new"}})).await.status, 200);
    let certificate = rig.get(&path).await.body["certificate"].clone();
    assert_eq!(certificate["name"], "new");
    assert_ne!(certificate["uuid"], CERT);
}

#[tokio::test]
async fn null_in_a_patch_removes_the_value() {
    let rig = Rig::start().await;
    let path = rig.make(full("p")).await;
    let change = json!({"local_endpoint": null, "local_identity": null, "enabled": null, "protocol": null});
    assert_eq!(rig.patch(&path, change).await.status, 200);
    let policy = rig.get(&path).await.body;
    assert_eq!(policy["local_endpoint"], json!({"port": "0-0"}));
    assert!(policy.get("local_identity").is_none());
    assert_eq!((&policy["enabled"], &policy["protocol"]), (&json!(true), &json!("any")));
}

#[tokio::test]
async fn fields_of_post_only_cannot_change() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    for (change, target) in [
        (json!({"name": "q"}), "name"),
        (json!({"action": "bypass"}), "action"),
        (json!({"authentication_method": "pki"}), "authentication_method"),
        (json!({"secret_key": KEY}), "secret_key"),
        (json!({"svm": {"name": "svm2"}}), "svm.name"),
        (json!({"svm.uuid": SVM1}), "svm.uuid"),
        (json!({"ipspace": {"name": "Default"}}), "ipspace.name"),
        (json!({"ipspace": null}), "ipspace.name"),
        (json!({"enabled": false, "name": "p"}), "name"),
    ] {
        rig.patch(&path, change).await.is_error(400, "262196", Some(target));
    }
    let policy = rig.get(&path).await.body;
    assert_eq!((&policy["name"], &policy["enabled"]), (&json!("p"), &json!(true)));
}

#[tokio::test]
async fn a_patch_needs_a_change() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    for body in ["", "{}", " ", "{\"local_endpoint\":{}}"] {
        Reply::of(rig.request(Method::PATCH, &path).body(body)).await.is_error(400, "262190", None);
    }
}

#[tokio::test]
async fn the_content_type_does_not_matter() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    let reply = Reply::of(rig.request(Method::PATCH, &path).body("{\"enabled\": false}")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(rig.get(&path).await.body["enabled"], false);
}

#[tokio::test]
async fn the_changed_policy_must_follow_the_rules() {
    let rig = Rig::start().await;
    let bare = rig.make(psk("bare")).await;
    for (endpoint, code) in [("local_endpoint", "66257125"), ("remote_endpoint", "66257126")] {
        for (half, missing) in [(json!({"address": "10.0.0.1"}), "netmask"), (json!({"netmask": "24"}), "address")] {
            let target = format!("{endpoint}.{missing}");
            rig.patch(&bare, json!({endpoint: half})).await.is_error(400, code, Some(&target));
        }
        let target = format!("{endpoint}.port");
        rig.patch(&bare, json!({endpoint: {"port": "99999"}})).await.is_error(400, "66257132", Some(&target));
    }
    let full = rig.make(full("full")).await;
    let before = rig.get(&full).await.body;
    let change = json!({"enabled": false, "local_endpoint": {"netmask": "64"}});
    rig.patch(&full, change).await.is_error(400, "262197", Some("local_endpoint.netmask"));
    let change = json!({"local_endpoint": {"netmask": null}});
    rig.patch(&full, change).await.is_error(400, "66257125", Some("local_endpoint.netmask"));
    assert_eq!(rig.get(&full).await.body, before, "a refused change changes nothing");

    let pki = rig.make(with(psk("pki"), pki("c"))).await;
    rig.patch(&pki, json!({"certificate": null})).await.is_error(400, "66257134", Some("certificate.uuid"));
}

#[tokio::test]
async fn only_an_existing_policy_can_change() {
    let rig = Rig::start().await;
    rig.patch(&format!("{POLICIES}/{NOBODY}"), json!({"enabled": true})).await.is_error(404, "4", Some("uuid"));
    rig.patch(&format!("{POLICIES}/all"), json!({"enabled": true})).await.is_error(400, "2", Some("uuid"));
}

#[tokio::test]
async fn a_patch_of_one_policy_accepts_no_filter() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    let patch = async |query: &str| rig.patch(&format!("{path}?{query}"), json!({"enabled": false})).await;
    patch("name=p").await.is_error(400, "262179", Some("name"));
    patch(&format!("secret_key={KEY}")).await.is_error(400, "262202", Some("secret_key"));
    patch("fields=name").await.is_error(400, "262179", Some("fields"));
    assert_eq!(patch("return_timeout=30").await.status, 200);
}
