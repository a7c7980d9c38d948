//! A create whose response is lost: whether the policy is there is found out before anything is sent again.

use crate::support::time::clock;
use crate::support::{Act, KEY, UUID, Wire, answer, policy};
use ontap_ipsec::types::IpsecPolicyModify;
use ontap_ipsec::{Change, Error, ErrorCode, ErrorKind, RetryPolicy};
use serde_json::json;

fn list(records: &serde_json::Value) -> Act {
    Act::Answer(crate::support::json("200 OK", &json!({ "records": records }).to_string()))
}

/// The policy that is sent, as ONTAP returns it.
fn ours() -> serde_json::Value {
    json!([{
        "uuid": UUID, "name": "nfs-to-hosts", "svm": { "name": "svm1" }, "scope": "svm", "enabled": true,
        "action": "esp_transport", "authentication_method": "psk",
    }])
}

fn created() -> Act {
    let path = format!("/api/security/ipsec/policies/{UUID}");
    Act::Answer(answer("201 Created", &[("Location", &path)], "{}"))
}

fn gateway() -> Act {
    Act::Answer(answer("504 Gateway Timeout", &[("Content-Type", "text/html")], "<html>"))
}

fn taken() -> Act {
    Act::Answer(crate::support::json(
        "409 Conflict",
        r#"{"error":{"code":"66257104","message":"taken","target":"name"}}"#,
    ))
}

/// The methods of the requests that came.
fn methods(wire: &Wire) -> Vec<String> {
    wire.requests().iter().map(|request| request.split(' ').next().unwrap().to_owned()).collect()
}

/// The error names the policy found.
#[track_caller]
fn names_the_policy(error: &Error) {
    assert!(error.message().contains(&format!("there is a policy of that name, {UUID}, as described")), "{error}");
    let argument = &error.arguments()[0];
    assert_eq!((argument.code.as_deref(), argument.message.as_deref()), (Some("uuid"), Some(&*UUID.to_string())));
    assert!(!error.is_retryable(), "the same call would be refused: {error}");
}

/// It may have been there before, with another key.
#[tokio::test]
async fn a_policy_that_is_there_is_not_sent_again_and_not_taken_for_created() {
    for lost in [Act::Reset, Act::Answer(Vec::new()), gateway()] {
        let wire = Wire::doing([lost, list(&ours())]).await;
        let time = clock();
        let error = wire.timed(&time).build().unwrap().policies().create(&policy()).await.unwrap_err();
        names_the_policy(&error);
        assert_eq!(methods(&wire), ["POST", "GET"]);
        let lookup = &wire.requests()[1];
        assert!(lookup.contains("name=nfs-to-hosts") && lookup.contains("svm.name=svm1"), "{lookup}");
        assert!(!lookup.contains(KEY));
        assert_eq!(time.pauses().len(), 1);
    }
}

#[tokio::test]
async fn a_success_that_does_not_say_enough_is_made_up_for_by_a_look() {
    let job = format!(r#"{{"job":{{"uuid":"{UUID}"}}}}"#);
    let successes = [
        ("200 OK", "<html>", "the response is not ONTAP's"),
        ("200 OK", r#"{"status":"maintenance"}"#, "the policy was accepted, but the response does not name it"),
        ("201 Created", r#"{"records":7}"#, "the response is not what ONTAP documents"),
        ("201 Created", "{}", "the policy was accepted, but the response does not name it"),
        ("202 Accepted", &job, "the cluster has started job"),
    ];
    for (status, body, words) in successes {
        let wire = Wire::doing([Act::Answer(crate::support::json(status, body)), list(&ours())]).await;
        let time = clock();
        let outcome = wire.timed(&time).build().unwrap().policies().create(&policy()).await;
        // Only ONTAP answers 201, and it would have refused the policy if there had been one of its name.
        if status == "201 Created" {
            assert_eq!(outcome.unwrap(), UUID);
        } else {
            names_the_policy(&outcome.unwrap_err());
        }
        assert_eq!((methods(&wire), time.pauses().len()), (vec!["POST".to_owned(), "GET".to_owned()], 1));

        // It may come to be there: to send another one would be too early.
        let wire = Wire::doing([Act::Answer(crate::support::json(status, body)), list(&json!([]))]).await;
        let error = wire.timed(&clock()).build().unwrap().policies().create(&policy()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::UnexpectedResponse, 1));
        for part in [words, "there is no policy of that name so far"] {
            assert!(error.message().contains(part), "{error}");
        }
        assert_eq!(methods(&wire), ["POST", "GET"]);
    }
}

#[tokio::test]
async fn a_policy_that_is_not_there_is_sent_again() {
    let wire = Wire::doing([Act::Reset, list(&json!([])), gateway(), list(&json!([])), created()]).await;
    assert_eq!(wire.timed(&clock()).build().unwrap().policies().create(&policy()).await.unwrap(), UUID);
    assert_eq!(methods(&wire), ["POST", "GET", "POST", "GET", "POST"]);
    let requests = wire.requests();
    assert!(requests.iter().step_by(2).all(|request| request.contains(KEY)));
}

#[tokio::test]
async fn a_request_that_arrives_after_the_look_is_ours_all_the_same() {
    let wire = Wire::doing([Act::Reset, list(&json!([])), taken(), list(&ours())]).await;
    assert_eq!(wire.timed(&clock()).build().unwrap().policies().create(&policy()).await.unwrap(), UUID);
    assert_eq!(methods(&wire), ["POST", "GET", "POST", "GET"]);
}

/// ONTAP has a general code for an entry that is there, too.
#[tokio::test]
async fn a_duplicate_is_one_by_either_code() {
    let general =
        || Act::Answer(crate::support::json("409 Conflict", r#"{"error":{"code":"1","message":"duplicate entry"}}"#));
    let wire = Wire::doing([Act::Reset, list(&json!([])), general(), list(&ours())]).await;
    assert_eq!(wire.timed(&clock()).build().unwrap().policies().create(&policy()).await.unwrap(), UUID);
    assert_eq!(methods(&wire), ["POST", "GET", "POST", "GET"]);
    let wire = Wire::doing([list(&json!([])), general(), list(&ours())]).await;
    let applied = wire.timed(&clock()).build().unwrap().policies().apply(&policy()).await.unwrap();
    assert_eq!(applied.change, Change::Unchanged);
}

#[tokio::test]
async fn a_policy_of_somebody_else_is_not_ours() {
    let mut others = ours();
    others[0]["enabled"] = false.into();
    let mut sent = policy();
    sent.enabled = Some(true);

    let wire = Wire::doing([Act::Reset, list(&others)]).await;
    let error = wire.timed(&clock()).build().unwrap().policies().create(&sent).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    assert!(error.to_string().contains(&format!("that name, {UUID}, which differs in `enabled`")), "{error}");
    assert_eq!(methods(&wire), ["POST", "GET"]);

    let wire = Wire::doing([Act::Reset, list(&json!([])), taken(), list(&others)]).await;
    let error = wire.timed(&clock()).build().unwrap().policies().create(&sent).await.unwrap_err();
    assert_eq!((error.code(), error.attempts()), (Some(&ErrorCode::DuplicatePolicyName), 2));
    assert!(error.to_string().contains(&format!("that name, {UUID}, which differs in `enabled`")), "{error}");

    // Without a lost response, nothing is in doubt.
    let wire = Wire::doing([taken(), list(&ours())]).await;
    let error = wire.timed(&clock()).build().unwrap().policies().create(&sent).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::DuplicatePolicyName));
    assert_eq!(methods(&wire), ["POST"]);
}

#[tokio::test]
async fn what_cannot_be_found_out_is_said() {
    let refused = || Act::Answer(crate::support::json("403 Forbidden", r#"{"error":{"code":"6","message":"no"}}"#));
    let wire = Wire::doing([Act::Reset, refused()]).await;
    let error = wire.timed(&clock()).build().unwrap().policies().create(&policy()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("it is unknown whether"), "{error}");
    assert_eq!(methods(&wire), ["POST", "GET"]);
}

#[tokio::test]
async fn attempts_and_the_deadline_count_over_the_whole_call() {
    // Each loss is followed by a look; the fourth attempt is the last, and there is no look after it.
    let mut acts = Vec::new();
    for _ in 0..10 {
        acts.extend([Act::Reset, list(&json!([]))]);
    }
    let wire = Wire::doing(acts).await;
    let error = wire.timed(&clock()).build().unwrap().policies().create(&policy()).await.unwrap_err();
    assert_eq!(error.attempts(), 4);
    assert_eq!(methods(&wire), ["POST", "GET", "POST", "GET", "POST", "GET", "POST"]);

    let wire = Wire::doing([Act::Reset, list(&ours())]).await;
    let client = wire.timed(&clock()).retry(RetryPolicy::off()).build().unwrap();
    assert_eq!(client.policies().create(&policy()).await.unwrap_err().attempts(), 1);
    assert_eq!(methods(&wire), ["POST"]);
}

/// `apply` has looked before, so that the policy is new. Somebody else can still have made it meanwhile.
#[tokio::test]
async fn apply_takes_a_policy_for_created_that_was_not_there_before() {
    let wire = Wire::doing([list(&json!([])), Act::Reset, list(&ours())]).await;
    let applied = wire.timed(&clock()).build().unwrap().policies().apply(&policy()).await.unwrap();
    assert_eq!((applied.uuid, applied.change, applied.key_not_compared), (UUID, Change::Created, true));
    assert_eq!(methods(&wire), ["GET", "POST", "GET"]);
}

/// Multi-admin verification: nothing was done, and nothing will be before somebody approves.
#[tokio::test]
async fn a_request_that_has_to_be_approved_is_an_error_of_its_own() {
    let link = r#"{"self":{"href":"/api/security/multi-admin-verify/requests/12"}}"#;
    for (headers, body) in [
        (None, r#"{"num_records":1,"records":[{"index":12,"state":"pending"}]}"#.to_owned()),
        (None, format!(r#"{{"records":[{{"index":12,"_links":{link}}}]}}"#)),
        (None, format!(r#"{{"_links":{link}}}"#)),
        (Some("/api/security/multi-admin-verify/requests/12"), String::new()),
    ] {
        let headers: Vec<_> = headers.into_iter().map(|location| ("Location", location)).collect();
        let wire = Wire::answering([answer("202 Accepted", &headers, &body)]).await;
        let client = wire.timed(&clock()).build().unwrap();
        for error in [
            client.policies().create(&policy()).await.unwrap_err(),
            client.policies().modify(UUID, &IpsecPolicyModify::default().with_enabled(true)).await.unwrap_err(),
            client.policies().delete(UUID).await.unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::ApprovalRequired, false), "{error}");
            assert!(error.message().contains("an administrator has to approve request 12"), "{error}");
            assert_eq!(error.arguments()[0].message.as_deref(), Some("12"));
        }
        assert_eq!(methods(&wire), ["POST", "PATCH", "DELETE"], "nothing is looked for or sent again");
    }
}

#[tokio::test]
async fn a_location_of_something_else_does_not_name_the_policy() {
    let job = format!("/api/cluster/jobs/{}", uuid::Uuid::nil());
    let wire = Wire::doing([Act::Answer(answer("201 Created", &[("Location", &job)], "{}")), list(&ours())]).await;
    assert_eq!(wire.timed(&clock()).build().unwrap().policies().create(&policy()).await.unwrap(), UUID);
    assert_eq!(methods(&wire), ["POST", "GET"]);
}
