//! Query parameters of operations, and invalid ones.

use reqwest::Method;
use serde_json::json;

use crate::rig::{POLICIES, Reply, Rig, psk, with};

#[tokio::test]
async fn invalid_parameters_are_refused() {
    let rig = Rig::start().await;
    for (name, values) in [
        ("return_timeout", &["-1", "121", "soon", "1.5", "%2B1"][..]),
        ("max_records", &["0", "-1", "many", "1.5"]),
        ("offset", &["-1", "many", "1.5", "99999999999999999999"]),
        ("ignore_unknown_fields", &["yes", "0"]),
        ("pretty", &["yes", "0"]),
        ("return_records", &["yes", "1", "truee"]),
    ] {
        for value in values {
            rig.get(&format!("{POLICIES}?{name}={value}")).await.is_error(400, "262197", Some(name));
        }
        rig.get(&format!("{POLICIES}?{name}=")).await.is_error(400, "262194", Some(name));
    }
    for good in [
        "return_timeout=0",
        "return_timeout=120",
        "max_records=1",
        "return_records=True",
        "return_records=FALSE",
        "offset=0",
    ] {
        assert_eq!(rig.get(&format!("{POLICIES}?{good}")).await.status, 200);
    }
}

#[tokio::test]
async fn every_operation_accepts_its_parameters() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    let everywhere = "return_timeout=9&pretty=true&ignore_unknown_fields=false";
    let many = "fields=name&return_records=true&max_records=9&order_by=name&offset=0";
    assert_eq!(rig.get(&format!("{POLICIES}?{everywhere}&{many}&name=p")).await.status, 200);
    assert_eq!(rig.get(&format!("{path}?{everywhere}&fields=name")).await.status, 200);
    let bulk = "return_records=true&continue_on_failure=true&serial_records=False";
    assert_eq!(rig.post(&format!("{POLICIES}?{everywhere}&{bulk}"), psk("q")).await.status, 201);
    let change = format!("{path}?{everywhere}&return_records=false");
    assert_eq!(rig.patch(&change, json!({"enabled": false})).await.status, 200);
    assert_eq!(rig.delete(&change).await.status, 200);
}

#[tokio::test]
async fn parameters_in_the_wrong_place_are_refused() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    for (method, path, parameters, code) in [
        (
            Method::GET,
            POLICIES,
            &["continue_on_failure=true", "serial_records=true", "start.no_such_field=1"][..],
            "262179",
        ),
        (Method::GET, &path, &["return_records=true", "offset=1", "start.uuid=1", "start.index=1"], "262179"),
        (Method::POST, POLICIES, &["fields=name", "order_by=name", "offset=1", "start.uuid=1"], "262179"),
        (Method::PATCH, &path, &["fields=name", "serial_records=true", "name=p"], "262179"),
        (Method::DELETE, &path, &["fields=name", "max_records=1", "name=p"], "262179"),
    ] {
        for parameter in parameters {
            // Known names are refused in the wrong place, also if unknown names are ignored.
            for rest in ["", "&ignore_unknown_fields=true"] {
                let mut request = rig.request(method.clone(), &format!("{path}?{parameter}{rest}"));
                if method == Method::POST {
                    request = request.json(&psk("q"));
                } else if method == Method::PATCH {
                    request = request.json(&json!({"enabled": true}));
                }
                let (name, _) = parameter.split_once('=').unwrap();
                Reply::of(request).await.is_error(400, code, Some(name));
            }
        }
    }
}

#[tokio::test]
async fn ignore_unknown_fields_ignores_unknown_names() {
    let rig = Rig::with(|builder| builder.policies(2)).await;
    for ignore in ["true", "True", "TRUE"] {
        let rest = format!("ignore_unknown_fields={ignore}");
        assert_eq!(rig.names(&format!("colour=red&svm=x&name=policy*&{rest}")).await.len(), 2);
        let reply = rig.get(&format!("{POLICIES}?{rest}&fields=no_such_field,scope,!colour&name=policy-0001")).await;
        assert_eq!(reply.body["records"][0].as_object().unwrap().keys().collect::<Vec<_>>(), ["name", "scope", "uuid"]);
        let made = format!("{POLICIES}?{rest}&return_records=true&colour=red");
        let body =
            with(psk(&format!("p-{ignore}")), json!({"colour": "red", "remote_endpoint": {"mood": {"good": []}}}));
        let reply = rig.post(&made, body).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        assert!(!reply.text.contains("colour"));
        let path = reply.header("location");
        let change = json!({"colour": "red", "enabled": false});
        assert_eq!(rig.patch(&format!("{path}?{rest}&colour=red"), change).await.status, 200);
        rig.patch(&format!("{path}?{rest}"), json!({"colour": "red"})).await.is_error(400, "262190", None);
        rig.patch(&format!("{path}?{rest}"), json!({"scope": "svm"})).await.is_error(400, "262196", Some("scope"));
        assert_eq!(rig.get(path).await.body["enabled"], false);
        rig.get(&format!("{POLICIES}?{rest}&fields=secret_key")).await.is_error(400, "262249", Some("secret_key"));
        rig.get(&format!("{POLICIES}?{rest}&colour=1&colour=2")).await.is_error(400, "262188", Some("colour"));
        assert_eq!(rig.get(&format!("/api/cluster?{rest}&fields=no_such_field,version")).await.status, 200);
    }
    rig.get(&format!("{POLICIES}?ignore_unknown_fields=false&colour=1")).await.is_error(400, "262179", Some("colour"));
}

#[tokio::test]
async fn the_link_has_no_offset() {
    let rig = Rig::with(|builder| builder.policies(7)).await;
    let reply = rig.get(&format!("{POLICIES}?offset=2&max_records=3&order_by=name%20desc")).await;
    assert_eq!(reply.names(), ["policy-0005", "policy-0004", "policy-0003"]);
    let next = reply.body["_links"]["next"]["href"].as_str().unwrap();
    assert_eq!(rig.get(next).await.names(), ["policy-0002", "policy-0001"]);
    assert_eq!(rig.names("offset=7").await, Vec::<String>::new());
    assert_eq!(rig.names("offset=18446744073709551615").await, Vec::<String>::new());
}

#[tokio::test]
async fn the_search_by_query_is_refused() {
    let rig = Rig::start().await;
    rig.get(&format!("{POLICIES}?query=p&query_fields=*")).await.is_error(400, "262179", Some("query"));
}

#[tokio::test]
async fn bodies_have_the_recorded_layout() {
    let rig = Rig::with(|builder| builder.policies(1)).await;
    let list = rig.get(POLICIES).await;
    assert!(
        list.text.starts_with("{\n  \"num_records\": 1,\n  \"records\": [\n    {\n      \"name\""),
        "{}",
        list.text
    );
    assert_eq!(rig.get(&format!("{POLICIES}?pretty=true")).await.body["records"], list.body["records"]);
    let error = rig.get(&format!("{POLICIES}?colour=red")).await;
    assert!(error.text.starts_with("{\n  \"error\": {\n    "), "{}", error.text);
}

#[tokio::test]
async fn thousands_of_parameters_are_fast() {
    let rig = Rig::start().await;
    let many: Vec<_> = (0..9000).map(|number| format!("x{number}")).collect();
    assert_eq!(rig.names(&format!("ignore_unknown_fields=true&{}", many.join("&"))).await, Vec::<String>::new());
}
