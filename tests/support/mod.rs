//! A server that answers with the bytes it was given, and keeps the bytes it was sent.

// Each test binary uses its own part of this.
#![allow(dead_code)]
// clippy.toml lets tests panic, but not what tests share.
#![allow(clippy::unwrap_used)]

pub(crate) mod cluster;
pub(crate) mod time;
pub(crate) mod watch;

use std::sync::{Arc, Mutex};

use ontap_ipsec::{Client, ClientBuilder, Credentials, RetryPolicy};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The password that every client here has, to look for where it must not be.
pub(crate) const PASSWORD: &str = "pa55word-of-no-use";

/// A key that every create here has, to look for where it must not be.
pub(crate) const KEY: &str = "pre-shared key of no use";

/// The end of each token here, to look for where no token may be.
pub(crate) const TOKEN: &str = "token-of-no-use";

/// The server's action after it has read the request.
pub(crate) enum Act {
    /// Sends these bytes and closes.
    Answer(Vec<u8>),
    /// Breaks the connection without a response.
    Reset,
    /// Breaks the connection before it has read anything.
    ResetUnread,
    /// Sends these bytes, calls this, and keeps the connection open.
    Stall(Vec<u8>, Box<dyn Fn() + Send + Sync>),
    /// Sends these bytes, and so many more in pieces, until the other side has enough; calls this with how many more they
    /// were, and closes.
    Flood(Vec<u8>, usize, Box<dyn Fn(usize) + Send + Sync>),
    /// Chooses the action by the request.
    By(Box<dyn Fn(&str) -> Act + Send + Sync>),
}

/// Answers one connection after the other, each with the next of its answers, and with the last one from then on.
pub(crate) struct Wire {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Wire {
    pub(crate) async fn answering(answers: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self::doing(answers.into_iter().map(Act::Answer)).await
    }

    /// Does the next of these with each connection, and the last one from then on. Each request is kept; a connection
    /// that is broken unread counts as an empty one.
    pub(crate) async fn doing(acts: impl IntoIterator<Item = Act>) -> Self {
        watch::over_traces();
        let acts: Vec<_> = acts.into_iter().collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let server = tokio::spawn(async move {
            let mut kept = Vec::new();
            for index in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let act = acts.get(index).or(acts.last()).unwrap();
                if let Act::ResetUnread = act {
                    // Earlier, it would be the connection that fails, and nothing would be sent.
                    let _ = stream.peek(&mut [0]).await;
                    seen.lock().unwrap().push(String::new());
                    reset(stream);
                    continue;
                }
                let request = read(&mut stream).await;
                seen.lock().unwrap().push(request.clone());
                let chosen;
                let act = match act {
                    Act::By(choose) => {
                        chosen = choose(&request);
                        &chosen
                    }
                    act => act,
                };
                match act {
                    Act::Answer(answer) => {
                        // A client that has seen enough may have gone.
                        let _ = stream.write_all(answer).await;
                        let _ = stream.shutdown().await;
                    }
                    Act::Reset => reset(stream),
                    Act::Stall(bytes, call) => {
                        let _ = stream.write_all(bytes).await;
                        let _ = stream.flush().await;
                        call();
                        kept.push(stream);
                    }
                    Act::Flood(bytes, more, call) => {
                        let _ = stream.write_all(bytes).await;
                        call(flood(&mut stream, *more).await);
                    }
                    Act::ResetUnread | Act::By(_) => {}
                }
            }
        });
        Self { url, requests, server }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The host and the port, as errors name them.
    pub(crate) fn host(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Returns the requests, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The one request that came.
    pub(crate) fn request(&self) -> String {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests[0].clone()
    }

    /// A client that tries once.
    pub(crate) fn client(&self) -> Client {
        self.builder().retry(RetryPolicy::off()).build().unwrap()
    }

    /// A client with the default retries, whose pauses take no time and whose time-outs come when `clock` is told.
    pub(crate) fn timed(&self, clock: &time::TestClock) -> ClientBuilder {
        self.builder().clock(clock.clone()).read_timeout(time::TIMEOUT).timeout(time::TIMEOUT * 2).retry(patient())
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder(self.url()).allow_plain_http().credentials(Credentials::basic("admin", PASSWORD))
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Closes so that the other side sees a broken connection, not an end.
fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
}

/// Sends so many bytes of white space, which JSON may begin with, and tells how many were taken.
async fn flood(stream: &mut TcpStream, bytes: usize) -> usize {
    let piece = [b' '; 64 << 10];
    let mut sent = 0;
    while sent < bytes {
        let next = &piece[..piece.len().min(bytes - sent)];
        if stream.write_all(next).await.is_err() {
            break;
        }
        sent += next.len();
    }
    sent
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

/// A response with a JSON body.
pub(crate) fn json(status: &str, body: &str) -> Vec<u8> {
    answer(status, &[("Content-Type", "application/hal+json")], body)
}

/// A response with these headers and this body.
pub(crate) fn answer(status: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    raw(status, headers, body)
}

/// Makes a response whose body need not be text.
pub(crate) fn raw(status: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut text = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    [text.as_bytes(), b"\r\n", body].concat()
}

/// The default retries, with a deadline beyond all time limits of tests.
pub(crate) fn patient() -> RetryPolicy {
    RetryPolicy::default().deadline(time::TIMEOUT * 1000)
}

/// The value after this change.
pub(crate) fn changed<T>(mut value: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut value);
    value
}

/// A UUID that means nothing.
pub(crate) const UUID: uuid::Uuid = uuid::uuid!("7c1b7a3e-5d2f-4a8e-9c64-0f7d1f0a2b11");

/// A policy to create, with the key that must not show.
pub(crate) fn policy() -> ontap_ipsec::types::IpsecPolicyCreate {
    ontap_ipsec::types::IpsecPolicyCreate::default()
        .with_name("nfs-to-hosts")
        .with_svm(changed(ontap_ipsec::types::SvmReference::default(), |it| {
            it.name = Some("svm1".into());
        }))
        .with_secret_key(KEY)
}
