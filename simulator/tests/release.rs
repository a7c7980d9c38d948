//! Features that older releases lack.

use ontap_ipsec_simulator::{ClusterState, StartError, Svm};
use serde_json::json;

use crate::rig::{CERT, KEY, POLICIES, Rig, SVM1, psk, with};

async fn rig(release: &str) -> Rig {
    let svm = Svm::data("svm1").with_uuid(SVM1.parse().unwrap());
    let state = ClusterState::default().release(release.parse().unwrap()).svm(svm).name("old");
    Rig::with(|builder| builder.cluster(state)).await
}

#[tokio::test]
async fn certificates_and_methods_came_with_9_10() {
    for (release, known) in [("9.8", false), ("9.9.1", false), ("9.10.1", true), ("9.15.1", true)] {
        let rig = rig(release).await;
        let path = rig.make(psk("p")).await;
        for field in ["authentication_method", "certificate.name", "certificate.uuid"] {
            let (filter, fields) = (format!("{POLICIES}?{field}=null"), format!("{path}?fields={field}"));
            let order = format!("{POLICIES}?order_by={field}");
            if known {
                for path in [&filter, &fields, &order] {
                    assert_eq!(rig.get(path).await.status, 200, "{release} {path}");
                }
            } else {
                rig.get(&filter).await.is_error(400, "262179", Some(field));
                rig.get(&fields).await.is_error(400, "262197", Some("fields"));
                rig.get(&order).await.is_error(400, "262268", Some("order_by"));
            }
        }
        for (change, target) in [
            (json!({"authentication_method": "psk"}), "authentication_method"),
            (json!({"certificate": {"uuid": CERT}}), "certificate"),
            (json!({"certificate.name": "c"}), "certificate.name"),
        ] {
            let reply = rig.post(POLICIES, with(psk("q"), change)).await;
            match known {
                true => assert_ne!(reply.body["error"]["code"], "262179", "{release} {target}"),
                false => {
                    reply.is_error(400, "262179", None);
                    assert!(
                        reply.body["error"]["message"].as_str().unwrap().starts_with(&unknown(target)),
                        "{release}"
                    );
                }
            }
        }
        let policy = rig.get(&path).await.body;
        assert_eq!(policy.get("authentication_method").is_some(), known, "{release}");
    }
}

#[tokio::test]
async fn the_action_can_be_read_and_filtered_by_from_9_15() {
    for (release, known) in [("9.11.1", false), ("9.14.1", false), ("9.15.1", true)] {
        let rig = rig(release).await;
        rig.make(psk("p")).await;
        let reply = rig.get(&format!("{POLICIES}?action=esp_transport&fields=action&order_by=action")).await;
        match known {
            true => assert_eq!(reply.names(), ["p"]),
            false => reply.is_error(400, "262179", Some("action")),
        }
        let reply = rig.get(&format!("{POLICIES}?fields=action")).await;
        match known {
            true => assert_eq!(reply.body["records"][0]["action"], "esp_transport"),
            false => reply.is_error(400, "262197", Some("fields")),
        }
    }
}

#[tokio::test]
async fn post_quantum_keys_came_with_9_17_and_certificate_modify_keepsa_with_9_18() {
    for (release, has_ppk, has_flag) in
        [("9.16.1", false, false), ("9.17.1", true, false), ("9.18.1", true, true), ("9.19.1", true, true)]
    {
        let rig = rig(release).await;
        let path = rig.make(psk("p")).await;
        for (change, target, known) in [
            (json!({"ppk": {"identity": "site-a", "shared_key": KEY}}), "ppk", has_ppk),
            (json!({"certificate_modify_keepsa": true}), "certificate_modify_keepsa", has_flag),
        ] {
            let mut replies = vec![rig.post(POLICIES, with(psk(target), change.clone())).await];
            if target != "ppk" {
                replies.push(rig.patch(&path, change).await);
            }
            let read = rig.get(&format!("{path}?fields={target}")).await;
            for reply in replies {
                match known {
                    true => assert!(reply.status.is_success(), "{release} {}", reply.text),
                    false => {
                        reply.is_error(400, "262179", None);
                        assert!(
                            reply.body["error"]["message"].as_str().unwrap().starts_with(&unknown(target)),
                            "{release}"
                        );
                    }
                }
            }
            match known {
                true => assert_eq!(read.status, 200, "{release} {target}"),
                false => read.is_error(400, "262197", Some("fields")),
            }
        }
        let filter = rig.get(&format!("{POLICIES}?ppk.identity=site-a&order_by=ppk.identity")).await;
        match has_ppk {
            true => assert_eq!(filter.names(), ["ppk"]),
            false => filter.is_error(400, "262179", Some("ppk.identity")),
        }
        let names: &[&str] = if has_flag { &["p", "ppk", "certificate_modify_keepsa"] } else { &["p", "ppk"] };
        assert_eq!(rig.names("").await, if has_ppk { names } else { &["p"] });
    }
}

#[tokio::test]
async fn the_release_is_returned() {
    let rig = rig("9.11.1").await;
    let cluster = rig.get("/api/cluster").await.body;
    assert_eq!(cluster["name"], "old");
    assert_eq!(cluster["version"]["major"], 11);
    assert!(cluster["version"]["full"].as_str().unwrap().contains("9.11.1"));
}

#[tokio::test]
async fn unknown_releases_are_refused() {
    for release in ["9.7.0", "9.19.2", "9.20.1", "10.1.0"] {
        let state = ClusterState::default().release(release.parse().unwrap());
        let error = ontap_ipsec_simulator::Simulator::builder().cluster(state).start().await.unwrap_err();
        assert!(matches!(&error, StartError::Cluster(_)) && error.to_string().contains(release), "{error}");
    }
}

/// Returns the start of the message for an unknown field.
fn unknown(field: &str) -> String {
    format!("the field or parameter {field} ")
}
