//! Responses of ONTAP, and of other servers.

use std::error::Error as _;

use crate::support::{UUID, Wire, answer, json, policy, raw};
use ontap_ipsec::types::IpsecPolicyModify;
use ontap_ipsec::values::{IpAddressFamily, IpsecAction};
use ontap_ipsec::{Error, ErrorCode, ErrorKind, Operation};

const DUPLICATE: &str = r#"{"error":{"code":"66257104","message":"the name is in use","target":"name",
    "arguments":[{"code":"name","message":"nfs-to-hosts"}]}}"#;

#[tokio::test]
async fn an_error_of_ontap_keeps_all_that_it_says() {
    let wire = Wire::answering([json("409 Conflict", DUPLICATE)]).await;
    let error = wire.client().policies().create(&policy()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.operation(), Some(Operation::IpsecPolicyCreate));
    assert_eq!(error.status().unwrap().as_u16(), 409);
    assert_eq!(error.code(), Some(&ErrorCode::DuplicatePolicyName));
    assert_eq!(error.message(), "the name is in use");
    assert_eq!(error.target(), Some("name"));
    let arguments: Vec<_> = error.arguments().iter().map(|a| (a.code.as_deref(), a.message.as_deref())).collect();
    assert_eq!(arguments, [(Some("name"), Some("nfs-to-hosts"))]);
    assert!(!error.is_not_found());
    assert_eq!(
        error.to_string().replace(wire.host(), "HOST"),
        "ipsec_policy_create on HOST: ONTAP error 66257104 duplicate-policy-name: The SVM already has a policy of this name. \
         ONTAP says: the name is in use (target name) (HTTP 409)"
    );
}

#[tokio::test]
async fn each_operation_types_its_errors_and_its_successes() {
    for status in ["400 Bad Request", "404 Not Found", "500 Internal Server Error", "503 Service Unavailable"] {
        let wire = Wire::answering([json(status, DUPLICATE)]).await;
        let client = wire.client();
        let changes = IpsecPolicyModify::default().with_enabled(false);
        let errors = [
            (Operation::IpsecPolicyCollectionGet, client.policies().list().page().await.map(drop)),
            (Operation::IpsecPolicyCreate, client.policies().create(&policy()).await.map(drop)),
            (Operation::IpsecPolicyGet, client.policies().get(UUID).await.map(drop)),
            (Operation::IpsecPolicyModify, client.policies().modify(UUID, &changes).await),
            (Operation::IpsecPolicyDelete, client.policies().delete(UUID).await),
        ];
        for (operation, outcome) in errors {
            let error = outcome.unwrap_err();
            assert_eq!(error.operation(), Some(operation));
            assert_eq!(error.code(), Some(&ErrorCode::DuplicatePolicyName), "{status} {operation}");
        }
    }
    for body in ["", "{}", "\r\n", r#"{"num_records":1,"records":[]}"#] {
        let wire = Wire::answering([json("200 OK", body)]).await;
        let client = wire.client();
        client.policies().delete(UUID).await.unwrap();
        client.policies().modify(UUID, &IpsecPolicyModify::default().with_enabled(false)).await.unwrap();
    }
}

#[tokio::test]
async fn what_has_only_begun_is_not_done() {
    let job = format!(r#"{{"job":{{"uuid":"{UUID}"}}}}"#);
    for (body, started) in
        [("", "operation"), ("{}", "operation"), (r#"{"job":{"uuid":"of no use"}}"#, "operation"), (&job, "job")]
    {
        let wire = Wire::answering([json("202 Accepted", body)]).await;
        let client = wire.client();
        let changes = IpsecPolicyModify::default().with_enabled(false);
        for error in [
            client.policies().modify(UUID, &changes).await.unwrap_err(),
            client.policies().delete(UUID).await.unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::UnexpectedResponse, 202));
            let started = match started {
                "job" => format!("job {UUID} for the operation, and does not say that the job is done"),
                _ => "the operation, and does not say that it is done".to_owned(),
            };
            assert!(error.message().starts_with(&format!("the cluster has started {started}")), "{error}");
            let approval = error.message().contains("an administrator has to approve it");
            assert_eq!(approval, body != job, "{error}");
        }
    }
}

#[tokio::test]
async fn an_answer_without_what_was_asked_for_is_not_taken_for_an_empty_one() {
    for body in ["", "{}", r#"{"status":"ok"}"#] {
        let wire = Wire::answering([json("200 OK", body)]).await;
        let client = wire.client();
        for error in [
            client.policies().list().page().await.unwrap_err(),
            client.policies().find("svm1", "n").await.unwrap_err(),
            client.policies().get(UUID).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}");
        }
    }
}

#[tokio::test]
async fn a_success_that_holds_an_error_is_a_failure() {
    for code in [r#""66257104""#, "66257104"] {
        let body = format!(r#"{{"num_records":0,"error":{{"code":{code},"message":"the name is in use"}}}}"#);
        let wire = Wire::answering([json("200 OK", &body)]).await;
        let client = wire.client();
        let changes = IpsecPolicyModify::default().with_enabled(false);
        for outcome in [
            client.policies().list().page().await.map(drop),
            client.policies().create(&policy()).await.map(drop),
            client.policies().get(UUID).await.map(drop),
            client.policies().modify(UUID, &changes).await,
            client.policies().delete(UUID).await,
        ] {
            let error = outcome.unwrap_err();
            assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 200));
            assert_eq!(error.code(), Some(&ErrorCode::DuplicatePolicyName));
            assert_eq!(error.message(), "the name is in use");
        }
    }
}

#[tokio::test]
async fn an_error_in_a_body_is_found_wherever_it_stands() {
    for (body, expected) in [
        (&br#" {"records":[{"name":"a","action":"new"}],"num_records":1,"error":null}"#[..], "1 records"),
        (br#"{"records":[{"name":"\"error\""}]}"#, "1 records"),
        (
            br#"{"records":[],"error":{"code":"E_TIMEOUT"}}"#,
            "the response is not what ONTAP documents (43 bytes; at line 1, column 1)",
        ),
        (br#"{"error":{"code":4},"records":[]}"#, r#"error Some("4") """#),
        (br#"{"records":7,"error":{"code":"x","message":"m"}}"#, r#"error None "m""#),
        (br#"{"records":7}"#, "the response is not what ONTAP documents (13 bytes; at line 1, column 12)"),
        (b"{\n\"a\":\"\xff\"}", "the response is not what ONTAP documents (10 bytes; at line 2, column 6)"),
        (
            br#"{"records":[]"#,
            "the response is not ONTAP's: 13 bytes of application/json, no JSON object from line 1, column 13 on",
        ),
        (
            br#"{"records":[]} and more"#,
            "the response is not ONTAP's: 23 bytes of application/json, no JSON object from line 1, column 16 on",
        ),
        (b"[]", "the response is not ONTAP's: 2 bytes of application/json, no JSON object from line 1, column 1 on"),
        (b"", "the response holds neither records nor their number"),
    ] {
        let wire = Wire::answering([raw("200 OK", &[("Content-Type", "application/json")], body)]).await;
        let found = match wire.client().policies().list().page().await {
            Ok(page) => format!("{} records", page.records.len()),
            Err(error) if error.kind() == ErrorKind::Api => {
                format!("error {:?} {:?}", error.code().map(ErrorCode::as_str), error.message())
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
                error.message().to_owned()
            }
        };
        assert_eq!(found, expected, "{}", String::from_utf8_lossy(body));
    }
}

#[tokio::test]
async fn an_error_in_a_success_is_found_in_whatever_form() {
    let large = format!(r#"{{"error":{{"code":"4","message":"{}"}}}}"#, "m".repeat(100_000));
    let escaped = r#"{"records":[],"\u0065rror":{"code":"4","message":"m"}}"#;
    for body in [&large, escaped] {
        let wire = Wire::answering([json("200 OK", body)]).await;
        let client = wire.client();
        let changes = IpsecPolicyModify::default().with_enabled(false);
        for outcome in [client.policies().modify(UUID, &changes).await, client.policies().list().page().await.map(drop)]
        {
            let error = outcome.unwrap_err();
            assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 200));
            assert!(error.to_string().len() < 300, "{error}");
        }
    }
}

#[tokio::test]
async fn a_created_policy_is_named_by_location_or_by_the_record() {
    let path = format!("/api/security/ipsec/policies/{UUID}");
    let record = format!(r#"{{"records":[{{"uuid":"{UUID}"}}]}}"#);
    for answer in [
        answer("201 Created", &[("Location", &path)], ""),
        answer("201 Created", &[("Location", &path)], "{}"),
        answer("201 Created", &[("Location", &format!("{path}?fields=*"))], "{}"),
        answer("201 Created", &[], &record),
        answer("201 Created", &[], &record.replace(r#""uuid""#, r#""name":"nfs-to-hosts","uuid""#)),
    ] {
        let wire = Wire::answering([answer]).await;
        assert_eq!(wire.client().policies().create(&policy()).await.unwrap(), UUID);
    }
    // Bodies that are not ONTAP's, or that name another resource.
    let elsewhere = format!("https://portal.example.com/api/security/ipsec/policies/{UUID}");
    for answer in [
        json("201 Created", "{}"),
        answer("201 Created", &[("Location", &elsewhere)], "{}"),
        answer("201 Created", &[("Location", &format!("/api/cluster/jobs/{UUID}"))], "{}"),
        answer("201 Created", &[("Location", &format!("/x{path}"))], "{}"),
        json("201 Created", &record.replace(r#""uuid""#, r#""name":"other","uuid""#)),
        answer("200 OK", &[("Location", &path)], r#"{"status":"maintenance"}"#),
    ] {
        let wire = Wire::answering([answer]).await;
        let error = wire.client().policies().create(&policy()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
        assert!(error.to_string().contains("accepted"), "{error}");
    }
}

#[tokio::test]
async fn values_of_a_newer_ontap_are_kept() {
    let body = format!(
        r#"{{"num_records":2,"records":[
            {{"uuid":"{UUID}","name":"{}","action":"esp_tunnel","ppk":{{"identity":"x"}},"scope":null}},
            {{"uuid":"not-a-uuid","action":"bypass","local_endpoint":{{"family":"ipv6","port":null}}}}]}}"#,
        "n".repeat(300)
    );
    let wire = Wire::answering([json("200 OK", &body)]).await;
    let page = wire.client().policies().list().page().await.unwrap();
    let [newer, known] = &page.records[..] else { panic!("{page:?}") };
    assert_eq!(newer.action, Some(IpsecAction::Other("esp_tunnel".into())));
    assert_eq!(serde_json::to_value(&newer.action).unwrap(), "esp_tunnel");
    assert_eq!(newer.name.as_ref().unwrap().len(), 300);
    assert_eq!(newer.id(), Some(UUID));
    assert_eq!(known.action, Some(IpsecAction::Bypass));
    assert_eq!(known.uuid.as_deref(), Some("not-a-uuid"));
    assert_eq!(known.id(), None);
    assert_eq!(known.local_endpoint.as_ref().unwrap().family, Some(IpAddressFamily::Ipv6));
}

#[tokio::test]
async fn null_stands_for_nothing() {
    let wire = Wire::answering([json("200 OK", r#"{"records":null,"num_records":0,"_links":null}"#)]).await;
    let page = wire.client().policies().list().page().await.unwrap();
    assert_eq!((page.records.len(), page.num_records, page.is_last()), (0, Some(0), true));
    let wire = Wire::answering([json("200 OK", r#"{"records":[],"num_records":null}"#)]).await;
    assert_eq!(wire.client().policies().list().page().await.unwrap().num_records, None);
    let record =
        r#"{"name":null,"action":null,"authentication_method":null,"scope":null,"local_endpoint":{"family":null}}"#;
    let wire = Wire::answering([json("200 OK", &format!(r#"{{"records":[{record}]}}"#))]).await;
    let page = wire.client().policies().list().page().await.unwrap();
    let [policy] = &page.records[..] else { panic!("{page:?}") };
    assert_eq!((&policy.name, &policy.action, &policy.scope), (&None, &None, &None));
    assert_eq!(policy.local_endpoint.as_ref().unwrap().family, None);
}

#[tokio::test]
async fn an_answer_of_something_else_keeps_its_status_and_says_so() {
    let html = answer("502 Bad Gateway", &[("Content-Type", "text/html")], "<html>upstream</html>");
    let empty = answer("503 Service Unavailable", &[("Retry-After", "7")], "");
    let large = answer("500 Internal Server Error", &[("Content-Type", "text/plain")], &"x".repeat(2 << 20));
    let cut = {
        let mut cut = json("504 Gateway Timeout", r#"{"error":{"code":"4","message":"m"}}"#);
        cut.truncate(cut.len() - 10);
        cut
    };
    let no_error = json("400 Bad Request", r#"{"error":{}}"#);
    for (answer, status, words) in [
        (html, 502, "the response is not ONTAP's: 21 bytes of text/html (HTTP 502)"),
        (empty, 503, "the response is not ONTAP's: an empty body (HTTP 503)"),
        (large, 500, "the response is not ONTAP's: more than 1048576 bytes of text/plain (HTTP 500)"),
        (cut, 504, "the response is not ONTAP's: a body that broke off (HTTP 504)"),
        (no_error, 400, "the response is not ONTAP's: 12 bytes of application/hal+json (HTTP 400)"),
    ] {
        let wire = Wire::answering([answer]).await;
        let error = wire.client().policies().get(UUID).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.to_string(), format!("ipsec_policy_get on {}: {words}", wire.host()));
    }
}

#[tokio::test]
async fn an_error_keeps_retry_after_and_retryability_of_such_an_answer() {
    let wire = Wire::answering([answer("503 Service Unavailable", &[("Retry-After", "7")], "")]).await;
    let error = wire.client().operations().ipsec_policy_get(UUID).send().await.unwrap_err();
    assert!(error.is_retryable());
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(7)));
}

#[tokio::test]
async fn a_numeric_code_is_a_code() {
    let wire = Wire::answering([json("404 Not Found", r#"{"error":{"code":4,"message":"none","target":7}}"#)]).await;
    let error = wire.client().policies().get(UUID).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::Other("4".into())));
    assert_eq!(error.target(), Some("7"));
    assert_eq!(error.host(), Some(wire.host()));
    let text = error.to_string().replace(wire.host(), "HOST");
    assert_eq!(text, "ipsec_policy_get on HOST: ONTAP error 4: none (target 7) (HTTP 404)");
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_page_of_a_proxy_is_not_a_missing_policy() {
    let gateway = r#"{"error":{"code":404,"message":"no route","status":"NOT_FOUND"}}"#;
    for body in ["<html>", gateway] {
        let wire = Wire::answering([answer("404 Not Found", &[("Content-Type", "text/html")], body)]).await;
        assert!(!wire.client().policies().get(UUID).await.unwrap_err().is_not_found());
    }
}

#[tokio::test]
async fn a_success_that_is_not_json_is_no_success() {
    for body in ["<html></html>", "[1]", r#"{"records":"many"}"#, "{"] {
        let wire = Wire::answering([json("200 OK", body)]).await;
        let error = wire.client().policies().list().page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}");
        assert!(!error.to_string().contains("many"), "{error}");
    }
    // Nor for operations whose response holds nothing: it is the page of somebody who let no request through.
    for body in ["<html></html>", "[1]", "{"] {
        let wire = Wire::answering([json("200 OK", body)]).await;
        let client = wire.client();
        let changes = IpsecPolicyModify::default().with_enabled(false);
        for outcome in [
            client.policies().create(&policy()).await.map(drop),
            client.policies().modify(UUID, &changes).await,
            client.policies().delete(UUID).await,
        ] {
            let error = outcome.unwrap_err();
            assert_eq!(
                (error.kind(), error.status().unwrap().as_u16()),
                (ErrorKind::UnexpectedResponse, 200),
                "{body}"
            );
            assert!(error.to_string().contains("no JSON object from"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_success_that_never_ends_is_given_up() {
    let mut endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"records\":[".to_vec();
    endless.resize(65 << 20, b' ');
    let wire = Wire::answering([endless]).await;
    let error = wire.client().policies().list().page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert_eq!(
        error.to_string().replace(wire.host(), "HOST"),
        "ipsec_policy_collection_get on HOST: the response is larger than 67108864 bytes; see \
         `ClientBuilder::max_response_bytes` (HTTP 200)"
    );
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let elsewhere = Wire::answering([json("200 OK", "{}")]).await;
    let location = format!("{}/api/security/ipsec/policies/{UUID}", elsewhere.url());
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let wire = Wire::answering([answer(status, &[("Location", &location)], "")]).await;
        let client = wire.client();
        let changes = IpsecPolicyModify::default().with_enabled(false);
        for outcome in
            [client.policies().create(&policy()).await.map(drop), client.policies().modify(UUID, &changes).await]
        {
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
            assert!(
                error.to_string().contains("redirects are not followed; use the cluster's management address"),
                "{error}"
            );
        }
    }
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_broken_connection_is_a_transport_error_with_its_cause_and_without_the_url() {
    let wire = Wire::answering([Vec::new()]).await;
    let broken = wire.client().policies().list().name("looked-for").page().await.unwrap_err();
    let refused = {
        let wire = Wire::answering([Vec::new()]).await;
        let client = wire.client();
        drop(wire);
        // The listener goes with the task, a moment after it is told to.
        loop {
            let error = client.policies().get(UUID).await.unwrap_err();
            if error.to_string().contains("no connection") {
                break error;
            }
            tokio::task::yield_now().await;
        }
    };
    for error in [broken, refused] {
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(error.source().is_some());
        let text = format!("{error} {error:?}");
        assert!(!text.contains("looked-for") && !text.contains("http://"), "{text}");
    }
}

#[tokio::test]
async fn an_error_is_one_line_whatever_the_server_writes() {
    for body in [
        r#"{"error":{"code":"4","message":"first\nsecond\u001b[31m\u2028\u202e"}}"#,
        r#"{"error":{"code":"4\nsecond","message":"first"}}"#,
    ] {
        let wire = Wire::answering([json("404 Not Found", body)]).await;
        let error = wire.client().policies().get(UUID).await.unwrap_err();
        assert!(!error.to_string().contains(['\n', '\u{1b}', '\u{2028}', '\u{202e}']), "{error:?}");
        assert!(error.to_string().contains("first"), "{error}");
    }
}

#[test]
fn errors_are_small_and_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

/// A gateway's page in JSON. A caller who takes it for done relies on a change that was not made.
#[tokio::test]
async fn json_that_is_not_ontaps_is_no_success() {
    let unread = r#"{"_links":{},"num_records":0,"records":[],"error":{"code":"E_TIMEOUT"}}"#;
    for body in [r#"{"status":"maintenance"}"#, r#"{"uuid":null}"#, r#"{ "a" : {} }"#, "[]", unread] {
        let wire = Wire::answering([json("200 OK", body)]).await;
        let client = wire.client();
        for error in [
            client.policies().modify(UUID, &IpsecPolicyModify::default().with_enabled(false)).await.unwrap_err(),
            client.policies().delete(UUID).await.unwrap_err(),
            client.policies().get(UUID).await.unwrap_err(),
            client.policies().list().page().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}: {error}");
        }
    }
    for body in [r#"{"_links":{}}"#, r#"{"num_records":1}"#, " { } ", r#"{"records":[],"warnings":7}"#] {
        let wire = Wire::answering([json("200 OK", body)]).await;
        wire.client().policies().delete(UUID).await.unwrap();
    }
}

#[tokio::test]
async fn a_record_with_another_uuid_is_not_the_policy() {
    for uuid in ["nope", "02c9e252-41be-11e9-81d5-00a0986138f7", ""] {
        let wire = Wire::answering([json("200 OK", &format!(r#"{{"uuid":"{uuid}","name":"n"}}"#))]).await;
        let error = wire.client().policies().get(UUID).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{uuid}");
    }
    let wire = Wire::answering([json("200 OK", &format!(r#"{{"uuid":"{}"}}"#, UUID.to_string().to_uppercase()))]).await;
    wire.client().policies().get(UUID).await.unwrap();
}

#[tokio::test]
async fn a_304_is_no_redirection() {
    for (status, location, words) in [
        ("304 Not Modified", None, "ONTAP does not use this status"),
        ("302 Found", Some("/login"), "redirects are not followed"),
    ] {
        let headers: Vec<_> = location.into_iter().map(|location| ("Location", location)).collect();
        let wire = Wire::answering([answer(status, &headers, "")]).await;
        let error = wire.client().policies().get(UUID).await.unwrap_err();
        assert!(error.message().contains(words), "{error}");
    }
}

#[tokio::test]
async fn the_link_of_a_server_that_is_too_long_is_not_the_callers_fault() {
    let next = format!("/api/security/ipsec/policies?start.uuid={}", "x".repeat(70_000));
    let body = format!(r#"{{"records":[{{"name":"a"}}],"_links":{{"next":{{"href":"{next}"}}}}}}"#);
    let wire = Wire::answering([json("200 OK", &body)]).await;
    let client = wire.client();
    let page = client.policies().list().page().await.unwrap();
    let error = client.policies().next_page(&page).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert!(error.message().contains("the link to the next page has 70040 bytes"), "{error}");
}
