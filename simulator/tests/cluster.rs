//! GET of the cluster.

use reqwest::Method;
use serde_json::json;

use crate::rig::{Reply, Rig};

#[tokio::test]
async fn the_cluster_returns_its_release() {
    let rig = Rig::start().await;
    let reply = rig.get("/api/cluster?fields=version").await;
    assert_eq!(reply.status, 200);
    let version = &reply.body["version"];
    assert_eq!((&version["generation"], &version["major"], &version["minor"]), (&json!(9), &json!(15), &json!(1)));
    assert!(version["full"].as_str().unwrap().starts_with("NetApp Release 9.15.1"));
    assert_eq!(reply.body["name"], "simulator");
    assert_eq!(reply.body["uuid"].as_str().unwrap().len(), 36);
    assert!(reply.body.get("_links").is_none());
}

#[tokio::test]
async fn the_fields_of_the_configuration_can_be_selected() {
    let rig = Rig::start().await;
    let reply = rig.get("/api/cluster?fields=version.major").await;
    assert_eq!(reply.body["version"], json!({"major": 15}));
    rig.get("/api/cluster?fields=no_such_field").await.is_error(400, "262197", Some("fields"));
    assert_eq!(rig.get_hal("/api/cluster").await.body["_links"]["self"]["href"], "/api/cluster");
}

#[tokio::test]
async fn the_cluster_is_read_only() {
    let rig = Rig::start().await;
    let reply = Reply::of(rig.request(Method::DELETE, "/api/cluster")).await;
    reply.is_error(405, "3", None);
    assert_eq!(reply.header("allow"), "GET, HEAD, OPTIONS");
    let reply = Reply::of(rig.request(Method::OPTIONS, "/api/cluster")).await;
    assert_eq!((reply.status.as_u16(), reply.header("allow")), (200, "GET, HEAD, OPTIONS"));
}
