//! Tokens are fetched when they are needed, once for all who need one, and never show.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::time::clock;
use crate::support::{PASSWORD, UUID, Wire, answer, json, read};
use ontap_ipsec::{Client, Credentials, Error, ErrorKind, RetryPolicy};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

/// Tokens, to look for where they must not be.
const FIRST: &str = "first.token-of-no-use";
const SECOND: &str = "second.token-of-no-use";

fn policy() -> Vec<u8> {
    json("200 OK", &format!(r#"{{"uuid":"{UUID}"}}"#))
}

fn unauthorized() -> Vec<u8> {
    let body = format!(r#"{{"error":{{"code":"6691623","message":"{FIRST} or {SECOND} is not authorized"}}}}"#);
    json("401 Unauthorized", &body)
}

fn connect(url: &str, credentials: Credentials) -> Client {
    Client::builder(url).allow_plain_http().credentials(credentials).build().unwrap()
}

/// Credentials that give the tokens in turn, the last one from then on, and how often they were asked.
fn in_turn(tokens: &'static [&'static str]) -> (Credentials, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let credentials = Credentials::bearer_from(move || {
        let token = tokens[count.fetch_add(1, Ordering::SeqCst).min(tokens.len() - 1)];
        // The fetch takes time, so that other requests wait for it.
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok::<_, std::io::Error>(token)
        }
    });
    (credentials, asked)
}

/// The `Authorization` headers that were sent.
fn sent(wire: &Wire) -> Vec<String> {
    let header = |request: &String| {
        let line = request.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization:"));
        line.map_or("none", |line| line.split_once(' ').unwrap().1).to_owned()
    };
    wire.requests().iter().map(header).collect()
}

/// All that an error shows.
fn texts(error: &Error) -> String {
    let mut texts = format!("{error} {error:?} {error:#?} {}", error.message());
    let mut source = error.source();
    while let Some(cause) = source {
        texts += &format!(" {cause} {cause:?}");
        source = cause.source();
    }
    texts
}

#[track_caller]
fn shows_no_token(text: &str) {
    for token in [FIRST, SECOND, "of-no-use"] {
        assert!(!text.contains(token), "{text}");
    }
}

#[tokio::test]
async fn a_fixed_token_is_sent_and_not_renewed() {
    let wire = Wire::answering([unauthorized()]).await;
    let error = connect(wire.url(), Credentials::bearer(FIRST)).policies().get(UUID).await.unwrap_err();
    assert_eq!(sent(&wire), [format!("Bearer {FIRST}")]);
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 401));
    assert!(!texts(&error).contains(FIRST), "{error}");
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_request_sent_again() {
    let path = format!("/api/security/ipsec/policies/{UUID}");
    let created = answer("201 Created", &[("Location", &path)], "");
    let wire = Wire::answering([unauthorized(), created, policy()]).await;
    let (credentials, asked) = in_turn(&[FIRST, SECOND]);
    let client = connect(wire.url(), credentials);
    assert_eq!(client.policies().create(&crate::support::policy()).await.unwrap(), UUID);
    client.policies().get(UUID).await.unwrap();
    assert_eq!(sent(&wire), [FIRST, SECOND, SECOND].map(|token| format!("Bearer {token}")));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let bodies: Vec<_> = wire.requests().iter().map(|request| request.contains(crate::support::KEY)).collect();
    assert_eq!(bodies, [true, true, false]);
}

#[tokio::test]
async fn a_token_that_is_refused_again_is_an_error() {
    let wire = Wire::answering([unauthorized()]).await;
    let (credentials, asked) = in_turn(&[FIRST, SECOND]);
    let client = connect(wire.url(), credentials);
    let error = client.policies().get(UUID).await.unwrap_err();
    assert_eq!(sent(&wire), [FIRST, SECOND].map(|token| format!("Bearer {token}")));
    assert_eq!((asked.load(Ordering::SeqCst), error.status().unwrap().as_u16()), (2, 401));
    shows_no_token(&texts(&error));
    shows_no_token(&format!("{client:?} {:?}", client.operations()));
}

#[tokio::test]
async fn the_same_token_again_is_not_worth_a_second_request() {
    let wire = Wire::answering([unauthorized()]).await;
    let (credentials, asked) = in_turn(&[FIRST]);
    connect(wire.url(), credentials).policies().get(UUID).await.unwrap_err();
    assert_eq!((wire.requests().len(), asked.load(Ordering::SeqCst)), (1, 2));
}

#[tokio::test]
async fn requests_at_the_same_time_ask_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let answer = if read(&mut stream).await.contains(SECOND) { policy() } else { unauthorized() };
                stream.write_all(&answer).await.unwrap();
            });
        }
    });
    let (credentials, asked) = in_turn(&[FIRST, SECOND]);
    let client = connect(&url, credentials);
    let clones = (0..8).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.policies().get(UUID).await.map(drop) })
    });
    for outcome in futures_util::future::join_all(clones).await {
        outcome.unwrap().unwrap();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 2, "one token at the start, and one after the first was refused");
}

/// The error of an identity provider's client, with more than it should show.
#[derive(Debug)]
struct Broker {
    said: String,
    source: std::io::Error,
}

impl fmt::Display for Broker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl StdError for Broker {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}

#[tokio::test]
async fn a_source_that_fails_is_an_error_with_its_sources() {
    let wire = Wire::answering([policy()]).await;
    let credentials = Credentials::bearer_from(|| async {
        let source = std::io::Error::other("the vault is sealed");
        Err::<String, _>(Broker { said: "the broker gave up".into(), source })
    });
    let error = connect(wire.url(), credentials).policies().get(UUID).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let message = "the source of tokens failed: the broker gave up: the vault is sealed";
    assert_eq!(error.message(), message);
    assert!(error.to_string().contains("ipsec_policy_get"), "{error}");
    assert!(error.source().unwrap().is::<Broker>());
    assert_eq!(wire.requests().len(), 0);
}

#[tokio::test]
async fn what_a_source_says_is_cleaned_of_tokens_and_urls() {
    let wire = Wire::answering([unauthorized()]).await;
    let asked = AtomicUsize::new(0);
    let credentials = Credentials::bearer_from(move || {
        let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            let source = std::io::Error::other("GET https://u:client-secret@idp.example.com/token?secret=s failed");
            if first { Ok(FIRST) } else { Err(Broker { said: format!("{FIRST} has expired"), source }) }
        }
    });
    let error = connect(wire.url(), credentials).policies().get(UUID).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.message().ends_with("[redacted] has expired: GET https://[redacted] failed"), "{error}");
    let texts = texts(&error);
    shows_no_token(&texts);
    assert!(!texts.contains("client-secret") && !texts.contains("secret=s"), "{texts}");
}

#[tokio::test]
async fn a_failure_is_shared_by_those_who_waited_and_not_kept() {
    let wire = Wire::answering([policy()]).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let credentials = Credentials::bearer_from(move || {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if first { Err("the vault is sealed") } else { Ok(FIRST) }
        }
    });
    let client = Client::builder(wire.url()).allow_plain_http().credentials(credentials);
    let client = client.retry(RetryPolicy::off()).build().unwrap();
    let (one, other) = tokio::join!(client.policies().get(UUID), client.policies().get(UUID));
    for error in [one.unwrap_err(), other.unwrap_err()] {
        assert!(error.message().ends_with("the vault is sealed"), "{error}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    client.policies().get(UUID).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_source_that_fails_is_asked_again_after_a_pause() {
    for failures in [1, 9] {
        let wire = Wire::answering([policy()]).await;
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let credentials = Credentials::bearer_from(move || {
            let fails = count.fetch_add(1, Ordering::SeqCst) < failures;
            async move { if fails { Err("the vault is sealed") } else { Ok(FIRST) } }
        });
        let time = clock();
        let outcome = wire.timed(&time).credentials(credentials).build().unwrap().policies().get(UUID).await;
        if failures == 1 {
            outcome.unwrap();
            assert_eq!((asked.load(Ordering::SeqCst), time.pauses().len(), wire.requests().len()), (2, 1, 1));
        } else {
            let error = outcome.unwrap_err();
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Credentials, true), "{error}");
            assert_eq!((asked.load(Ordering::SeqCst), time.pauses().len(), wire.requests().len()), (4, 3, 0));
        }
    }
}

/// The source has no other token, and does not get one by being asked for each of those that wait.
#[tokio::test]
async fn requests_that_are_refused_together_ask_for_one_token() {
    let wire = Wire::answering([unauthorized()]).await;
    let (credentials, asked) = in_turn(&[FIRST]);
    let client = Client::builder(wire.url()).allow_plain_http().credentials(credentials).max_concurrent_requests(8);
    let client = client.build().unwrap();
    let refused = futures_util::future::join_all((0..8).map(|_| client.policies().get(UUID))).await;
    assert!(refused.into_iter().all(|outcome| outcome.unwrap_err().is_auth()));
    assert_eq!((asked.load(Ordering::SeqCst), wire.requests().len()), (2, 8));
}

#[tokio::test]
async fn a_request_that_is_given_up_while_it_asks_leaves_the_others_alone() {
    let wire = Wire::answering([policy()]).await;
    let (credentials, asked) = in_turn(&[FIRST]);
    let client = connect(wire.url(), credentials);
    tokio::time::timeout(Duration::from_millis(1), client.policies().get(UUID)).await.unwrap_err();
    client.policies().get(UUID).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_token_that_is_none_is_not_sent() {
    let wire = Wire::answering([policy()]).await;
    for token in ["", "two words", "line\nend", "t\u{f6}ken"] {
        let builder = Client::builder(wire.url()).allow_plain_http().credentials(Credentials::bearer(token));
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Configuration, "{token}");
        let credentials = Credentials::bearer_from(move || async move { Ok::<_, String>(token) });
        let error = connect(wire.url(), credentials).policies().get(UUID).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{token}");
    }
    assert_eq!(wire.requests().len(), 0);
}

#[tokio::test]
async fn a_password_is_not_renewed() {
    let wire = Wire::answering([unauthorized()]).await;
    connect(wire.url(), Credentials::basic("admin", PASSWORD)).policies().get(UUID).await.unwrap_err();
    assert_eq!(wire.requests().len(), 1);
}

#[tokio::test]
async fn a_gateway_that_refuses_is_asked_again_as_well() {
    let page = answer("401 Unauthorized", &[("Content-Type", "text/html")], "<html>no</html>");
    let wire = Wire::answering([page, policy()]).await;
    let (credentials, _) = in_turn(&[FIRST, SECOND]);
    connect(wire.url(), credentials).policies().get(UUID).await.unwrap();
}

#[test]
fn debug_shows_no_secret() {
    let (asked_for, _) = in_turn(&[FIRST]);
    let key = "-----BEGIN PRIVATE KEY-----\nkey-of-no-use\n-----END PRIVATE KEY-----";
    for credentials in [
        Credentials::bearer(FIRST),
        asked_for,
        Credentials::client_certificate("certificate", key),
        Credentials::bearer(SECOND).and_client_certificate("certificate", key),
    ] {
        let builder = Client::builder("https://cluster.example.com").credentials(credentials.clone());
        let text = format!("{credentials:?} {credentials:#?} {builder:?}");
        shows_no_token(&text);
        assert!(text.contains("redacted") || text.contains("asked for"), "{text}");
    }
}

#[test]
fn a_key_in_place_of_its_path_does_not_show() {
    let error = Credentials::client_certificate_files("certificate.pem", "key-of-no-use").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    shows_no_token(&texts(&error));
}
