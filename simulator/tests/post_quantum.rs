//! Post-quantum pre-shared keys, which came with 9.17.

use ontap_ipsec_simulator::{Certificate, ClusterState, Release, Svm};
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{CERT, POLICIES, Reply, Rig, SVM1, psk, with};

const PPK: &str = "another-secret-of-enough-characters";

async fn rig() -> Rig {
    let state = ClusterState::default()
        .release(Release::LATEST)
        .svm(Svm::data("svm1").with_uuid(SVM1.parse().unwrap()))
        .certificate(Certificate::new("cert").with_uuid(CERT.parse().unwrap()));
    Rig::with(|builder| builder.cluster(state)).await
}

/// Returns a policy with a post-quantum key of this identity.
fn policy(name: &str, identity: &str) -> Value {
    with(psk(name), json!({"ppk": {"identity": identity, "shared_key": PPK}}))
}

#[tokio::test]
async fn the_identity_can_be_read_and_the_key_cannot() {
    let rig = rig().await;
    let made = rig.post(&format!("{POLICIES}?return_records=true"), policy("p", "site-a")).await;
    assert_eq!(made.body["records"][0]["ppk"], json!({"identity": "site-a"}), "{}", made.text);
    let path = made.header("location").to_owned();
    for query in [&path, &format!("{path}?fields=ppk"), &format!("{path}?fields=ppk.identity")] {
        assert_eq!(rig.get(query).await.body["ppk"], json!({"identity": "site-a"}), "{query}");
    }
    let list = rig.get(&format!("{POLICIES}?fields=*")).await;
    assert_eq!(list.body["records"][0]["ppk"], json!({"identity": "site-a"}));
    assert_eq!(rig.simulator.policy("p").unwrap()["ppk"], json!({"identity": "site-a"}));
    for text in [&made.text, &list.text, &format!("{:?}", rig.simulator)] {
        assert!(!text.contains(PPK) && !text.contains("shared_key"), "{text}");
    }
    let key = "ppk.shared_key";
    rig.get(&format!("{POLICIES}?fields={key}")).await.is_error(400, "262249", Some(key));
    rig.get(&format!("{POLICIES}?{key}={PPK}")).await.is_error(400, "262250", Some(key));
    rig.get(&format!("{POLICIES}?order_by={key}")).await.is_error(400, "262268", Some("order_by"));
    rig.delete(&format!("{path}?{key}={PPK}")).await.is_error(400, "262202", Some(key));
    let without = rig.make_and_read(psk("q")).await;
    assert!(without.get("ppk").is_none());
}

#[tokio::test]
async fn policies_are_filtered_and_sorted_by_the_identity() {
    let rig = rig().await;
    for (name, identity) in [("a", "site-b"), ("b", "site-c"), ("c", "site-a")] {
        rig.make(policy(name, identity)).await;
    }
    rig.make(psk("d")).await;
    assert_eq!(rig.names("ppk.identity=site-a|site-b").await, ["a", "c"]);
    assert_eq!(rig.names("ppk.identity=*c").await, ["b"]);
    assert_eq!(rig.names("ppk.identity=x").await, [""; 0], "a filter can be shorter than any value");
    assert_eq!(rig.names("ppk.identity=null").await, ["d"]);
    assert_eq!(rig.names("ppk.identity=!null&order_by=ppk.identity").await, ["c", "a", "b"]);
    assert_eq!(rig.names("order_by=ppk.identity%20desc").await, ["b", "a", "c", "d"]);
}

#[tokio::test]
async fn an_identity_has_6_to_64_characters() {
    let rig = rig().await;
    for (length, is_accepted) in [(0, false), (5, false), (6, true), (64, true), (65, false)] {
        let identity = "é".repeat(length);
        let name = length.to_string();
        let made = rig.post(POLICIES, policy(&name, &identity)).await;
        let path = rig.make(policy(&format!("patch {name}"), "site-a")).await;
        let changed = rig.patch(&path, json!({"ppk": {"identity": identity}})).await;
        if is_accepted {
            assert_eq!((made.status.as_u16(), changed.status.as_u16()), (201, 200), "{length}");
            assert_eq!(rig.get(&path).await.body["ppk"]["identity"], identity);
        } else {
            made.is_error(400, "262197", Some("ppk.identity"));
            changed.is_error(400, "262197", Some("ppk.identity"));
        }
    }
}

#[tokio::test]
async fn a_key_follows_the_rules_of_secret_key() {
    let rig = rig().await;
    let post = async |key: &str| {
        let body = with(psk(key), json!({"name": "p", "ppk": {"identity": "site-a", "shared_key": key}}));
        let request = rig.request(Method::POST, POLICIES).header("x-dot-error-arguments", "true");
        let reply = Reply::of(request.json(&body)).await;
        assert!(key.is_empty() || !reply.text.contains(key), "{}", reply.text);
        reply
    };
    for (key, code) in [
        (String::new(), "66257200"),
        ("k".repeat(17), "66257200"),
        ("k".repeat(129), "66257200"),
        ("é".repeat(20), "66257200"),
        (format!("0x{}", "fg".repeat(20)), "66257107"),
        (format!("0s{}", "abc*".repeat(20)), "66257109"),
    ] {
        let reply = post(&key).await;
        assert_eq!(reply.status, 400, "{}", reply.text);
        let error = &reply.body["error"];
        assert_eq!((&error["code"], &error["target"]), (&json!(code), &json!("ppk.shared_key")), "{key}");
    }
    for (number, key) in ["k".repeat(18), "k".repeat(128), format!("0x{}", "fa".repeat(20))].iter().enumerate() {
        let body = with(psk(&number.to_string()), json!({"ppk": {"identity": "site-a", "shared_key": key}}));
        rig.make(body).await;
    }
    for (key, code) in [(json!(7), "262197"), (json!([PPK]), "262255"), (json!({"a": PPK}), "262197")] {
        let reply = rig.post(POLICIES, with(psk("p"), json!({"ppk.identity": "site-a", "ppk.shared_key": key}))).await;
        reply.is_error(400, code, Some("ppk.shared_key"));
        assert!(!reply.text.contains(PPK));
    }
}

#[tokio::test]
async fn identity_and_key_are_required_together() {
    let rig = rig().await;
    let lone = |ppk: Value| with(psk("p"), json!({"ppk": ppk}));
    for (ppk, code, target) in [
        (json!({"identity": "site-a"}), "66257153", "ppk.shared_key"),
        (json!({"identity": "site-a", "shared_key": null}), "66257153", "ppk.shared_key"),
        (json!({"shared_key": PPK}), "66257154", "ppk.identity"),
        (json!({"identity": null, "shared_key": PPK}), "66257154", "ppk.identity"),
    ] {
        let reply = rig.post(POLICIES, lone(ppk)).await;
        reply.is_error(400, code, Some(target));
        assert!(!reply.text.contains(PPK));
    }
    for (name, ppk) in [("a", json!({})), ("b", Value::Null), ("c", json!({"identity": null, "shared_key": null}))] {
        let mut policy = psk(name);
        policy["ppk"] = ppk;
        assert!(rig.make_and_read(policy).await.get("ppk").is_none());
    }
    let twice = format!("{{\"ppk\": {{\"shared_key\": \"{PPK}\"}}, \"ppk.shared_key\": \"{PPK}\", \"name\": \"p\"}}");
    let reply = Reply::of(rig.request(Method::POST, POLICIES).body(twice)).await;
    reply.is_error(400, "262282", Some("ppk.shared_key"));
}

#[tokio::test]
async fn a_patch_of_the_identity_needs_an_existing_key() {
    let rig = rig().await;
    let (path, without) = (rig.make(policy("p", "site-a")).await, rig.make(psk("q")).await);
    assert_eq!(rig.patch(&path, json!({"ppk": {"identity": "site-b"}})).await.status, 200);
    assert_eq!(rig.patch(&path, json!({"enabled": false})).await.status, 200);
    let before = rig.get(&path).await.body;
    assert_eq!(before["ppk"], json!({"identity": "site-b"}));
    let identity = json!({"ppk": {"identity": "site-a"}});
    rig.patch(&without, identity).await.is_error(400, "66257153", Some("ppk.shared_key"));
    assert_eq!(rig.patch(&without, json!({"ppk": {"identity": null}})).await.status, 200, "there is none to take away");
}

#[tokio::test]
async fn a_patch_cannot_remove_identity_or_key() {
    let rig = rig().await;
    let path = rig.make(policy("p", "site-a")).await;
    rig.patch(&path, json!({"ppk": {"identity": null}})).await.is_error(400, "66257154", Some("ppk.identity"));
    for change in [json!({"ppk": null}), json!({"ppk.shared_key": PPK}), json!({"ppk": {"shared_key": null}})] {
        let reply = rig.patch(&path, change).await;
        reply.is_error(400, "262196", Some("ppk.shared_key"));
        assert!(!reply.text.contains(PPK));
    }
    assert_eq!(rig.get(&path).await.body["ppk"], json!({"identity": "site-a"}));
}

#[tokio::test]
async fn pki_accepts_a_post_quantum_key_and_bypass_ignores_it() {
    let rig = rig().await;
    let pki = json!({"secret_key": null, "certificate": {"name": "cert"}, "remote_identity": "CN=peer"});
    let certified = rig.make_and_read(with(policy("pki", "site-a"), pki)).await;
    assert_eq!(certified["ppk"], json!({"identity": "site-a"}));
    for action in ["bypass", "discard"] {
        for ppk in [json!({"identity": "site-a"}), json!({"shared_key": "short"})] {
            let body = json!({"name": action, "svm": {"name": "svm1"}, "action": action, "ppk": ppk});
            let path = rig.make(body).await;
            assert!(rig.get(&path).await.body.get("ppk").is_none());
            assert_eq!(rig.patch(&path, json!({"ppk": {"identity": "site-a"}})).await.status, 200);
            assert!(rig.get(&path).await.body.get("ppk").is_none());
            rig.delete(&path).await;
        }
    }
}

#[tokio::test]
async fn the_key_stays_out_of_recordings_and_of_the_page() {
    let rig = rig().await;
    rig.make(policy("p", "site-a")).await;
    rig.post(POLICIES, json!({"name": "q", "ppk.shared_key": PPK})).await;
    // A client can confuse the object with the key.
    let reply = rig.post(POLICIES, with(psk("r"), json!({"ppk": PPK}))).await;
    reply.is_error(400, "262197", Some("ppk"));
    assert!(!reply.text.contains(PPK), "{}", reply.text);
    rig.get(&format!("{POLICIES}?ppk.shared_key={PPK}")).await;
    rig.get(&format!("{POLICIES}?ppk={PPK}")).await;
    rig.get(&format!("{POLICIES}?ppk.identity=site-a")).await;
    let requests = rig.simulator.requests();
    let ppk = requests[0].json().unwrap()["ppk"].clone();
    assert_eq!(ppk, json!({"identity": "site-a", "shared_key": "(not shown)"}));
    assert_eq!(requests[2].json().unwrap()["ppk"], "(not shown)");
    assert!(requests[5].path_and_query.ends_with("ppk.identity=site-a"));
    for request in &requests {
        let text = format!("{request:?} {}", String::from_utf8_lossy(&request.body));
        assert!(!text.contains(PPK), "{text}");
    }
    let page = rig.request(Method::GET, "/").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("site-a") && !page.contains(PPK), "{page}");
}
