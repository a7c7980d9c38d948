//! Secrets do not show.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used)]

mod support;

use std::fmt::Debug;

use ontap_ipsec::types::IpsecPolicyCreate;
use ontap_ipsec::{Client, Credentials, SecretKey};
use support::{KEY, PASSWORD, Wire, answer, json, policy};

/// The password as the header of HTTP basic authentication has it.
const ENCODED: &str = "YWRtaW46cGE1NXdvcmQtb2Ytbm8tdXNl";

#[track_caller]
fn shows_no_secret(text: &str) {
    for secret in [KEY, PASSWORD, ENCODED] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[track_caller]
fn debugs_without_secret(value: &impl Debug) -> String {
    let text = format!("{value:?} {value:#?}");
    shows_no_secret(&text);
    text
}

#[tokio::test]
async fn debug_of_all_that_holds_one() {
    let wire = Wire::answering([json("200 OK", "{}")]).await;
    let client = wire.client();
    let model = debugs_without_secret(&policy());
    assert!(model.contains("nfs-to-hosts"), "the search would find nothing in an empty text: {model}");
    debugs_without_secret(&IpsecPolicyCreate::default().with_secret_key(KEY));
    debugs_without_secret(&client.operations().ipsec_policy_create(policy()));
    debugs_without_secret(&client);
    debugs_without_secret(&client.operations());
    debugs_without_secret(
        &client.with_header("X-A", KEY).unwrap().operations().ipsec_policy_get(support::UUID).into_request(),
    );
    debugs_without_secret(&Credentials::basic("admin", PASSWORD));
    let url = format!("https://admin:{PASSWORD}@cluster.example.com");
    debugs_without_secret(&Client::builder(url).credentials(Credentials::basic("admin", PASSWORD)));
}

#[tokio::test]
async fn errors_that_repeat_one() {
    let echo = format!(
        r#"{{"error":{{"code":"262197","message":"invalid value \"{KEY}\" of {PASSWORD}","target":"{KEY}",
            "arguments":[{{"code":"value","message":"{KEY}"}},{{"code":"{KEY}","message":"Basic {ENCODED}"}}]}}}}"#
    );
    let as_code = format!(r#"{{"error":{{"code":"{PASSWORD}","message":"m"}}}}"#);
    let page = format!("<html>{KEY} {PASSWORD}</html>");
    for answer in [
        json("400 Bad Request", &echo),
        json("200 OK", &echo),
        json("400 Bad Request", &as_code),
        answer("502 Bad Gateway", &[("Content-Type", ENCODED)], &page),
        answer("502 Bad Gateway", &[("Content-Type", "text/html"), ("X-Echo", KEY)], &page),
        answer("500 Internal Server Error", &[("Content-Type", KEY)], &page),
        json("200 OK", &format!(r#"{{"records":"{KEY}"}}"#)),
        json("200 OK", &page),
        answer("307 Temporary Redirect", &[("Location", &format!("https://x/{PASSWORD}"))], &page),
        Vec::new(),
    ] {
        let wire = Wire::answering([answer]).await;
        let error = wire.client().policies().create(&policy()).await.unwrap_err();
        assert!(wire.request().contains(KEY), "the key has to have been sent");
        let mut texts = format!("{error} {error:?} {error:#?} {:?} {:?}", error.message(), error.target());
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            texts += &format!("{cause} {cause:?}");
            source = cause.source();
        }
        shows_no_secret(&texts);
    }
}

#[tokio::test]
async fn a_short_password_leaves_the_code_alone() {
    let wire = Wire::answering([json("404 Not Found", r#"{"error":{"code":"4","message":"none of 4"}}"#)]).await;
    let client = Client::builder(wire.url()).allow_plain_http().credentials(Credentials::basic("admin", "4"));
    let error = client.build().unwrap().policies().get(support::UUID).await.unwrap_err();
    assert_eq!((error.code().unwrap().as_str(), error.message()), ("4", "none of [redacted]"));
}

#[tokio::test]
async fn an_error_of_a_single_operation_that_repeats_one() {
    let echo = format!(r#"{{"error":{{"code":"262197","message":"invalid value {KEY}"}}}}"#);
    let wire = Wire::answering([json("400 Bad Request", &echo)]).await;
    let error = wire.client().operations().ipsec_policy_create(policy()).send().await.unwrap_err();
    shows_no_secret(&format!("{error} {error:?}"));
}

#[test]
fn a_key_is_compared_and_serialized_whole() {
    let key = SecretKey::from(KEY);
    assert_eq!(key, SecretKey::from(KEY.to_owned()));
    assert_ne!(key, SecretKey::from(&KEY[1..]));
    assert_ne!(key, SecretKey::from("pre-shared key of no usf"));
    assert_eq!(serde_json::to_value(&key).unwrap(), KEY);
    assert_eq!(serde_json::from_value::<SecretKey>(KEY.into()).unwrap(), key);
}
