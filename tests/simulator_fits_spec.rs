//! What the simulator answers is what the spec describes.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support {
    pub(crate) mod schema;
}

use ontap_ipsec_simulator::Simulator;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use support::schema::{Schemas, resolve, spec};

/// Sends the request and checks the answer against the operation's response of that status, or its `default`.
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
