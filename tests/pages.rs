//! Collections over several pages.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used)]

mod support;

use futures_util::TryStreamExt as _;
use ontap_ipsec::{ErrorKind, Operation};
use support::{UUID, Wire, json};

fn page(names: &[&str], next: Option<&str>) -> Vec<u8> {
    let records: Vec<_> = names.iter().map(|name| serde_json::json!({ "name": name })).collect();
    let mut body = serde_json::json!({ "records": records, "num_records": names.len() });
    if let Some(next) = next {
        body["_links"] = serde_json::json!({ "next": { "href": next } });
    }
    json("200 OK", &body.to_string())
}

#[tokio::test]
async fn all_pages_are_read_also_after_an_empty_one() {
    let next = "/api/security/ipsec/policies?start.uuid=a%7Cb&fields=*&max_records=2";
    let wire = Wire::answering([
        page(&["a", "b"], Some(next)),
        page(&[], Some(next)),
        page(&["c"], Some(next)),
        page(&[], None),
    ])
    .await;
    let client = wire.client();
    let names: Vec<_> =
        client.list(|all| all.max_records(2)).map_ok(|policy| policy.name.unwrap()).try_collect().await.unwrap();
    assert_eq!(names, ["a", "b", "c"]);
    let requests = wire.requests();
    assert_eq!(requests.len(), 4);
    assert!(requests[0].starts_with("GET /api/security/ipsec/policies?fields=*&max_records=2 HTTP"), "{}", requests[0]);
    for request in &requests[1..] {
        assert!(request.starts_with(&format!("GET {next} HTTP/1.1\r\n")), "{request}");
        assert!(request.contains("\r\nauthorization: Basic "), "{request}");
        assert!(request.contains("\r\naccept: application/json\r\n"), "{request}");
    }
}

#[tokio::test]
async fn the_next_page_is_asked_for_when_this_one_is_used_up() {
    let next = "/api/security/ipsec/policies?start.uuid=x";
    let wire = Wire::answering([page(&["a", "b"], Some(next)), page(&["c"], None)]).await;
    let client = wire.client();
    let mut policies = client.list(|all| all);
    assert_eq!(wire.requests().len(), 0);
    for (name, requests) in [("a", 1), ("b", 1), ("c", 2)] {
        assert_eq!(policies.try_next().await.unwrap().unwrap().name.as_deref(), Some(name));
        assert_eq!(wire.requests().len(), requests);
    }
    assert!(policies.try_next().await.unwrap().is_none());
    assert_eq!(wire.requests().len(), 2);
}

#[tokio::test]
async fn pages_can_be_turned_by_hand() {
    let next = "/api/security/ipsec/policies?start.uuid=x";
    let wire = Wire::answering([page(&["a"], Some(next)), page(&["b"], None)]).await;
    let client = wire.client();
    let first = client.page(|all| all.max_records(1)).await.unwrap();
    assert_eq!((first.records.len(), first.num_records, first.is_last()), (1, Some(1), false));
    let second = client.next_page(&first).await.unwrap().unwrap();
    assert_eq!(second.records[0].name.as_deref(), Some("b"));
    assert!(second.is_last());
    assert!(client.next_page(&second).await.unwrap().is_none());
    assert_eq!(wire.requests().len(), 2);
}

#[tokio::test]
async fn a_link_to_another_host_gets_no_credentials() {
    let elsewhere = Wire::answering([page(&["stolen"], None)]).await;
    let next = format!("{}/api/security/ipsec/policies", elsewhere.url());
    let wire = Wire::answering([page(&["a"], Some(&next))]).await;
    let client = wire.client();
    let mut policies = client.list(|all| all);
    assert!(policies.try_next().await.unwrap().is_some());
    let error = policies.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert_eq!(error.operation(), Some(Operation::IpsecPolicyCollectionGet));
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn an_error_on_a_later_page_is_given_after_the_policies_before_it() {
    let next = "/api/security/ipsec/policies?start.uuid=x";
    let busy = json("429 Too Many Requests", r#"{"error":{"code":"262160","message":"busy"}}"#);
    let wire = Wire::answering([page(&["a"], Some(next)), busy]).await;
    let client = wire.client();
    let mut policies = client.list(|all| all);
    assert!(policies.try_next().await.unwrap().is_some());
    let error = policies.try_next().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.code().unwrap().as_str()), (429, "262160"));
    assert!(policies.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_page_that_holds_an_error_is_one() {
    let body = r#"{"records":[{"name":"a"}],"error":{"code":"262210","message":"too slow"}}"#;
    let wire = Wire::answering([json("200 OK", body)]).await;
    let error = wire.client().page(|all| all).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Api, "too slow"));
}

#[tokio::test]
async fn counting_asks_for_no_records() {
    let wire = Wire::answering([json("200 OK", r#"{"num_records":42}"#)]).await;
    let page = wire.client().page(|all| all.return_records(false)).await.unwrap();
    assert_eq!((page.num_records, page.records.len(), page.is_last()), (Some(42), 0, true));
    assert!(wire.request().contains("return_records=false"));
}

#[tokio::test]
async fn a_policy_of_the_cluster_is_found_without_an_svm() {
    let of_svm = r#"{"name":"n","uuid":"02c9e252-41be-11e9-81d5-00a0986138f7","svm":{"name":"svm1"}}"#;
    let of_cluster = format!(r#"{{"name":"n","uuid":"{UUID}","scope":"cluster"}}"#);
    let wire = Wire::answering([json("200 OK", &format!(r#"{{"records":[{of_svm},{of_cluster}]}}"#))]).await;
    assert_eq!(wire.client().find(None, "n").await.unwrap().unwrap().id(), Some(UUID));
    assert!(wire.request().contains("&name=n&scope=cluster HTTP"), "{}", wire.request());
}
