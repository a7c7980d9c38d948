//! The recording of requests.

use std::time::Duration;

use ontap_ipsec_simulator::{Fault, Recording};
use reqwest::Method;
use serde_json::json;

use crate::rig::{KEY, POLICIES, Reply, Rig, psk, with};

#[tokio::test]
async fn all_requests_are_recorded_in_order() {
    let rig = Rig::start().await;
    assert!(rig.simulator.requests().is_empty());
    rig.get(&format!("{POLICIES}?fields=%2A&order_by=name+desc")).await;
    rig.post(POLICIES, psk("p")).await;
    Reply::of(rig.bare(Method::PATCH, "/nowhere").body("x")).await;

    let requests = rig.simulator.requests_with_secrets();
    let summary: Vec<_> = requests
        .iter()
        .map(|request| (request.method.as_str(), request.path_and_query.as_str(), request.status.unwrap()))
        .collect();
    assert_eq!(
        summary,
        [
            ("GET", "/api/security/ipsec/policies?fields=%2A&order_by=name+desc", 200),
            ("POST", "/api/security/ipsec/policies", 201),
            ("PATCH", "/nowhere", 401),
        ]
    );
    assert_eq!(requests[0].path(), POLICIES);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(requests[0].query(), [pair("fields", "*"), pair("order_by", "name desc")]);
    assert_eq!((requests[0].json(), requests[1].query()), (None, vec![]));
    assert_eq!(requests[1].json().unwrap(), psk("p"));
    assert!(requests[2].body.is_empty(), "a body without credentials is not kept");
    assert_eq!(requests[0].header("Accept"), Some("application/json"));
    assert_eq!(requests[0].header("authorization"), Some("Basic YWRtaW46bmV0YXBwMSE="));
    assert!(requests.is_sorted_by_key(|request| request.arrived));
}

#[tokio::test]
async fn secrets_are_returned_only_on_request() {
    let rig = Rig::start().await;
    let policy = with(psk("p"), json!({"local_identity": "me"}));
    rig.post(POLICIES, policy.clone()).await;
    rig.post(POLICIES, json!({"records": [policy, {"policy": {"secret_key": KEY}}, {"a.secret_key": KEY}]})).await;
    rig.get(&format!("{POLICIES}?name=p&secret_key={KEY}")).await;
    rig.get(&format!("{POLICIES}?secret%5Fkey={KEY}")).await;
    Reply::of(rig.request(Method::POST, POLICIES).body(format!("{{\"secret_key\": \"{KEY}\""))).await;

    let requests = rig.simulator.requests();
    assert_eq!(requests[0].header("authorization"), Some("Basic (not shown)"));
    assert_eq!(
        requests[0].json().unwrap(),
        json!({"name": "p", "svm": {"name": "svm1"}, "local_identity": "me", "secret_key": "(not shown)"})
    );
    assert_eq!(requests[2].query()[0], ("name".to_owned(), "p".to_owned()));
    assert_eq!(requests[4].body, b"(not shown)");
    for request in &requests {
        let parts = format!("{request:?} {} {:?}", request.path_and_query, request.headers);
        let text = format!("{parts} {}", String::from_utf8_lossy(&request.body));
        assert!(!text.contains(KEY) && !text.contains("YWRtaW4"), "{text}");
    }
    let whole = rig.simulator.requests_with_secrets();
    assert_eq!(whole.len(), requests.len());
    assert!(whole[2].path_and_query.ends_with(KEY));
    let shown = format!("{whole:?} {:?}", rig.simulator);
    assert!(shown.contains("POST") && shown.contains("(not shown)"), "{shown}");
    assert!(!shown.contains("YWRtaW4") && !shown.contains(KEY) && !shown.contains("netapp1!"), "{shown}");
}

#[tokio::test]
async fn credentials_in_headers_are_removed_except_for_their_scheme() {
    let rig = Rig::start().await;
    for (name, value, shown) in [
        ("authorization", "Basic YTpi", "Basic (not shown)"),
        ("Authorization", "bearer abc", "bearer (not shown)"),
        ("authorization", "YTpi", "(not shown)"),
        ("authorization", "YTpi abc", "(not shown)"),
        ("proxy-authorization", "Basic YTpi", "Basic (not shown)"),
        ("cookie", "session=1", "(not shown)"),
        ("x-auth-token", "abc", "(not shown)"),
        ("accept", "application/json", "application/json"),
    ] {
        Reply::of(rig.bare(Method::GET, POLICIES).header(name, value)).await;
        assert_eq!(rig.simulator.requests().last().unwrap().header(name), Some(shown));
    }
}

#[tokio::test]
async fn secrets_in_queries_are_removed() {
    let rig = Rig::start().await;
    for (original, shown) in [
        ("/a", "/a"),
        ("/a?", "/a?"),
        ("/a?name=b&fields=secret_key", "/a?name=b&fields=secret_key"),
        ("/a?name=b&secret_key=K", "/a?name=b&secret_key=%28not+shown%29"),
        ("/a?secret%5Fkey=K", "/a?secret%5Fkey=%28not+shown%29"),
        ("/a?records.SECRET_KEY=K", "/a?records.SECRET_KEY=%28not+shown%29"),
        ("/a?secret_key=K&K?K=K", "/a?secret_key=%28not+shown%29"),
        ("/a?psk=K", "/a?psk=%28not+shown%29"),
        ("/a?ppk=K", "/a?ppk=%28not+shown%29"),
        ("/a?ppk.shared_key=K", "/a?ppk.shared_key=%28not+shown%29"),
        ("/a?ppk.identity=site-a", "/a?ppk.identity=site-a"),
        ("/a?passphrase=K", "/a?passphrase=%28not+shown%29"),
        ("/a?access_token=K", "/a?access_token=%28not+shown%29"),
    ] {
        rig.get(original).await;
        assert_eq!(rig.simulator.requests().last().unwrap().path_and_query, shown);
    }
}

#[tokio::test]
async fn secrets_in_bodies_are_removed() {
    let rig = Rig::start().await;
    let kept = async |original: Vec<u8>| {
        Reply::of(rig.request(Method::POST, POLICIES).body(original)).await;
        String::from_utf8(rig.simulator.requests().pop().unwrap().body).unwrap()
    };
    let hidden = r#"{"secret_key":"(not shown)"}"#;
    for (original, shown) in [
        ("", ""),
        (" \n", " \n"),
        ("{ }", "{ }"),
        (r#"{"name":  "p"}"#, r#"{"name":  "p"}"#),
        (r#"{"secret_key": "K"}"#, hidden),
        (r#"{"secret_key": ["K"]}"#, hidden),
        (r#"{"secret_key": {"a": "K"}}"#, hidden),
        (r#"{"secret_key": 7}"#, hidden),
        (r#"{"secret\u005fkey": "K"}"#, hidden),
        (r#"{"secret_key": "K", "secret_key": "K"}"#, hidden),
        (r#"{"secret_key": null}"#, r#"{"secret_key":null}"#),
        (r#"{"secretKey": "K"}"#, r#"{"secretKey":"(not shown)"}"#),
        (r#"{"policy.secret_key": "K"}"#, r#"{"policy.secret_key":"(not shown)"}"#),
        (r#"{"records": [{"secret_key": "K"}, 7]}"#, r#"{"records":[{"secret_key":"(not shown)"},7]}"#),
        (r#"[[{"secret_key": "K"}]]"#, r#"[[{"secret_key":"(not shown)"}]]"#),
        (r#"{"a": {"secret_key": "K"}, "a": 1}"#, r#"{"a":1}"#),
        (r#"{"ppk": {"shared_key": "K"}}"#, r#"{"ppk":{"shared_key":"(not shown)"}}"#),
        (r#"{"ppk.shared_key": "K"}"#, r#"{"ppk.shared_key":"(not shown)"}"#),
        (r#"{"ppk": "K"}"#, r#"{"ppk":"(not shown)"}"#),
        (r#"{"ppk": ["K"]}"#, r#"{"ppk":"(not shown)"}"#),
        (r#"{"policy.PPK": "K"}"#, r#"{"policy.PPK":"(not shown)"}"#),
        (r#"{"ppk": {"identity":  "a"}}"#, r#"{"ppk": {"identity":  "a"}}"#),
        (r#"{"certificate_modify_keepsa":  true}"#, r#"{"certificate_modify_keepsa":  true}"#),
        (r#"{"secret_key": "K""#, "(not shown)"),
        (r#"{"name": "p"} K"#, "(not shown)"),
        ("\"K\"", "(not shown)"),
        ("7", "(not shown)"),
        ("secret_key=K", "(not shown)"),
    ] {
        assert_eq!(kept(original.into()).await, shown, "{original}");
    }
    assert_eq!(kept(b"{\"secret_key\": \"\xff\"}".into()).await, "(not shown)");
    assert_eq!(kept(vec![b'['; 100_000]).await, "(not shown)");
}

#[tokio::test]
async fn recording_can_be_turned_off() {
    for recording in [Recording::Off, Recording::Whole(0)] {
        let rig = Rig::with(|builder| builder.recording(recording)).await;
        assert_eq!(rig.post(POLICIES, json!({})).await.status, 400);
        assert!(rig.simulator.requests().is_empty());
    }
}

#[tokio::test]
async fn secrets_need_not_be_kept() {
    let rig = Rig::with(|builder| builder.recording(Recording::Redacted(5))).await;
    rig.post(POLICIES, psk("p")).await;
    assert_eq!(rig.simulator.requests_with_secrets(), rig.simulator.requests());
    assert_eq!(rig.simulator.requests()[0].json().unwrap()["secret_key"], "(not shown)");
}

#[tokio::test]
async fn only_the_last_requests_are_kept() {
    let rig = Rig::with(|builder| builder.recording(Recording::Whole(3))).await;
    for number in 0..10 {
        rig.get(&format!("/{number}")).await;
    }
    let requests = rig.simulator.requests();
    let kept: Vec<_> = requests.iter().map(|request| (request.path(), request.status)).collect();
    assert_eq!(kept, [("/7", Some(404)), ("/8", Some(404)), ("/9", Some(404))]);
}

#[tokio::test]
async fn the_recording_has_a_limit_of_bytes() {
    let rig = Rig::start().await;
    let body = vec![b' '; 1024 * 1024 - 1];
    for _ in 0..70 {
        Reply::of(rig.request(Method::POST, POLICIES).body(body.clone())).await;
    }
    let kept = rig.simulator.requests_with_secrets().len();
    assert!((60..=64).contains(&kept), "{kept}");
}

#[tokio::test]
async fn a_request_without_a_response_has_no_status() {
    let rig = Rig::with(|builder| builder.fault(Fault::reset())).await;
    rig.request(Method::GET, POLICIES).send().await.unwrap_err();
    rig.get(POLICIES).await;
    let statuses: Vec<_> = rig.simulator.requests().iter().map(|request| request.status).collect();
    // A client can repeat a request after a reset.
    assert_eq!((statuses[0], *statuses.last().unwrap()), (None, Some(200)));
}

#[tokio::test]
async fn the_recording_has_the_code_of_the_error() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    rig.get("/nowhere").await.is_error(404, "3", None);
    rig.post(POLICIES, psk("p")).await.is_error(409, "66257104", Some("name"));
    Reply::of(rig.bare(Method::GET, POLICIES)).await.is_error(401, "6691623", None);
    rig.request(Method::GET, "/nowhere").header("accept-encoding", "gzip").send().await.unwrap();
    rig.request(Method::HEAD, "/nowhere").send().await.unwrap();
    // Each policy of a query can fail for its own reason.
    rig.simulator.change(|cluster| cluster.set_migrating("svm1", true)).unwrap();
    let many = rig.patch(&format!("{POLICIES}?name=p&return_timeout=15"), json!({"enabled": false})).await;
    assert_eq!(many.body["error"]["code"], "66257142", "{}", many.text);
    rig.get(&path).await;

    let codes: Vec<_> = rig.simulator.requests().iter().map(|request| request.code).collect();
    let expected = [None, Some(3), Some(66257104), Some(6691623), Some(3), Some(3), Some(66257142), None];
    assert_eq!(codes, expected);
}

#[tokio::test]
async fn the_recording_has_the_first_fault_that_is_no_delay() {
    let rig = Rig::start().await;
    let delay = || Fault::delay(Duration::from_millis(1));
    let on = |fault: Fault, path: &str| rig.simulator.inject(fault.path(path).always()).unwrap();
    let first_delay = on(delay(), "/api/*");
    let second_delay = on(delay(), "*");
    let in_cluster = on(Fault::error(262_245), "/api/security/*");
    let on_the_way = on(Fault::unavailable(502).after_work(), "/api/security/*both");
    let later = on(Fault::truncated(), "*/both");

    for (path, fault, code) in [
        ("/nowhere", second_delay, Some(3)),
        ("/api/cluster", first_delay, None),
        ("/api/security/ipsec", in_cluster, Some(262_245)),
        ("/api/security/both", on_the_way, None),
        ("/api/both", later, Some(3)),
    ] {
        // Some responses are incomplete.
        let _ = rig.request(Method::GET, path).send().await;
        let request = rig.simulator.requests().into_iter().rfind(|request| request.path() == path).unwrap();
        assert_eq!((request.fault, request.code), (Some(fault), code), "{path}");
    }
    rig.simulator.clear_faults();
    rig.get("/nowhere").await;
    assert_eq!(rig.simulator.requests().last().unwrap().fault, None);
}

#[tokio::test]
async fn the_recording_has_the_fault_without_a_response() {
    let delay = Fault::delay(Duration::from_secs(3600)).on("GET");
    let rig = Rig::with(|builder| builder.fault(delay).fault(Fault::reset().on("POST").always())).await;
    rig.request(Method::GET, POLICIES).timeout(Duration::from_millis(200)).send().await.unwrap_err();
    rig.request(Method::POST, POLICIES).send().await.unwrap_err();
    let requests = rig.simulator.requests();
    let faults = rig.simulator.faults();
    assert_eq!((requests[0].fault, requests[0].status, requests[0].code), (Some(faults[0].id), None, None));
    let reset = requests.last().unwrap();
    assert_eq!((reset.fault, reset.status, reset.code), (Some(faults[1].id), None, None));
}
