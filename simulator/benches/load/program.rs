//! Starts the simulator as a program, sends requests, and measures memory and CPU time.

use std::{
    fs,
    process::Stdio,
    time::{Duration, Instant},
};

use reqwest::{Certificate, Client, Method, RequestBuilder};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

pub(crate) const POLICIES: &str = "/api/security/ipsec/policies";

/// A running simulator with one client.
pub(crate) struct Program {
    child: Child,
    session: Session,
    authority: Certificate,
    // Deleted with this value.
    _folder: TempDir,
}

/// A client with its own connections.
pub(crate) struct Session {
    client: Client,
    url: String,
}

/// The kind of memory.
#[derive(Clone, Copy)]
pub(crate) enum Memory {
    /// The current memory.
    Now,
    /// The peak memory.
    Most,
}

impl Program {
    pub(crate) async fn start(policies: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("ca.pem");
        let mut child = Command::new(env!("CARGO_BIN_EXE_ontap-ipsec-simulator"))
            .args(["--policies", &policies.to_string(), "--password", "netapp1!", "--ca-out"])
            .arg(&path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let first = stdout.next_line().await.expect("it can be read").expect("the program says where it listens");
        let url = first.strip_prefix("listening on ").expect("it says so like this").to_owned();
        let pem = fs::read(&path).expect("the program writes its certificate before it says where it listens");
        let authority = Certificate::from_pem(&pem).expect("it is a certificate");
        let session = Session::new(url, authority.clone());
        Self { child, session, authority, _folder: folder }
    }

    /// Makes a client with its own connections.
    pub(crate) fn session(&self) -> Session {
        Session::new(self.session.url.clone(), self.authority.clone())
    }

    /// Returns the body of the response to a GET.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let request = self.session.request(Method::GET, path);
        serde_json::from_slice(&checked_response(request, 200).await.expect("a 200 response").1)
            .expect("the response is JSON")
    }

    /// Measures work with the client of this program. Returns the program's CPU time, which other programs hardly
    /// affect. If the system does not have it, returns the elapsed time.
    pub(crate) async fn cost<T>(&self, work: impl AsyncFnOnce(&Session) -> T) -> Duration {
        let (started, before) = (Instant::now(), self.cpu());
        work(&self.session).await;
        let passed = started.elapsed();
        self.cpu().zip(before).map_or(passed, |(after, before)| after.saturating_sub(before))
    }

    /// Returns the CPU time of all threads so far. No thread ends before the program.
    fn cpu(&self) -> Option<Duration> {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id()?)).ok()?;
        let nanoseconds = threads.map(|thread| {
            let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        });
        nanoseconds.sum::<Option<u64>>().map(Duration::from_nanos)
    }

    /// Returns the memory in bytes, if the system has it.
    pub(crate) fn memory(&self, which: Memory) -> Option<u64> {
        let name = match which {
            Memory::Now => "VmRSS:",
            Memory::Most => "VmHWM:",
        };
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
    }
}

impl Session {
    fn new(url: String, authority: Certificate) -> Self {
        let client = Client::builder().no_proxy().tls_certs_only([authority]).build().expect("a client can be made");
        Self { client, url }
    }

    /// Makes a signed-in request for plain JSON.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        request.basic_auth("admin", Some("netapp1!")).header("accept", "application/json")
    }
}

/// Returns the `Location` and the body of a response with this status.
///
/// # Errors
/// Returns a text for another status, and for an incomplete response.
pub(crate) async fn checked_response(
    request: RequestBuilder,
    status: u16,
) -> Result<(Option<String>, Vec<u8>), String> {
    let response = request.send().await.map_err(|error| format!("{error:?}"))?;
    let got = response.status();
    let location = response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = response.bytes().await.map_err(|error| format!("{error:?}"))?;
    if got != status {
        return Err(format!("status {got} instead of {status}: {}", String::from_utf8_lossy(&body)));
    }
    Ok((location, body.to_vec()))
}

/// Returns the median.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
