//! Retries: which requests, how often, and after what pauses.

use std::time::{Duration, SystemTime};

use crate::support::time::{TestClock, clock};
use crate::support::{Act, KEY, UUID, Wire, answer, json, policy};
use ontap_ipsec::types::{IpsecCaCertificateCreate, IpsecModify, IpsecPolicyModify};
use ontap_ipsec::{Client, Error, ErrorCode, ErrorKind, Operation, RetryPolicy};

const SECOND: Duration = Duration::from_secs(1);

fn busy() -> Vec<u8> {
    json("429 Too Many Requests", r#"{"error":{"code":"262160","message":"too many"}}"#)
}

fn gateway() -> Vec<u8> {
    answer("502 Bad Gateway", &[("Content-Type", "text/html")], "<html>")
}

fn missing() -> Vec<u8> {
    json("404 Not Found", r#"{"error":{"code":"4","message":"entry doesn't exist"}}"#)
}

/// Returns a response that is a success for each operation.
fn good() -> Vec<u8> {
    let path = format!("/api/security/ipsec/policies/{UUID}");
    answer("200 OK", &[("Location", &path)], &format!(r#"{{"uuid":"{UUID}","records":[],"num_records":0}}"#))
}

/// Runs an operation by itself, without any look for a policy.
async fn run(client: &Client, operation: Operation) -> Result<(), Error> {
    let operations = client.operations();
    let changes = IpsecPolicyModify::default().with_enabled(false);
    match operation {
        Operation::IpsecPolicyCollectionGet => operations.ipsec_policy_collection_get().send().await.map(drop),
        Operation::IpsecPolicyCreate => operations.ipsec_policy_create(policy()).send().await.map(drop),
        Operation::IpsecPolicyGet => operations.ipsec_policy_get(UUID).send().await.map(drop),
        Operation::IpsecPolicyModify => operations.ipsec_policy_modify(UUID, changes).send().await.map(drop),
        Operation::IpsecPolicyDelete => operations.ipsec_policy_delete(UUID).send().await.map(drop),
        Operation::IpsecGet => operations.ipsec_get().send().await.map(drop),
        Operation::IpsecModify => {
            operations.ipsec_modify(IpsecModify::default().with_enabled(true)).send().await.map(drop)
        }
        Operation::IpsecCaCertificateCollectionGet => {
            operations.ipsec_ca_certificate_collection_get().send().await.map(drop)
        }
        Operation::IpsecCaCertificateCreate => {
            let certificate = IpsecCaCertificateCreate::for_cluster(UUID);
            operations.ipsec_ca_certificate_create(certificate).send().await.map(drop)
        }
        Operation::IpsecCaCertificateGet => operations.ipsec_ca_certificate_get(UUID).send().await.map(drop),
        Operation::IpsecCaCertificateDelete => operations.ipsec_ca_certificate_delete(UUID).send().await.map(drop),
        Operation::SecurityAssociationCollectionGet => {
            operations.security_association_collection_get().send().await.map(drop)
        }
        Operation::SecurityAssociationGet => operations.security_association_get(UUID).send().await.map(drop),
        _ => panic!("an operation that this test does not know"),
    }
}

#[tokio::test]
async fn what_is_busy_is_asked_again_until_it_is_not() {
    for operation in Operation::ALL {
        let wire = Wire::answering([busy(), busy(), busy(), good()]).await;
        let clock = clock();
        run(&wire.timed(&clock).build().unwrap(), *operation).await.unwrap();
        let requests = wire.requests();
        assert_eq!(requests.len(), 4, "{operation}");
        // Each is the same, with credentials, the key and all.
        let bodies: Vec<_> = requests.iter().map(|request| request.split("\r\n\r\n").nth(1)).collect();
        assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
        assert!(requests.iter().all(|request| request.contains("authorization: Basic ")), "{operation}");
        assert_eq!(requests.iter().all(|request| request.contains(KEY)), *operation == Operation::IpsecPolicyCreate);
        let pauses = clock.pauses();
        assert_eq!(pauses.len(), 3);
        for (pause, longest) in pauses.iter().zip([500, 1000, 2000].map(Duration::from_millis)) {
            assert!(*pause <= longest, "{pauses:?}");
        }
    }
}

#[tokio::test]
async fn it_ends_after_the_last_attempt_with_the_last_answer() {
    for (answer, kind, words) in [
        (busy(), ErrorKind::Api, "ONTAP error 262160: too many (HTTP 429) (after 4 attempts)"),
        (
            gateway(),
            ErrorKind::UnexpectedResponse,
            "the response is not ONTAP's: 6 bytes of text/html (HTTP 502) (after 4 attempts)",
        ),
    ] {
        let wire = Wire::answering([answer]).await;
        let client = wire.timed(&clock()).build().unwrap();
        let error = client.policies().get(UUID).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (kind, 4, true));
        assert_eq!(error.to_string(), format!("ipsec_policy_get on {}: {words}", wire.host()));
        assert_eq!(wire.requests().len(), 4);
    }
}

#[tokio::test]
async fn the_policy_sets_attempts_and_deadline() {
    for policy in [RetryPolicy::off(), RetryPolicy::default().max_attempts(0)] {
        let wire = Wire::answering([busy()]).await;
        let client = wire.timed(&clock()).retry(policy).build().unwrap();
        let error = client.policies().get(UUID).await.unwrap_err();
        assert_eq!((error.attempts(), wire.requests().len()), (1, 1));
    }

    // Each pause is of 10 seconds. The call may take so many seconds, and an attempt needs some of them.
    for (deadline, attempts) in [(9, 1), (10, 1), (11, 2), (20, 2), (25, 3)] {
        let wire = Wire::answering([answer("503 Service Unavailable", &[("Retry-After", "10")], "")]).await;
        let clock = clock();
        let patient = RetryPolicy::default().max_attempts(100).deadline(deadline * SECOND);
        let client = wire.timed(&clock).retry(patient).build().unwrap();
        let error = client.policies().get(UUID).await.unwrap_err();
        assert_eq!(error.attempts(), attempts, "{deadline}");
        assert_eq!(clock.pauses(), vec![10 * SECOND; attempts as usize - 1]);
    }
}

#[tokio::test]
async fn retry_after_is_honoured_in_both_forms_and_capped() {
    for (value, pause) in
        [("7", 7), ("3600", 60), ("Sun, 06 Nov 1994 00:00:13 GMT", 13), ("Sun, 06 Nov 1994 23:00:00 GMT", 60)]
    {
        let wait = answer("429 Too Many Requests", &[("Retry-After", value)], "");
        let wire = Wire::answering([wait, good()]).await;
        let clock = clock();
        wire.timed(&clock).build().unwrap().policies().get(UUID).await.unwrap();
        assert_eq!(clock.pauses(), [pause * SECOND], "{value}");
    }
}

#[tokio::test]
async fn retry_after_is_seconds_or_a_date_and_nothing_else() {
    // 1994-11-06 08:49:37, the date of the RFC's examples.
    let clock = TestClock::at(SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777));
    for (value, wait) in [
        (Some("0"), Some(0)),
        (Some("120"), Some(120)),
        (Some(" 7 "), Some(7)),
        (Some("99999999999999999999999"), Some(u64::MAX)),
        (Some("Sun, 06 Nov 1994 08:49:47 GMT"), Some(10)),
        (Some("Sunday, 06-Nov-94 08:50:37 GMT"), Some(60)),
        (Some("Sun Nov  6 08:49:38 1994"), Some(1)),
        (Some("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0)),
        (Some("Sat, 06 Nov 1993 08:49:37 GMT"), Some(0)),
        (Some("-1"), None),
        (Some("1.5"), None),
        (Some("soon"), None),
        (Some(""), None),
        (None, None),
    ] {
        let headers: Vec<_> = value.map(|value| ("Retry-After", value)).into_iter().collect();
        let wire = Wire::answering([answer("429 Too Many Requests", &headers, "")]).await;
        let client = wire.timed(&clock).retry(RetryPolicy::off()).build().unwrap();
        let error = client.policies().get(UUID).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 429, "{value:?}");
        assert_eq!(error.retry_after(), wait.map(Duration::from_secs), "{value:?}");
    }
    assert!(clock.pauses().is_empty());
}

/// The meaning of a failed response for the request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    /// It would fail again.
    Final,
    /// It was not carried out, and may be later.
    NotDone,
    /// It may have been carried out, and may be later.
    Unclear,
}

#[tokio::test]
async fn status_and_code_decide_what_is_sent_again() {
    for (status, code, verdict) in [
        // A gateway's, who may have forwarded the request.
        (408, None, Verdict::Unclear),
        (429, None, Verdict::Unclear),
        (503, Some("503"), Verdict::Unclear),
        (429, Some("429"), Verdict::Unclear),
        (503, Some("7"), Verdict::NotDone),
        (429, Some("7"), Verdict::NotDone),
        (429, Some("262160"), Verdict::NotDone),
        (503, Some("8"), Verdict::NotDone),
        (503, None, Verdict::Unclear),
        (502, None, Verdict::Unclear),
        (504, Some("8"), Verdict::Unclear),
        (409, Some("8"), Verdict::Final),
        (409, Some("2621576"), Verdict::NotDone),
        (400, Some("2621573"), Verdict::NotDone),
        (500, Some("65541"), Verdict::Unclear),
        (500, Some("262145"), Verdict::Final),
        (500, None, Verdict::Final),
        (400, Some("66257104"), Verdict::Final),
        (401, None, Verdict::Final),
        (404, Some("4"), Verdict::Final),
        (307, None, Verdict::Final),
        // It only begins like a code that passes.
        (500, Some("2621601"), Verdict::Final),
    ] {
        let body = code.map(|code| format!(r#"{{"error":{{"code":"{code}","message":"m"}}}}"#)).unwrap_or_default();
        let failure = json(&format!("{status} Failure"), &body);
        for operation in Operation::ALL {
            let wire = Wire::answering([failure.clone(), good()]).await;
            let outcome = run(&wire.timed(&clock()).build().unwrap(), *operation).await;
            let again = match verdict {
                Verdict::Final => false,
                Verdict::NotDone => true,
                Verdict::Unclear => operation.method() != "POST",
            };
            let case = format!("{status} {code:?} {operation}");
            assert_eq!(wire.requests().len(), if again { 2 } else { 1 }, "{case}");
            assert_eq!(outcome.is_ok(), again, "{case}");
            if let Err(error) = outcome {
                assert_eq!(error.status().unwrap().as_u16(), status, "{case}");
                assert_eq!(error.code().map(ErrorCode::as_str), code, "{case}");
                assert_eq!(error.is_retryable(), verdict != Verdict::Final, "{case}");
            }
        }
    }
}

#[tokio::test]
async fn what_would_fail_again_is_not_tried_again() {
    for answer in [
        missing(),
        json("409 Conflict", r#"{"error":{"code":"66257104","message":"taken"}}"#),
        json("409 Conflict", r#"{"error":{"code":"8","message":"in use"}}"#),
        json("500 Internal Server Error", r#"{"error":{"code":"262145","message":"exception"}}"#),
        json("200 OK", "<html>"),
        answer("307 Temporary Redirect", &[("Location", "https://elsewhere.example.com/")], ""),
    ] {
        let wire = Wire::answering([answer]).await;
        let clock = clock();
        let client = wire.timed(&clock).build().unwrap();
        for operation in Operation::ALL {
            let before = wire.requests().len();
            match run(&client, *operation).await {
                Ok(()) => panic!("{operation} took a failure for a success"),
                Err(error) => assert!(!error.is_retryable(), "{error}"),
            }
            assert_eq!(wire.requests().len(), before + 1, "{operation}");
        }
        assert!(clock.pauses().is_empty());
    }
}

/// Ways to lose a response, of which the client cannot know whether the request was carried out.
fn losses() -> Vec<Act> {
    let mut cut = good();
    cut.truncate(cut.len() - 3);
    vec![Act::Reset, Act::Answer(Vec::new()), Act::Answer(cut), Act::Answer(b"HTTP/1.1 200".to_vec())]
}

#[tokio::test]
async fn after_a_lost_answer_only_reads_and_deletes_are_sent_again() {
    for operation in Operation::ALL {
        for lost in losses() {
            let wire = Wire::doing([lost, Act::Answer(good())]).await;
            let outcome = run(&wire.timed(&clock()).build().unwrap(), *operation).await;
            if matches!(operation.method(), "GET" | "DELETE") {
                outcome.unwrap();
                assert_eq!(wire.requests().len(), 2, "{operation}");
            } else {
                let error = outcome.unwrap_err();
                assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
                assert!(error.is_retryable());
                wire.request();
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_leaves_it_open_is_enough_for_all_but_a_create() {
    for operation in Operation::ALL {
        let wire = Wire::answering([gateway(), good()]).await;
        let outcome = run(&wire.timed(&clock()).build().unwrap(), *operation).await;
        assert_eq!(outcome.is_ok(), operation.method() != "POST", "{operation}");
    }
}

#[tokio::test]
async fn what_never_reached_the_cluster_is_sent_again() {
    // A port that was free a moment ago, and where nobody listens.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let clock = clock();
    let client =
        Client::builder(url).allow_plain_http().clock(clock.clone()).read_timeout(crate::support::time::TIMEOUT);
    let client = client.timeout(crate::support::time::TIMEOUT * 2).retry(crate::support::patient()).build().unwrap();
    for operation in Operation::ALL {
        let error = run(&client, *operation).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 4), "{error}");
        assert!(error.to_string().contains("no connection to the cluster"), "{error}");
    }
    assert_eq!(clock.pauses().len(), 3 * Operation::ALL.len());
}

#[tokio::test]
async fn a_delete_whose_answer_was_lost_has_succeeded_when_the_policy_is_gone() {
    let losses = losses().into_iter().chain([Act::Answer(gateway())]);
    for lost in losses {
        let wire = Wire::doing([lost, Act::Answer(missing())]).await;
        wire.timed(&clock()).build().unwrap().policies().delete(UUID).await.unwrap();
        assert_eq!(wire.requests().len(), 2);
    }
    // The cluster said that it did nothing the first time: so somebody else deleted it.
    let wire = Wire::answering([busy(), missing()]).await;
    let error = wire.timed(&clock()).build().unwrap().policies().delete(UUID).await.unwrap_err();
    assert!(error.is_not_found());
    // To read what is gone is no success.
    let wire = Wire::doing([Act::Reset, Act::Answer(missing())]).await;
    assert!(wire.timed(&clock()).build().unwrap().policies().get(UUID).await.unwrap_err().is_not_found());
    // A page of a gateway does not say that the policy is gone.
    let page = answer("404 Not Found", &[("Content-Type", "text/html")], "<html>");
    let wire = Wire::doing([Act::Reset, Act::Answer(page)]).await;
    assert!(wire.timed(&clock()).build().unwrap().policies().delete(UUID).await.is_err());
}
