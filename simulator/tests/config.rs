//! The configuration of IPsec as a whole.

use ontap_ipsec_simulator::{ClusterState, ERROR_CODES, Fault, Release, Trigger};
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{CONFIG, POLICIES, Reply, Rig, psk};

async fn rig(release: &str, state: ClusterState) -> Rig {
    Rig::with(|builder| builder.cluster(state.release(release.parse().unwrap()))).await
}

#[tokio::test]
async fn the_cluster_can_be_read_in_whole_or_in_part() {
    let rig = Rig::start().await;
    assert_eq!(rig.get(CONFIG).await.body, json!({"enabled": true, "replay_window": 0}));
    assert_eq!(rig.get(&format!("{CONFIG}?fields=replay_window")).await.body, json!({"replay_window": 0}));
    assert_eq!(rig.get_hal(CONFIG).await.body["_links"]["self"]["href"], CONFIG);
    let rig = self::rig("9.16.1", ClusterState::default().ipsec_disabled()).await;
    let body = json!({"enabled": false, "offload_enabled": false, "replay_window": 0});
    assert_eq!(rig.get(CONFIG).await.body, body);
    // Ansible's na_ontap_restit sends this parameter.
    assert_eq!(rig.get(&format!("{CONFIG}?max_records=1024")).await.body, body);
    for query in ["max_records=0", "max_records=many"] {
        rig.get(&format!("{CONFIG}?{query}")).await.is_error(400, "262197", Some("max_records"));
    }
    for query in ["offset=1", "order_by=enabled", "enabled=true", "colour=red"] {
        let target = query.split('=').next();
        rig.get(&format!("{CONFIG}?{query}")).await.is_error(400, "262179", target);
    }
    for method in [Method::POST, Method::DELETE] {
        Reply::of(rig.request(method, CONFIG)).await.is_error(405, "3", None);
    }
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let rig = Rig::start().await;
    for window in [64, 128, 256, 512, 1024, 0] {
        let reply = rig.patch(CONFIG, json!({"replay_window": window})).await;
        assert_eq!((reply.status.as_u16(), &reply.body), (200, &json!({})));
        assert_eq!(rig.get(CONFIG).await.body, json!({"enabled": true, "replay_window": window}));
    }
    assert_eq!(rig.patch(CONFIG, json!({"enabled": false, "replay_window": 64})).await.status, 200);
    assert_eq!(rig.get(CONFIG).await.body, json!({"enabled": false, "replay_window": 64}));
    assert_eq!(rig.patch(CONFIG, json!({"enabled": null})).await.status, 200);
    assert_eq!(rig.get(CONFIG).await.body["enabled"], false, "null changes nothing");
}

#[tokio::test]
async fn invalid_bodies_are_refused() {
    let rig = Rig::start().await;
    for (body, code, target) in [
        (json!({"replay_window": 65}), "262197", Some("replay_window")),
        (json!({"replay_window": -64}), "262197", Some("replay_window")),
        (json!({"replay_window": 64.5}), "262197", Some("replay_window")),
        (json!({"replay_window": "64"}), "262197", Some("replay_window")),
        (json!({"replay_window": [64]}), "262255", Some("replay_window")),
        (json!({"enabled": "true"}), "262197", Some("enabled")),
        (json!({"enabled": 1}), "262197", Some("enabled")),
        (json!({"offload_enabled": true}), "262179", None),
        (json!({"colour": "red"}), "262179", None),
        (json!({}), "262190", None),
        (json!([]), "262255", None),
    ] {
        rig.patch(CONFIG, body).await.is_error(400, code, target);
    }
    assert_eq!(rig.get(CONFIG).await.body, json!({"enabled": true, "replay_window": 0}));
}

/// IPsec has one switch for the cluster file, [`Simulator::change`](ontap_ipsec_simulator::Simulator::change) and
/// PATCH.
#[tokio::test]
async fn policies_depend_on_the_switch_of_ipsec() {
    let rig = Rig::start().await;
    rig.make(psk("p")).await;
    assert_eq!(rig.patch(CONFIG, json!({"enabled": false})).await.status, 200);
    rig.get(POLICIES).await.is_error(400, "2", None);
    rig.simulator.change(|cluster| cluster.set_ipsec_enabled(true));
    assert_eq!(rig.get(CONFIG).await.body["enabled"], true);
    assert_eq!(rig.names("").await, ["p"]);
    rig.simulator.change(|cluster| cluster.set_ipsec_enabled(false));
    assert_eq!(rig.get(CONFIG).await.body["enabled"], false);
}

/// A forbidden change, its target, and a change that just keeps the rule.
type Rule = (u32, &'static str, ClusterState, Value, Value);

fn rules() -> Vec<Rule> {
    let state = ClusterState::default;
    let off = || state().ipsec_disabled();
    let (on, window) = (json!({"offload_enabled": true}), json!({"offload_enabled": true, "replay_window": 64}));
    vec![
        (66256913, "offload_enabled", state(), on.clone(), json!({"offload_enabled": false})),
        (
            66256913,
            "offload_enabled",
            state(),
            json!({"enabled": false, "offload_enabled": true}),
            json!({"enabled": false}),
        ),
        (66256915, "replay_window", off(), window, on),
        (66257496, "enabled", state().bgp_md5(), json!({"enabled": false}), json!({"enabled": true})),
        (66257496, "enabled", off().bgp_md5(), json!({"enabled": false}), json!({"enabled": true})),
    ]
}

#[tokio::test]
async fn a_patch_that_breaks_a_rule_is_refused_and_one_that_just_keeps_it_is_not() {
    for (code, target, state, bad, good) in rules() {
        let is_off = state.clone() == ClusterState::default().ipsec_disabled().bgp_md5();
        let rig = rig("9.16.1", state).await;
        let before = rig.get(CONFIG).await.body;
        if !is_off {
            rig.patch(CONFIG, bad).await.is_error(400, &code.to_string(), Some(target));
            assert_eq!(rig.get(CONFIG).await.body, before, "{code}: a refused change changes nothing");
        }
        let reply = rig.patch(CONFIG, good).await;
        assert_eq!(reply.status, 200, "{code}: {}", reply.text);
    }
    // Earlier values of the window and of the offload count, too.
    let rig = rig("9.16.1", ClusterState::default().ipsec_disabled()).await;
    rig.patch(CONFIG, json!({"offload_enabled": true, "enabled": true})).await;
    assert_eq!(rig.get(CONFIG).await.body, json!({"enabled": true, "offload_enabled": true, "replay_window": 0}));
    rig.patch(CONFIG, json!({"replay_window": 64})).await.is_error(400, "66256915", Some("replay_window"));
}

#[tokio::test]
async fn older_releases_know_neither_the_offload_nor_bgp() {
    let rig = rig("9.15.1", ClusterState::default().bgp_md5()).await;
    assert_eq!(rig.patch(CONFIG, json!({"enabled": false})).await.status, 200);
}

#[tokio::test]
async fn a_cluster_that_is_too_old_refuses_changes() {
    let old: Release = "9.7.0".parse().unwrap();
    for state in [ClusterState::default().node("node1", old), ClusterState::default().effective_release(old)] {
        let rig = rig("9.15.1", state).await;
        rig.patch(CONFIG, json!({"enabled": false})).await.is_error(400, "66257199", None);
        rig.simulator.change(|cluster| cluster.set_effective_release(Release::LATEST));
    }
}

#[tokio::test]
async fn the_fault_error_accepts_every_code() {
    let rig = Rig::start().await;
    for entry in ERROR_CODES.iter().filter(|entry| entry.path == "/security/ipsec") {
        rig.simulator.inject(Fault::error(entry.code).on("PATCH").path(CONFIG)).unwrap();
        let status = if entry.trigger == Trigger::Fault { 500 } else { 400 };
        rig.patch(CONFIG, json!({"enabled": false})).await.is_error(status, &entry.code.to_string(), None);
        assert_eq!(rig.get(CONFIG).await.body["enabled"], true);
        let is_met = [66257199].into_iter().chain(rules().iter().map(|rule| rule.0)).any(|code| code == entry.code);
        assert_eq!(is_met, entry.trigger != Trigger::Fault, "{}", entry.code);
    }
}
