//! Lists of policies: fields, filters, order and pages.

use serde_json::{Value, json};

use crate::rig::{CERT, KEY, NOBODY, POLICIES, Rig, SVM1, SVM2, psk, query, with};

/// Four policies that differ in everything that can be filtered by.
async fn varied() -> Rig {
    let rig = Rig::start().await;
    rig.make(json!({
        "name": "web", "svm": {"name": "svm1"}, "secret_key": KEY, "protocol": "6",
        "local_endpoint": {"address": "10.0.0.10", "netmask": "24", "port": "443"},
        "local_identity": "a, b", "enabled": false,
    }))
    .await;
    rig.make(json!({
        "name": "dns", "svm": {"name": "svm2"}, "action": "bypass", "protocol": "17",
        "local_endpoint": {"address": "10.0.0.9", "netmask": "8", "port": "53"},
        "remote_endpoint": {"address": "fe80::1", "netmask": "10"},
    }))
    .await;
    rig.make(json!({
        "name": "a*", "svm": {"name": "svm1"}, "action": "esp_udp", "certificate": {"name": "cert", "uuid": CERT},
        "remote_endpoint": {"address": "192.0.2.1", "netmask": "32", "port": "9"}, "remote_identity": "peer",
    }))
    .await;
    rig.make(json!({"name": "all", "secret_key": KEY})).await;
    rig
}

/// The names on all pages, following the links.
async fn turn_pages(rig: &Rig, query: &str) -> Vec<Vec<String>> {
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
async fn none_found_is_an_empty_list() {
    let rig = Rig::start().await;
    let reply = rig.get(POLICIES).await;
    assert_eq!((reply.status.as_u16(), reply.body), (200, json!({"num_records": 0, "records": []})));
}

#[tokio::test]
async fn records_are_short_unless_more_is_asked_for() {
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
async fn links_come_with_hal() {
    let rig = Rig::start().await;
    rig.make(psk("p")).await;
    let target = format!("{POLICIES}?fields=svm.name&name=p");
    let reply = rig.get_hal(&target).await;
    assert_eq!(reply.body["_links"], json!({"self": {"href": target}}));
    assert_eq!(reply.body["records"][0]["svm"]["_links"]["self"]["href"], format!("/api/svm/svms/{SVM1}"));
    assert!(!rig.get(&target).await.text.contains("_links"));
}

#[tokio::test]
async fn every_field_can_be_filtered_by() {
    let rig = varied().await;
    let dns = rig.get(&format!("{POLICIES}?name=dns")).await.body["records"][0]["uuid"].clone();
    let uuid = format!("uuid={}", dns.as_str().unwrap());
    for (filter, expected) in [
        ("action=esp_udp", &["a*"][..]),
        ("authentication_method=pki", &["a*"]),
        ("certificate.name=cert", &["a*"]),
        (&format!("certificate.uuid={CERT}"), &["a*"]),
        ("enabled=false", &["web"]),
        ("enabled=False", &["web"]),
        ("enabled=true", &["dns", "a*", "all"]),
        ("enabled=True", &["dns", "a*", "all"]),
        ("ipspace.name=Default", &["web", "dns", "a*", "all"]),
        ("ipspace.uuid=3f8a1d04-86d1-11e0-ae1c-123478563412", &["web", "dns", "a*", "all"]),
        ("local_endpoint.address=10.0.0.9", &["dns"]),
        ("local_endpoint.family=ipv4", &["web", "dns"]),
        ("local_endpoint.netmask=8", &["dns"]),
        ("local_endpoint.netmask=255.255.255.0", &["web"]),
        ("local_endpoint.port=443-443", &["web"]),
        ("local_endpoint.port=443", &["web"]),
        ("local_identity=%22a%2C%20b%22", &["web"]),
        ("name=web", &["web"]),
        ("protocol=udp", &["dns"]),
        ("protocol=17", &["dns"]),
        ("remote_endpoint.address=fe80:0:0:0:0:0:0:1", &["dns"]),
        ("remote_endpoint.family=ipv6", &["dns"]),
        ("remote_endpoint.netmask=32", &["a*"]),
        ("remote_endpoint.port=9", &["a*"]),
        ("remote_identity=peer", &["a*"]),
        ("scope=cluster", &["all"]),
        ("svm.name=svm1", &["web", "a*"]),
        (&format!("svm.uuid={}", SVM2.to_uppercase()), &["dns"]),
        (&uuid, &["dns"]),
        ("svm.name=svm1&protocol=any", &["a*"]),
        ("svm.name=svm1&protocol=udp", &[]),
        ("name=WEB", &[]),
        ("name=we", &[]),
        ("action=shred", &[]),
        ("local_endpoint.port=many", &[]),
        ("name=%22web%22", &["web"]),
        ("name=%22a*%22", &["a*"]),
        ("name=%7Ba*%7D", &["a*"]),
    ] {
        assert_eq!(rig.names(filter).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn operators_are_refused_rather_than_misread() {
    let rig = varied().await;
    for value in ["a%2A", "web%7Cdns", "!web", "%3C5", "%3E%3D5", "1..5", "web,dns", "null", "!null"] {
        let reply = rig.get(&format!("{POLICIES}?name={value}")).await;
        reply.is_error(400, "262197", Some("name"));
        assert!(reply.body["error"]["message"].as_str().unwrap().contains("does not evaluate operators"));
    }
}

#[tokio::test]
async fn wrong_filters_are_refused() {
    let rig = Rig::start().await;
    for (query, code, target) in [
        ("enabled=yes", "262197", "enabled"),
        ("enabled=1", "262197", "enabled"),
        ("name=", "262194", "name"),
        ("name", "262194", "name"),
        ("svm=svm1", "262179", "svm"),
        ("colour=red", "262179", "colour"),
        ("offset=3", "262179", "offset"),
        ("name=a&name=b", "262188", "name"),
        ("fields=name&fields=uuid", "262188", "fields"),
        ("secret_key=abc", "262250", "secret_key"),
    ] {
        rig.get(&format!("{POLICIES}?{query}")).await.is_error(400, code, Some(target));
    }
}

#[tokio::test]
async fn wrong_values_of_parameters_are_refused() {
    let rig = Rig::start().await;
    for (name, values) in [
        ("return_timeout", &["-1", "121", "soon", "1.5", "%2B1"][..]),
        ("max_records", &["0", "-1", "many", "1.5"]),
        ("return_records", &["yes", "1", "TRUE"]),
    ] {
        for value in values {
            rig.get(&format!("{POLICIES}?{name}={value}")).await.is_error(400, "262197", Some(name));
        }
        rig.get(&format!("{POLICIES}?{name}=")).await.is_error(400, "262194", Some(name));
    }
    for good in ["return_timeout=0", "return_timeout=120", "max_records=1", "return_records=True"] {
        assert_eq!(rig.get(&format!("{POLICIES}?{good}")).await.status, 200);
    }
}

#[tokio::test]
async fn order_by_sorts() {
    let rig = varied().await;
    for (order, expected) in [
        ("name", &["a*", "all", "dns", "web"][..]),
        ("name%20asc", &["a*", "all", "dns", "web"]),
        ("name+desc", &["web", "dns", "all", "a*"]),
        // Without an SVM first, then by creation.
        ("svm.name", &["all", "web", "a*", "dns"]),
        ("svm.name%20desc,name", &["dns", "a*", "web", "all"]),
        // Not as text: 9 is before 10, and 53 before 443.
        ("local_endpoint.address%20desc", &["web", "dns", "a*", "all"]),
        ("local_endpoint.port,name", &["a*", "all", "dns", "web"]),
        ("local_endpoint.netmask%20desc", &["web", "dns", "a*", "all"]),
        ("enabled,name", &["web", "a*", "all", "dns"]),
        ("enabled%20desc", &["dns", "a*", "all", "web"]),
    ] {
        assert_eq!(rig.names(&format!("order_by={order}")).await, expected, "{order}");
    }
}

#[tokio::test]
async fn wrong_orders_are_refused() {
    let rig = Rig::start().await;
    for (order, code) in [
        ("weather", "262268"),
        ("secret_key", "262268"),
        ("svm", "262268"),
        ("name,", "262268"),
        ("name%20down", "262197"),
        ("name%20asc%20desc", "262197"),
    ] {
        rig.get(&format!("{POLICIES}?order_by={order}")).await.is_error(400, code, Some("order_by"));
    }
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
async fn pages_are_turned_until_the_end() {
    let rig = Rig::with(|builder| builder.policies(7)).await;
    let pages = turn_pages(&rig, "max_records=3").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    let expected: Vec<_> = (1..=7).map(|number| format!("policy-{number:04}")).collect();
    assert_eq!(pages.concat(), expected);
    // No link after a page that happens to be full.
    assert_eq!(turn_pages(&rig, "max_records=7").await.len(), 1);
    assert_eq!(turn_pages(&rig, "max_records=1").await.len(), 7);
}

#[tokio::test]
async fn links_keep_the_query() {
    let rig = Rig::with(|builder| builder.policies(9)).await;
    let path =
        format!("{POLICIES}?max_records=2&order_by=name+desc&fields=%2A,!svm&svm.name=%22svm1%22&return_timeout=5");
    let reply = rig.get_hal(&path).await;
    assert_eq!(reply.names(), ["policy-0009", "policy-0007"]);
    let next = reply.body["_links"]["next"]["href"].as_str().unwrap();
    assert!(next.starts_with("/api/security/ipsec/policies?start.uuid="), "{next}");
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
    // The place to start from is replaced, not added to.
    let third = reply.body["_links"]["next"]["href"].as_str().unwrap();
    assert_eq!(third.matches("start.uuid").count(), 1);
    assert_eq!(rig.get(third).await.names(), ["policy-0001"]);
}

#[tokio::test]
async fn json_has_the_link_to_the_next_page_only() {
    let rig = Rig::with(|builder| builder.policies(2)).await;
    let reply = rig.get(&format!("{POLICIES}?max_records=1")).await;
    let links: Vec<_> = reply.body["_links"].as_object().unwrap().keys().collect();
    assert_eq!(links, ["next"]);
}

#[tokio::test]
async fn deleting_while_turning_pages_skips_nothing() {
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
async fn policies_made_meanwhile_come_at_the_end() {
    let rig = Rig::with(|builder| builder.policies(2)).await;
    let first = rig.get(&format!("{POLICIES}?max_records=1")).await;
    rig.make(psk("late")).await;
    let next = first.body["_links"]["next"]["href"].as_str().unwrap().replace("max_records=1", "max_records=9");
    assert_eq!(rig.get(&next).await.names(), ["policy-0002", "late"]);
}

#[tokio::test]
async fn a_made_up_place_to_start_from_is_refused() {
    let rig = Rig::with(|builder| builder.policies(2)).await;
    for place in [NOBODY, "here"] {
        rig.get(&format!("{POLICIES}?start.uuid={place}")).await.is_error(400, "262197", Some("start.uuid"));
    }
}

#[tokio::test]
async fn a_page_has_at_most_10000_records_by_default() {
    let rig = Rig::with(|builder| builder.policies(10_001)).await;
    let reply = rig.get(POLICIES).await;
    assert_eq!(reply.body["num_records"], 10_000);
    let next = reply.body["_links"]["next"]["href"].as_str().unwrap();
    assert_eq!(rig.get(next).await.names(), ["policy-10001"]);
    assert_eq!(rig.get(&format!("{POLICIES}?max_records=20000")).await.body["num_records"], 10_001);
}

#[tokio::test]
async fn made_up_policies_are_the_same_every_time() {
    let path = format!("{POLICIES}?fields=*");
    let one = Rig::with(|builder| builder.policies(5)).await.get(&path).await.body;
    let two = Rig::with(|builder| builder.policies(5)).await.get(&path).await.body;
    assert_eq!(one, two);
    let svms: Vec<_> = one["records"].as_array().unwrap().iter().map(|record| record["svm"]["name"].clone()).collect();
    assert_eq!(svms, ["svm1", "svm2", "svm1", "svm2", "svm1"]);
}

#[tokio::test]
async fn a_made_up_policy_passes_the_checks_of_a_real_one() {
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
