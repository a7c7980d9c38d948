//! What reaches the wire.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used)]

mod support;

use futures_util::stream;
use ontap_ipsec::types::{
    CertificateReference, ErrorResponse, IpsecEndpoint, IpsecPolicyCreate, IpsecPolicyModify, Link, SelfLink,
    SvmReference,
};
use ontap_ipsec::values::{IpAddressFamily, IpsecAction};
use ontap_ipsec::{Client, Error, ErrorCode, ErrorKind};
use progenitor_client::{ClientHooks as _, ClientInfo as _, OperationInfo};
use support::{UUID, Wire, json, policy};

fn body(request: &str) -> serde_json::Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test]
async fn lists_go_out_as_one_parameter_joined_by_commas() {
    let wire = Wire::answering([json("200 OK", r#"{"records":[],"num_records":0}"#)]).await;
    let client = wire.client();
    client.page(|all| all.fields(["name", "svm.name"]).order_by(["svm.name", "name desc"])).await.unwrap();
    let request = wire.request();
    assert!(
        request.starts_with(
            "GET /api/security/ipsec/policies?fields=name%2Csvm.name&order_by=svm.name%2Cname+desc HTTP/1.1\r\n"
        ),
        "{request}"
    );
}

#[tokio::test]
async fn a_list_asks_for_all_fields_and_for_plain_json() {
    let wire = Wire::answering([json("200 OK", r#"{"records":[]}"#)]).await;
    wire.client().page(|all| all.enabled(true).svm_name("svm|x")).await.unwrap();
    let request = wire.request();
    assert!(request.contains("enabled=true&fields=*&svm.name=svm%7Cx HTTP/1.1"), "{request}");
    assert!(request.contains("\r\naccept: application/json\r\n"), "{request}");
}

#[tokio::test]
async fn every_request_has_credentials_and_a_user_agent_and_no_version_of_the_generator() {
    let answer = format!(r#"{{"uuid":"{UUID}","num_records":1,"records":[{{"uuid":"{UUID}"}}]}}"#);
    let wire = Wire::answering([json("200 OK", &answer)]).await;
    let client = wire.client();
    client.create(&policy()).await.unwrap();
    client.get(UUID).await.unwrap();
    client.page(|all| all).await.unwrap();
    client.delete(UUID).await.unwrap();
    client.modify(UUID, &IpsecPolicyModify { enabled: Some(true), ..Default::default() }).await.unwrap();
    let requests = wire.requests();
    assert_eq!(requests.len(), 5);
    for request in requests {
        // The two halves of admin:pa55word-of-no-use in Base64.
        assert!(request.contains("\r\nauthorization: Basic YWRtaW46cGE1NXdvcmQtb2Ytbm8tdXNl\r\n"), "{request}");
        assert!(request.contains("\r\nuser-agent: ontap-ipsec/0.1.0\r\n"), "{request}");
        assert!(!request.to_lowercase().contains("api-version"), "{request}");
    }
}

#[tokio::test]
async fn a_uuid_is_all_that_a_path_can_hold() {
    let wire = Wire::answering([json("200 OK", "{}")]).await;
    let client = wire.client();
    for bad in ["..", "", "a/b", "7c1b7a3e"] {
        let error = Error::from(client.bindings().ipsec_policy_delete().uuid(bad).send().await.unwrap_err());
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{bad}");
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
    client.delete(UUID).await.unwrap();
    assert!(
        wire.request().starts_with("DELETE /api/security/ipsec/policies/7c1b7a3e-5d2f-4a8e-9c64-0f7d1f0a2b11 HTTP")
    );
}

#[tokio::test]
async fn a_body_that_could_not_be_sent_another_time_is_not_sent_at_all() {
    let wire = Wire::answering([json("200 OK", "{}")]).await;
    let client = wire.client();
    let mut request = reqwest::Request::new(reqwest::Method::PATCH, client.bindings().baseurl().parse().unwrap());
    *request.body_mut() = Some(reqwest::Body::wrap_stream(stream::iter([Ok::<_, std::io::Error>("{}")])));
    let info = OperationInfo { operation_id: "ipsec_policy_modify" };
    let refused = client.bindings().exec(request, &info).await.unwrap_err();
    let error = Error::from(ontap_ipsec::bindings::Error::<ErrorResponse>::from(refused));
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("the body is a stream"), "{error}");
    assert_eq!(wire.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_set_is_not_sent() {
    let wire = Wire::answering([json("201 Created", &format!(r#"{{"records":[{{"uuid":"{UUID}"}}]}}"#))]).await;
    wire.client().create(&policy()).await.unwrap();
    assert_eq!(
        body(&wire.request()),
        serde_json::json!({ "name": "nfs-to-hosts", "svm": { "name": "svm1" }, "secret_key": support::KEY })
    );
}

#[tokio::test]
async fn what_only_ontap_sets_is_not_sent_back() {
    let wire = Wire::answering([json("200 OK", &format!(r#"{{"records":[{{"uuid":"{UUID}"}}]}}"#))]).await;
    let client = wire.client();
    let links = Some(SelfLink { self_: Some(Link { href: Some("/api/svm/svms/1".into()) }) });
    let endpoint = IpsecEndpoint {
        address: Some("192.0.2.1".into()),
        family: Some(IpAddressFamily::Ipv4),
        netmask: Some("32".into()),
        port: None,
    };
    let create = IpsecPolicyCreate {
        name: Some("n".into()),
        action: Some(IpsecAction::Bypass),
        svm: Some(SvmReference { name: Some("svm1".into()), links: links.clone(), uuid: None }),
        local_endpoint: Some(endpoint.clone()),
        ..Default::default()
    };
    client.create(&create).await.unwrap();
    let modify = IpsecPolicyModify {
        certificate: Some(CertificateReference { name: Some("c".into()), links, uuid: None }),
        remote_endpoint: Some(endpoint),
        ..Default::default()
    };
    client.modify(UUID, &modify).await.unwrap();
    let endpoint = serde_json::json!({ "address": "192.0.2.1", "netmask": "32" });
    let requests = wire.requests();
    assert_eq!(
        body(&requests[0]),
        serde_json::json!({
            "name": "n", "action": "bypass", "svm": { "name": "svm1" }, "local_endpoint": endpoint,
        })
    );
    assert_eq!(body(&requests[1]), serde_json::json!({ "certificate": { "name": "c" }, "remote_endpoint": endpoint }));
}

#[tokio::test]
async fn a_forgotten_body_is_an_error_and_nothing_is_sent() {
    let wire = Wire::answering([json("201 Created", "{}")]).await;
    let client = wire.client();
    let create = client.bindings().ipsec_policy_create().send().await.map(drop).unwrap_err();
    let modify = client.bindings().ipsec_policy_modify().uuid(UUID).send().await.map(drop).unwrap_err();
    let through_client = client.modify(UUID, &IpsecPolicyModify::default()).await.unwrap_err();
    // All that it would change is what only ONTAP sets.
    let family = IpsecEndpoint { family: Some(IpAddressFamily::Ipv4), ..Default::default() };
    let changes = IpsecPolicyModify { local_endpoint: Some(family), ..Default::default() };
    let read_only = client.modify(UUID, &changes).await.unwrap_err();
    for error in [create.into(), modify.into(), through_client, read_only] {
        assert_eq!(Error::kind(&error), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("no body"), "{error}");
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn lengths_are_checked_before_anything_is_sent() {
    let wire = Wire::answering([json("201 Created", &format!(r#"{{"records":[{{"uuid":"{UUID}"}}]}}"#))]).await;
    let client = wire.client();
    let named = |name: &str| IpsecPolicyCreate { name: Some(name.into()), ..policy() };
    let keyed = |length: usize| IpsecPolicyCreate { secret_key: Some("k".repeat(length).into()), ..policy() };
    for (policy, field, code, words) in [
        (named(""), "name", ErrorCode::PolicyNameLength, "has 0 characters, and ONTAP takes 1 to 64"),
        (named(&"n".repeat(65)), "name", ErrorCode::PolicyNameLength, "has 65 characters, and ONTAP takes 1 to 64"),
        (keyed(17), "secret_key", ErrorCode::SharedKeyLength, "has 17 characters, and ONTAP takes 18 to 128"),
        (keyed(129), "secret_key", ErrorCode::SharedKeyLength, "has 129 characters, and ONTAP takes 18 to 128"),
    ] {
        let error = client.create(&policy).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!((error.target(), error.code(), error.status()), (Some(field), Some(&code), None));
        let words = format!("`{field}` {words}; nothing was sent, ONTAP would answer {code}");
        assert_eq!(error.to_string(), format!("ipsec_policy_create: {words} (target {field})"));
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
    for policy in [named("n"), named(&"n".repeat(64)), keyed(18), keyed(128)] {
        client.create(&policy).await.unwrap();
    }
    assert_eq!(wire.requests().len(), 4);
}

#[tokio::test]
async fn names_are_looked_up_literally() {
    let record = r#"{"name":"a|b","uuid":"7c1b7a3e-5d2f-4a8e-9c64-0f7d1f0a2b11","svm":{"name":"svm1"}}"#;
    let other = r#"{"name":"a","svm":{"name":"svm1"}},{"name":"a|b","svm":{"name":"svm2"}}"#;
    let wire = Wire::answering([json("200 OK", &format!(r#"{{"records":[{other},{record}]}}"#))]).await;
    let found = wire.client().find("svm1", "a|b").await.unwrap().unwrap();
    assert_eq!(found.id(), Some(UUID));
    let request = wire.request();
    assert!(request.contains("&name=%22a%7Cb%22&svm.name=svm1 HTTP"), "{request}");
}

#[test]
fn a_url_that_cannot_be_a_clusters_is_refused() {
    for (url, words) in [
        ("cluster.example.com", "cannot be read"),
        ("ftp://cluster.example.com", "`https://`"),
        ("http://cluster.example.com", "allow_plain_http"),
        ("https://admin:pa55word-of-no-use@cluster.example.com", "ClientBuilder::credentials"),
        ("https://cluster.example.com/manager", "leave out"),
        ("https://cluster.example.com/?a=b", "leave out"),
    ] {
        let error = Client::builder(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
        let text = error.to_string();
        assert!(text.contains(words), "{text}");
        assert!(!text.contains("pa55word"), "{text}");
    }
    for url in ["https://cluster.example.com", "https://[2001:db8::1]:8443/", "https://192.0.2.1/api"] {
        Client::builder(url).build().unwrap();
    }
}

#[test]
fn a_ca_certificate_has_to_be_one() {
    for pem in ["", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"] {
        let error = Client::builder("https://cluster.example.com").ca_certificate(pem).build().unwrap_err();
        assert_eq!(error.to_string(), "a CA certificate is not in PEM form");
    }
}
