//! What is tried again, how often, and after what pause.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::panic)]

mod support;

use std::time::Duration;

use ontap_ipsec::types::IpsecPolicyModify;
use ontap_ipsec::{Client, Error, ErrorKind, Operation, RetryPolicy};
use support::time::TestClock;
use support::{Act, KEY, UUID, Wire, answer, json, policy};

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

/// An answer that every operation takes for a success.
fn good() -> Vec<u8> {
    let path = format!("/api/security/ipsec/policies/{UUID}");
    answer("200 OK", &[("Location", &path)], &format!(r#"{{"uuid":"{UUID}","records":[],"num_records":0}}"#))
}

/// Runs an operation of the bindings, which know nothing of looking a policy up.
async fn run(client: &Client, operation: Operation) -> Result<(), Error> {
    let bindings = client.bindings();
    let changes = IpsecPolicyModify { enabled: Some(false), ..Default::default() };
    match operation {
        Operation::IpsecPolicyCollectionGet => bindings.ipsec_policy_collection_get().send().await.map(drop),
        Operation::IpsecPolicyCreate => bindings.ipsec_policy_create().body(policy()).send().await.map(drop),
        Operation::IpsecPolicyGet => bindings.ipsec_policy_get().uuid(UUID).send().await.map(drop),
        Operation::IpsecPolicyModify => bindings.ipsec_policy_modify().uuid(UUID).body(changes).send().await.map(drop),
        Operation::IpsecPolicyDelete => bindings.ipsec_policy_delete().uuid(UUID).send().await.map(drop),
        _ => panic!("an operation that this test does not know"),
    }
    .map_err(Error::from)
}

#[tokio::test]
async fn what_is_busy_is_asked_again_until_it_is_not() {
    for operation in Operation::ALL {
        let wire = Wire::answering([busy(), busy(), busy(), good()]).await;
        let clock = TestClock::new();
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
            ErrorKind::UnexpectedAnswer,
            "the answer is not ONTAP's: 6 bytes of text/html (HTTP 502) (after 4 attempts)",
        ),
    ] {
        let wire = Wire::answering([answer]).await;
        let client = wire.timed(&TestClock::new()).build().unwrap();
        let error = client.get(UUID).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (kind, 4, true));
        assert_eq!(error.to_string(), format!("ipsec_policy_get: {words}"));
        assert_eq!(wire.requests().len(), 4);
    }
}

#[tokio::test]
async fn the_policy_sets_attempts_and_deadline() {
    let wire = Wire::answering([busy()]).await;
    let client = wire.timed(&TestClock::new()).retry(RetryPolicy::off()).build().unwrap();
    let error = client.get(UUID).await.unwrap_err();
    assert_eq!((error.attempts(), wire.requests().len()), (1, 1));

    // Each pause is of 10 seconds, and none may end after 25.
    let wait = answer("503 Service Unavailable", &[("Retry-After", "10")], "");
    let wire = Wire::answering([wait]).await;
    let clock = TestClock::new();
    let patient = RetryPolicy::default().max_attempts(100).deadline(25 * SECOND);
    let error = wire.timed(&clock).retry(patient).build().unwrap().get(UUID).await.unwrap_err();
    assert_eq!((error.attempts(), clock.pauses()), (3, vec![10 * SECOND, 10 * SECOND]));
}

#[tokio::test]
async fn retry_after_is_honoured_in_both_forms_and_capped() {
    for (value, pause) in
        [("7", 7), ("3600", 60), ("Sun, 06 Nov 1994 00:00:13 GMT", 13), ("Sun, 06 Nov 1994 23:00:00 GMT", 60)]
    {
        let wait = answer("429 Too Many Requests", &[("Retry-After", value)], "");
        let wire = Wire::answering([wait, good()]).await;
        let clock = TestClock::new();
        wire.timed(&clock).build().unwrap().get(UUID).await.unwrap();
        assert_eq!(clock.pauses(), [pause * SECOND], "{value}");
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
        let clock = TestClock::new();
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

/// Ways to lose an answer, of which the client cannot know whether the request was carried out.
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
            let outcome = run(&wire.timed(&TestClock::new()).build().unwrap(), *operation).await;
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
        let outcome = run(&wire.timed(&TestClock::new()).build().unwrap(), *operation).await;
        assert_eq!(outcome.is_ok(), *operation != Operation::IpsecPolicyCreate, "{operation}");
    }
}

#[tokio::test]
async fn what_never_reached_the_cluster_is_sent_again() {
    // A port that was free a moment ago, and where nobody listens.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let clock = TestClock::new();
    let client = Client::builder(url).allow_plain_http().clock(clock.clone()).read_timeout(support::time::TIMEOUT);
    let client = client.timeout(support::time::TIMEOUT * 2).build().unwrap();
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
        wire.timed(&TestClock::new()).build().unwrap().delete(UUID).await.unwrap();
        assert_eq!(wire.requests().len(), 2);
    }
    // The cluster said that it did nothing the first time: so somebody else deleted it.
    let wire = Wire::answering([busy(), missing()]).await;
    let error = wire.timed(&TestClock::new()).build().unwrap().delete(UUID).await.unwrap_err();
    assert!(error.is_not_found());
    // To read what is gone is no success.
    let wire = Wire::doing([Act::Reset, Act::Answer(missing())]).await;
    assert!(wire.timed(&TestClock::new()).build().unwrap().get(UUID).await.unwrap_err().is_not_found());
    // A page of a gateway does not say that the policy is gone.
    let page = answer("404 Not Found", &[("Content-Type", "text/html")], "<html>");
    let wire = Wire::doing([Act::Reset, Act::Answer(page)]).await;
    assert!(wire.timed(&TestClock::new()).build().unwrap().delete(UUID).await.is_err());
}
