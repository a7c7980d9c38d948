//! A server with canned answers, in the thread of the client, so that every run takes the same turns.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const USER: &str = "admin";
pub(crate) const PASSWORD: &str = "a password of some length";
pub(crate) const UUID: &str = "00000001-86d1-11e0-ae1c-123478563412";

/// The server's responses, the same for all requests.
pub(crate) struct Answers {
    /// One after the other, round and round.
    pub(crate) inner: Vec<Vec<u8>>,
    /// In place of the one of this number, counted from 0.
    pub(crate) last: Option<(usize, Vec<u8>)>,
}

/// The server.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) address: String,
    latest: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    pub(crate) async fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let latest = Arc::new(Mutex::new(Vec::new()));
        let (answers, requests) = (Arc::new(answers), Arc::new(AtomicUsize::new(0)));
        let kept = Arc::clone(&latest);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answers), Arc::clone(&requests), Arc::clone(&kept)));
            }
        });
        Self { url: format!("http://{address}"), address, latest }
    }

    /// The bytes of the request that came last.
    pub(crate) fn latest(&self) -> Vec<u8> {
        self.latest.lock().expect("nobody panicked").clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    answers: Arc<Answers>,
    requests: Arc<AtomicUsize>,
    latest: Arc<Mutex<Vec<u8>>>,
) -> std::io::Result<()> {
    let mut request = Vec::with_capacity(1 << 14);
    while stream.read_buf(&mut request).await? > 0 {
        if !is_whole(&request) {
            continue;
        }
        let number = requests.fetch_add(1, Ordering::Relaxed);
        let answer = match &answers.last {
            Some((last, answer)) if *last == number => answer,
            _ => &answers.inner[number % answers.inner.len()],
        };
        stream.write_all(answer).await?;
        latest.lock().expect("nobody panicked").clone_from(&request);
        request.clear();
    }
    Ok(())
}

/// Whether the request has come to its end.
fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&request[..end]);
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    request.len() - end - 4 >= length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// A response on the wire.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// The records of a page, of so many policies; every second one has a certificate in place of a key.
pub(crate) fn records(policies: usize) -> String {
    Value::from_iter((0..policies).map(policy)).to_string()
}

/// The body of a page.
pub(crate) fn page(records: &str, policies: usize, next: Option<usize>) -> String {
    let links = next.map(|next| {
        let path = "/api/security/ipsec/policies";
        format!(r#","_links":{{"next":{{"href":"{path}?start.index={next:08}&fields=*&max_records={policies}"}}}}"#)
    });
    format!(r#"{{"records":{records},"num_records":{policies}{}}}"#, links.unwrap_or_default())
}

/// A policy as ONTAP returns it, with all fields that it has.
pub(crate) fn policy(number: usize) -> Value {
    let certified = number % 2 == 1;
    let mut policy = json!({
        "uuid": format!("{number:08x}-86d1-11e0-ae1c-123478563412"),
        "name": format!("nfs_of_project_{number:05}"),
        "svm": { "name": "svm_of_projects", "uuid": "02c9e252-41be-11e9-81d5-00a0986138f7" },
        "ipspace": { "name": "Default", "uuid": "3d4e8a1c-41be-11e9-81d5-00a0986138f7" },
        "scope": "svm",
        "enabled": true,
        "action": "esp_transport",
        "authentication_method": if certified { "pki" } else { "psk" },
        "protocol": "tcp",
        "local_endpoint":
            { "address": "192.0.2.10", "family": "ipv4", "netmask": "32", "port": "2049-2049" },
        "remote_endpoint":
            { "address": format!("198.51.{}.{}", number / 256, number % 256), "family": "ipv4", "netmask": "32", "port": "0-0" },
        "local_identity": "CN=svm.projects.example.com",
        "remote_identity": format!("CN=host{number:05}.projects.example.com"),
    });
    if certified {
        policy["certificate"] = json!({ "name": "svm_cert_2026", "uuid": "f7c1d2b3-86d1-11e0-ae1c-123478563412" });
    }
    policy
}

/// Returns the body of a create.
pub(crate) fn new_policy() -> Value {
    json!({
        "action": "esp_transport",
        "authentication_method": "psk",
        "enabled": true,
        "local_endpoint": { "address": "192.0.2.10", "netmask": "32", "port": "2049" },
        "local_identity": "svm.projects.example.com",
        "name": "nfs_of_project_00001",
        "protocol": "tcp",
        "remote_endpoint": { "address": "198.51.100.7", "netmask": "32" },
        "remote_identity": "host00001.projects.example.com",
        "secret_key": "a key that is shared beforehand",
        "svm": { "name": "svm_of_projects" },
    })
}

/// Returns the body of a modify.
pub(crate) fn changes() -> Value {
    json!({
        "enabled": false,
        "remote_endpoint": { "address": "198.51.100.8", "netmask": "32" },
        "remote_identity": "host00008.projects.example.com",
    })
}
