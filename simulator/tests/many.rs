//! Changes of several policies: by a query, and by the records in a body.

use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{KEY, NOBODY, POLICIES, Reply, Rig, psk, with};

async fn rig() -> Rig {
    Rig::with(|builder| builder.policies(5)).await
}

async fn delete(rig: &Rig, query: &str, body: Value) -> Reply {
    Reply::of(rig.request(Method::DELETE, &format!("{POLICIES}{query}")).json(&body)).await
}

fn next(reply: &Reply) -> Option<String> {
    reply.body["_links"]["next"]["href"].as_str().map(str::to_owned)
}

/// Returns the UUIDs of all policies, in the order of the list.
async fn uuids(rig: &Rig) -> Vec<String> {
    let records = rig.get(POLICIES).await.body["records"].clone();
    records.as_array().unwrap().iter().map(|record| record["uuid"].as_str().unwrap().to_owned()).collect()
}

/// Waits for the job in a response. Returns the job and its results.
async fn job(rig: &Rig, reply: &Reply) -> (Value, Value) {
    assert_eq!(reply.status, 202, "{}", reply.text);
    let links = &reply.body["job"]["_links"];
    let results = links["results"]["href"].as_str().unwrap();
    assert_eq!(reply.header("location"), results);
    let job = rig.get(links["self"]["href"].as_str().unwrap()).await;
    (job.body, rig.get(&format!("{results}&fields=*")).await.body)
}

#[tokio::test]
async fn a_query_changes_what_it_finds_and_nothing_else() {
    let rig = rig().await;
    let reply = rig.patch(&format!("{POLICIES}?svm.name=svm1"), json!({"enabled": false})).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (200, &json!({"num_records": 3})));
    assert_eq!(rig.names("enabled=false").await, ["policy-0001", "policy-0003", "policy-0005"]);
    let reply = delete(&rig, "?name=policy-0001|policy-0002", json!({})).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (200, &json!({"num_records": 2})));
    assert_eq!(rig.names("").await, ["policy-0003", "policy-0004", "policy-0005"]);
    // A query that finds no policy changes nothing.
    assert_eq!(rig.delete(&format!("{POLICIES}?name=nobody")).await.body, json!({"num_records": 0}));
}

#[tokio::test]
async fn a_change_by_query_continues_page_by_page() {
    let rig = rig().await;
    let change = json!({"enabled": false});
    let mut path = Some(format!("{POLICIES}?enabled=true&order_by=name%20desc&max_records=2"));
    let mut counts = Vec::new();
    while let Some(here) = path {
        let reply = rig.patch(&here, change.clone()).await;
        counts.push(reply.body["num_records"].as_u64().unwrap());
        path = next(&reply);
    }
    assert_eq!(counts, [2, 2, 1]);
    assert_eq!(rig.names("enabled=true").await, Vec::<String>::new());

    let first = rig.delete(&format!("{POLICIES}?name=*&max_records=3")).await;
    assert_eq!(rig.names("").await, ["policy-0004", "policy-0005"]);
    let last = rig.delete(&next(&first).unwrap()).await;
    assert_eq!((last.body["num_records"].as_u64(), next(&last)), (Some(2), None));
}

#[tokio::test]
async fn a_change_of_all_policies_needs_a_query() {
    let rig = rig().await;
    rig.patch(POLICIES, json!({"enabled": false})).await.is_error(400, "262212", None);
    rig.delete(POLICIES).await.is_error(400, "262212", None);
    rig.delete(&format!("{POLICIES}?max_records=2")).await.is_error(400, "262212", None);
    rig.patch(&format!("{POLICIES}?name=*"), json!({})).await.is_error(400, "262190", None);
    rig.delete(&format!("{POLICIES}?fields=name&name=*")).await.is_error(400, "262179", Some("fields"));
    rig.delete(&format!("{POLICIES}?secret_key={KEY}")).await.is_error(400, "262202", Some("secret_key"));
    delete(&rig, "?name=*", json!({"enabled": true})).await.is_error(400, "262179", None);
    assert_eq!(rig.names("enabled=true").await.len(), 5);
}

#[tokio::test]
async fn a_failure_ends_the_work_unless_continue_on_failure_is_set() {
    let rig = rig().await;
    // Policies with a key refuse a certificate, and policies with a certificate keep it.
    for number in 6..=7 {
        let pki = json!({"secret_key": null, "certificate": {"name": "old"}, "remote_identity": "CN=host"});
        rig.make(with(psk(&format!("policy-000{number}")), pki)).await;
    }
    let change = json!({"certificate": {"name": "new"}});
    let query = format!("{POLICIES}?name=policy-0006|policy-0001|policy-0007&order_by=name%20desc");
    let reply = rig.patch(&query, change.clone()).await;
    assert_eq!(reply.status, 400);
    assert_eq!((&reply.body["error"]["code"], &reply.body["num_records"]), (&json!("66257136"), &json!(2)));
    assert_eq!(rig.names("certificate.name=new").await, ["policy-0006", "policy-0007"], "what is done stays done");

    let change = json!({"certificate": {"name": "c"}});
    let query = format!("{POLICIES}?name=policy-0006|policy-0001|policy-0007&order_by=name");
    let reply = rig.patch(&query, change.clone()).await;
    assert_eq!((&reply.body["error"]["code"], &reply.body["num_records"]), (&json!("66257136"), &json!(0)));
    assert_eq!(rig.names("certificate.name=c").await, Vec::<String>::new());
    let reply = rig.patch(&format!("{query}&continue_on_failure=true"), change.clone()).await;
    assert_eq!((&reply.body["error"]["code"], &reply.body["num_records"]), (&json!("262288"), &json!(2)));
    let reply = rig.patch(&format!("{POLICIES}?name=policy-0001&continue_on_failure=true"), change.clone()).await;
    assert_eq!((reply.status.as_u16(), &reply.body["error"]["code"]), (400, &json!("262287")));

    // A failure on a page before the last one returns the error and the link.
    let query = format!("{POLICIES}?name=policy-000*&max_records=3&continue_on_failure=true");
    let reply = rig.patch(&query, change).await;
    assert_eq!(reply.status, 400);
    assert!(next(&reply).is_some());
}

#[tokio::test]
async fn return_records_returns_the_changed_policies() {
    let rig = rig().await;
    let path = format!("{POLICIES}?name=policy-0002&return_records=true");
    let reply = rig.patch(&path, json!({"local_identity": "me"})).await;
    assert_eq!(
        reply.body["records"][0],
        rig.get(&format!("{POLICIES}?name=policy-0002&fields=*")).await.body["records"][0]
    );
    let reply = rig.delete(&path).await;
    assert_eq!(reply.body["records"][0]["local_identity"], "me");
}

#[tokio::test]
async fn a_post_of_records_starts_a_job() {
    let rig = rig().await;
    let reply = rig.post(POLICIES, json!({"records": [psk("a"), psk("b")]})).await;
    let (job, results) = job(&rig, &reply).await;
    assert_eq!(job["state"], "success");
    assert_eq!((results["num_records"].as_u64(), results.get("errors")), (Some(2), None));
    for record in results["records"].as_array().unwrap() {
        let path = format!("{POLICIES}/{}", record["uuid"].as_str().unwrap());
        assert_eq!(rig.get(&path).await.body, *record);
    }
    assert_eq!(rig.names("name=!policy*").await, ["a", "b"]);
    let results = reply.header("location");
    assert_eq!(rig.get(&format!("{results}&name=b&fields=name")).await.names(), ["b"]);
    rig.get(&format!("{results}&max_records=1")).await.is_error(400, "262179", Some("max_records"));
}

#[tokio::test]
async fn a_job_undoes_its_work_when_a_record_fails() {
    let rig = rig().await;
    let records = json!({"records": [psk("a"), psk("policy-0001"), psk("b")]});
    let reply = rig.post(POLICIES, records.clone()).await;
    let (state, results) = job(&rig, &reply).await;
    assert_eq!((&state["state"], &state["error"]["code"]), (&json!("failure"), &json!("262287")));
    assert_eq!((&results["records"], &results["errors"][0]["code"]), (&json!([]), &json!("66257104")));
    assert_eq!(rig.names("").await.len(), 5);

    let reply = rig.post(&format!("{POLICIES}?continue_on_failure=true"), records).await;
    let (state, results) = job(&rig, &reply).await;
    assert_eq!((&state["state"], &state["error"]["code"]), (&json!("failure"), &json!("262288")));
    assert_eq!((&results["num_records"], &results["errors"][0]["target"]), (&json!(2), &json!("name")));
    assert_eq!(rig.names("name=!policy*").await, ["a", "b"]);
}

#[tokio::test]
async fn each_record_has_its_own_change() {
    let rig = rig().await;
    let uuids = uuids(&rig).await;
    let change = |second: &str| json!({"records": [{"uuid": uuids[0], "enabled": false}, {"uuid": second, "local_endpoint": {"port": "99"}}]});
    let reply = rig.patch(POLICIES, change(NOBODY)).await;
    let (state, results) = job(&rig, &reply).await;
    assert_eq!((&state["state"], &results["errors"][0]["code"]), (&json!("failure"), &json!("4")));
    assert_eq!(rig.names("enabled=false").await, Vec::<String>::new(), "undone");

    let reply = rig.patch(POLICIES, change(&uuids[1])).await;
    let (state, results) = job(&rig, &reply).await;
    assert_eq!((&state["state"], &results["num_records"]), (&json!("success"), &json!(2)));
    assert_eq!(rig.names("enabled=false").await, ["policy-0001"]);
    assert_eq!(rig.names("local_endpoint.port=99").await, ["policy-0002"]);
}

#[tokio::test]
async fn a_delete_of_records_continues_after_a_failure() {
    let rig = rig().await;
    let uuids = uuids(&rig).await;
    let body = json!({"records": [{"uuid": uuids[0]}, {"uuid": NOBODY}, {"uuid": uuids[1]}]});
    let reply = delete(&rig, "", body).await;
    let (state, results) = job(&rig, &reply).await;
    assert_eq!((&state["state"], &state["error"]["code"]), (&json!("failure"), &json!("262288")));
    assert_eq!((&results["num_records"], &results["errors"][0]["code"]), (&json!(2), &json!("4")));
    assert_eq!(rig.names("").await, ["policy-0003", "policy-0004", "policy-0005"]);
}

#[tokio::test]
async fn a_job_is_done_without_a_poll() {
    let rig = rig().await;
    rig.post(POLICIES, json!({"records": [psk("a")]})).await;
    assert_eq!(rig.names("name=a").await, ["a"]);
    rig.post(POLICIES, json!({"records": [psk("b")]})).await;
    assert!(rig.simulator.policy("b").is_some());
    rig.post(POLICIES, json!({"records": [psk("c")]})).await;
    assert_eq!(rig.simulator.policies().len(), 8);
}

#[tokio::test]
async fn an_invalid_body_starts_no_job() {
    let rig = rig().await;
    let uuid = uuids(&rig).await.swap_remove(0);
    for (body, code, target) in [
        (json!({"records": []}), "262212", Some("records")),
        (json!({"records": vec![psk("a"); 1001]}), "262197", Some("records")),
        (json!({"records": {}}), "262254", Some("records")),
        (json!({"records": null}), "262254", Some("records")),
        (json!({"records": [psk("a")], "enabled": true}), "262179", None),
        (json!({"records": [[]]}), "262255", Some("records")),
        (json!({"records": ["a"]}), "262201", None),
        (json!({"records": [psk("a"), {"colour": "red"}]}), "262179", None),
        (json!({"records": [{"records": []}]}), "262179", None),
    ] {
        rig.post(POLICIES, body).await.is_error(400, code, target);
    }
    for (body, code, target) in [
        (json!({"records": [{"enabled": true}]}), "2", Some("uuid")),
        (json!({"records": [{"uuid": null, "enabled": true}]}), "2", Some("uuid")),
        (json!({"records": [{"uuid": "here", "enabled": true}]}), "262197", Some("uuid")),
        (json!({"records": [{"uuid": uuid}]}), "262190", None),
        (json!({"records": [{"uuid": uuid, "name": "b"}]}), "262196", Some("name")),
    ] {
        rig.patch(POLICIES, body).await.is_error(400, code, target);
    }
    delete(&rig, "", json!({"records": [{"uuid": uuid, "enabled": true}]})).await.is_error(400, "262179", None);
    delete(&rig, "?name=a", json!({"records": [{"uuid": uuid}]})).await.is_error(400, "262186", Some("name"));
    rig.get(&format!("{POLICIES}?job_results_uuid={NOBODY}")).await.is_error(400, "262294", Some("job_results_uuid"));
    assert_eq!(rig.names("").await.len(), 5);
}

#[tokio::test]
async fn the_results_of_old_jobs_are_removed() {
    let rig = rig().await;
    let body = json!({"records": vec![json!({"uuid": NOBODY}); 1000]});
    let first = delete(&rig, "", body.clone()).await.header("location").to_owned();
    for _ in 0..19 {
        delete(&rig, "", body.clone()).await;
    }
    let results = rig.get(&first).await;
    assert_eq!(results.body["errors"].as_array().unwrap().len(), 1000);
    delete(&rig, "", body).await;
    rig.get(&first).await.is_error(400, "262294", Some("job_results_uuid"));
}
