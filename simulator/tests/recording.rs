//! What the simulator keeps of the requests, for tests.

use reqwest::Method;
use serde_json::json;

use crate::rig::{KEY, POLICIES, Reply, Rig, psk};

#[tokio::test]
async fn requests_are_kept_in_order_refused_ones_too() {
    let rig = Rig::start().await;
    assert!(rig.simulator.requests().is_empty());
    rig.get(&format!("{POLICIES}?fields=%2A")).await;
    rig.post(POLICIES, psk("p")).await;
    Reply::of(rig.bare(Method::PATCH, "/nowhere").body("x")).await;

    let requests = rig.simulator.requests();
    let summary: Vec<_> =
        requests.iter().map(|request| (request.method.as_str(), request.path_and_query.as_str())).collect();
    assert_eq!(
        summary,
        [
            ("GET", "/api/security/ipsec/policies?fields=%2A"),
            ("POST", "/api/security/ipsec/policies"),
            ("PATCH", "/nowhere"),
        ]
    );
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&requests[1].body).unwrap(), psk("p"));
    assert_eq!(requests[2].body, b"x");
    let header =
        |name: &str| requests[0].headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    assert_eq!(header("accept"), Some("application/json"));
    assert_eq!(header("authorization"), Some("Basic YWRtaW46bmV0YXBwMSE="));
}

#[tokio::test]
async fn debug_hides_credentials_and_bodies() {
    let rig = Rig::start().await;
    rig.post(POLICIES, psk("p")).await;
    rig.get(&format!("{POLICIES}?secret_key={KEY}")).await;
    rig.get(&format!("{POLICIES}?secret%5Fkey={KEY}")).await;
    let shown = format!("{:?} {:?}", rig.simulator.requests(), rig.simulator);
    assert!(shown.contains("POST") && shown.contains("(not shown)") && shown.contains("bytes)"), "{shown}");
    assert!(!shown.contains("YWRtaW4") && !shown.contains(KEY) && !shown.contains("netapp1!"), "{shown}");
}

#[tokio::test]
async fn recording_can_be_turned_off() {
    let rig = Rig::with(|builder| builder.recording(false)).await;
    assert_eq!(rig.post(POLICIES, json!({})).await.status, 400);
    assert!(rig.simulator.requests().is_empty());
}
