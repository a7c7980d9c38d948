//! Policies that are kept over a restart.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use ontap_ipsec_simulator::{Certificate, ClusterState, Ipspace, Release, Simulator, StartError, Svm};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::rig::{KEY, POLICIES, Rig, psk, with};

/// A temporary folder with the path of a state file.
struct Place {
    folder: TempDir,
    file: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { file: folder.path().join("state.json"), folder }
    }

    async fn rig(&self) -> Rig {
        Rig::with(|builder| builder.state_file(&self.file).cluster(cluster().made_up_policies(2))).await
    }

    fn files(&self) -> usize {
        fs::read_dir(self.folder.path()).unwrap().count()
    }
}

/// Returns the policies in the file: the last line of each sequence number counts.
fn read(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    let last: BTreeMap<_, _> = lines.map(|line| (line["sequence"].as_u64(), line["policy"].clone())).collect();
    last.into_values().filter(|policy| !policy.is_null()).collect()
}

fn cluster() -> ClusterState {
    ClusterState::default()
        .ipspace(Ipspace::new("blue"))
        .svm(Svm::data("svm1"))
        .svm(Svm::data("svm2").in_ipspace("blue"))
        .certificate(Certificate::new("cert").of_svm("svm2"))
}

async fn refusal(file: &Path, state: ClusterState) -> String {
    let error = Simulator::builder().plain_http().cluster(state).state_file(file).start().await.unwrap_err();
    assert!(matches!(error, StartError::StateFile { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(&file.display().to_string()), "{text}");
    text
}

#[tokio::test]
async fn policies_are_kept_over_a_restart() {
    let place = Place::new();
    let rig = place.rig().await;
    assert_eq!(read(&place.file).len(), 2, "it is there from the start");
    rig.make(psk("\"quoted\" <b>")).await;
    let gone = rig.make(psk("gone")).await;
    rig.make(json!({
        "name": "pki", "svm": {"name": "svm2"}, "certificate": {"name": "cert"}, "remote_identity": "peer",
        "local_endpoint": {"address": "10.0.0.9", "netmask": "8", "port": "53"}, "protocol": "17", "enabled": false,
    }))
    .await;
    rig.make(json!({"name": "all", "secret_key": KEY})).await;
    rig.delete(&gone).await;
    let first = rig.get(&format!("{POLICIES}?max_records=3&fields=*")).await;
    let before = rig.simulator.policies();
    rig.simulator.shutdown().await;
    assert_eq!(place.files(), 2, "nothing but the lock is left beside the file");
    let text = fs::read_to_string(&place.file).unwrap();
    assert!(!text.contains(KEY) && !text.contains("secret_key"));

    let rig = place.rig().await;
    assert_eq!(rig.simulator.policies(), before);
    let next = rig.get(first.body["_links"]["next"]["href"].as_str().unwrap()).await;
    assert_eq!(next.names(), ["pki", "all"], "a list that was begun before goes on");
    rig.post(POLICIES, psk("\"quoted\" <b>")).await.is_error(409, "66257104", Some("name"));
    rig.make(psk("later")).await;
    assert_eq!(rig.names("").await.last().unwrap(), "later");
    drop(rig);
    assert_eq!(read(&place.file).len(), before.len() + 1);
}

#[tokio::test]
async fn each_change_is_written_before_its_response() {
    let place = Place::new();
    let rig = place.rig().await;
    let path = rig.make(psk("p")).await;
    assert_eq!(read(&place.file).len(), 3);
    rig.patch(&path, json!({"enabled": false})).await;
    assert_eq!(read(&place.file)[2]["enabled"], false);
    rig.delete(&path).await;
    assert_eq!(read(&place.file).len(), 2);
    assert_eq!(rig.simulator.state_file().unwrap().path(), fs::canonicalize(&place.file).unwrap());
    assert_eq!(rig.simulator.state_file().unwrap().error(), None);
    assert!(Rig::start().await.simulator.state_file().is_none());
}

#[tokio::test]
async fn a_state_file_keeps_the_identity_of_a_post_quantum_key() {
    let place = Place::new();
    let rig = async || {
        let cluster = cluster().release(Release::LATEST);
        Rig::with(|builder| builder.state_file(&place.file).cluster(cluster)).await
    };
    let first = rig().await;
    let key = "another-secret-of-enough-characters";
    let policy = with(psk("p"), json!({"ppk": {"identity": "site-a", "shared_key": key}}));
    let path = first.make(with(policy, json!({"certificate_modify_keepsa": true}))).await;
    let before = first.get(&path).await.body;
    first.simulator.shutdown().await;
    let text = fs::read_to_string(&place.file).unwrap();
    assert!(text.contains("site-a") && !text.contains(key) && !text.contains("shared_key"), "{text}");

    let second = rig().await;
    assert_eq!(second.get(&path).await.body, before);
    assert_eq!(before["certificate_modify_keepsa"], true);
    assert_eq!(second.patch(&path, json!({"ppk": {"identity": "site-b"}})).await.status, 200, "there is a key still");
}

#[tokio::test]
async fn a_second_simulator_is_refused() {
    let place = Place::new();
    let rig = place.rig().await;
    assert!(refusal(&place.file, cluster()).await.contains("another simulator uses the file"));
    rig.make(psk("p")).await;
    assert!(refusal(&place.file, cluster()).await.contains("another simulator uses the file"));
    // The lock also protects a deleted file.
    fs::remove_file(&place.file).unwrap();
    assert!(refusal(&place.file, cluster()).await.contains("another simulator uses the file"));
    drop(rig);
    assert_eq!(place.rig().await.simulator.policies().len(), 3, "it is written at the end");
}

#[tokio::test]
async fn an_incomplete_last_line_is_ignored() {
    let place = Place::new();
    place.rig().await.simulator.shutdown().await;
    let good = fs::read_to_string(&place.file).unwrap();
    let line = good.lines().last().unwrap().replace("policy-0002", "\u{e9}");
    // Cuts the line in the middle of a word, and of a character.
    for length in [40, line.find('\u{e9}').unwrap() + 1] {
        fs::write(&place.file, [good.as_bytes(), &line.as_bytes()[..length]].concat()).unwrap();
        assert_eq!(place.rig().await.simulator.policies().len(), 2);
    }
    // A complete line counts, also without a line end.
    fs::write(&place.file, good.trim_end()).unwrap();
    let rig = place.rig().await;
    assert_eq!(rig.simulator.policies().len(), 2);
    rig.make(psk("p")).await;
    assert_eq!(read(&place.file).len(), 3);
}

#[tokio::test]
async fn the_file_is_rewritten_without_old_lines() {
    let place = Place::new();
    let rig = place.rig().await;
    let path = rig.make(psk("p")).await;
    let lines = || fs::read_to_string(&place.file).unwrap().lines().count();
    let mut most = 0;
    for round in 0..10_100 {
        rig.simulator.change(|_| {});
        if round % 100 == 0 {
            most = most.max(lines());
        }
        rig.patch(&path, json!({"enabled": round % 2 == 0})).await;
    }
    assert!(most > 9_000 && lines() < 200, "{most} {}", lines());
    assert_eq!(read(&place.file)[2]["enabled"], false);
}

#[tokio::test]
async fn an_invalid_state_file_is_an_error_and_stays_unchanged() {
    let place = Place::new();
    place.rig().await.simulator.shutdown().await;
    let good = fs::read_to_string(&place.file).unwrap();
    let first = good.lines().nth(1).unwrap();
    assert!(first.contains("\"svm1\""), "{first}");
    for (text, part) in [
        ("{".to_owned(), "line 1: the file is no state file: the first line must have the format"),
        ("{}\n".to_owned(), "line 1: the file is no state file: the first line must have the format"),
        (good.replace("policies 2", "policies 1"), "policies 1"),
        (
            good.replace("\"sequence\":1", "\"sequence\":0"),
            "line 3: policy \"policy-0002\": another policy has the sequence 0",
        ),
        (good.replace("\"next_sequence\":2", &format!("\"next_sequence\":{}", u64::MAX)), "next_sequence"),
        (
            good.replace("\"sequence\":1", &format!("\"sequence\":{}", u64::MAX)),
            "policy \"policy-0002\": the sequence 18446744073709551615 is not higher",
        ),
        (good.replace("\"tcp\"", "\"tee\""), "line 2: the value of protocol is invalid"),
        (good.replace("\"name\":\"policy-0002\"", "\"colour\":\"red\""), "colour"),
        (good.replace("\"name\":\"policy-0002\",", ""), "line 3: the policy has no name"),
        (good.replace("policy-0001", "policy-0002").replace("svm2", "svm1"), "the cluster has no SVM svm1"),
        (good.replace("\"enabled\":true", "\"enabled\":\"true\""), "enabled"),
        (good.replace("\"scope\":\"svm\"", "\"scope\":\"cluster\""), "scope"),
        (
            good.replace("\"protocol\"", "\"secret_key\":\"k\",\"protocol\""),
            "secret_key is a secret, which a state file cannot have",
        ),
        (
            good.replace("\"protocol\"", "\"ppk\":{\"shared_key\":\"k\"},\"protocol\""),
            "ppk.shared_key is a secret, which a state file cannot have",
        ),
        (good.replace("\"protocol\"", "\"ppk\":{\"identity\":\"short\"},\"protocol\""), "ppk.identity"),
        (format!("{good}x\n"), "line 4: expected value"),
        (format!("{good}{first}x\n"), "line 4: trailing characters"),
        (format!("{good}{}\n", first.replace("\"sequence\":0", "\"sequence\":9")), "an earlier policy has the UUID"),
        (format!("{good}{{\"sequence\":9,\"policy\":null}}\n"), "no policy has the sequence 9"),
    ] {
        assert_ne!(text, good, "{part}");
        fs::write(&place.file, &text).unwrap();
        let error = refusal(&place.file, cluster()).await;
        assert!(error.contains(part), "{part}: {error}");
        assert_eq!(fs::read_to_string(&place.file).unwrap(), text);
        assert_eq!(place.files(), 2);
    }
    fs::write(&place.file, good).unwrap();
    place.rig().await;
}

#[tokio::test]
async fn policies_in_the_file_need_their_objects_in_the_cluster() {
    let place = Place::new();
    let rig = place.rig().await;
    rig.make(json!({"name": "pki", "svm": {"name": "svm2"}, "certificate": {"name": "cert"}, "remote_identity": "a"}))
        .await;
    rig.simulator.shutdown().await;
    let blue = || Ipspace::new("blue");
    for (state, part) in [
        (ClusterState::default().svm(Svm::data("svm2")), "policy \"policy-0001\": the cluster has no SVM svm1"),
        (
            ClusterState::default().svm(Svm::data("svm1")).svm(Svm::data("svm2")),
            "policy \"policy-0002\": the cluster has no IPspace blue",
        ),
        (
            ClusterState::default().ipspace(blue()).svm(Svm::data("svm1")).svm(Svm::data("svm2").in_ipspace("blue")),
            "policy \"pki\": the cluster has no certificate cert",
        ),
    ] {
        let error = refusal(&place.file, state).await;
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn a_path_that_is_no_file_is_refused() {
    let place = Place::new();
    refusal(place.folder.path(), cluster()).await;
    refusal(&place.folder.path().join("missing").join("state.json"), cluster()).await;
    refusal(Path::new("/"), cluster()).await;
    assert_eq!(place.files(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_fifo_as_state_file_is_refused_at_once() {
    let place = Place::new();
    assert!(std::process::Command::new("mkfifo").arg(&place.file).status().unwrap().success());
    assert!(refusal(&place.file, cluster()).await.contains("is not a regular file"));
    refusal(Path::new("/dev/null"), cluster()).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_symbolic_link_and_the_mode_are_kept() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let place = Place::new();
    let folder = place.folder.path().join("elsewhere");
    fs::create_dir(&folder).unwrap();
    symlink("elsewhere/real.json", &place.file).unwrap();
    place.rig().await.simulator.shutdown().await;
    let real = folder.join("real.json");
    assert!(fs::symlink_metadata(&place.file).unwrap().is_symlink());
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();

    let rig = place.rig().await;
    rig.make(psk("p")).await;
    rig.simulator.shutdown().await;
    assert!(fs::symlink_metadata(&place.file).unwrap().is_symlink());
    assert_eq!(read(&real).len(), 3);
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);

    let round = place.folder.path().join("round");
    symlink("round", &round).unwrap();
    assert!(refusal(&round, cluster()).await.contains("symbolic link"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_failed_write_is_reported_and_the_simulator_continues() {
    let place = Place::new();
    let folder = place.folder.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("state.json");
    let rig = Rig::with(|builder| builder.state_file(&file)).await;
    let mut report = rig.simulator.state_file().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    rig.make(psk("p")).await;
    let error = tokio::time::timeout(Duration::from_secs(10), report.failure()).await.unwrap();
    assert_eq!(report.error().as_ref(), Some(&error));
    assert_eq!(rig.names("").await, ["p"], "it goes on");
    let page = rig.request(Method::GET, "/").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("The last changes are not in the state file"), "{page}");
    rig.make(psk("q")).await;
    let again = tokio::time::timeout(Duration::from_millis(500), report.failure()).await;
    assert!(again.is_err(), "it is told once");

    fs::create_dir(&folder).unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    rig.make(psk("r")).await;
    assert_eq!((read(&file).len(), report.error()), (3, None), "it tries again, once a second");
    fs::remove_dir_all(&folder).unwrap();
    rig.make(psk("s")).await;
    fs::create_dir(&folder).unwrap();
    rig.simulator.shutdown().await;
    assert_eq!(read(&file).len(), 4, "it tries again at the end");
}
