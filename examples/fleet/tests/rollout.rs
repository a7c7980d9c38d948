//! The example that brings one policy to many clusters.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use ontap_ipsec_simulator::Simulator;
use tempfile::TempDir;

/// The password, to look for where it must not be.
const PASSWORD: &str = "pa55word-of-no-use";

/// The policy's key, to look for where it must not be.
const KEY: &str = "pre-shared key of no use";

/// The program, with none of the variables that could lead it elsewhere.
fn fleet() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fleet"));
    for (name, _) in std::env::vars_os() {
        let upper = name.to_string_lossy().to_ascii_uppercase();
        if ["ONTAP_", "FLEET_"].iter().any(|prefix| upper.starts_with(prefix)) || upper.ends_with("_PROXY") {
            command.env_remove(name);
        }
    }
    command
}

/// Returns the output, after checking that a log can hold it.
fn plain(output: &Output) -> &str {
    for bytes in [&output.stdout, &output.stderr] {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        assert!(!text.contains(KEY) && !text.contains(PASSWORD), "{text}");
    }
    std::str::from_utf8(&output.stdout).unwrap()
}

/// How many rows of the table have each outcome.
fn outcomes(table: &str) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for row in table.lines().skip(1).filter(|row| !row.contains(" clusters: ")) {
        *counts.entry(row.split_whitespace().nth(1).unwrap()).or_default() += 1;
    }
    counts
}

fn row<'a>(table: &'a str, outcome: &str, remark: &str) -> &'a str {
    let found = table.lines().find(|row| row.contains(outcome) && row.contains(remark));
    found.unwrap_or_else(|| panic!("no row with {outcome} and {remark}:\n{table}"))
}

#[test]
fn a_demonstration_needs_no_cluster_and_two_that_fail_stop_no_other() {
    let output = fleet().output().unwrap();
    let table = plain(&output);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(outcomes(table), BTreeMap::from([("created", 28), ("failed", 2), ("modified", 10), ("unchanged", 10)]));
    assert_eq!(table.lines().last(), Some("50 clusters: 28 created, 10 modified, 10 unchanged, 2 failed"));
    assert!(row(table, " modified ", " changed remote_endpoint.address").contains("cluster-01 "));
    assert!(row(table, " failed ", "(HTTP 401)").contains("cluster-17 "));
    assert!(row(table, " failed ", "no connection to the cluster").contains("cluster-33 "));
    assert!(row(table, " failed ", "(after 4 attempts)").contains("cluster-33 "));
    let (created, rest) = row(table, " created ", "").split_once(" created ").unwrap();
    assert_eq!(created.trim(), "cluster-02");
    let uuid = rest.split_whitespace().next().unwrap();
    assert!(uuid.parse::<ontap_ipsec::uuid::Uuid>().is_ok(), "{uuid}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clusters_are_those_of_the_arguments_and_of_files() {
    let directory = tempfile::tempdir().unwrap();
    let simulators = [simulator().await, simulator().await];
    let ca =
        holding(&directory, "ca.pem", &simulators.each_ref().map(|simulator| simulator.ca_pem().unwrap()).concat());
    let list = holding(&directory, "clusters", &format!("# the second\n\n  {}\n", simulators[1].url()));
    let key = holding(&directory, "key", &format!("{KEY}\n"));
    let run = |expected: i32| {
        let mut command = fleet();
        command.arg(simulators[0].url()).arg("--file").arg(&list);
        command.envs([("ONTAP_USER", "admin"), ("ONTAP_PASSWORD", PASSWORD), ("ONTAP_SVM", "svm1")]);
        command.env("ONTAP_CA_FILE", &ca).env("FLEET_PSK_FILE", &key);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(expected), "{output:?}");
        plain(&output).lines().last().unwrap().to_owned()
    };
    assert_eq!(run(0), "2 clusters: 2 created, 0 modified, 0 unchanged, 0 failed");
    assert_eq!(run(0), "2 clusters: 0 created, 0 modified, 2 unchanged, 0 failed");
}

#[test]
fn nothing_is_tried_with_what_cannot_work() {
    let directory = tempfile::tempdir().unwrap();
    let (empty, key) = (holding(&directory, "empty", "# none\n"), holding(&directory, "key", KEY));
    let url = "https://admin:pa55word-of-no-use@cluster.example.com";
    for (arguments, told) in [
        (vec!["--fil", "x"], "`--fil` is not known"),
        (vec!["--file"], "`--file` needs the name of a file"),
        (vec!["--file", empty.to_str().unwrap()], "no URL is in it"),
        (vec!["--simulators"], "`--simulators` needs a number"),
        (vec!["--simulators", "0"], "`--simulators` needs a number"),
        (vec!["--simulators", "2", "https://c1"], "either `--simulators` or clusters"),
        (vec![url], "cluster.example.com: the cluster's URL holds a user"),
    ] {
        let mut command = fleet();
        command.args(arguments).env("ONTAP_TOKEN", "token").env("FLEET_PSK_FILE", &key);
        let output = command.output().unwrap();
        assert_eq!(plain(&output), "");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(told), "{text}");
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn the_number_of_simulators_can_be_given() {
    let output = fleet().args(["--simulators", "3"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(plain(&output).lines().last(), Some("3 clusters: 1 created, 1 modified, 1 unchanged, 0 failed"));
}

/// A thread for each cluster would be 300 of them.
#[cfg(target_os = "linux")]
#[test]
fn no_cluster_has_a_thread_of_its_own() {
    let mut running = Running::start(fleet().args(["--simulators", "300"]));
    let status = format!("/proc/{}/status", running.0.id());
    let mut most = 0;
    while running.0.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let threads = text.lines().find_map(|line| line.strip_prefix("Threads:")).and_then(|n| n.trim().parse().ok());
        most = most.max(threads.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    }
    // Tokio has a thread for each core, and a few for name look-ups and files.
    let cores = std::thread::available_parallelism().unwrap().get();
    assert!((1..=cores + 8).contains(&most), "{most} threads on {cores} cores");
}

#[tokio::test(flavor = "multi_thread")]
async fn clusters_that_do_not_respond_keep_no_other_waiting() {
    let directory = tempfile::tempdir().unwrap();
    let responding = simulator().await;
    let ca = holding(&directory, "ca.pem", responding.ca_pem().unwrap());
    let key = holding(&directory, "key", KEY);
    // Each takes connections, and never sends a byte.
    let silent: Vec<_> = (0..100).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let mut command = fleet();
    command.args(silent.iter().map(|listener| format!("https://{}", listener.local_addr().unwrap())));
    command.arg(responding.url()).env("ONTAP_USER", "admin").env("ONTAP_PASSWORD", PASSWORD);
    let mut running = Running::start(command.env("ONTAP_CA_FILE", &ca).env("FLEET_PSK_FILE", &key));
    let started = Instant::now();
    while responding.policies().is_empty() {
        assert!(started.elapsed() < Duration::from_secs(10), "the last cluster has no policy yet");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(running.0.try_wait().unwrap().is_none(), "the silent clusters are still waited for");
}

/// The program while it runs; the end of the test ends it.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn simulator() -> Simulator {
    Simulator::builder().user("admin", PASSWORD).start().await.unwrap()
}

/// A file in the directory that holds this.
fn holding(directory: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = directory.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}
