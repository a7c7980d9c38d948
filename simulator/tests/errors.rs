//! Invalid requests, and the form of errors.

use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{KEY, POLICIES, Reply, Rig, psk, with};

#[tokio::test]
async fn unknown_paths_are_not_found() {
    let rig = Rig::start().await;
    for path in ["/api", "/api/security/ipsec/policy", "/api/security/ipsec/policies/", "/api/private/cli/version"] {
        // NetApp's Harvest and Ansible's na_ontap_rest_info recognize a missing API by this code.
        rig.get(path).await.is_error(404, "3", None);
    }
    // Recorded on a cluster, at another resource.
    let policy = rig.make(psk("p")).await;
    for path in [format!("{policy}/b"), format!("{policy}/"), format!("{POLICIES}/a/b")] {
        rig.get(&path).await.is_error(404, "262179", None);
    }
}

#[tokio::test]
async fn unknown_methods_are_refused_with_the_known_ones() {
    let rig = Rig::start().await;
    let one = rig.make(psk("p")).await;
    for (path, refused, allow) in [
        (POLICIES, &[Method::PUT, Method::TRACE][..], "GET, HEAD, OPTIONS, POST, DELETE, PATCH"),
        (&one, &[Method::POST, Method::PUT, Method::TRACE], "GET, HEAD, OPTIONS, PATCH, DELETE"),
    ] {
        for method in refused {
            let reply = Reply::of(rig.request(method.clone(), path)).await;
            reply.is_error(405, "3", None);
            assert_eq!(reply.header("allow"), allow);
        }
        let reply = Reply::of(rig.request(Method::OPTIONS, path)).await;
        assert_eq!((reply.status.as_u16(), reply.header("allow")), (200, allow));
        assert_eq!(reply.body, json!({}));
    }
}

#[tokio::test]
async fn every_response_has_ontaps_headers() {
    let rig = Rig::start().await;
    for reply in [
        rig.get(POLICIES).await,
        rig.get("/api/nothing").await,
        rig.post(POLICIES, psk("p")).await,
        Reply::of(rig.bare(Method::GET, POLICIES)).await,
    ] {
        assert_eq!(reply.header("server"), "libzapid-httpd");
        assert_eq!(reply.header("cache-control"), "no-cache,no-store,must-revalidate");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert!(reply.headers.contains_key("date"));
        assert!(reply.header("content-type").starts_with("application/"));
    }
}

#[tokio::test]
async fn errors_have_arguments_on_request() {
    let rig = Rig::start().await;
    let path = format!("{POLICIES}?max_records=many");
    let asked = Reply::of(rig.request(Method::GET, &path).header("X-Dot-Error-Arguments", "true")).await;
    asked.is_error(400, "262197", Some("max_records"));
    assert_eq!(
        asked.body["error"]["arguments"],
        json!([{"code": "field", "message": "max_records"}, {"code": "value", "message": "many"}])
    );
    assert!(rig.get(&path).await.body["error"].get("arguments").is_none());
    let declined = Reply::of(rig.request(Method::GET, &path).header("X-Dot-Error-Arguments", "false")).await;
    assert!(declined.body["error"].get("arguments").is_none());
}

#[tokio::test]
async fn messages_do_not_repeat_endless_values() {
    let rig = Rig::start().await;
    let reply = rig.get(&format!("{POLICIES}?order_by={}", "é".repeat(500))).await;
    reply.is_error(400, "262268", Some("order_by"));
    assert!(reply.text.len() < 400);
}

#[tokio::test]
async fn get_and_head_refuse_a_body() {
    let rig = Rig::start().await;
    let one = rig.make(psk("p")).await;
    for path in [POLICIES, &one, "/api/cluster"] {
        Reply::of(rig.request(Method::GET, path).body("{}")).await.is_error(400, "262198", None);
        assert_eq!(Reply::of(rig.request(Method::HEAD, path).body("{}")).await.status, 400);
    }
}

#[tokio::test]
async fn a_post_accepts_no_filters() {
    let rig = Rig::start().await;
    let post = async |query: &str| rig.post(&format!("{POLICIES}?{query}"), psk("p")).await;
    post("svm.name=svm1").await.is_error(400, "262211", Some("svm.name"));
    post("name=").await.is_error(400, "262211", Some("name"));
    post(&format!("secret_key={KEY}")).await.is_error(400, "262202", Some("secret_key"));
    post("max_records=1").await.is_error(400, "262179", Some("max_records"));
    post("return_records=maybe").await.is_error(400, "262197", Some("return_records"));
    post("return_records=true&return_records=true").await.is_error(400, "262188", Some("return_records"));
    assert_eq!(rig.names("").await, Vec::<String>::new());
}

#[tokio::test]
async fn bodies_must_be_json_objects() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    for (method, path) in [(Method::POST, POLICIES), (Method::PATCH, path.as_str())] {
        for (body, code, target) in [
            ("{", "262199", None),
            ("{\"name\": \"p\",}", "262199", None),
            ("{} {}", "262199", None),
            ("name=p", "262199", None),
            ("[]", "262255", None),
            ("[{\"name\": \"p\"}]", "262255", None),
            ("\"p\"", "262201", None),
            ("7", "262201", None),
            ("null", "262201", None),
        ] {
            let reply = Reply::of(rig.request(method.clone(), path).body(body)).await;
            reply.is_error(400, code, target);
        }
        let reply = Reply::of(rig.request(method.clone(), path).body(&b"{\"name\": \"\xff\"}"[..])).await;
        reply.is_error(400, "262199", None);
        let deep = "[".repeat(100_000);
        Reply::of(rig.request(method.clone(), path).body(deep)).await.is_error(400, "262199", None);
    }
}

#[tokio::test]
async fn invalid_json_has_its_position_in_the_error() {
    let rig = Rig::start().await;
    let request = rig.request(Method::POST, POLICIES).header("x-dot-error-arguments", "true");
    let reply = Reply::of(request.body("{\n  \"name\": oops}")).await;
    reply.is_error(400, "262199", None);
    assert_eq!(reply.body["error"]["arguments"][0], json!({"code": "line", "message": "2"}));
}

#[tokio::test]
async fn a_number_out_of_range_is_not_called_broken_json() {
    let rig = Rig::start().await;
    let reply = Reply::of(rig.request(Method::POST, POLICIES).body("{\"name\": 1e400}")).await;
    reply.is_error(400, "262197", None);
    assert!(reply.text.contains("line 1, column 14"), "{}", reply.text);
}

#[tokio::test]
async fn a_body_needs_the_content_type_json_or_none() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    for (content_type, is_refused) in [
        ("text/plain", true),
        ("application/x-www-form-urlencoded", true),
        ("multipart/form-data; boundary=application/json", true),
        ("application/jsonp", true),
        ("", true),
        ("application/json", false),
        ("Application/JSON ; charset=utf-8", false),
        ("application/hal+json", false),
    ] {
        let request = rig.request(Method::PATCH, &path).header("content-type", content_type);
        let patched = Reply::of(request.body("{\"enabled\": true}")).await;
        let request = rig.request(Method::POST, POLICIES).header("content-type", content_type);
        let posted = Reply::of(request.body(psk(&format!("p {is_refused} {content_type:.20}")).to_string())).await;
        if is_refused {
            patched.is_error(400, "2", None);
            posted.is_error(400, "2", None);
        } else {
            assert_eq!((patched.status.as_u16(), posted.status.as_u16()), (200, 201), "{content_type}");
        }
    }
    let request = rig.request(Method::DELETE, &path).header("content-type", "text/plain");
    assert_eq!(Reply::of(request).await.status, 200);
}

#[tokio::test]
async fn a_post_needs_a_body() {
    let rig = Rig::start().await;
    Reply::of(rig.request(Method::POST, POLICIES)).await.is_error(400, "262212", None);
    Reply::of(rig.request(Method::POST, POLICIES).body(" \n")).await.is_error(400, "262212", None);
    rig.post(POLICIES, json!({})).await.is_error(400, "2", Some("name"));
}

#[tokio::test]
async fn bodies_have_a_limit() {
    let rig = Rig::start().await;
    let reply = rig.post(POLICIES, psk(&"n".repeat(2 * 1024 * 1024))).await;
    reply.is_error(413, "2", None);
}

#[tokio::test]
async fn no_name_is_repeated() {
    let rig = Rig::start().await;
    for (body, target) in [
        ("{\"name\": \"a\", \"name\": \"a\"}", "name"),
        ("{\"svm\": {\"name\": \"svm1\", \"name\": \"svm1\"}, \"name\": \"a\"}", "svm.name"),
        ("{\"svm\": {\"name\": \"svm1\"}, \"svm\": {}, \"name\": \"a\"}", "svm"),
        ("{\"svm\": {\"name\": \"svm1\"}, \"svm.name\": \"svm1\", \"name\": \"a\"}", "svm.name"),
        ("{\"secret_key\": \"a\", \"secret_key\": \"a\", \"name\": \"a\"}", "secret_key"),
    ] {
        let reply = Reply::of(rig.request(Method::POST, POLICIES).body(body)).await;
        reply.is_error(400, "262282", Some(target));
    }
}

#[tokio::test]
async fn unknown_and_read_only_fields_are_refused() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    for (field, value, code) in [
        ("colour", json!("red"), "262179"),
        ("svm.colour", json!("red"), "262179"),
        ("local_endpoint._links", json!({}), "262179"),
        ("", json!("x"), "262179"),
        ("uuid", json!("02c9e252-41be-11e9-81d5-00a0986138f7"), "262196"),
        ("scope", json!("cluster"), "262196"),
        ("local_endpoint.family", json!("ipv4"), "262196"),
        ("remote_endpoint.family", json!("ipv4"), "262196"),
        ("svm._links", json!({"self": {"href": "/"}}), "262196"),
    ] {
        let body = json!({field: value});
        // Recorded on a cluster: an unknown field is no target.
        let target = Some(field).filter(|_| code != "262179");
        rig.patch(&path, body).await.is_error(400, code, target);
        rig.post(POLICIES, with(psk("q"), json!({"svm": null, field: value}))).await.is_error(400, code, target);
    }
    let nested = json!({"remote_endpoint": {"address": "::1", "family": "ipv6"}});
    rig.post(POLICIES, with(psk("q"), nested)).await.is_error(400, "262196", Some("remote_endpoint.family"));
}

#[tokio::test]
async fn values_must_have_their_type() {
    let rig = Rig::start().await;
    let post = async |field: &str, value: Value| {
        let mut policy = psk("p");
        policy[field] = value;
        rig.post(POLICIES, policy).await
    };
    for (field, value, code) in [
        ("name", json!(7), "262197"),
        ("name", json!({"is": "p"}), "262197"),
        ("name", json!(["p"]), "262255"),
        ("enabled", json!("true"), "262197"),
        ("enabled", json!(1), "262197"),
        ("svm", json!("svm1"), "262197"),
        ("svm", json!(["svm1"]), "262255"),
        ("action", json!("shred"), "262197"),
        ("action", json!("BYPASS"), "262197"),
        ("authentication_method", json!("password"), "262197"),
        ("protocol", json!(17), "262197"),
        ("protocol", json!("256"), "262197"),
        ("protocol", json!("icmp"), "262197"),
        ("local_endpoint.port", json!(23), "262197"),
        ("local_endpoint.netmask", json!(24), "262197"),
        ("local_endpoint.address", json!("10.0.0"), "262197"),
        ("local_endpoint.address", json!("10.0.0.1/24"), "262197"),
        ("remote_endpoint.address", json!("host.example.com"), "262197"),
        ("certificate.uuid", json!("cert"), "262197"),
        ("secret_key", json!(1), "262197"),
        ("secret_key", json!([KEY]), "262255"),
    ] {
        post(field, value).await.is_error(400, code, Some(field));
    }
    assert_eq!(rig.names("").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_page_in_a_browser_changes_nothing() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    for (method, path) in [(Method::POST, POLICIES), (Method::PATCH, &path), (Method::DELETE, &path)] {
        // A script can omit the content type, but not the origin.
        for origin in ["https://elsewhere.example", "null"] {
            let request = rig.request(method.clone(), path).header("origin", origin).body("{\"enabled\": false}");
            Reply::of(request).await.is_error(403, "6", None);
        }
    }
    let read = Reply::of(rig.request(Method::GET, &path).header("origin", "https://elsewhere.example")).await;
    assert_eq!(read.body["enabled"], true);
}
