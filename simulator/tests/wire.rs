//! A client that reads the raw bytes, and an HTTP/2 client.

use std::{
    io::{Read as _, Result},
    time::Duration,
};

use flate2::read::GzDecoder;
use ontap_ipsec_simulator::Simulator;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::rig::{POLICIES, Rig};

const PATIENCE: Duration = Duration::from_secs(10);

/// The `Authorization` header of the default account.
pub(crate) const SIGNED_IN: &str = "authorization: Basic YWRtaW46bmV0YXBwMSE=";

/// A connection without an HTTP library.
pub(crate) struct Raw(TcpStream);

impl Raw {
    pub(crate) async fn connect(simulator: &Simulator) -> Self {
        let address = simulator.url().strip_prefix("http://").unwrap();
        Self(TcpStream::connect(address).await.unwrap())
    }

    /// Sends a signed-in request without a body.
    pub(crate) async fn send(&mut self, method: &str, target: &str) {
        self.say(&format!("{method} {target} HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n{SIGNED_IN}\r\n\r\n"))
            .await;
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// Returns all bytes until the connection ends, and how it ends.
    pub(crate) async fn rest(&mut self) -> (Vec<u8>, Result<()>) {
        let mut bytes = Vec::new();
        let end = timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await.expect("the connection ends");
        (bytes, end.map(|_| ()))
    }

    /// Returns the head of a response, and reads the announced body.
    pub(crate) async fn read_response(&mut self) -> (String, Vec<u8>) {
        let head = self.head().await;
        let length = header(&head, "content-length").unwrap().parse().unwrap();
        (head, self.exactly(length).await)
    }

    pub(crate) async fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(timeout(PATIENCE, self.0.read_u8()).await.unwrap().unwrap());
        }
        String::from_utf8(head).unwrap()
    }

    pub(crate) async fn exactly(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        timeout(PATIENCE, self.0.read_exact(&mut bytes)).await.unwrap().unwrap();
        bytes
    }

    /// Tells whether no bytes arrive and the connection stays open for a moment.
    pub(crate) async fn is_silent(&mut self) -> bool {
        timeout(Duration::from_millis(30), self.0.read_u8()).await.is_err()
    }
}

/// Returns the value of a header in the head of a response.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().filter_map(|line| line.split_once(": ")).find(|(given, _)| *given == name).map(|(_, value)| value)
}

/// An HTTP/2 response, whole or in part.
#[derive(Debug)]
pub(crate) struct Streamed {
    pub(crate) response: std::result::Result<http::response::Parts, h2::Error>,
    pub(crate) body: Vec<u8>,
    pub(crate) end: std::result::Result<(), h2::Error>,
}

/// Opens an HTTP/2 connection without TLS and with prior knowledge.
pub(crate) struct Http2 {
    sender: h2::client::SendRequest<bytes::Bytes>,
    authority: String,
}

impl Http2 {
    pub(crate) async fn connect(simulator: &Simulator) -> Self {
        let authority = simulator.url().strip_prefix("http://").unwrap().to_owned();
        let stream = TcpStream::connect(&authority).await.unwrap();
        let (sender, connection) = h2::client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        Self { sender, authority }
    }

    pub(crate) async fn get(&self, target: &str) -> Streamed {
        let request = http::Request::get(format!("http://{}{target}", self.authority))
            .header("authorization", "Basic YWRtaW46bmV0YXBwMSE=")
            .header("accept", "application/json")
            .body(())
            .unwrap();
        let mut sender = self.sender.clone().ready().await.unwrap();
        let (response, _) = sender.send_request(request, true).unwrap();
        let (response, mut stream) = match timeout(PATIENCE, response).await.unwrap() {
            Ok(response) => response.into_parts(),
            Err(error) => return Streamed { response: Err(error), body: Vec::new(), end: Ok(()) },
        };
        let mut body = Vec::new();
        loop {
            match timeout(PATIENCE, stream.data()).await.unwrap() {
                None => return Streamed { response: Ok(response), body, end: Ok(()) },
                Some(Err(error)) => return Streamed { response: Ok(response), body, end: Err(error) },
                Some(Ok(data)) => {
                    stream.flow_control().release_capacity(data.len()).unwrap();
                    body.extend(data);
                }
            }
        }
    }
}

#[tokio::test]
async fn connections_are_reused() {
    let rig = Rig::start().await;
    let mut raw = Raw::connect(&rig.simulator).await;
    for _ in 0..3 {
        raw.send("GET", "/api/cluster").await;
        let (head, body) = raw.read_response().await;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        assert!(body.starts_with(b"{"));
    }
    assert!(raw.is_silent().await);
}

#[tokio::test]
async fn http_2_works_without_tls() {
    let rig = Rig::with(|builder| builder.policies(3)).await;
    let connection = Http2::connect(&rig.simulator).await;
    let target = format!("{POLICIES}?return_records=false");
    let (one, two) = tokio::join!(connection.get(&target), connection.get("/api/nothing"));
    assert_eq!(one.response.unwrap().status, 200);
    assert_eq!(one.body, b"{\n  \"num_records\": 3\n}");
    assert_eq!(two.response.unwrap().status, 404);
    assert!(rig.simulator.requests().iter().any(|request| request.path_and_query == target));
}

#[tokio::test]
async fn gzip_is_used_on_request() {
    let rig = Rig::with(|builder| builder.policies(50)).await;
    let target = format!("{POLICIES}?fields=*");
    let plain = rig.get(&target).await;
    assert_eq!(plain.header("vary"), "Accept-Encoding");
    assert!(!plain.headers.contains_key("content-encoding"));

    let request = rig.request(reqwest::Method::GET, &target).header("accept-encoding", "gzip, deflate");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let varies: Vec<_> = response.headers().get_all("vary").iter().collect();
    assert_eq!(varies, ["Accept-Encoding"]);
    let packed = response.bytes().await.unwrap();
    assert!(packed.len() < plain.text.len() / 4);
    let mut text = String::new();
    GzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.text);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn responses_are_not_delayed_by_nagles_algorithm() {
    let pieces = ontap_ipsec_simulator::Fault::slow_body(Duration::from_millis(2)).bytes(3);
    let rig = Rig::with(|builder| builder.policies(3).fault(pieces)).await;
    let mut raw = Raw::connect(&rig.simulator).await;
    raw.send("GET", POLICIES).await;
    let head = raw.head().await;
    let length: usize = header(&head, "content-length").unwrap().parse().unwrap();
    let (mut reads, mut body) = (0, Vec::new());
    while body.len() < length {
        // Delayed acknowledgements make a missing `TCP_NODELAY` visible.
        raw.0.set_quickack(false).unwrap();
        assert_ne!(timeout(PATIENCE, raw.0.read_buf(&mut body)).await.unwrap().unwrap(), 0);
        reads += 1;
    }
    let pieces = length / 3;
    // A busy machine can delay some reads, but not most. Without `TCP_NODELAY`, one read takes 40 ms.
    assert!(reads > pieces / 2, "{reads} reads for {pieces} pieces");
}

#[tokio::test]
async fn dot_segments_and_doubled_slashes_are_resolved_before_routing() {
    let rig = Rig::start().await;
    for (target, status) in [
        ("/api/nothing/.././cluster", "200"),
        ("/../api/cluster?fields=name", "200"),
        ("/api/a/b/./../../cluster", "200"),
        ("/api/a/.b/.../../../../cluster", "200"),
        ("//api///cluster", "200"),
        ("/api/a//../cluster", "200"),
        ("/api/%2E%2E/../cluster", "200"),
        // Ansible's modules na_ontap_rest_info and na_ontap_rest_cli follow links of this form.
        ("/api//security/ipsec/policies?start.index=1", "200"),
        ("/api/cluster//", "404"),
        ("/api/cluster/.", "404"),
        ("/api/cluster/./", "404"),
        ("/api/cluster/a/..", "404"),
        ("/api/cluster/...", "404"),
        ("/api/cluster/.b", "404"),
        ("/api/nothing/%2e%2e/cluster", "404"),
    ] {
        let mut raw = Raw::connect(&rig.simulator).await;
        raw.send("GET", target).await;
        let (head, _) = raw.read_response().await;
        assert_eq!(head.split(' ').nth(1), Some(status), "{target}");
        assert_eq!(rig.simulator.requests().last().unwrap().path_and_query, target, "what was sent is recorded");
    }
    for target in ["/a/..", "/a/b/../..", "/..", "/.", "//"] {
        let mut raw = Raw::connect(&rig.simulator).await;
        raw.send("GET", target).await;
        let (_, page) = raw.read_response().await;
        assert!(page.starts_with(b"<!DOCTYPE html>"), "{target} is the page at /");
    }
}

#[tokio::test]
async fn invalid_bytes_end_the_connection() {
    let rig = Rig::start().await;
    let mut raw = Raw::connect(&rig.simulator).await;
    raw.say("this is no HTTP\r\n\r\n").await;
    let (bytes, _) = raw.rest().await;
    assert!(bytes.is_empty() || bytes.starts_with(b"HTTP/1.1 400"), "{bytes:?}");
    assert_eq!(rig.get(POLICIES).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_a_request_is_closed() {
    let rig = Rig::start().await;
    for said in ["", "P", "GET / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut raw = Raw::connect(&rig.simulator).await;
        raw.say(said).await;
        let mut bytes = Vec::new();
        let end = timeout(Duration::from_secs(60), raw.0.read_to_end(&mut bytes)).await;
        assert!(end.is_ok(), "{said:?}");
    }
}

#[tokio::test]
async fn a_disconnected_client_ends_its_connection() {
    let rig = Rig::start().await;
    let mut raw = Raw::connect(&rig.simulator).await;
    raw.0.shutdown().await.unwrap();
    let (bytes, _) = raw.rest().await;
    assert!(bytes.is_empty());
}

#[tokio::test]
async fn a_broken_body_has_its_own_code() {
    let rig = Rig::start().await;
    let mut raw = Raw::connect(&rig.simulator).await;
    raw.say(&format!(
        "POST {POLICIES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}\r\n\
         Transfer-Encoding: chunked\r\n\r\nno length\r\n{{}}\r\n"
    ))
    .await;
    let (head, body) = raw.read_response().await;
    assert_eq!(head.split(' ').nth(1), Some("400"), "{head}");
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["error"]["code"], "262201", "{body}");
}

#[tokio::test]
async fn an_incomplete_body_times_out() {
    let rig = Rig::start().await;
    let mut raw = Raw::connect(&rig.simulator).await;
    raw.say(&format!(
        "POST {POLICIES} HTTP/1.1\r\nHost: x\r\n{SIGNED_IN}\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
    ))
    .await;
    let mut response = Vec::new();
    while !response.ends_with(b"\r\n\r\n") {
        assert_ne!(raw.0.read_buf(&mut response).await.unwrap(), 0);
    }
    assert!(response.starts_with(b"HTTP/1.1 100 "));
    // The server now waits for the body, so the clock can be stopped.
    tokio::time::pause();
    raw.say("{").await;
    response.clear();
    while !response.ends_with(b"}\n}") {
        let read = timeout(Duration::from_secs(60), raw.0.read_buf(&mut response)).await;
        assert_ne!(read.unwrap().unwrap(), 0, "{}", String::from_utf8_lossy(&response));
    }
    let response = String::from_utf8(response).unwrap();
    assert!(response.starts_with("HTTP/1.1 408 ") && response.contains(r#""code": "2""#), "{response}");
}
