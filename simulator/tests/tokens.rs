//! Bearer tokens.

use std::time::Duration;

use ontap_ipsec_simulator::{ClusterState, InvalidToken, Simulator, StartError, Token};
use reqwest::Method;

use crate::rig::{POLICIES, Reply, Rig};

async fn list(rig: &Rig, token: &str) -> Reply {
    Reply::of(rig.bare(Method::GET, POLICIES).bearer_auth(token)).await
}

#[tokio::test]
async fn a_token_is_accepted_like_the_password() {
    let rig = Rig::with(|builder| builder.token("one.token").token("another")).await;
    for token in ["one.token", "another", "one.token"] {
        assert_eq!(list(&rig, token).await.status, 200);
    }
    assert_eq!(rig.get(POLICIES).await.status, 200, "the password is as good as before");
    for token in ["one", "one.tokem", "One.token", ""] {
        list(&rig, token).await.is_error(401, "6691623", None);
    }
    let request = rig.bare(Method::GET, POLICIES).header("authorization", "bearer one.token");
    assert_eq!(Reply::of(request).await.status, 200, "the scheme is read in any case");
}

#[tokio::test]
async fn a_token_can_be_used_up() {
    let rig = Rig::with(|builder| builder.token(Token::new("t").requests(2))).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(list(&rig, "t").await.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 401, 401]);
    rig.simulator.issue_token(Token::new("t").requests(1)).unwrap();
    assert_eq!(list(&rig, "t").await.status, 200);
    assert_eq!(list(&rig, "t").await.status, 401);
}

#[tokio::test]
async fn a_token_can_expire() {
    let rig = Rig::with(|builder| builder.token(Token::new("short").life(Duration::ZERO))).await;
    assert_eq!(list(&rig, "short").await.status, 401);
    rig.simulator.issue_token(Token::new("long").life(Duration::from_secs(3600))).unwrap();
    assert_eq!(list(&rig, "long").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_valid_until_it_expires() {
    let day = Duration::from_secs(24 * 60 * 60);
    let rig = Rig::with(|builder| builder.token(Token::new("a").life(day)).token(Token::new("b").life(Duration::MAX)));
    let rig = rig.await;
    for (pause, status) in [(Duration::ZERO, 200), (day / 2, 200), (day / 2, 401)] {
        tokio::time::advance(pause).await;
        assert_eq!(list(&rig, "a").await.status, status);
        assert_eq!(list(&rig, "b").await.status, 200);
    }
    rig.simulator.issue_token(Token::new("a").life(day)).unwrap();
    assert_eq!(list(&rig, "a").await.status, 200, "handed out again");
}

#[tokio::test]
async fn a_token_can_be_revoked() {
    let rig = Rig::start().await;
    assert_eq!(list(&rig, "t").await.status, 401);
    rig.simulator.issue_token("t").unwrap();
    assert_eq!(list(&rig, "t").await.status, 200);
    assert!(rig.simulator.revoke_token("t") && !rig.simulator.revoke_token("t"));
    assert_eq!(list(&rig, "t").await.status, 401);
}

#[tokio::test]
async fn older_releases_know_no_tokens() {
    for (release, status) in [("9.13.1", 401), ("9.14.1", 200)] {
        let state = ClusterState::default().release(release.parse().unwrap());
        let rig = Rig::with(|builder| builder.cluster(state).token("t")).await;
        assert_eq!(list(&rig, "t").await.status, status, "{release}");
    }
}

#[tokio::test]
async fn an_invalid_token_is_refused() {
    let start = Simulator::builder().plain_http().token("two words").start();
    assert!(matches!(start.await.unwrap_err(), StartError::Token(InvalidToken { .. })));
    let rig = Rig::start().await;
    let error = rig.simulator.issue_token("").unwrap_err();
    assert!(error.to_string().contains("letters, digits"));
    for token in ["=", "=a", "a b", "a=b", "ü", "a\n", "a,b"] {
        assert_eq!(rig.simulator.issue_token(token), Err(error), "{token}");
    }
    for token in ["a", "A-._~+/9", "abc==", "eyJh.eyJz.c2ln"] {
        assert_eq!(rig.simulator.issue_token(token), Ok(()), "{token}");
        assert_eq!(list(&rig, token).await.status, 200, "{token}");
    }
}

#[tokio::test]
async fn debug_does_not_show_tokens() {
    let rig = Rig::with(|builder| builder.token("do-not-show")).await;
    list(&rig, "do-not-show").await;
    let builder = Simulator::builder().token(Token::new("do-not-show").requests(3));
    let shown = format!("{:?} {:?} {builder:?}", rig.simulator, rig.simulator.requests());
    assert!(shown.contains("requests: Some(3)"), "{shown}");
    assert!(!shown.contains("do-not-show"), "{shown}");
}

#[test]
fn a_file_and_code_can_describe_the_same_token() {
    let token = |text: &str| toml::from_str::<Token>(text);
    assert_eq!(
        token("token = \"t\"\nrequests = 2\nlife = \"10m\"").unwrap(),
        Token::new("t").requests(2).life(Duration::from_secs(600))
    );
    assert_eq!(token("token = \"t\"").unwrap(), Token::new("t"));
    for (text, part) in [("requests = 1", "missing field `token`"), ("token = \"t\"\nlive = 1", "unknown field `live`")]
    {
        assert!(token(text).unwrap_err().to_string().contains(part));
    }
}
