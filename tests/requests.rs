//! Requests on the wire.

use crate::support::{UUID, Wire, changed, json, policy};
use ontap_ipsec::types::{
    CertificateReference, IpsecEndpoint, IpsecPolicyCreate, IpsecPolicyModify, Link, SelfLink, SvmReference,
};
use ontap_ipsec::values::{IpAddressFamily, IpsecAction};
use ontap_ipsec::{Client, ErrorCode, ErrorKind};

fn body(request: &str) -> serde_json::Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test]
async fn lists_go_out_as_one_parameter_joined_by_commas() {
    let wire = Wire::answering([json("200 OK", r#"{"records":[],"num_records":0}"#)]).await;
    let client = wire.client();
    client.policies().list().fields(["name", "svm.name"]).order_by(["svm.name", "name desc"]).page().await.unwrap();
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
    wire.client().policies().list().enabled(true).svm_name("svm|x").page().await.unwrap();
    let request = wire.request();
    assert!(request.contains("enabled=true&fields=*&svm.name=%22svm%7Cx%22 HTTP/1.1"), "{request}");
    assert!(request.contains("\r\naccept: application/json\r\n"), "{request}");
}

#[tokio::test]
async fn every_request_has_credentials_and_a_user_agent_and_no_version_of_the_generator() {
    let answer = format!(r#"{{"uuid":"{UUID}","num_records":1,"records":[{{"uuid":"{UUID}"}}]}}"#);
    let wire = Wire::answering([json("201 Created", &answer)]).await;
    let client = wire.client();
    client.policies().create(&policy()).await.unwrap();
    client.policies().get(UUID).await.unwrap();
    client.policies().list().page().await.unwrap();
    client.policies().delete(UUID).await.unwrap();
    client.policies().modify(UUID, &IpsecPolicyModify::default().with_enabled(true)).await.unwrap();
    let requests = wire.requests();
    assert_eq!(requests.len(), 5);
    for request in requests {
        // The two halves of admin:pa55word-of-no-use in Base64.
        assert!(request.contains("\r\nauthorization: Basic YWRtaW46cGE1NXdvcmQtb2Ytbm8tdXNl\r\n"), "{request}");
        assert!(request.contains("\r\nuser-agent: ontap-ipsec/0.1.0\r\n"), "{request}");
        assert!(!request.to_lowercase().contains("api-version"), "{request}");
    }
}

/// A UUID is all that a path can hold: any other text could name another resource.
#[tokio::test]
async fn a_request_can_be_looked_at_before_it_is_sent() {
    let wire = Wire::answering([json("200 OK", "{}")]).await;
    let client = wire.client().with_header("X-Dot-SVM-Name", "svm1").unwrap();
    let delete = client.operations().ipsec_policy_delete(UUID);
    let request = delete.clone().into_request().unwrap();
    assert_eq!(request.method(), "DELETE");
    assert_eq!(request.url().path(), "/api/security/ipsec/policies/7c1b7a3e-5d2f-4a8e-9c64-0f7d1f0a2b11");
    assert_eq!((&request.headers()["accept"], request.body().is_none()), (&"application/json".parse().unwrap(), true));
    assert!(!request.headers().contains_key("authorization"));
    assert_eq!(wire.requests(), Vec::<String>::new());

    let response = delete.send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.attempts()), (200, 1));
    let sent = wire.request();
    assert!(sent.starts_with("DELETE /api/security/ipsec/policies/7c1b7a3e-5d2f-4a8e-9c64-0f7d1f0a2b11 HTTP"));
    assert!(sent.contains("\r\nx-dot-svm-name: svm1\r\n") && sent.contains("\r\nauthorization: "), "{sent}");

    let create = client.operations().ipsec_policy_create(policy()).return_records(true).into_request().unwrap();
    assert_eq!((create.method().as_str(), create.url().query()), ("POST", Some("return_records=true")));
    let sent: serde_json::Value = serde_json::from_slice(create.body().unwrap().as_bytes().unwrap()).unwrap();
    assert_eq!(sent["name"], "nfs-to-hosts");
    assert!(
        !format!("{create:?} {:?}", client.operations().ipsec_policy_create(policy())).contains(crate::support::KEY)
    );
}

#[tokio::test]
async fn headers_are_sent_with_every_request_of_the_client_that_has_them() {
    let wire = Wire::answering([json("200 OK", r#"{"records":[]}"#)]).await;
    let client = wire.builder().header("X-Dot-Client-App", "night-shift").header("X-A", "1").build().unwrap();
    client.with_header("x-a", "2").unwrap().policies().list().count().await.unwrap_err();
    client.policies().list().page().await.unwrap();
    let requests = wire.requests();
    assert!(requests.iter().all(|request| request.contains("\r\nx-dot-client-app: night-shift\r\n")), "{requests:?}");
    assert!(requests[0].contains("\r\nx-a: 2\r\n") && !requests[0].contains("x-a: 1"), "{requests:?}");
    assert!(requests[1].contains("\r\nx-a: 1\r\n"), "{requests:?}");

    for (name, value) in [("a b", "c"), ("a", "b\n")] {
        let error = client.with_header(name, value).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(!error.to_string().contains('\n'), "{error}");
        assert_eq!(wire.builder().header(name, value).build().unwrap_err().kind(), ErrorKind::Configuration);
    }
}

#[tokio::test]
async fn http_can_be_set_up_otherwise() {
    let wire = Wire::answering([json("200 OK", r#"{"records":[]}"#)]).await;
    let client = wire.builder().configure_http(|http| http.user_agent("of another kind")).build().unwrap();
    client.policies().list().page().await.unwrap();
    assert!(wire.request().contains("\r\nuser-agent: of another kind\r\n"), "{}", wire.request());
}

#[tokio::test]
async fn what_is_not_set_is_not_sent() {
    let wire = Wire::answering([json("201 Created", &format!(r#"{{"records":[{{"uuid":"{UUID}"}}]}}"#))]).await;
    wire.client().policies().create(&policy()).await.unwrap();
    assert_eq!(
        body(&wire.request()),
        serde_json::json!({ "name": "nfs-to-hosts", "svm": { "name": "svm1" }, "secret_key": crate::support::KEY })
    );
}

#[tokio::test]
async fn what_only_ontap_sets_is_not_sent_back() {
    let wire = Wire::answering([json("201 Created", &format!(r#"{{"records":[{{"uuid":"{UUID}"}}]}}"#))]).await;
    let client = wire.client();
    let links = Some(SelfLink::default().with_self(Link::default().with_href("/api/svm/svms/1")));
    let endpoint = changed(IpsecEndpoint::default(), |it| {
        it.address = Some("192.0.2.1".into());
        it.family = Some(IpAddressFamily::Ipv4);
        it.netmask = Some("32".into());
    });
    let create = IpsecPolicyCreate::default()
        .with_name("n")
        .with_action(IpsecAction::Bypass)
        .with_svm(changed(SvmReference::default(), |it| {
            it.name = Some("svm1".into());
            it.links = links.clone();
        }))
        .with_local_endpoint(endpoint.clone());
    client.policies().create(&create).await.unwrap();
    let modify = IpsecPolicyModify::default()
        .with_certificate(changed(CertificateReference::default(), |it| {
            it.name = Some("c".into());
            it.links = links;
        }))
        .with_remote_endpoint(endpoint);
    client.policies().modify(UUID, &modify).await.unwrap();
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
    let create = client.operations().ipsec_policy_create(IpsecPolicyCreate::default()).send().await.unwrap_err();
    let modify = client.operations().ipsec_policy_modify(UUID, IpsecPolicyModify::default()).into_request();
    let modify = modify.unwrap_err();
    let through_client = client.policies().modify(UUID, &IpsecPolicyModify::default()).await.unwrap_err();
    // All that it would change is what only ONTAP sets.
    let family = IpsecEndpoint::default().with_family(IpAddressFamily::Ipv4);
    let changes = IpsecPolicyModify::default().with_local_endpoint(family);
    let read_only = client.policies().modify(UUID, &changes).await.unwrap_err();
    for error in [create, modify, through_client, read_only] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("empty body"), "{error}");
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn lengths_are_checked_before_anything_is_sent() {
    let wire = Wire::answering([json("201 Created", &format!(r#"{{"records":[{{"uuid":"{UUID}"}}]}}"#))]).await;
    let client = wire.client();
    let named = |name: &str| policy().with_name(name);
    let keyed = |length: usize| policy().with_secret_key("k".repeat(length));
    for (policy, field, code, words) in [
        (named(""), "name", ErrorCode::PolicyNameLength, "has 0 characters, and ONTAP takes 1 to 64"),
        (named(&"n".repeat(65)), "name", ErrorCode::PolicyNameLength, "has 65 characters, and ONTAP takes 1 to 64"),
        (keyed(17), "secret_key", ErrorCode::SharedKeyLength, "has 17 characters, and ONTAP takes 18 to 128"),
        (keyed(129), "secret_key", ErrorCode::SharedKeyLength, "has 129 characters, and ONTAP takes 18 to 128"),
    ] {
        let error = client.policies().create(&policy).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!((error.target(), error.code(), error.status()), (Some(field), Some(&code), None));
        let words = format!("`{field}` {words}; nothing was sent, ONTAP would answer {code}");
        assert_eq!(error.to_string(), format!("ipsec_policy_create on {}: {words} (target {field})", wire.host()));
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
    for policy in [named("n"), named(&"n".repeat(64)), keyed(18), keyed(128)] {
        client.policies().create(&policy).await.unwrap();
    }
    assert_eq!(wire.requests().len(), 4);
}

#[tokio::test]
async fn names_are_looked_up_literally() {
    let record = r#"{"name":"a|b","uuid":"7c1b7a3e-5d2f-4a8e-9c64-0f7d1f0a2b11","svm":{"name":"svm1"}}"#;
    let other = r#"{"name":"a","svm":{"name":"svm1"}},{"name":"a|b","svm":{"name":"svm2"}}"#;
    let wire = Wire::answering([json("200 OK", &format!(r#"{{"records":[{other},{record}]}}"#))]).await;
    let found = wire.client().policies().find("svm1", "a|b").await.unwrap().unwrap();
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

/// Without the first, ONTAP gives no arguments of an error.
#[tokio::test]
async fn every_request_asks_for_the_arguments_of_errors_and_names_the_program() {
    let wire = Wire::answering([json("200 OK", "{}")]).await;
    let client = wire.builder().user_agent("tool/2").build().unwrap();
    client.policies().delete(UUID).await.unwrap();
    client.with_header("X-Dot-Client-App", "other").unwrap().policies().delete(UUID).await.unwrap();
    let requests = wire.requests();
    for (request, app) in requests.iter().zip(["tool/2", "other"]) {
        assert!(request.contains("\r\nx-dot-error-arguments: true\r\n"), "{request}");
        assert!(request.contains(&format!("\r\nx-dot-client-app: {app}\r\n")), "{request}");
    }
}
