//! Creation of policies.

use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{CERT, KEY, POLICIES, Reply, Rig, SVM1, SVM2, psk, with};

const DEFAULT_IPSPACE: &str = "3f8a1d04-86d1-11e0-ae1c-123478563412";

#[tokio::test]
async fn a_new_policy_can_be_read_at_its_location() {
    let rig = Rig::start().await;
    let reply = rig.post(POLICIES, psk("p")).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.body, json!({}));
    let location = reply.header("location");
    let uuid = location.strip_prefix("/api/security/ipsec/policies/").unwrap();

    let read = rig.get(location).await;
    assert_eq!(read.status, 200);
    assert_eq!(
        read.body,
        json!({
            "action": "esp_transport",
            "authentication_method": "psk",
            "enabled": true,
            "ipspace": {"name": "Default", "uuid": DEFAULT_IPSPACE},
            "local_endpoint": {"port": "0-0"},
            "name": "p",
            "protocol": "any",
            "remote_endpoint": {"port": "0-0"},
            "scope": "svm",
            "svm": {"name": "svm1", "uuid": SVM1},
            "uuid": uuid,
        })
    );
}

#[tokio::test]
async fn values_are_returned_in_normal_form() {
    let rig = Rig::start().await;
    let policy = rig
        .make_and_read(json!({
            "name": "full",
            "svm": {"uuid": SVM2},
            "ipspace": {"name": "Default"},
            "action": "esp_transport",
            "authentication_method": "pki",
            "certificate": {"name": "cert", "uuid": CERT},
            "enabled": false,
            "protocol": "6",
            "local_identity": "CN=storage",
            "remote_identity": "CN=host",
            "local_endpoint": {"address": "10.1.2.3", "netmask": "255.255.0.0", "port": "201"},
            "remote_endpoint": {"address": "2001:DB8:0:0:0:0:0:1", "port": "10-10"},
        }))
        .await;
    assert_eq!(
        with(policy, json!({"uuid": null})),
        json!({
            "action": "esp_transport",
            "authentication_method": "pki",
            "certificate": {"name": "cert", "uuid": CERT},
            "enabled": false,
            "ipspace": {"name": "Default", "uuid": DEFAULT_IPSPACE},
            // The host bits of the address stay.
            "local_endpoint": {"address": "10.1.2.3", "family": "ipv4", "netmask": "16", "port": "201-201"},
            "local_identity": "CN=storage",
            "name": "full",
            "protocol": "tcp",
            "remote_endpoint": {"address": "2001:db8::1", "family": "ipv6", "netmask": "64", "port": "10-10"},
            "remote_identity": "CN=host",
            "scope": "svm",
            "svm": {"name": "svm2", "uuid": SVM2},
        })
    );
}

#[tokio::test]
async fn known_protocols_are_returned_as_words() {
    let rig = Rig::start().await;
    for (index, (given, returned)) in
        [("0", "any"), ("6", "tcp"), ("17", "udp"), ("tcp", "tcp"), ("any", "any"), ("1", "1"), ("255", "255")]
            .into_iter()
            .enumerate()
    {
        let policy = rig.make_and_read(with(psk(&format!("p{index}")), json!({"protocol": given}))).await;
        assert_eq!(policy["protocol"], returned, "{given}");
    }
}

#[tokio::test]
async fn dotted_names_mean_the_same_as_objects() {
    let rig = Rig::start().await;
    let policy = rig
        .make_and_read(json!({
            "name": "dotted",
            "svm.name": "svm1",
            "secret_key": KEY,
            "local_endpoint.address": "192.0.2.1",
            "local_endpoint": {"netmask": "24"},
        }))
        .await;
    assert_eq!(policy["svm"]["uuid"], SVM1);
    assert_eq!(policy["local_endpoint"]["netmask"], "24");
}

#[tokio::test]
async fn return_records_returns_the_policy() {
    let rig = Rig::start().await;
    let reply = rig.post(&format!("{POLICIES}?return_records=true"), psk("p")).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.body["num_records"], 1);
    let record = &reply.body["records"][0];
    assert_eq!(*record, rig.get(reply.header("location")).await.body);
    assert!(record.get("secret_key").is_none());

    let reply = rig.post(&format!("{POLICIES}?return_records=False&return_timeout=0"), psk("q")).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (201, &json!({})));
}

#[tokio::test]
async fn responses_do_not_have_the_key() {
    let rig = Rig::start().await;
    let reply = rig.post(&format!("{POLICIES}?return_records=true"), psk("p")).await;
    let path = reply.header("location");
    let read = rig.get(&format!("{path}?fields=**")).await;
    let listed = rig.get_hal(&format!("{POLICIES}?fields=*")).await;
    let refused = rig.post(POLICIES, psk("p")).await;
    for reply in [&reply, &read, &listed, &refused] {
        assert!(!reply.text.contains(KEY) && !reply.text.contains("\"secret_key\""), "{}", reply.text);
    }
}

#[tokio::test]
async fn errors_do_not_have_the_key() {
    let rig = Rig::start().await;
    for key in [json!("too-short-a-key"), json!([KEY]), json!({"key": KEY}), json!(424_242_424)] {
        let request = rig.request(Method::POST, POLICIES).header("x-dot-error-arguments", "true");
        let reply = Reply::of(request.json(&with(psk("p"), json!({"secret_key": key})))).await;
        assert_eq!(reply.status, 400);
        assert!(
            !reply.text.contains("too-short") && !reply.text.contains(KEY) && !reply.text.contains("4242"),
            "{}",
            reply.text
        );
    }
}

#[tokio::test]
async fn a_policy_without_an_svm_belongs_to_the_cluster() {
    let rig = Rig::start().await;
    let policy = rig.make_and_read(json!({"name": "p", "secret_key": KEY})).await;
    assert_eq!(policy["scope"], "cluster");
    assert!(policy.get("svm").is_none());
    let null = json!({"name": "q", "secret_key": KEY, "svm": null});
    rig.post(POLICIES, null).await.is_error(400, "262197", Some("svm"));
}

#[tokio::test]
async fn names_are_unique_in_their_svm() {
    let rig = Rig::start().await;
    let elsewhere = with(psk("p"), json!({"svm": {"name": "svm2"}}));
    let nowhere = json!({"name": "p", "secret_key": KEY});
    for policy in [psk("p"), elsewhere, nowhere] {
        rig.make(policy.clone()).await;
        rig.post(POLICIES, policy).await.is_error(409, "66257104", Some("name"));
    }
    assert_eq!(rig.names("").await, ["p", "p", "p"]);
}

#[tokio::test]
async fn concurrent_posts_of_one_name_create_one_policy() {
    let rig = std::sync::Arc::new(Rig::start().await);
    let mut attempts = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let rig = std::sync::Arc::clone(&rig);
        attempts.spawn(async move { rig.post(POLICIES, psk("p")).await.status.as_u16() });
    }
    let mut statuses = attempts.join_all().await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (201, &[409; 19][..]));
}

#[tokio::test]
async fn every_example_of_a_name_can_be_found_when_quoted() {
    let rig = Rig::start().await;
    for name in ["*", "a|b", "!a", "a,b", "1..5", "null", "x > y & z = 1", "a%2Cb", "+"] {
        rig.make(psk(name)).await;
        let quoted: String = form_urlencoded::byte_serialize(format!("\"{name}\"").as_bytes()).collect();
        assert_eq!(rig.names(&format!("name={quoted}")).await, [name]);
    }
}

#[tokio::test]
async fn a_name_has_1_to_64_characters() {
    let rig = Rig::start().await;
    for name in [String::new(), "n".repeat(65), "é".to_owned(), "a\nb".to_owned()] {
        rig.post(POLICIES, psk(&name)).await.is_error(400, "66257148", Some("name"));
    }
    rig.make(psk("n")).await;
    rig.make(psk(&"n".repeat(64))).await;
    rig.post(POLICIES, with(psk(""), json!({"name": null}))).await.is_error(400, "2", Some("name"));
    let mut null = psk("");
    null["name"] = Value::Null;
    rig.post(POLICIES, null).await.is_error(400, "2", Some("name"));
}

#[tokio::test]
async fn a_key_has_18_to_128_characters() {
    let rig = Rig::start().await;
    for key in [String::new(), "k".repeat(17), "k".repeat(129), "é".repeat(20)] {
        let policy = with(psk("p"), json!({"secret_key": key}));
        rig.post(POLICIES, policy).await.is_error(400, "66257200", Some("secret_key"));
    }
    rig.make(with(psk("short"), json!({"secret_key": "k".repeat(18)}))).await;
    rig.make(with(psk("long"), json!({"secret_key": "k".repeat(128)}))).await;
}

#[tokio::test]
async fn the_default_method_depends_on_key_and_certificate() {
    let rig = Rig::start().await;
    let method = async |policy: Value| rig.make_and_read(policy).await["authentication_method"].clone();
    let keyless = json!({"secret_key": null, "certificate": {"name": "cert"}, "remote_identity": "CN=host"});
    assert_eq!(method(psk("a")).await, "psk");
    assert_eq!(method(with(psk("b"), keyless.clone())).await, "pki");
    assert_eq!(method(with(psk("c"), json!({"action": "esp_udp"}))).await, "psk");
    assert_eq!(method(with(with(psk("d"), keyless), json!({"authentication_method": "pki"}))).await, "pki");
}

#[tokio::test]
async fn psk_needs_a_key_and_pki_a_certificate() {
    let rig = Rig::start().await;
    let keyless = with(psk("p"), json!({"secret_key": null}));
    for (method, code, target) in [
        (json!({"authentication_method": "psk"}), "66257133", "secret_key"),
        (json!({"authentication_method": "pki"}), "66257134", "certificate.uuid"),
        (json!({"authentication_method": "none"}), "66257144", "authentication_method"),
        (json!({}), "66257144", "authentication_method"),
        (json!({"action": "esp_udp"}), "66257144", "authentication_method"),
    ] {
        rig.post(POLICIES, with(keyless.clone(), method)).await.is_error(400, code, Some(target));
    }
    assert_eq!(rig.names("").await, Vec::<String>::new());
}

#[tokio::test]
async fn bypass_and_discard_have_no_authentication_method() {
    let rig = Rig::start().await;
    for action in ["bypass", "discard"] {
        let policy = with(
            psk(action),
            json!({
                "action": action, "authentication_method": "psk", "secret_key": "short", "certificate": {"name": "c"},
            }),
        );
        let policy = rig.make_and_read(policy).await;
        assert_eq!(policy["action"], action);
        assert_eq!(policy["authentication_method"], "none");
        assert!(policy.get("certificate").is_none());
    }
}

#[tokio::test]
async fn a_certificate_is_returned_with_name_and_uuid() {
    let rig = Rig::start().await;
    let keyless = |name: &str, certificate| {
        let pki = json!({"secret_key": null, "certificate": certificate, "remote_identity": "CN=host"});
        with(psk(name), pki)
    };
    let one = rig.make_and_read(keyless("a", json!({"name": "cert"}))).await;
    let two = rig.make_and_read(keyless("b", json!({"name": "cert"}))).await;
    assert_eq!(one["certificate"]["uuid"], CERT);
    assert_eq!(one["certificate"], two["certificate"]);
    let by_uuid = rig.make_and_read(keyless("c", json!({"uuid": CERT}))).await;
    assert_eq!(by_uuid["certificate"], one["certificate"]);
}

#[tokio::test]
async fn address_and_netmask_go_together() {
    let rig = Rig::start().await;
    for (endpoint, code) in [("local_endpoint", "66257125"), ("remote_endpoint", "66257126")] {
        for (half, missing) in [(json!({"address": "10.0.0.1"}), "netmask"), (json!({"netmask": "24"}), "address")] {
            let target = format!("{endpoint}.{missing}");
            let mut policy = psk("p");
            policy[endpoint] = half;
            rig.post(POLICIES, policy).await.is_error(400, code, Some(&target));
        }
    }
}

#[tokio::test]
async fn ports_go_from_0_to_65535() {
    let rig = Rig::start().await;
    for endpoint in ["local_endpoint", "remote_endpoint"] {
        for port in ["65536", "-1", "20-10", "1-2-3", "http", "", "1-", "-", "1-65536", " 1", "+1"] {
            let mut policy = psk("p");
            policy[endpoint] = json!({"port": port});
            let target = format!("{endpoint}.port");
            rig.post(POLICIES, policy).await.is_error(400, "66257132", Some(&target));
        }
    }
    for (index, (given, returned)) in
        [("0", "0-0"), ("65535", "65535-65535"), ("23-23", "23-23")].into_iter().enumerate()
    {
        let policy = with(psk(&format!("p{index}")), json!({"local_endpoint": {"port": given}}));
        assert_eq!(rig.make_and_read(policy).await["local_endpoint"]["port"], returned);
    }
}

#[tokio::test]
async fn netmasks_fit_their_addresses() {
    let rig = Rig::start().await;
    for (index, (address, netmask, returned)) in [
        ("10.0.0.1", "255.255.255.255", Some("32")),
        ("0.0.0.0", "0.0.0.0", Some("0")),
        ("0.0.0.0", "0", Some("0")),
        ("10.0.0.1", "24", Some("24")),
        ("10.0.0.1", "33", None),
        ("10.0.0.1", "255.0.255.0", None),
        ("10.0.0.1", "twenty", None),
        ("2001:db8::1", "128", Some("128")),
        ("2001:db8::1", "1", Some("1")),
        ("2001:db8::1", "0", None),
        ("::", "0", Some("0")),
        ("2001:db8::1", "129", None),
        ("2001:db8::1", "255.255.0.0", None),
    ]
    .into_iter()
    .enumerate()
    {
        let endpoint = json!({"remote_endpoint": {"address": address, "netmask": netmask, "port": "9"}});
        let reply =
            rig.post(&format!("{POLICIES}?return_records=true"), with(psk(&format!("p{index}")), endpoint)).await;
        match returned {
            Some(length) => assert_eq!(reply.body["records"][0]["remote_endpoint"]["netmask"], length),
            None => reply.is_error(400, "262197", Some("remote_endpoint.netmask")),
        }
    }
}

#[tokio::test]
async fn the_svm_must_exist() {
    let rig = Rig::start().await;
    let post = async |svm: Value| rig.post(POLICIES, with(psk("p"), json!({"svm": svm}))).await;
    post(json!({"name": "nobody"})).await.is_error(400, "66257202", Some("svm.name"));
    post(json!({"uuid": crate::rig::NOBODY})).await.is_error(400, "66257203", Some("svm.uuid"));
    post(json!({"uuid": "none"})).await.is_error(400, "66257203", Some("svm.uuid"));
    post(json!({"name": "svm1", "uuid": SVM2})).await.is_error(400, "2621706", Some("svm"));
    assert_eq!(post(json!({"name": "svm1", "uuid": SVM1.to_uppercase()})).await.status, 201);
}

#[tokio::test]
async fn the_only_ipspace_is_the_default_one() {
    let rig = Rig::start().await;
    let post = async |ipspace: Value| rig.post(POLICIES, with(psk("p"), json!({"ipspace": ipspace}))).await;
    let of_the_cluster =
        async |ipspace: Value| rig.post(POLICIES, with(psk("p"), json!({"svm": null, "ipspace": ipspace}))).await;
    post(json!({"name": "other"})).await.is_error(400, "66257205", Some("ipspace"));
    post(json!({"uuid": SVM1})).await.is_error(400, "66257205", Some("ipspace"));
    of_the_cluster(json!({"name": "other"})).await.is_error(400, "262197", Some("ipspace.name"));
    of_the_cluster(json!({"uuid": SVM1})).await.is_error(400, "262197", Some("ipspace.uuid"));
    assert_eq!(post(json!({"uuid": DEFAULT_IPSPACE})).await.status, 201);
}

#[tokio::test]
async fn a_post_ignores_null() {
    let rig = Rig::start().await;
    let mut policy = psk("p");
    for name in ["enabled", "local_endpoint", "certificate", "authentication_method", "local_identity"] {
        policy[name] = Value::Null;
    }
    let policy = rig.make_and_read(policy).await;
    assert_eq!(policy["enabled"], true);
    assert_eq!(policy["local_endpoint"], json!({"port": "0-0"}));
    assert_eq!(policy["authentication_method"], "psk");
}

#[tokio::test]
async fn a_hyphen_alone_makes_no_range() {
    let rig = Rig::start().await;
    for (change, target) in [
        (json!({"protocol": "-1"}), "protocol"),
        (json!({"protocol": "ipv6-icmp"}), "protocol"),
        (json!({"remote_endpoint": {"address": "host-1"}}), "remote_endpoint.address"),
        (json!({"remote_endpoint": {"address": "10.0.0.1", "netmask": "-24"}}), "remote_endpoint.netmask"),
    ] {
        rig.post(POLICIES, with(psk("p"), change)).await.is_error(400, "262197", Some(target));
    }
}
