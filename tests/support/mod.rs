//! A server that answers with the bytes it was given, and keeps the bytes it was sent.

// Each test binary uses its own part of this.
#![allow(dead_code)]
// clippy.toml lets tests panic, but not what tests share.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use ontap_ipsec::{Client, Credentials};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The password that every client here has, to look for where it must not be.
pub(crate) const PASSWORD: &str = "pa55word-of-no-use";

/// A key that every create here has, to look for where it must not be.
pub(crate) const KEY: &str = "pre-shared key of no use";

/// Answers one connection after the other, each with the next of its answers, and with the last one from then on.
pub(crate) struct Wire {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Wire {
    pub(crate) async fn answering(answers: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let answers: Vec<_> = answers.into_iter().collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let server = tokio::spawn(async move {
            for index in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read(&mut stream).await;
                seen.lock().unwrap().push(request);
                let answer = answers.get(index).or(answers.last()).unwrap();
                // A client that has seen enough may have gone.
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { url, requests, server }
    }

    /// Answers once, as if after `pause`: the clock is moved on when the request is there.
    pub(crate) async fn answering_after(pause: std::time::Duration, answer: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            read(&mut stream).await;
            tokio::time::pause();
            tokio::time::advance(pause).await;
            tokio::time::resume();
            let _ = stream.write_all(&answer).await;
        });
        Self { url, requests: Arc::default(), server }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What came, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The one request that came.
    pub(crate) fn request(&self) -> String {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests[0].clone()
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder(self.url())
            .allow_plain_http()
            .credentials(Credentials::basic("admin", PASSWORD))
            .build()
            .unwrap()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A request, head and body, or what came of it.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer).await.unwrap() {
            0 => return text,
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

/// An answer with a JSON body.
pub(crate) fn json(status: &str, body: &str) -> Vec<u8> {
    answer(status, &[("Content-Type", "application/hal+json")], body)
}

/// An answer with these headers and this body.
pub(crate) fn answer(status: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    (text + "\r\n" + body).into_bytes()
}

/// A UUID that means nothing.
pub(crate) const UUID: uuid::Uuid = uuid::uuid!("7c1b7a3e-5d2f-4a8e-9c64-0f7d1f0a2b11");

/// A policy to create, with the key that must not show.
pub(crate) fn policy() -> ontap_ipsec::types::IpsecPolicyCreate {
    ontap_ipsec::types::IpsecPolicyCreate {
        name: Some("nfs-to-hosts".into()),
        svm: Some(ontap_ipsec::types::SvmReference { name: Some("svm1".into()), ..Default::default() }),
        secret_key: Some(KEY.into()),
        ..Default::default()
    }
}
