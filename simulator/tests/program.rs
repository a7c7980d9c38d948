//! The stand-alone program.

use std::{
    collections::BTreeSet,
    fs,
    net::TcpListener,
    process::{Output, Stdio},
    time::Duration,
};

use ontap_ipsec_simulator::ERROR_CODES;
use reqwest::{Certificate, Client};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::rig::{POLICIES, SVM2};

const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ontap-ipsec-simulator"));
    command.args(arguments).env_remove("ONTAP_SIMULATOR_PASSWORD").stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// A running program and its URL.
pub(crate) struct Running {
    pub(crate) child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    pub(crate) url: String,
}

impl Running {
    pub(crate) async fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = timeout(PATIENCE, stdout.next_line()).await.unwrap().unwrap().unwrap();
        let url = first.strip_prefix("listening on ").unwrap().to_owned();
        Self { child, stdout, url }
    }

    #[cfg(unix)]
    pub(crate) async fn stop(mut self, signal: &str) -> Output {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
        let output = timeout(PATIENCE, self.child.wait_with_output()).await.unwrap().unwrap();
        assert_eq!(self.stdout.next_line().await.unwrap(), None, "only one line is printed");
        output
    }
}

pub(crate) async fn failing(arguments: &[&str]) -> String {
    let output = timeout(PATIENCE, command(arguments).output()).await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.starts_with("error: ") && !text.contains("panicked"), "{text}");
    text
}

pub(crate) async fn count(client: &Client, url: &str, user: &str, password: &str) -> Result<u64, u16> {
    let request = client.get(format!("{url}{POLICIES}?return_records=false")).basic_auth(user, Some(password));
    let response = request.send().await.unwrap();
    match response.status().as_u16() {
        200 => Ok(response.json::<serde_json::Value>().await.unwrap()["num_records"].as_u64().unwrap()),
        status => Err(status),
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_program_serves_https_until_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, "an older file").unwrap();
        let running = Running::start(command(&["--ca-out", ca.to_str().unwrap(), "--policies", "3"])).await;
        assert!(running.url.starts_with("https://127.0.0.1:"));

        let pem = fs::read(&ca).unwrap();
        let client =
            Client::builder().no_proxy().tls_certs_only([Certificate::from_pem(&pem).unwrap()]).build().unwrap();
        assert_eq!(count(&client, &running.url, "admin", "netapp1!").await, Ok(3));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside the file");

        let output = running.stop(signal).await;
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stderr.is_empty());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_policy_can_have_every_field() {
    let svm2 = format!("svm2={SVM2}");
    let mut command = command(&["--plain-http", "--listen", "127.0.0.1:0", "--user", "me", "--svm", &svm2]);
    command.args(["--svm", "svm3=11111111-41be-11e9-81d5-00a0986138f7", "--policies", "4"]);
    command.env("ONTAP_SIMULATOR_PASSWORD", "from the environment");
    let running = Running::start(command).await;
    assert!(running.url.starts_with("http://127.0.0.1:"));
    let client = Client::builder().no_proxy().build().unwrap();
    assert_eq!(count(&client, &running.url, "me", "from the environment").await, Ok(4));
    assert_eq!(count(&client, &running.url, "me", "netapp1!").await, Err(401));
    let url = format!("{}{POLICIES}?fields=svm.name", running.url);
    let response = client.get(url).basic_auth("me", Some("from the environment")).send().await.unwrap();
    let body: serde_json::Value = response.json().await.unwrap();
    let names: Vec<_> = body["records"].as_array().unwrap().iter().map(|record| &record["svm"]["name"]).collect();
    assert_eq!(names, ["svm2", "svm3", "svm2", "svm3"]);
    running.stop("-TERM").await;
}

#[tokio::test]
async fn the_program_lists_error_codes_as_json() {
    let output = timeout(PATIENCE, command(&["--error-codes"]).output()).await.unwrap().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    let codes: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(codes.len(), ERROR_CODES.len());
    assert_eq!(
        codes[2],
        serde_json::json!({
            "code": 66257099,
            "path": "/security/ipsec/policies",
            "operations": ["POST", "PATCH"],
            "trigger": "request",
            "how": "`protocol` with a list or a range, such as `6,17`",
        })
    );
    let triggers: BTreeSet<_> = codes.iter().map(|entry| entry["trigger"].as_str().unwrap()).collect();
    assert_eq!(triggers, BTreeSet::from(["cluster", "fault", "request"]));
}

#[tokio::test]
async fn a_password_can_be_an_argument() {
    let running = Running::start(command(&["--plain-http", "--password", "argument"])).await;
    assert_eq!(count(&Client::builder().no_proxy().build().unwrap(), &running.url, "admin", "argument").await, Ok(0));
}

#[tokio::test]
async fn an_address_in_use_is_an_error() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    assert!(failing(&["--listen", &address]).await.contains(&address));
}

#[tokio::test]
async fn a_failed_write_of_the_ca_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").join("ca.pem");
    assert!(failing(&["--ca-out", missing.to_str().unwrap()]).await.contains("ca.pem"));
    failing(&["--ca-out", folder.path().to_str().unwrap()]).await;
    failing(&["--ca-out", "/"]).await;
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn invalid_arguments_are_an_error() {
    for svm in ["svm1", "=02c9e252-41be-11e9-81d5-00a0986138f7", "svm1=none", ""] {
        assert!(failing(&["--svm", svm]).await.contains("--svm"));
    }
    let one = format!("one={SVM2}");
    let two = format!("two={SVM2}");
    assert!(failing(&["--svm", &one, "--svm", &two]).await.contains("two"));
    assert!(failing(&["--listen", "everywhere"]).await.contains("--listen"));
    assert!(failing(&["--policies", "many"]).await.contains("--policies"));
    assert!(failing(&["--plain-http", "--ca-out", "ca.pem"]).await.contains("--ca-out"));
    assert!(failing(&["--frobnicate"]).await.contains("--frobnicate"));
}

#[tokio::test]
async fn help_hides_the_password_of_the_environment() {
    let mut command = command(&["--help"]);
    command.env("ONTAP_SIMULATOR_PASSWORD", "do-not-show");
    let output = timeout(PATIENCE, command.output()).await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("ONTAP_SIMULATOR_PASSWORD") && text.contains("--ca-out"));
    assert!(!text.contains("do-not-show"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_can_describe_the_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cluster.toml");
    let text = "made_up_policies = 2\nsvm = [{ name = \"a\" }]\n[[fault]]\nkind = \"unavailable\"\nstatus = 503\n";
    fs::write(&file, text).unwrap();
    let running = Running::start(command(&["--plain-http", "--cluster", file.to_str().unwrap()])).await;
    let client = Client::builder().no_proxy().build().unwrap();
    assert_eq!(count(&client, &running.url, "admin", "netapp1!").await, Err(503));
    assert_eq!(count(&client, &running.url, "admin", "netapp1!").await, Ok(2));
    let page = client.get(&running.url).basic_auth("admin", Some("netapp1!")).send().await.unwrap();
    let text = page.text().await.unwrap();
    assert!(text.contains("policy-0002") && text.contains("return_records=false") && text.contains("503"), "{text}");
    running.stop("-TERM").await;
}

#[tokio::test]
async fn an_error_in_the_cluster_file_has_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cluster.toml");
    let path = file.to_str().unwrap();
    assert!(failing(&["--cluster", path]).await.contains("cluster.toml"));
    fs::write(&file, "name = \"a\"\nsvms = []").unwrap();
    let text = failing(&["--cluster", path]).await;
    assert!(text.contains("cluster.toml: line 2: ") && text.contains("svms"), "{text}");
    fs::write(&file, "policy = [{ name = \"p\", secret_key = \"short\" }]").unwrap();
    assert!(failing(&["--cluster", path]).await.contains("policy number 1"));
    let svm = format!("a={SVM2}");
    for (name, value) in [("--svm", svm.as_str()), ("--policies", "3")] {
        let text = failing(&["--cluster", path, name, value]).await;
        assert!(text.contains(name) && text.contains("--cluster"), "{text}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_ca_is_written_through_links_and_into_fifos() {
    let folder = tempfile::tempdir().unwrap();
    let (link, real) = (folder.path().join("link.pem"), folder.path().join("real.pem"));
    std::os::unix::fs::symlink("real.pem", &link).unwrap();
    let running = Running::start(command(&["--ca-out", link.to_str().unwrap()])).await;
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    running.stop("-TERM").await;

    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().await.unwrap().success());
    let reader = tokio::task::spawn_blocking({
        let fifo = fifo.clone();
        move || fs::read_to_string(fifo).unwrap()
    });
    let running = Running::start(command(&["--ca-out", fifo.to_str().unwrap()])).await;
    let text = timeout(PATIENCE, reader).await.unwrap().unwrap();
    assert!(text.trim_end().ends_with("-----END CERTIFICATE-----"));
    running.stop("-TERM").await;

    let output = command(&["--ca-out", "/dev/stdout", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn();
    let mut child = output.unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap();
    assert_eq!(first, "-----BEGIN CERTIFICATE-----");
    child.kill().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_signal_ends_the_wait_for_a_reader_of_a_fifo() {
    let folder = tempfile::tempdir().unwrap();
    let (fifo, state) = (folder.path().join("fifo"), folder.path().join("state.json"));
    assert!(Command::new("mkfifo").arg(&fifo).status().await.unwrap().success());
    let mut child = command(&["--ca-out", fifo.to_str().unwrap(), "--state", state.to_str().unwrap()]).spawn().unwrap();
    // The program prints this line after it has registered its signals.
    timeout(PATIENCE, async {
        while !state.exists() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .unwrap();
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    assert_eq!(timeout(PATIENCE, child.wait()).await.unwrap().unwrap().code(), Some(0));
}

/// Returns the peak memory of the program, in KiB.
#[cfg(target_os = "linux")]
fn peak(running: &Running) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", running.child.id().unwrap())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn small_chunks_take_no_more_memory_than_their_bytes() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use crate::wire::SIGNED_IN;

    let running = Running::start(command(&["--plain-http"])).await;
    let mut stream = tokio::net::TcpStream::connect(running.url.strip_prefix("http://").unwrap()).await.unwrap();
    let before = peak(&running);
    let head = format!("POST {POLICIES} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{SIGNED_IN}\r\n");
    let body = format!("transfer-encoding: chunked\r\n\r\n{}0\r\n\r\n", "1\r\n{\r\n".repeat(200_000));
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
    let grown = peak(&running) - before;
    assert!(grown < 4 * 1024, "{grown} KiB for a body of 200 KB");
}
