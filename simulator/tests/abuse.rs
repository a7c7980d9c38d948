//! Malicious or broken clients: the simulator refuses requests, or disconnects, and continues to serve others.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use h2::Reason;
use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::{
    rig::{POLICIES, Reply, Rig, psk},
    wire::{Raw, SIGNED_IN, header},
};

/// A time longer than each time limit of the simulator.
const TOO_LONG: Duration = Duration::from_secs(60);

/// An incomplete header block that is larger than the simulator accepts.
const MANY_HEADERS: usize = 2 * 1024 * 1024;

async fn connect(rig: &Rig) -> TcpStream {
    TcpStream::connect(rig.simulator.url().strip_prefix("http://").unwrap()).await.unwrap()
}

/// Sends bytes until the server stops reading. Returns the server's response.
async fn press(stream: &mut TcpStream, bytes: &[u8]) -> String {
    let _ = timeout(TOO_LONG, stream.write_all(bytes)).await.expect("it is read or refused");
    let mut response = Vec::new();
    // A connection with unread bytes can end with a reset.
    let _ = timeout(TOO_LONG, stream.read_to_end(&mut response)).await.expect("the connection ends");
    String::from_utf8_lossy(&response).into_owned()
}

#[tokio::test]
async fn idle_connections_block_nobody() {
    let rig = Rig::start().await;
    let mut idle = Vec::new();
    for number in 0..100 {
        let mut stream = connect(&rig).await;
        stream.write_all(&b"GET / HTTP/1.1\r\n"[..number % 17]).await.unwrap();
        idle.push(stream);
    }
    assert_eq!(rig.get(POLICIES).await.status, 200);
    drop(idle);
}

#[tokio::test]
async fn oversized_headers_are_refused_at_once() {
    let rig = Rig::start().await;
    for endless in [
        format!("GET /{}", "a".repeat(MANY_HEADERS)),
        format!("GET / HTTP/1.1\r\nx: {}", "a".repeat(MANY_HEADERS)),
        format!("GET / HTTP/1.1\r\n{}", "x: a\r\n".repeat(1000) + "\r\n"),
    ] {
        let started = Instant::now();
        let response = press(&mut connect(&rig).await, endless.as_bytes()).await;
        assert!(response.is_empty() || response.starts_with("HTTP/1.1 431 "), "{response}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
    assert_eq!(rig.get(POLICIES).await.status, 200);
}

#[tokio::test]
async fn an_endless_body_is_refused_at_the_limit() {
    let rig = Rig::start().await;
    let mut raw = Raw::connect(&rig.simulator).await;
    let head = format!("POST {POLICIES} HTTP/1.1\r\nhost: x\r\n{SIGNED_IN}\r\ntransfer-encoding: chunked\r\n\r\n");
    raw.say(&head).await;
    for _ in 0..17 {
        raw.say(&format!("10000\r\n{}\r\n", " ".repeat(0x10000))).await;
    }
    assert!(raw.head().await.starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn a_refused_request_is_recorded_without_its_body() {
    let rig = Rig::start().await;
    for token in [None, Some("wrong")] {
        let request = rig.bare(Method::POST, POLICIES).json(&psk("p"));
        let request = token.into_iter().fold(request, |request, token| request.bearer_auth(token));
        Reply::of(request).await.is_error(401, "6691623", None);
        let recorded = rig.simulator.requests_with_secrets().pop().unwrap();
        assert_eq!((recorded.status, recorded.body.len()), (Some(401), 0));
    }
    rig.post(POLICIES, psk("p")).await;
    assert!(rig.simulator.requests_with_secrets().pop().unwrap().json().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_disconnected() {
    let rig = Rig::with(|builder| builder.policies(10_000)).await;
    let mut raw = Raw::connect(&rig.simulator).await;
    raw.send("GET", &format!("{POLICIES}?fields=*")).await;
    let head = raw.head().await;
    let length: usize = header(&head, "content-length").unwrap().parse().unwrap();
    sleep(TOO_LONG).await;
    let (part, _) = raw.rest().await;
    assert!(part.len() < length, "{length} bytes wait for a client that does not come");
}

#[tokio::test(start_paused = true)]
async fn http_2_has_timeouts() {
    let rig = Rig::with(|builder| builder.policies(100)).await;
    // One client is idle, and one does not read.
    for (window, requests) in [(65_535, 1), (0, 40)] {
        let mut builder = h2::client::Builder::new();
        builder.initial_window_size(window);
        let (mut sender, connection) = builder.handshake::<_, Bytes>(connect(&rig).await).await.unwrap();
        let connection = tokio::spawn(connection);
        let request = || {
            let request = http::Request::get(format!("http://x{POLICIES}"));
            request.header("authorization", "Basic YWRtaW46bmV0YXBwMSE=").body(()).unwrap()
        };
        let mut streams = Vec::new();
        for _ in 0..requests {
            sender = sender.ready().await.unwrap();
            streams.push(sender.send_request(request(), true).unwrap());
        }
        let (first, _) = streams.swap_remove(0);
        let response = timeout(TOO_LONG, first).await.unwrap().unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(sender.current_max_send_streams(), 32);
        let end = timeout(TOO_LONG, connection).await;
        assert!(end.is_ok(), "with a window of {window} bytes");
        drop((response, streams));
    }
}

#[tokio::test]
async fn rapid_resets_do_not_stop_service() {
    let rig = Rig::start().await;
    let (mut sender, connection) = h2::client::handshake(connect(&rig).await).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut resets = 0;
    for _ in 0..2000 {
        let Ok(ready) = sender.ready().await else { break };
        sender = ready;
        let request = http::Request::get(format!("http://x{POLICIES}")).body(()).unwrap();
        let Ok((_, mut stream)) = sender.send_request(request, false) else { break };
        stream.send_reset(Reason::CANCEL);
        resets += 1;
    }
    assert!(resets > 0);
    assert_eq!(rig.get(POLICIES).await.status, 200);
    connection.abort();
}

#[tokio::test]
async fn a_flood_of_continuations_ends_its_connection() {
    let rig = Rig::start().await;
    let frame = |kind: u8, flags: u8, stream: u8, payload: &[u8]| {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        [&length[1..], &[kind, flags, 0, 0, 0, stream], payload].concat()
    };
    // A literal header without an end.
    let part = [&b"\x00\x01a\x7f\x80\x7f"[..], &[b'a'; 16_000]].concat();
    let flood = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        frame(4, 0, 0, &[]),
        frame(1, 0, 1, &part),
        frame(9, 0, 1, &[b'a'; 16_000]).repeat(2000),
    ]
    .concat();
    let started = Instant::now();
    press(&mut connect(&rig).await, &flood).await;
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(rig.get(POLICIES).await.status, 200);
}

#[tokio::test]
async fn unusual_paths_are_not_found() {
    let rig = Rig::with(|builder| builder.policies(1)).await;
    let long = format!("/{}", "a".repeat(60_000));
    let deep = "/a".repeat(10_000);
    let up = format!("/api{}", "/..".repeat(1000));
    let query = format!("{POLICIES}?name{}", "=a&name".repeat(1000));
    let below = |rest: &str| format!("{POLICIES}{rest}");
    let own = [
        below("/"),
        below("//"),
        below("/%00"),
        below("/%2e%2e"),
        below("/%ff%fe"),
        below("/*"),
        below("/{uuid}"),
        below("/00000000-0000-0000-0000-000000000000"),
        below("/../policies/%"),
        below(";a=b"),
        below("%3Fname=a"),
        below("?%00=1"),
        below("?%ff=1"),
        below("?=1"),
        below("?name=a&name=b"),
    ];
    let odd = ["//", "///api", "/%2e", "/%2e%2e/%2e%2e", "/%", "/%zz", "/.", "/..", "/\\..\\", "*", "/api/cluster\x01"];
    let odd = odd.into_iter().chain(["/api\x7f", "/é", "/ /", "api", "http://", "http:///", "ftp://x/api", ":80", ""]);
    let odd = odd.chain([&long, &deep, &up, &query].map(String::as_str)).chain(own.iter().map(String::as_str));
    for target in odd {
        let mut raw = Raw::connect(&rig.simulator).await;
        raw.say(&format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{SIGNED_IN}\r\n\r\n")).await;
        let (response, _) = raw.rest().await;
        let response = String::from_utf8_lossy(&response);
        // A path that resolves to the root returns the page.
        let is_root = matches!(target, "//" | "/." | "/..") || target == up;
        let wanted = if is_root { "HTTP/1.1 200 " } else { "HTTP/1.1 4" };
        assert!(response.starts_with(wanted), "{target:.40}: {response:.100}");
    }
    assert_eq!(rig.get(POLICIES).await.status, 200);
}

#[tokio::test]
async fn line_breaks_in_values_add_no_headers() {
    let rig = Rig::with(|builder| builder.policies(2)).await;
    let target = format!("{POLICIES}?max_records=1&ignore_unknown_fields=true&a%0d%0aX-Made:%201=%0d%0aX-Made:%201");
    let reply = rig.get(&target).await;
    assert!(reply.header("link").contains("%0d%0a") || reply.header("link").contains("%0D%0A"), "{reply:?}");
    assert!(!reply.headers.contains_key("x-made"));
    for value in ["a\rX-Made: 1", "a\nX-Made: 1", "a\0"] {
        let mut raw = Raw::connect(&rig.simulator).await;
        raw.say(&format!("GET /api/cluster HTTP/1.1\r\nhost: x\r\n{SIGNED_IN}\r\nX-Dot-SVM-Name: {value}\r\n\r\n"))
            .await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 400 ") && !head.to_lowercase().contains("x-made"), "{value:?}: {head}");
    }
}

#[tokio::test]
async fn many_clients_at_once_are_all_served() {
    let rig = Arc::new(Rig::with(|builder| builder.policies(20)).await);
    let end = Instant::now() + Duration::from_secs(1);
    let clients: Vec<_> = (0..64)
        .map(|number| {
            let rig = Arc::clone(&rig);
            tokio::spawn(async move {
                let mut rounds = 0;
                while Instant::now() < end {
                    let path = rig.make(psk(&format!("client-{number}"))).await;
                    assert_eq!(rig.names(&format!("name=client-{number}")).await.len(), 1);
                    assert_eq!(rig.patch(&path, json!({"enabled": false})).await.status, 200);
                    assert_eq!(rig.delete(&path).await.status, 200);
                    rounds += 1;
                }
                rounds
            })
        })
        .collect();
    for client in clients {
        assert!(client.await.unwrap() > 0);
    }
    assert_eq!(rig.names("").await.len(), 20);
}
