//! The methods of an error.

use std::error::Error as _;

use crate::support::{UUID, Wire, answer, json, policy};
use ontap_ipsec::{Client, Error, ErrorKind, StatusCode};

fn refusal(status: &str, code: &str) -> Vec<u8> {
    json(status, &format!(r#"{{"error":{{"code":"{code}","message":"m"}}}}"#))
}

#[tokio::test]
async fn kinds_of_refusal_are_told_apart() {
    let [missing, conflict, auth, other] = ["missing", "conflict", "auth", "other"];
    for (answer, kind) in [
        (refusal("404 Not Found", "4"), missing),
        (refusal("409 Conflict", "66257104"), conflict),
        (refusal("400 Bad Request", "66257104"), conflict),
        (refusal("409 Conflict", "1"), conflict),
        (refusal("409 Conflict", "8"), conflict),
        (refusal("401 Unauthorized", "6691623"), auth),
        (refusal("403 Forbidden", "6"), auth),
        (refusal("400 Bad Request", "6691623"), auth),
        (answer("401 Unauthorized", &[], ""), auth),
        (answer("404 Not Found", &[], ""), other),
        (refusal("400 Bad Request", "2"), other),
        (refusal("500 Internal Server Error", "262145"), other),
    ] {
        let wire = Wire::answering([answer]).await;
        let error = wire.client().policies().get(UUID).await.unwrap_err();
        let is = [(missing, error.is_not_found()), (conflict, error.is_conflict()), (auth, error.is_auth())];
        for (name, is) in is {
            assert_eq!(is, name == kind, "{error} {name}");
        }
    }
}

#[tokio::test]
async fn unknown_and_not_allowed_are_told_apart_with_what_to_do() {
    for (answer, words) in [
        (refusal("401 Unauthorized", "6691623"), "does not accept the credentials: check user and password"),
        (answer("401 Unauthorized", &[("WWW-Authenticate", "Basic")], ""), "does not accept the credentials"),
        (refusal("403 Forbidden", "6"), "its role needs access to `/api/security/ipsec/policies`"),
        (refusal("400 Bad Request", "6691623"), "its role needs access to `/api/security/ipsec/policies`"),
    ] {
        let wire = Wire::answering([answer]).await;
        let text = wire.client().policies().create(&policy()).await.unwrap_err().to_string();
        assert!(text.contains(words), "{text}");
    }
}

#[tokio::test]
async fn sources_lead_down_to_the_cause() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::builder(url).allow_plain_http().retry(ontap_ipsec::RetryPolicy::off()).build().unwrap();
    let error = client.policies().get(UUID).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    let mut cause = error.source();
    let mut refused = false;
    while let Some(error) = cause {
        refused |=
            error.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused);
        cause = error.source();
    }
    assert!(refused, "{error:?}");
    // A clone is the same, down to the cause.
    assert_eq!(format!("{:?}", error.clone()), format!("{error:?}"));
}

#[test]
fn an_error_can_be_made_up() {
    let busy = Error::new(ErrorKind::Api, "m").with_code("262160");
    assert!(busy.is_retryable() && !busy.is_conflict());
    let missing = Error::new(ErrorKind::Api, "m").with_code("4").with_status(StatusCode::NOT_FOUND).with_target("uuid");
    assert!(missing.is_not_found() && !missing.is_retryable());
    assert_eq!((missing.target(), missing.host(), missing.attempts()), (Some("uuid"), None, 0));
    assert!(Error::new(ErrorKind::Transport, "m").is_retryable());
}
