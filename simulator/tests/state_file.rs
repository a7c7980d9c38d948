//! Policies that survive a restart.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use ontap_ipsec_simulator::{Certificate, ClusterState, Ipspace, Simulator, StartError, Svm};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::rig::{KEY, POLICIES, Reply, Rig, psk};

/// A folder with a place for a file.
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

    /// What the file has, read again until it has this many policies.
    async fn wait_for(&self, policies: usize) -> Value {
        for _ in 0..500 {
            let state = read(&self.file);
            if state["policies"].as_array().unwrap().len() == policies {
                return state;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it is not written: {}", read(&self.file));
    }

    fn files(&self) -> usize {
        fs::read_dir(self.folder.path()).unwrap().count()
    }
}

fn read(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
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
async fn policies_survive_a_restart_as_they_were() {
    let place = Place::new();
    let rig = place.rig().await;
    assert_eq!(read(&place.file)["policies"].as_array().unwrap().len(), 2, "it is there from the start");
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
    assert_eq!(place.files(), 1, "nothing is left beside the file");
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
    assert_eq!(read(&place.file)["policies"].as_array().unwrap().len(), before.len() + 1, "dropping saves, too");
}

#[tokio::test]
async fn each_change_is_written_a_moment_later() {
    let place = Place::new();
    let rig = place.rig().await;
    let path = rig.make(psk("p")).await;
    place.wait_for(3).await;
    rig.patch(&path, json!({"enabled": false})).await;
    for round in 0.. {
        if read(&place.file)["policies"][2]["policy"]["enabled"] == false {
            break;
        }
        assert!(round < 500, "the change is not written");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    rig.delete(&path).await;
    place.wait_for(2).await;
    assert_eq!(rig.simulator.state_file().unwrap().path(), place.file);
    assert_eq!(rig.simulator.state_file().unwrap().error(), None);
    assert!(Rig::start().await.simulator.state_file().is_none());
}

#[tokio::test]
async fn readers_never_see_a_part_of_the_file() {
    let place = Place::new();
    let rig = place.rig().await;
    let file = place.file.clone();
    let reader = tokio::task::spawn_blocking(move || {
        for _ in 0..300 {
            assert_eq!(read(&file)["format"], "ontap-ipsec-simulator policies 1");
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    for number in 0..100 {
        rig.make(psk(&format!("p{number}"))).await;
    }
    reader.await.unwrap();
    place.wait_for(102).await;
}

#[tokio::test]
async fn a_file_that_cannot_be_used_stops_the_start_and_stays_as_it_is() {
    let place = Place::new();
    place.rig().await.simulator.shutdown().await;
    let good = fs::read_to_string(&place.file).unwrap();
    let first = good.lines().nth(1).unwrap().trim_end_matches(',');
    let uuid = "\"uuid\":\"02c9e252";
    assert!(first.contains("\"svm1\""), "{uuid} {first}");
    for (text, part) in [
        (String::new(), "EOF"),
        ("{".to_owned(), "line 1"),
        ("{}".to_owned(), "format"),
        (good.replace("policies 1", "policies 2"), "policies 2"),
        (good.replace("\"sequence\": 1", "\"sequence\": 0"), "sequence"),
        (good.replace("\"sequence\": 1", "\"sequence\": 7"), "sequence"),
        (good.replace("\"next_sequence\": 2", &format!("\"next_sequence\": {}", u64::MAX)), "next_sequence"),
        (good.replace("\"tcp\"", "\"tee\""), "protocol"),
        (good.replace("\"name\":\"policy-0002\"", "\"colour\":\"red\""), "colour"),
        (good.replace("\"name\":\"policy-0002\",", ""), "without name"),
        (good.replace("policy-0001", "policy-0002").replace("svm2", "svm1"), "the cluster has no SVM svm1"),
        (good.replace("\"enabled\":true", "\"enabled\":\"true\""), "enabled"),
        (good.replace("\"scope\":\"svm\"", "\"scope\":\"cluster\""), "scope"),
        (good.replace("\"protocol\"", "\"secret_key\":\"k\",\"protocol\""), "keys are never kept"),
        (format!("{good}x"), "trailing"),
        (good.replacen("policies\": [", &format!("policies\": [{first},"), 1), "sequence"),
    ] {
        assert_ne!(text, good, "{part}");
        fs::write(&place.file, &text).unwrap();
        let error = refusal(&place.file, cluster()).await;
        assert!(error.contains(part), "{part}: {error}");
        assert_eq!(fs::read_to_string(&place.file).unwrap(), text);
        assert_eq!(place.files(), 1);
    }
    fs::write(&place.file, good).unwrap();
    place.rig().await;
}

#[tokio::test]
async fn a_cluster_without_what_policies_refer_to_is_told() {
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
async fn what_is_no_file_is_refused() {
    let place = Place::new();
    refusal(place.folder.path(), cluster()).await;
    refusal(&place.folder.path().join("missing").join("state.json"), cluster()).await;
    refusal(Path::new("/"), cluster()).await;
    assert_eq!(place.files(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_fifo_is_refused_without_a_wait() {
    let place = Place::new();
    assert!(std::process::Command::new("mkfifo").arg(&place.file).status().unwrap().success());
    assert!(refusal(&place.file, cluster()).await.contains("no regular file"));
    refusal(Path::new("/dev/null"), cluster()).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_symbolic_link_stays_and_the_mode_too() {
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
    assert_eq!(read(&real)["policies"].as_array().unwrap().len(), 3);
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);

    let round = place.folder.path().join("round");
    symlink("round", &round).unwrap();
    assert!(refusal(&round, cluster()).await.contains("symbolic links"));
}

#[tokio::test]
async fn a_write_that_fails_stops_nothing_and_is_told() {
    let place = Place::new();
    let folder = place.folder.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("state.json");
    let rig = Rig::with(|builder| builder.state_file(&file)).await;
    let mut report = rig.simulator.state_file().unwrap();
    // A file where the folder was: nobody can write below that, not even root.
    fs::rename(&folder, place.folder.path().join("away")).unwrap();
    fs::write(&folder, "").unwrap();
    rig.make(psk("p")).await;
    let error = tokio::time::timeout(Duration::from_secs(10), report.failure()).await.unwrap();
    assert_eq!(report.error().as_ref(), Some(&error));
    assert_eq!(rig.names("").await, ["p"], "it goes on");
    let page = rig.request(Method::GET, "/").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("The last changes are not in the state file"), "{page}");
    let again = tokio::time::timeout(Duration::from_millis(1500), report.failure()).await;
    assert!(again.is_err(), "it is told once");

    fs::remove_file(&folder).unwrap();
    fs::rename(place.folder.path().join("away"), &folder).unwrap();
    for round in 0.. {
        if read(&file)["policies"].as_array().unwrap().len() == 1 && report.error().is_none() {
            break;
        }
        assert!(round < 500, "it does not try again");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn many_changes_are_few_writes() {
    let place = Place::new();
    let rig = Rig::with(|builder| builder.cluster(cluster().made_up_policies(20_000)).state_file(&place.file)).await;
    let path = rig.make(psk("p")).await;
    let start = std::time::Instant::now();
    for round in 0..200 {
        let request = rig.request(Method::PATCH, &path).json(&json!({"enabled": round % 2 == 0}));
        assert_eq!(Reply::of(request).await.status, 200);
    }
    // A write for each would take minutes here.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    rig.simulator.shutdown().await;
    assert_eq!(read(&place.file)["policies"][20_000]["policy"]["enabled"], false);
}
