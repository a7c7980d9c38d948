//! Lists of policies: fields and pages.

use serde_json::{Value, json};

use crate::rig::{KEY, POLICIES, Rig, SVM1, psk, query, with};

/// Returns the names on all pages. Follows the links.
async fn follow_links(rig: &Rig, query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some(format!("{POLICIES}?{query}"));
    while let Some(path) = next {
        let reply = rig.get(&path).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.body["num_records"], reply.names().len());
        next = reply.body["_links"]["next"]["href"].as_str().map(str::to_owned);
        match &next {
            Some(next) => assert_eq!(reply.header("link"), format!("<{next}>; rel=\"next\"")),
            None => assert!(reply.headers.get("link").is_none()),
        }
        pages.push(reply.names());
    }
    pages
}

#[tokio::test]
async fn a_filter_without_match_returns_an_empty_list() {
    let rig = Rig::start().await;
    let reply = rig.get(POLICIES).await;
    assert_eq!((reply.status.as_u16(), reply.body), (200, json!({"num_records": 0, "records": []})));
}

#[tokio::test]
async fn records_have_only_keys_by_default() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    let uuid = path.rsplit_once('/').unwrap().1;
    let reply = rig.get(POLICIES).await;
    assert_eq!(reply.body, json!({"num_records": 1, "records": [{"uuid": uuid, "name": "p"}]}));
    let reply = rig.get(&format!("{POLICIES}?fields=scope,svm.name")).await;
    assert_eq!(reply.body["records"], json!([{"uuid": uuid, "name": "p", "scope": "svm", "svm": {"name": "svm1"}}]));
    for fields in ["*", "**", "%2A"] {
        let reply = rig.get(&format!("{POLICIES}?fields={fields}")).await;
        assert_eq!(reply.body["records"][0], rig.get(&path).await.body);
    }
    let reply = rig.get(&format!("{POLICIES}?fields=!name")).await;
    assert_eq!(reply.body["records"], json!([{"uuid": uuid, "name": "p"}]));
}

#[tokio::test]
async fn hal_has_links() {
    let rig = Rig::start().await;
    rig.make(psk("p")).await;
    let target = format!("{POLICIES}?fields=svm.name&name=p");
    let reply = rig.get_hal(&target).await;
    assert_eq!(reply.body["_links"], json!({"self": {"href": target}}));
    assert_eq!(reply.body["records"][0]["svm"]["_links"]["self"]["href"], format!("/api/svm/svms/{SVM1}"));
    assert!(!rig.get(&target).await.text.contains("_links"));
}

#[tokio::test]
async fn counting_returns_the_full_number_and_no_records() {
    let rig = Rig::with(|builder| builder.policies(7)).await;
    let reply = rig.get(&format!("{POLICIES}?return_records=false&max_records=2")).await;
    assert_eq!(reply.body, json!({"num_records": 7}));
    assert!(reply.headers.get("link").is_none());
    let reply = rig.get_hal(&format!("{POLICIES}?return_records=False&svm.name=svm2")).await;
    assert_eq!(reply.body, json!({"num_records": 3}));
}

#[tokio::test]
async fn links_lead_to_the_last_page() {
    let rig = Rig::with(|builder| builder.policies(7)).await;
    let pages = follow_links(&rig, "max_records=3").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    let expected: Vec<_> = (1..=7).map(|number| format!("policy-{number:04}")).collect();
    assert_eq!(pages.concat(), expected);
    // A last page that is full has no link.
    assert_eq!(follow_links(&rig, "max_records=7").await.len(), 1);
    assert_eq!(follow_links(&rig, "max_records=1").await.len(), 7);
}

#[tokio::test]
async fn links_keep_the_query() {
    let rig = Rig::with(|builder| builder.policies(9)).await;
    let path =
        format!("{POLICIES}?max_records=2&order_by=name+desc&fields=%2A,!svm&svm.name=%22svm1%22&return_timeout=5");
    let reply = rig.get_hal(&path).await;
    assert_eq!(reply.names(), ["policy-0009", "policy-0007"]);
    let next = reply.body["_links"]["next"]["href"].as_str().unwrap();
    assert!(next.starts_with("/api/security/ipsec/policies?start.index="), "{next}");
    assert!(next.bytes().all(|byte| byte.is_ascii_graphic() && !b"\" <>*!,+".contains(&byte)), "{next}");
    let decoded = query(next);
    for (name, value) in
        [("max_records", "2"), ("order_by", "name desc"), ("fields", "*,!svm"), ("svm.name", "\"svm1\"")]
    {
        assert_eq!(decoded[name], value);
    }
    let reply = rig.get_hal(next).await;
    assert_eq!(reply.names(), ["policy-0005", "policy-0003"]);
    assert!(reply.body["records"][0].get("svm").is_none());
    assert_eq!(reply.body["_links"]["self"]["href"], next);
    // The link replaces the start of the request.
    let third = reply.body["_links"]["next"]["href"].as_str().unwrap();
    assert_eq!(third.matches("start.index").count(), 1);
    assert_eq!(rig.get(third).await.names(), ["policy-0001"]);
}

#[tokio::test]
async fn plain_json_has_only_the_link_to_the_next_page() {
    let rig = Rig::with(|builder| builder.policies(2)).await;
    let reply = rig.get(&format!("{POLICIES}?max_records=1")).await;
    let links: Vec<_> = reply.body["_links"].as_object().unwrap().keys().collect();
    assert_eq!(links, ["next"]);
}

#[tokio::test]
async fn deletes_between_pages_skip_no_policy() {
    let rig = Rig::with(|builder| builder.policies(9)).await;
    for order in ["", "&order_by=name%20desc"] {
        let mut seen = Vec::new();
        let mut next = Some(format!("{POLICIES}?max_records=2{order}"));
        while let Some(path) = next {
            let reply = rig.get(&path).await;
            seen.extend(reply.names());
            for record in reply.body["records"].as_array().unwrap() {
                if order.is_empty() && record["name"] == "policy-0009" {
                    continue;
                }
                rig.delete(&format!("{POLICIES}/{}", record["uuid"].as_str().unwrap())).await;
            }
            next = reply.body["_links"]["next"]["href"].as_str().map(str::to_owned);
        }
        let expected = if order.is_empty() { 9 } else { 4 };
        assert_eq!(seen.len(), expected, "{seen:?}");
        for number in 0..3 {
            rig.make(psk(&format!("again-{number}"))).await;
        }
    }
}

#[tokio::test]
async fn new_policies_come_at_the_end_of_a_list() {
    let rig = Rig::with(|builder| builder.policies(2)).await;
    let first = rig.get(&format!("{POLICIES}?max_records=1")).await;
    rig.make(psk("late")).await;
    let next = first.body["_links"]["next"]["href"].as_str().unwrap().replace("max_records=1", "max_records=9");
    assert_eq!(rig.get(&next).await.names(), ["policy-0002", "late"]);
}

#[tokio::test]
async fn an_invalid_start_parameter_is_refused() {
    let rig = Rig::with(|builder| builder.policies(2)).await;
    for (place, target) in [
        ("start.index=here", "start.index"),
        ("start.name=policy-0001&order_by=name", "start.index"),
        ("start.index=0&start.name=policy-0001", "start.name"),
        ("start.index=0&start.enabled=perhaps&order_by=enabled", "start.enabled"),
    ] {
        rig.get(&format!("{POLICIES}?{place}")).await.is_error(400, "262197", Some(target));
    }
    rig.get(&format!("{POLICIES}?start.secret_key=0")).await.is_error(400, "262179", Some("start.secret_key"));
}

#[tokio::test]
async fn a_page_has_at_most_10000_records() {
    let rig = Rig::with(|builder| builder.policies(10_001)).await;
    let reply = rig.get(POLICIES).await;
    assert_eq!(reply.body["num_records"], 10_000);
    let next = reply.body["_links"]["next"]["href"].as_str().unwrap();
    assert_eq!(rig.get(next).await.names(), ["policy-10001"]);
    assert_eq!(rig.get(&format!("{POLICIES}?max_records=20000")).await.body["num_records"], 10_000);
}

#[tokio::test]
async fn generated_policies_are_always_the_same() {
    let path = format!("{POLICIES}?fields=*");
    let one = Rig::with(|builder| builder.policies(5)).await.get(&path).await.body;
    let two = Rig::with(|builder| builder.policies(5)).await.get(&path).await.body;
    assert_eq!(one, two);
    let svms: Vec<_> = one["records"].as_array().unwrap().iter().map(|record| record["svm"]["name"].clone()).collect();
    assert_eq!(svms, ["svm1", "svm2", "svm1", "svm2", "svm1"]);
}

#[tokio::test]
async fn a_generated_policy_passes_the_checks() {
    let rig = Rig::with(|builder| builder.policies(1)).await;
    let mut policy = rig.get(&format!("{POLICIES}?fields=*")).await.body["records"][0].clone();
    let expected = policy.clone();
    for name in ["uuid", "scope"] {
        policy.as_object_mut().unwrap().remove(name);
    }
    for endpoint in ["local_endpoint", "remote_endpoint"] {
        policy[endpoint].as_object_mut().unwrap().remove("family");
    }
    let path = format!("{POLICIES}/{}", expected["uuid"].as_str().unwrap());
    assert_eq!(rig.delete(&path).await.status, 200);
    let made: Value = rig.make_and_read(with(policy, json!({"secret_key": KEY}))).await;
    assert_eq!(with(made, json!({"uuid": null})), with(expected, json!({"uuid": null})));
}
