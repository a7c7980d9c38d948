//! The simulator's responses fit the spec.

use crate::schema::{Schemas, resolve, spec};
use ontap_ipsec_simulator::{ClusterState, Release, Simulator};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// Sends the request and checks the response against the operation's response of that status, or its `default`.
async fn check(spec: &Value, operation: &Value, request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    let headers = response.headers().clone();
    let body: Value = response.json().await.unwrap();
    let responses = &operation["responses"];
    let documented = responses.get(status.to_string()).unwrap_or(&responses["default"]);
    let documented = resolve(spec, documented);
    for header in documented["headers"].as_object().into_iter().flatten() {
        assert!(headers.contains_key(header.0.as_str()), "{status} without {}", header.0);
    }
    match documented.get("content") {
        Some(content) => {
            let content = content.get(&media_type).unwrap_or_else(|| panic!("{status} is {media_type}"));
            assert_eq!(
                Schemas::strict(spec).faults(&content["schema"], &body),
                Vec::<String>::new(),
                "{status} {body}"
            );
        }
        None => assert_eq!(body, json!({}), "{status}"),
    }
    (status, body)
}

#[tokio::test]
async fn every_operation_answers_as_the_spec_says() {
    let simulator = Simulator::builder().user("admin", "word").policies(3).plain_http().start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let spec = spec();
    let policies = "/security/ipsec/policies";
    let request = |method: Method, path: &str, accept: &str| {
        http.request(method, format!("{}/api{path}", simulator.url()))
            .basic_auth("admin", Some("word"))
            .header("accept", accept)
    };
    let operation = |path: &str, method: &str| spec["paths"][path][method].clone();
    let (collection, instance) = (policies, "/security/ipsec/policies/{uuid}");

    for accept in ["application/json", "application/hal+json", "*/*"] {
        for query in ["", "?fields=*", "?fields=**&max_records=1", "?return_records=false", "?name=nobody"] {
            let request = request(Method::GET, &format!("{policies}{query}"), accept);
            assert_eq!(check(&spec, &operation(collection, "get"), request).await.0, 200);
        }
        for query in ["?fields=nonsense", "?max_records=many", "?order_by=nonsense", "?nonsense=1"] {
            let request = request(Method::GET, &format!("{policies}{query}"), accept);
            assert_eq!(check(&spec, &operation(collection, "get"), request).await.0, 400, "{query}");
        }

        let examples = operation(collection, "post");
        let examples = &examples["requestBody"]["content"]["application/json"]["examples"];
        let request_body = &examples["psk"]["value"];
        let post = |query: &str| request(Method::POST, &format!("{policies}{query}"), accept).json(request_body);
        let (status, created) = check(&spec, &operation(collection, "post"), post("?return_records=true")).await;
        assert_eq!(status, 201, "{created}");
        assert_eq!(check(&spec, &operation(collection, "post"), post("")).await.0, 409);

        let path = format!("{policies}/{}", created["records"][0]["uuid"].as_str().unwrap());
        let get = request(Method::GET, &path, accept);
        let (status, read) = check(&spec, &operation(instance, "get"), get).await;
        assert_eq!((status, read.get("secret_key")), (200, None));
        for example in ["disable", "endpoint"] {
            let operation = operation(instance, "patch");
            let body = &operation["requestBody"]["content"]["application/json"]["examples"][example]["value"];
            assert_eq!(check(&spec, &operation, request(Method::PATCH, &path, accept).json(body)).await.0, 200);
        }
        let patch = request(Method::PATCH, &path, accept).json(&json!({}));
        assert_eq!(check(&spec, &operation(instance, "patch"), patch).await.0, 400);
        for status in [200, 404] {
            let delete = request(Method::DELETE, &path, accept);
            assert_eq!(check(&spec, &operation(instance, "delete"), delete).await.0, status);
        }
        let get = request(Method::GET, &path, accept);
        assert_eq!(check(&spec, &operation(instance, "get"), get).await.0, 404);
    }
}

#[tokio::test]
async fn the_newest_release_answers_as_the_spec_says() {
    let state = ClusterState::default().release(Release::LATEST);
    let simulator = Simulator::builder().user("admin", "word").cluster(state).plain_http().start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let spec = spec();
    let (collection, instance) = ("/security/ipsec/policies", "/security/ipsec/policies/{uuid}");
    let request = |method: Method, path: &str| {
        let request = http.request(method, format!("{}/api{path}", simulator.url()));
        request.basic_auth("admin", Some("word")).header("accept", "application/json")
    };
    let operation = |path: &str, method: &str| spec["paths"][path][method].clone();

    let policy = json!({
        "name": "p", "secret_key": "a-key-of-enough-characters", "certificate_modify_keepsa": true,
        "ppk": {"identity": "site-a", "shared_key": "another-key-of-enough-characters"},
    });
    let post = request(Method::POST, &format!("{collection}?return_records=true")).json(&policy);
    let (status, created) = check(&spec, &operation(collection, "post"), post).await;
    assert_eq!(status, 201, "{created}");
    let path = format!("{collection}/{}", created["records"][0]["uuid"].as_str().unwrap());
    for identity in ["site-b", "short"] {
        let patch = request(Method::PATCH, &path).json(&json!({"ppk": {"identity": identity}}));
        let expected = if identity == "short" { 400 } else { 200 };
        assert_eq!(check(&spec, &operation(instance, "patch"), patch).await.0, expected);
    }
    let (_, read) = check(&spec, &operation(instance, "get"), request(Method::GET, &path)).await;
    assert_eq!((&read["ppk"], &read["certificate_modify_keepsa"]), (&json!({"identity": "site-b"}), &json!(true)));
    let list = request(Method::GET, &format!("{collection}?fields=*&ppk.identity=site-b&order_by=ppk.identity"));
    let (status, list) = check(&spec, &operation(collection, "get"), list).await;
    assert_eq!((status, &list["records"][0]["ppk"]), (200, &json!({"identity": "site-b"})));
}
