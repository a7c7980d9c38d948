//! Descriptions of clusters, in code or in TOML.

use ontap_ipsec_simulator::{Certificate, ClusterState, Ipspace, Simulator, StartError, Svm};
use reqwest::Method;
use serde_json::json;

use crate::rig::{CERT, KEY, POLICIES, Reply, Rig, SVM1};

#[tokio::test]
async fn a_toml_file_describes_a_cluster() {
    let state = ClusterState::from_toml(&format!(
        r#"
        name = "cluster7"
        release = "9.14.1"
        ipspace = [{{ name = "blue" }}]
        svm = [{{ name = "svm1", uuid = "{SVM1}" }}, {{ name = "svm2", ipspace = "blue" }}]
        made_up_policies = 2

        [[token]]
        token = "short-lived"
        requests = 1

        [[fault]]
        kind = "error"
        code = 66257097
        method = "PATCH"

        [[certificate]]
        name = "cert"
        uuid = "{CERT}"
        type = "client"

        [[policy]]
        name = "first"
        svm = {{ name = "svm2" }}
        secret_key = "{KEY}"

        [[policy]]
        name = "second"
        "svm.name" = "svm1"
        certificate = {{ name = "cert" }}
        remote_identity = "CN=host"
        "#
    ))
    .unwrap();
    let rig = Rig::with(|builder| builder.cluster(state)).await;
    assert_eq!(rig.get("/api/cluster").await.body["name"], "cluster7");
    assert_eq!(rig.names("").await, ["first", "second", "policy-0001", "policy-0002"]);
    let records = rig.get(&format!("{POLICIES}?fields=*")).await.body["records"].clone();
    assert_eq!(records[0]["ipspace"]["name"], "blue");
    assert_eq!((&records[1]["certificate"]["uuid"], &records[1]["svm"]["uuid"]), (&json!(CERT), &json!(SVM1)));
    assert_eq!(records[3]["svm"]["name"], "svm2");
    for status in [200, 401] {
        assert_eq!(Reply::of(rig.bare(Method::GET, POLICIES).bearer_auth("short-lived")).await.status, status);
    }
    let path = format!("{POLICIES}/{}", records[0]["uuid"].as_str().unwrap());
    rig.patch(&path, json!({"enabled": false})).await.is_error(500, "66257097", None);
    assert_eq!(rig.patch(&path, json!({"enabled": false})).await.status, 200);
}

#[test]
fn errors_in_toml_have_their_line() {
    for (text, line, part) in [
        ("release = \"9.15.1\"\nreleese = \"9.15.1\"", 2, "releese"),
        ("\n\nrelease = \"new\"", 3, "\"new\""),
        ("[[svm]]\nname = \"a\"\nkind = \"date\"", 3, "date"),
        ("[[svm]]\nuuid = \"none\"", 2, "UUID"),
        ("[[svm]]\nipspace = \"blue\"", 1, "name"),
        ("[[certificate]]\nname = \"c\"\ntype = \"cl\"", 3, "cl"),
        ("limits = { policies = 3 }", 1, "policies"),
        ("certificate_fault = \"old\"", 1, "old"),
        ("\n[[fault]]\nkind = \"rust\"", 3, "rust"),
        ("svm = [", 1, ""),
    ] {
        let error = ClusterState::from_toml(text).unwrap_err().to_string();
        assert!(error.starts_with(&format!("line {line}: ")), "{text}: {error}");
        assert!(error.contains(part) && !error.contains('\n'), "{text}: {error}");
    }
}

#[tokio::test]
async fn an_invalid_cluster_does_not_start() {
    let state = ClusterState::default;
    let uuid = SVM1.parse().unwrap();
    for (state, part) in [
        (state().svm(Svm::data("a")).svm(Svm::admin("a")), "two SVMs have the name a"),
        (state().svm(Svm::data("a").with_uuid(uuid)).svm(Svm::data("b").with_uuid(uuid)), "the SVM b has the UUID"),
        (state().svm(Svm::data("")), "empty"),
        (state().svm(Svm::data("a").in_ipspace("blue")), "blue"),
        (state().ipspace(Ipspace::new("blue")).ipspace(Ipspace::new("blue")), "two IPspaces have the name blue"),
        (state().certificate(Certificate::new("c").of_svm("nobody")), "nobody"),
        (
            state().certificate(Certificate::new("c")).certificate(Certificate::new("c")),
            "two certificates have the name c",
        ),
        (state().policy(json!({"name": "p", "secret_key": "short"})), "policy number 1: error 66257200"),
        (state().policy(json!({"name": "p", "colour": "red"})), "error 262179"),
        (state().policy(json!([])), "error 262255"),
        (
            state().made_up_policies(9).policies_per_cluster(8),
            "made_up_policies = 9 is too high or conflicts with other policies: the cluster has 8",
        ),
        (
            state().made_up_policies(u32::MAX).policies_per_svm(8),
            "is too high or conflicts with other policies: the SVM svm1 has 8",
        ),
        (
            state()
                .made_up_policies(1)
                .policy(json!({"name": "policy-0001", "svm": {"name": "svm1"}, "secret_key": KEY})),
            "a policy of this owner already has the name policy-0001",
        ),
        (state().policies_per_cluster(0).policy(json!({"name": "p", "secret_key": KEY})), "error 66257130"),
    ] {
        let error = Simulator::builder().cluster(state).start().await.unwrap_err();
        assert!(matches!(error, StartError::Cluster(_)));
        assert!(error.to_string().contains(part), "{error}");
    }
    // Different SVMs can have certificates with the same name.
    let of = |svm| Certificate::new("c").of_svm(svm);
    let state = state().svm(Svm::data("a")).svm(Svm::data("b")).certificate(of("a")).certificate(of("b"));
    Simulator::builder().cluster(state).start().await.unwrap();
}

#[test]
fn a_description_does_not_show_its_keys() {
    let state = ClusterState::default().policy(json!({"name": "p", "secret_key": KEY}));
    let shown = format!("{state:?} {:?}", Simulator::builder().cluster(state.clone()));
    assert!(shown.contains("\"p\"") && !shown.contains(KEY), "{shown}");
}
