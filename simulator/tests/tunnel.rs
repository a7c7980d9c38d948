//! Requests with a header that selects an SVM.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::rig::{NOBODY, POLICIES, Reply, Rig, SVM1, SVM2, psk, with};

const NAME: &str = "X-Dot-SVM-Name";
const UUID: &str = "X-Dot-SVM-UUID";

/// Returns a cluster with `policy-0001` to `policy-0004` in two SVMs in turn, and one policy of the cluster.
async fn rig() -> Rig {
    let rig = Rig::with(|builder| builder.policies(4)).await;
    rig.make(with(psk("of the cluster"), json!({"svm": null}))).await;
    rig
}

fn through(rig: &Rig, method: Method, path: &str) -> RequestBuilder {
    rig.request(method, path).header(NAME, "svm2")
}

async fn path_of(rig: &Rig, name: &str) -> String {
    let found = rig.get(&format!("{POLICIES}?name={name}")).await;
    format!("{POLICIES}/{}", found.body["records"][0]["uuid"].as_str().unwrap())
}

#[tokio::test]
async fn a_tunnel_shows_only_the_policies_of_the_svm() {
    let rig = rig().await;
    let get = async |query: &str| Reply::of(through(&rig, Method::GET, &format!("{POLICIES}{query}"))).await;
    assert_eq!(get("").await.names(), ["policy-0002", "policy-0004"]);
    assert_eq!(get("?name=policy-0001").await.names(), Vec::<String>::new());
    assert_eq!(get("?return_records=false").await.body, json!({"num_records": 2}));
    let page = get("?max_records=1&order_by=name").await;
    assert_eq!(page.names(), ["policy-0002"]);
    let next = page.body["_links"]["next"]["href"].as_str().unwrap();
    assert_eq!(Reply::of(through(&rig, Method::GET, next)).await.names(), ["policy-0004"]);

    let (here, there) = (path_of(&rig, "policy-0002").await, path_of(&rig, "policy-0001").await);
    assert_eq!(Reply::of(through(&rig, Method::GET, &here)).await.status, 200);
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        let mut request = through(&rig, method.clone(), &there);
        if method == Method::PATCH {
            request = request.json(&json!({"enabled": false}));
        }
        Reply::of(request).await.is_error(404, "4", Some("uuid"));
    }
    assert_eq!(Reply::of(through(&rig, Method::DELETE, &here)).await.status, 200);
    assert_eq!(rig.names("name=policy*").await, ["policy-0001", "policy-0003", "policy-0004"]);
}

#[tokio::test]
async fn a_policy_created_through_a_tunnel_belongs_to_the_svm() {
    let rig = rig().await;
    let post = async |policy: Value| Reply::of(through(&rig, Method::POST, POLICIES).json(&policy)).await;
    for (name, svm) in [("a", Value::Null), ("b", json!({"name": "svm2"})), ("c", json!({"uuid": SVM2}))] {
        let reply = post(with(psk(name), json!({"svm": svm}))).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        assert_eq!(rig.get(reply.header("location")).await.body["svm"], json!({"name": "svm2", "uuid": SVM2}));
    }
    for svm in [json!({"name": "svm1"}), json!({"uuid": SVM1})] {
        post(with(psk("d"), json!({"svm": svm}))).await.is_error(400, "2621706", Some("svm"));
    }
}

#[tokio::test]
async fn changes_through_a_tunnel_affect_only_its_svm() {
    let rig = rig().await;
    let change = through(&rig, Method::PATCH, &format!("{POLICIES}?name=*")).json(&json!({"enabled": false}));
    assert_eq!(Reply::of(change).await.body, json!({"num_records": 2}));
    assert_eq!(rig.names("enabled=false").await, ["policy-0002", "policy-0004"]);
    Reply::of(through(&rig, Method::DELETE, POLICIES)).await.is_error(400, "262212", None);

    let records = json!({"records": [with(psk("a"), json!({"svm": null}))]});
    assert_eq!(Reply::of(through(&rig, Method::POST, POLICIES).json(&records)).await.status, 202);
    assert_eq!(rig.names("svm.name=svm2&name=a").await, ["a"]);
    let there = path_of(&rig, "policy-0001").await;
    let uuid = there.rsplit('/').next().unwrap();
    let records = json!({"records": [{"uuid": uuid}]});
    assert_eq!(Reply::of(through(&rig, Method::DELETE, POLICIES).json(&records)).await.status, 202);
    assert_eq!(rig.names("name=policy-0001").await, ["policy-0001"]);
}

#[tokio::test]
async fn a_tunnel_needs_an_existing_svm() {
    let rig = rig().await;
    let get = async |headers: &[(&'static str, &'static str)]| {
        let request = rig.request(Method::GET, POLICIES);
        Reply::of(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    };
    get(&[(NAME, "nobody")]).await.is_error(400, "2621462", Some("x-dot-svm-name"));
    get(&[(UUID, NOBODY)]).await.is_error(400, "2621462", Some("x-dot-svm-uuid"));
    get(&[(UUID, "svm1")]).await.is_error(400, "2621462", Some("x-dot-svm-uuid"));
    get(&[(NAME, "svm1"), (UUID, SVM2)]).await.is_error(400, "2621706", Some("svm"));
    assert_eq!(get(&[(NAME, "svm1"), (UUID, SVM1)]).await.names(), ["policy-0001", "policy-0003"]);
}
