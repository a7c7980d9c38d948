//! Connections go through a proxy if one is asked for, and its password never shows.

use std::error::Error as _;

use crate::support::{PASSWORD, UUID, Wire, answer, json};
use ontap_ipsec::{Client, Credentials, ErrorKind, RetryPolicy};

/// A proxy's password as it is, as its URL has it, and with the user's name as HTTP basic authentication has it.
const PROXY_PASSWORD: [&str; 3] = ["pr@xy-password", "pr%40xy-password", "Z3Vlc3Q6cHJAeHktcGFzc3dvcmQ="];

fn with_user(wire: &Wire) -> String {
    wire.url().replace("http://", &format!("http://guest:{}@", PROXY_PASSWORD[1]))
}

#[track_caller]
fn shows_no_password(text: &str) {
    for hidden in PROXY_PASSWORD.iter().chain(&[PASSWORD]) {
        assert!(!text.contains(hidden), "{text}");
    }
}

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    let proxy =
        Wire::answering([answer("407 Proxy Authentication Required", &[("X-Echo", PROXY_PASSWORD[0])], "")]).await;
    let builder = Client::builder("https://cluster.example.com")
        .credentials(Credentials::basic("admin", PASSWORD))
        .retry(RetryPolicy::off())
        .proxy(with_user(&proxy));
    shows_no_password(&format!("{builder:?}"));
    let client = builder.build().unwrap();
    shows_no_password(&format!("{client:?} {:?}", client.operations()));

    let error = client.policies().get(UUID).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    let mut texts = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        texts += &format!(" {cause} {cause:?}");
        source = cause.source();
    }
    shows_no_password(&texts);
    assert!(!texts.contains("://"), "{texts}");

    let request = proxy.request();
    assert!(request.starts_with("CONNECT cluster.example.com:443 HTTP/1.1\r\n"), "{request}");
    let lower = request.to_ascii_lowercase();
    assert!(lower.contains(&format!("proxy-authorization: basic {}\r\n", PROXY_PASSWORD[2].to_ascii_lowercase())));
    assert!(!lower.contains("\nauthorization:"), "the proxy must not see the cluster's password: {request}");
}

#[tokio::test]
async fn a_proxys_password_that_comes_back_does_not_show() {
    let [plain, in_url, encoded] = PROXY_PASSWORD;
    let echo = format!(r#"{{"error":{{"code":"1","message":"{plain} {in_url} {encoded}","target":"{plain}"}}}}"#);
    let proxy = Wire::answering([json("403 Forbidden", &echo)]).await;
    let client = Client::builder("http://cluster.example.com").allow_plain_http().proxy(with_user(&proxy));
    let error = client.build().unwrap().policies().get(UUID).await.unwrap_err();
    shows_no_password(&format!("{error} {error:?}"));
    assert_eq!(error.message(), "[redacted] [redacted] [redacted]");
    assert!(proxy.request().starts_with("GET http://cluster.example.com/api/"), "{}", proxy.request());
}

#[tokio::test]
async fn a_password_that_is_not_encoded_in_the_url_works_as_well() {
    let proxy = Wire::answering([answer("403 Forbidden", &[], "")]).await;
    let url = proxy.url().replace("http://", "http://guest:pr%xy@");
    let client = Client::builder("https://cluster.example.com").proxy(url).retry(RetryPolicy::off()).build().unwrap();
    client.policies().get(UUID).await.unwrap_err();
    assert!(proxy.request().contains("Z3Vlc3Q6cHIleHk="), "{}", proxy.request());
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_and_not_shown() {
    for url in ["", "socks5://guest:w0rd@proxy", "http://guest:w0rd@proxy/path", "http://guest:w0rd@", "http://w0rd:x"]
    {
        let builder = Client::builder("https://cluster.example.com").proxy(url);
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
        let text = format!("{error} {error:?}");
        assert!(text.contains("the proxy's URL") && !text.contains("w0rd"), "{text}");
    }
}
