//! Reads and changes a running simulator without requests.

use ontap_ipsec_simulator::{Certificate, ClusterState, Release, Simulator, Svm};
use serde_json::json;

use crate::rig::{KEY, POLICIES, Rig, SVM1, SVM2, psk, varied, with};

#[tokio::test]
async fn policies_have_the_form_of_a_get() {
    let rig = varied().await;
    let listed = rig.get(&format!("{POLICIES}?fields=*")).await.body["records"].clone();
    assert_eq!(json!(rig.simulator.policies()), listed);
    assert_eq!(rig.simulator.policy("dns").unwrap(), listed[1]);
    assert_eq!(rig.simulator.policy("nobody"), None);
}

#[tokio::test]
async fn the_older_of_two_policies_with_one_name_is_returned() {
    let rig = Rig::start().await;
    rig.make(with(psk("p"), json!({"svm": {"name": "svm2"}}))).await;
    rig.make(psk("p")).await;
    assert_eq!(rig.simulator.policy("p").unwrap()["svm"]["uuid"], SVM2);
    assert_eq!(rig.simulator.policies()[1]["svm"]["uuid"], SVM1);
}

#[tokio::test]
async fn an_older_release_shows_its_own_fields() {
    let state = ClusterState::default().release("9.8".parse().unwrap()).made_up_policies(1);
    let simulator = Simulator::builder().cluster(state).start().await.unwrap();
    assert!(simulator.policies()[0].get("authentication_method").is_none());
}

#[tokio::test]
async fn the_cluster_can_change_while_it_runs() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    let change = json!({"enabled": false});

    rig.simulator.change(|cluster| cluster.set_migrating("svm1", true)).unwrap();
    rig.patch(&path, change.clone()).await.is_error(400, "66257142", Some("svm"));
    rig.simulator.change(|cluster| cluster.set_migrating("svm1", false)).unwrap();
    assert_eq!(rig.patch(&path, change.clone()).await.status, 200);

    rig.simulator.change(|cluster| cluster.set_effective_release("9.7".parse().unwrap()));
    rig.patch(&path, change.clone()).await.is_error(400, "66257201", None);
    rig.simulator.change(|cluster| {
        cluster.set_effective_release(Release::LATEST);
        cluster.set_policies_per_svm(Some(1));
    });
    rig.post(POLICIES, psk("q")).await.is_error(400, "66257121", Some("svm"));
    rig.simulator.change(|cluster| {
        cluster.set_policies_per_svm(None);
        cluster.set_policies_per_cluster(Some(1));
    });
    rig.post(POLICIES, psk("q")).await.is_error(400, "66257130", None);
    rig.simulator.change(|cluster| cluster.set_policies_per_cluster(None));
    rig.make(psk("q")).await;

    rig.simulator
        .change(|cluster| {
            cluster.add_svm(&Svm::data("svm3"))?;
            cluster.add_certificate(&Certificate::new("late").of_svm("svm3"))
        })
        .unwrap();
    let policy = json!({
        "name": "r", "svm": {"name": "svm3"}, "certificate": {"name": "late"}, "remote_identity": "peer",
    });
    rig.make(policy).await;
}

#[tokio::test]
async fn an_invalid_change_of_the_cluster_is_refused() {
    let rig = Rig::start().await;
    let certificate = |name: &str| Certificate::new(name);
    rig.simulator.change(|cluster| {
        for (error, part) in [
            (cluster.set_migrating("nobody", true).unwrap_err(), "nobody"),
            (cluster.add_svm(&Svm::data("svm1")).unwrap_err(), "two SVMs have the name svm1"),
            (
                cluster.add_svm(&Svm::data("new").with_uuid(SVM1.parse().unwrap())).unwrap_err(),
                "the SVM new has the UUID",
            ),
            (cluster.add_svm(&Svm::data("new").in_ipspace("blue")).unwrap_err(), "blue"),
            (cluster.add_certificate(&certificate("cert")).unwrap_err(), "two certificates have the name cert"),
            (cluster.add_certificate(&certificate("new").of_svm("nobody")).unwrap_err(), "nobody"),
        ] {
            assert!(error.to_string().contains(part), "{error}");
        }
    });
    let policy = json!({"name": "p", "svm": {"name": "new"}, "secret_key": KEY});
    rig.post(POLICIES, policy).await.is_error(400, "66257202", Some("svm.name"));
    rig.make(psk("p")).await;
}
