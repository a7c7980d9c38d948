//! The state file of the program: after restarts, after a kill, and on a full disk.

use std::{fs, process::Stdio, time::Duration};

use reqwest::Client;
use tokio::process::Command;

use crate::{
    program::{Running, command, count, failing},
    rig::{KEY, POLICIES, SVM2},
};

#[tokio::test]
async fn a_state_file_keeps_policies_over_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let arguments = ["--plain-http", "--policies", "3", "--state", file.to_str().unwrap()];
    let client = Client::builder().no_proxy().build().unwrap();
    for (signal, policies) in [("-TERM", 3), ("-INT", 4), ("-TERM", 5)] {
        let running = Running::start(command(&arguments)).await;
        assert_eq!(count(&client, &running.url, "admin", "netapp1!").await, Ok(policies));
        let policy = serde_json::json!({"name": format!("p{policies}"), "secret_key": KEY});
        let request = client.post(format!("{}{POLICIES}", running.url)).basic_auth("admin", Some("netapp1!"));
        assert_eq!(request.json(&policy).send().await.unwrap().status(), 201);
        let output = running.stop(signal).await;
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    }
    assert!(!fs::read_to_string(&file).unwrap().contains(KEY));
    let svm = format!("other={SVM2}");
    let text = failing(&["--svm", &svm, "--state", file.to_str().unwrap()]).await;
    assert!(text.contains("state.json") && text.contains("no SVM svm1"), "{text}");
}

#[tokio::test]
async fn a_failed_write_of_the_state_file_is_reported_once_and_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let file = inner.join("state.json");
    let running = Running::start(command(&["--plain-http", "--state", file.to_str().unwrap()])).await;
    fs::remove_dir_all(&inner).unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    for name in ["a", "b"] {
        let policy = serde_json::json!({"name": name, "secret_key": KEY});
        let request = client.post(format!("{}{POLICIES}", running.url)).basic_auth("admin", Some("netapp1!"));
        assert_eq!(request.json(&policy).send().await.unwrap().status(), 201);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(count(&client, &running.url, "admin", "netapp1!").await, Ok(2));
    let output = running.stop("-TERM").await;
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[0].starts_with("warning: cannot write ") && lines[1].starts_with("error: the last changes"),
        "{text}"
    );
}

/// Creates policies until one is refused or enough exist. Returns the number of confirmed ones.
async fn make(client: &Client, url: &str, most: usize) -> usize {
    for number in 0..most {
        let policy = serde_json::json!({"name": format!("made-{number}"), "secret_key": KEY});
        let request = client.post(format!("{url}{POLICIES}")).basic_auth("admin", Some("netapp1!"));
        if !request.json(&policy).send().await.is_ok_and(|response| response.status() == 201) {
            return number;
        }
    }
    most
}

#[tokio::test]
async fn a_killed_program_loses_nothing_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let arguments = ["--plain-http", "--state", file.to_str().unwrap()];
    let client = Client::builder().no_proxy().build().unwrap();
    let mut there = 0;
    for round in 0..4 {
        let mut running = Running::start(command(&arguments)).await;
        let found = count(&client, &running.url, "admin", "netapp1!").await.unwrap();
        // The file can have the last policy although the client got no response.
        assert!([there, there + 1].contains(&found), "round {round}: {there} were acknowledged, {found} are there");
        let url = running.url.clone();
        let kill = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            running.child.kill().await.unwrap();
        };
        // Earlier rounds already use these names.
        let list = client.delete(format!("{url}{POLICIES}?name=*")).basic_auth("admin", Some("netapp1!"));
        assert_eq!(list.send().await.unwrap().status(), 200);
        let (made, ()) = tokio::join!(make(&client, &url, usize::MAX), kill);
        assert!(made > 0);
        there = made as u64;
    }
    let running = Running::start(command(&arguments)).await;
    let found = count(&client, &running.url, "admin", "netapp1!").await.unwrap();
    assert!([there, there + 1].contains(&found), "{there} were acknowledged, {found} are there");
    running.stop("-TERM").await;
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing but the lock is left beside the file");
}

#[tokio::test]
async fn a_full_disk_loses_only_reported_changes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let arguments = ["--plain-http", "--state", file.to_str().unwrap()];
    let mut limited = Command::new("bash");
    // Limits each file to 4 KiB.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_ontap-ipsec-simulator")]);
    limited.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let client = Client::builder().no_proxy().build().unwrap();
    let running = Running::start(limited).await;
    assert_eq!(make(&client, &running.url, 30).await, 30, "it goes on");
    let output = running.stop("-TERM").await;
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.starts_with("warning: cannot write ") && text.contains("error: the last changes"), "{text}");
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<_> = text.lines().skip(1).collect();
    assert!(text.len() + lines[0].len() > 4096, "every policy that has room is there");
    let running = Running::start(command(&arguments)).await;
    let kept = count(&client, &running.url, "admin", "netapp1!").await.unwrap();
    assert_eq!(kept, lines.len() as u64);
    running.stop("-TERM").await;
}
