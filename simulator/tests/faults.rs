//! Faults.

use std::{
    io::ErrorKind,
    time::{Duration, Instant},
};

use ontap_ipsec_simulator::{ERROR_CODES, Fault, StartError};
use reqwest::{Method, header::HeaderMap};
use serde_json::json;

use crate::{
    rig::{POLICIES, Reply, Rig, psk, query},
    wire::{Http2, Raw, header},
};

pub(crate) async fn applied_by(fault: Fault) -> Rig {
    Rig::with(|builder| builder.policies(2).fault(fault)).await
}

/// Returns status, headers and text of a response that is not JSON.
async fn page(rig: &Rig, method: Method) -> (u16, HeaderMap, String) {
    let response = rig.request(method, POLICIES).send().await.unwrap();
    (response.status().as_u16(), response.headers().clone(), response.text().await.unwrap())
}

/// Returns the statuses of this number of lists.
pub(crate) async fn statuses(rig: &Rig, requests: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..requests {
        statuses.push(page(rig, Method::GET).await.0);
    }
    statuses
}

/// Returns the number of times that each fault was applied.
pub(crate) fn applied(rig: &Rig) -> Vec<u64> {
    rig.simulator.faults().iter().map(|report| report.applied).collect()
}

#[tokio::test]
async fn a_proxy_responds_with_html() {
    let rig = applied_by(Fault::unavailable(503).retry_after(2)).await;
    let (status, headers, text) = page(&rig, Method::GET).await;
    assert_eq!(status, 503);
    assert_eq!(headers["retry-after"], "2");
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    assert!(text.starts_with("<!DOCTYPE html>") && text.contains("503 Service Unavailable"));
    assert_eq!(statuses(&rig, 2).await, [200, 200], "once is the default");
    assert_eq!(rig.simulator.requests().len(), 3, "affected requests are recorded, too");
}

#[tokio::test]
async fn a_proxy_can_respond_without_a_page() {
    let rig = applied_by(Fault::unavailable(502).empty()).await;
    let (status, headers, text) = page(&rig, Method::GET).await;
    assert_eq!((status, text.as_str()), (502, ""));
    assert!(!headers.contains_key("content-type") && !headers.contains_key("retry-after"));
}

#[tokio::test]
async fn a_proxy_responds_before_sign_in() {
    let rig = applied_by(Fault::unavailable(502)).await;
    assert_eq!(rig.bare(Method::GET, POLICIES).send().await.unwrap().status(), 502);
    assert_eq!(rig.bare(Method::GET, POLICIES).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_work_can_be_done_before_the_error_of_a_proxy() {
    let rig = Rig::with(|builder| {
        builder.fault(Fault::unavailable(504).on("POST")).fault(Fault::unavailable(504).on("POST").after_work())
    })
    .await;
    for names in [&[][..], &["p"]] {
        let response = rig.request(Method::POST, POLICIES).json(&psk("p")).send().await.unwrap();
        assert_eq!(response.status(), 504);
        assert_eq!(rig.names("").await, names);
    }
}

#[tokio::test]
async fn a_fault_can_redirect() {
    let rig = Rig::with(|builder| {
        builder.fault(Fault::redirect("https://other.example/api")).fault(Fault::redirect("/").status(301))
    })
    .await;
    for (status, place) in [("307", "https://other.example/api"), ("301", "/")] {
        let mut raw = Raw::connect(&rig.simulator).await;
        raw.send("DELETE", POLICIES).await;
        let (head, body) = raw.read_response().await;
        assert_eq!(head.split(' ').nth(1), Some(status));
        assert_eq!(header(&head, "location"), Some(place));
        assert!(body.is_empty());
    }
}

#[tokio::test]
async fn the_fault_error_returns_an_error() {
    let rig = Rig::start().await;
    let policy = rig.make(psk("p")).await;
    let order = |fault: Fault| rig.simulator.inject(fault).unwrap();
    for (code, status) in [
        (66_257_096, 500),
        (66_257_097, 500),
        (66_257_110, 500),
        (66_257_104, 409),
        (66_257_121, 400),
        (4, 404),
        (6, 403),
        (8, 409),
        (262_160, 429),
        (65_552, 500),
        (12_345, 400),
    ] {
        order(Fault::error(code));
        rig.patch(&policy, json!({"enabled": false})).await.is_error(status, &code.to_string(), None);
    }
    assert_eq!(rig.get(&policy).await.body["enabled"], true, "nothing was done");

    order(Fault::error(8).status(503).target("svm").message("busy with itself").retry_after(1));
    let reply = rig.delete(&policy).await;
    reply.is_error(503, "8", Some("svm"));
    assert_eq!(reply.body["error"]["message"], "busy with itself");
    assert_eq!(reply.header("retry-after"), "1");
    order(Fault::error(6_691_623));
    let reply = rig.get(&policy).await;
    reply.is_error(401, "6691623", None);
    assert!(reply.header("www-authenticate").starts_with("Basic"));
}

#[tokio::test]
async fn the_fault_error_triggers_every_documented_code() {
    let rig = Rig::with(|builder| builder.policies(1)).await;
    for entry in ERROR_CODES {
        rig.simulator.inject(Fault::error(entry.code)).unwrap();
        let reply = rig.get(POLICIES).await;
        assert_eq!(reply.body["error"]["code"], entry.code.to_string());
        assert!(reply.status.is_client_error() || reply.status.is_server_error());
    }
}

#[tokio::test]
async fn the_fault_error_can_follow_the_work() {
    let rig = Rig::start().await;
    let policy = rig.make(psk("p")).await;
    rig.simulator.inject(Fault::error(66_257_097).after_work().times(2)).unwrap();
    rig.patch(&policy, json!({"enabled": false})).await.is_error(500, "66257097", None);
    // The request's own error takes precedence.
    rig.patch(&policy, json!({"colour": 1})).await.is_error(400, "262179", None);
    assert_eq!(rig.get(&policy).await.body["enabled"], false);
    assert_eq!(applied(&rig), [2]);
}

#[tokio::test]
async fn cluster_faults_apply_after_sign_in() {
    let rig = applied_by(Fault::error(8)).await;
    Reply::of(rig.bare(Method::GET, POLICIES)).await.is_error(401, "6691623", None);
    assert_eq!(applied(&rig), [0]);
    rig.get(POLICIES).await.is_error(409, "8", None);
}

#[tokio::test]
async fn a_busy_cluster_returns_empty_pages() {
    let rig = Rig::with(|builder| builder.policies(3).fault(Fault::busy().times(2))).await;
    rig.get(&format!("{POLICIES}/{}", crate::rig::NOBODY)).await.is_error(404, "4", Some("uuid"));
    rig.post(POLICIES, psk("p")).await;
    let mut target = format!("{POLICIES}?max_records=2&fields=name&name=policy-*");
    for _ in 0..2 {
        let reply = rig.get(&target).await;
        assert_eq!(reply.status, 200);
        assert_eq!((&reply.body["records"], &reply.body["num_records"]), (&json!([]), &json!(0)));
        let next = reply.body["_links"]["next"]["href"].as_str().unwrap().to_owned();
        assert_eq!(reply.header("link"), format!("<{next}>; rel=\"next\""));
        assert_eq!(query(&next), query(&target));
        target = next;
    }
    let reply = rig.get(&target).await;
    assert_eq!(reply.names(), ["policy-0001", "policy-0002"]);
}

/// Recorded on a cluster: the response does not show that more records exist.
#[tokio::test]
async fn a_busy_cluster_can_return_an_empty_list() {
    let rig = Rig::with(|builder| builder.policies(3).fault(Fault::busy().without_link())).await;
    let target = format!("{POLICIES}?max_records=2&fields=name");
    let reply = rig.get(&target).await;
    assert_eq!(reply.status, 200);
    assert_eq!((&reply.body["records"], &reply.body["num_records"]), (&json!([]), &json!(0)));
    assert!(reply.body["_links"].get("next").is_none(), "{}", reply.body);
    assert!(!reply.headers.contains_key("link"));
    assert_eq!(rig.get(&target).await.names(), ["policy-0001", "policy-0002"]);
}

#[tokio::test]
async fn a_busy_cluster_can_return_a_count_of_zero() {
    let rig = applied_by(Fault::busy()).await;
    let target = format!("{POLICIES}?return_records=false");
    let reply = rig.get(&target).await;
    assert_eq!(reply.body, json!({"num_records": 0, "_links": {"next": {"href": target}}}));
    assert_eq!(rig.get(&target).await.body, json!({"num_records": 2}));
}

#[tokio::test]
async fn responses_can_be_delayed() {
    let rig = Rig::with(|builder| {
        builder
            .fault(Fault::delay(Duration::from_millis(20)))
            .fault(Fault::delay(Duration::from_millis(30)).after_work())
            .fault(Fault::unavailable(503))
    })
    .await;
    let start = Instant::now();
    assert_eq!(statuses(&rig, 1).await, [503], "delays come on top");
    assert!(start.elapsed() >= Duration::from_millis(50));
    assert_eq!(applied(&rig), [1, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn delays_use_the_clock_of_the_runtime() {
    let hour = Duration::from_secs(3600);
    let rig = applied_by(Fault::delay(hour)).await;
    let (start, real) = (tokio::time::Instant::now(), Instant::now());
    assert_eq!(rig.get(POLICIES).await.status, 200);
    assert!(start.elapsed() >= hour && real.elapsed() < Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn a_disconnect_during_a_delay_can_come_before_or_after_the_work() {
    let long = Duration::from_secs(600);
    let rig = Rig::with(|builder| {
        builder.fault(Fault::delay(long).on("POST")).fault(Fault::delay(long).after_work().on("POST").skip(1))
    })
    .await;
    for names in [&[][..], &["p"]] {
        let request = rig.request(Method::POST, POLICIES).timeout(Duration::from_secs(60)).json(&psk("p"));
        assert!(request.send().await.unwrap_err().is_timeout());
        assert_eq!(rig.names("").await, names);
    }
}

#[tokio::test]
async fn bodies_can_be_slow() {
    let rig = Rig::with(|builder| {
        builder.fault(Fault::slow_body(Duration::from_millis(5)).bytes(5)).fault(Fault::slow_body(Duration::ZERO))
    })
    .await;
    let start = Instant::now();
    let mut raw = Raw::connect(&rig.simulator).await;
    raw.send("GET", &format!("{POLICIES}?return_records=false")).await;
    let (_, body) = raw.read_response().await;
    assert_eq!(body, b"{\n  \"num_records\": 0\n}");
    assert!(start.elapsed() >= Duration::from_millis(20), "22 bytes are five pieces");
    assert_eq!(rig.get(POLICIES).await.body, json!({"num_records": 0, "records": []}));
}

#[tokio::test]
async fn connections_can_be_reset() {
    let rig =
        Rig::with(|builder| builder.fault(Fault::reset().on("POST")).fault(Fault::reset().after_work().on("POST")))
            .await;
    for names in [&[][..], &["p"]] {
        assert!(rig.request(Method::POST, POLICIES).json(&psk("p")).send().await.is_err());
        assert_eq!(rig.names("").await, names);
    }
    rig.simulator.inject(Fault::reset()).unwrap();
    let mut raw = Raw::connect(&rig.simulator).await;
    raw.send("GET", POLICIES).await;
    let (bytes, end) = raw.rest().await;
    assert!(bytes.is_empty());
    assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset, "not just closed");
}

#[tokio::test]
async fn only_one_stream_of_http_2_is_reset() {
    let rig = applied_by(Fault::reset()).await;
    let connection = Http2::connect(&rig.simulator).await;
    let error = connection.get(POLICIES).await.response.unwrap_err();
    assert!(error.is_reset() && error.is_remote(), "{error:?}");
    assert_eq!(connection.get(POLICIES).await.response.unwrap().status, 200);
}

#[tokio::test]
async fn bodies_can_be_truncated() {
    let rig = applied_by(Fault::truncated().bytes(10).times(3)).await;
    let mut raw = Raw::connect(&rig.simulator).await;
    raw.send("GET", &format!("{POLICIES}?return_records=false")).await;
    let head = raw.head().await;
    assert_eq!(header(&head, "content-length"), Some("22"));
    let (rest, end) = raw.rest().await;
    assert_eq!(rest, b"{\n  \"num_r");
    assert!(end.is_ok(), "the connection is closed, not reset");
    assert!(rig.request(Method::GET, POLICIES).send().await.unwrap().text().await.is_err());

    let connection = Http2::connect(&rig.simulator).await;
    let streamed = connection.get(POLICIES).await;
    assert_eq!(streamed.response.unwrap().status, 200);
    assert_eq!(streamed.body.len(), 10);
    assert!(streamed.end.unwrap_err().is_reset());
}

#[tokio::test]
async fn a_truncated_body_is_half_by_default() {
    let rig = applied_by(Fault::truncated().on("POST")).await;
    let target = format!("{POLICIES}?return_records=true");
    let response = rig.request(Method::POST, &target).json(&psk("p")).send().await.unwrap();
    assert_eq!(response.status(), 201, "the work is done");
    assert!(response.text().await.is_err());
    assert_eq!(rig.names("name=p").await, ["p"]);
}

#[tokio::test]
async fn a_body_can_be_shorter_than_announced() {
    let rig = applied_by(Fault::wrong_length().bytes(3)).await;
    let mut raw = Raw::connect(&rig.simulator).await;
    raw.send("GET", &format!("{POLICIES}?return_records=false")).await;
    let head = raw.head().await;
    assert_eq!(header(&head, "content-length"), Some("25"));
    assert_eq!(raw.exactly(22).await, b"{\n  \"num_records\": 2\n}");
    assert!(raw.is_silent().await);
}

#[tokio::test]
async fn faults_of_bodies_apply_after_compression() {
    let rig = Rig::with(|builder| builder.policies(50).fault(Fault::truncated().bytes(20))).await;
    let mut raw = Raw::connect(&rig.simulator).await;
    let signed_in = crate::wire::SIGNED_IN;
    raw.say(&format!("GET {POLICIES} HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\n{signed_in}\r\n\r\n")).await;
    let head = raw.head().await;
    assert_eq!(header(&head, "content-encoding"), Some("gzip"));
    assert!(header(&head, "content-length").unwrap().parse::<u64>().unwrap() > 20);
    let (rest, _) = raw.rest().await;
    assert_eq!((rest.len(), &rest[..2]), (20, &[0x1f, 0x8b][..]));
}

#[tokio::test]
async fn faults_of_bodies_do_not_change_responses_to_head() {
    let rig = Rig::with(|builder| {
        builder.fault(Fault::truncated()).fault(Fault::wrong_length()).fault(Fault::unavailable(503))
    })
    .await;
    for status in [200, 200, 503] {
        let mut raw = Raw::connect(&rig.simulator).await;
        raw.send("HEAD", POLICIES).await;
        let head = raw.head().await;
        assert_eq!(head.split(' ').nth(1), Some(status.to_string().as_str()));
        assert_ne!(header(&head, "content-length"), Some("0"));
        assert!(raw.is_silent().await);
    }
}

#[tokio::test]
async fn invalid_faults_are_refused() {
    let rig = Rig::start().await;
    for (fault, problem) in [
        (
            Fault::reset().retry_after(1).bytes(2),
            "the fault reset is invalid: this kind does not have the setting bytes, retry_after",
        ),
        (Fault::unavailable(200), "status is 200; use 400 to 599"),
        (Fault::error(1).status(302), "status is 302; use 400 to 599"),
        (Fault::redirect("/").status(304), "status is 304; use 301, 302, 303, 307 or 308"),
        (Fault::redirect("a\nb"), "location is \"a\\nb\", which a header cannot have"),
        (Fault::redirect(""), "location is \"\", which a header cannot have"),
        (Fault::error(0), "code is 0, which is no error"),
        (Fault::reset().times(0), "times is 0"),
        (Fault::reset().every(0), "every is 0"),
        (Fault::truncated().bytes(0), "bytes is 0"),
        (Fault::reset().probability(1.5, 0), "probability is 1.5; use a number from 0 to 1"),
        (Fault::reset().probability(f64::NAN, 0), "probability is NaN; use a number from 0 to 1"),
        (Fault::reset().on("post"), "method is \"post\"; use a method in capitals"),
        (Fault::reset().on(""), "method is \"\"; use a method in capitals"),
        (Fault::reset().path("api"), "path is \"api\"; start the path with a slash or *"),
        (Fault::reset().path("/api?a=b"), "path has a question mark; use the setting query"),
        (Fault::reset().query(""), "query is empty"),
        (Fault::busy().on("POST"), "method must be GET"),
        (Fault::job().on("GET"), "method must be POST, PATCH or DELETE"),
        (Fault::job().polls(1).time(Duration::ZERO), "polls and time exclude each other"),
        (Fault::job().message("m"), "message and target need code"),
        (Fault::delay(Duration::MAX), "more than a day"),
    ] {
        let error = rig.simulator.inject(fault.clone()).unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
        assert_eq!(fault.check(), Err(error));
    }
    assert_eq!(rig.simulator.faults(), []);
    let start = ontap_ipsec_simulator::Simulator::builder().plain_http().fault(Fault::error(0)).start();
    assert!(matches!(start.await.unwrap_err(), StartError::Fault(_)));
}
