//! DELETE of policies.

use reqwest::Method;
use serde_json::json;

use crate::rig::{NOBODY, POLICIES, Reply, Rig, psk};

#[tokio::test]
async fn a_deleted_policy_is_gone() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    let reply = rig.delete(&path).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (200, &json!({})));
    rig.get(&path).await.is_error(404, "4", Some("uuid"));
    rig.delete(&path).await.is_error(404, "4", Some("uuid"));
    assert_eq!(rig.get(POLICIES).await.body, json!({"num_records": 0, "records": []}));
}

#[tokio::test]
async fn the_name_of_a_deleted_policy_is_free() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    rig.delete(&path).await;
    assert_ne!(rig.make(psk("p")).await, path);
}

#[tokio::test]
async fn a_delete_needs_the_uuid_of_an_existing_policy() {
    let rig = Rig::start().await;
    rig.delete(&format!("{POLICIES}/{NOBODY}")).await.is_error(404, "4", Some("uuid"));
    rig.delete(&format!("{POLICIES}/everything")).await.is_error(400, "2", Some("uuid"));
}

#[tokio::test]
async fn an_empty_object_is_no_body() {
    let rig = Rig::start().await;
    for body in ["{}", " { } ", "\n"] {
        let path = rig.make(psk("p")).await;
        let reply = Reply::of(rig.request(Method::DELETE, &path).body(body)).await;
        assert_eq!(reply.status, 200, "{body:?}");
    }
    let path = rig.make(psk("p")).await;
    for body in ["{\"name\":\"p\"}", "[]", "x"] {
        Reply::of(rig.request(Method::DELETE, &path).body(body)).await.is_error(400, "262198", None);
    }
    assert_eq!(rig.get(&path).await.status, 200);
}

#[tokio::test]
async fn parameters_of_lists_are_refused() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    rig.delete(&format!("{path}?name=p")).await.is_error(400, "262179", Some("name"));
    rig.delete(&format!("{path}?secret_key=x")).await.is_error(400, "262202", Some("secret_key"));
    rig.delete(&format!("{path}?return_timeout=121")).await.is_error(400, "262197", Some("return_timeout"));
    assert_eq!(rig.delete(&format!("{path}?return_timeout=30")).await.status, 200);
}
