//! Behaviour in public recordings of real clusters, unless another file tests it.

use std::time::Duration;

use ontap_ipsec_simulator::{Certificate, CertificateFault, ClusterState, Fault, Simulator, Svm, UndocumentedCase};
use reqwest::Method;
use serde_json::json;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::rig::{NOBODY, POLICIES, Reply, Rig, psk, with};

#[tokio::test]
async fn a_busy_cluster_returns_short_pages() {
    let rig = Rig::with(|builder| builder.policies(5)).await;
    rig.simulator.inject(Fault::busy().records(2).times(2)).unwrap();
    let mut reply = rig.get(&format!("{POLICIES}?order_by=name%20desc")).await;
    let mut pages = vec![reply.names()];
    while let Some(next) = reply.body["_links"]["next"]["href"].as_str().map(str::to_owned) {
        reply = rig.get(&next).await;
        pages.push(reply.names());
    }
    assert_eq!(pages, [&["policy-0005", "policy-0004"][..], &["policy-0003", "policy-0002"], &["policy-0001"]]);

    rig.simulator.inject(Fault::busy().records(2).without_link()).unwrap();
    let reply = rig.get(POLICIES).await;
    assert_eq!((reply.names().len(), &reply.body["num_records"]), (2, &json!(2)));
    assert!(reply.body["_links"].is_null() && !reply.headers.contains_key("link"));

    rig.simulator.inject(Fault::busy().times(2)).unwrap();
    let counted = rig.get(&format!("{POLICIES}?return_records=false")).await;
    assert_eq!(counted.body["num_records"], 0);
    let again = counted.body["_links"]["next"]["href"].as_str().unwrap();
    assert_eq!(again, format!("{POLICIES}?return_records=false"));
    let reply = rig.get(&format!("{POLICIES}?name=policy*")).await;
    assert_eq!(reply.body["_links"]["next"]["href"], format!("{POLICIES}?name=policy%2A"));
    assert_eq!(rig.names("").await.len(), 5);
}

#[tokio::test]
async fn a_fault_can_end_after_a_time() {
    let rig = Rig::with(|builder| builder.policies(1)).await;
    let id = rig.simulator.inject(Fault::busy().without_link().lasting(Duration::from_secs(2))).unwrap();
    for _ in 0..3 {
        assert_eq!(rig.names("").await, [""; 0]);
    }
    tokio::time::sleep(Duration::from_millis(2050)).await;
    assert_eq!(rig.names("").await, ["policy-0001"]);
    let report = rig.simulator.faults().into_iter().find(|report| report.id == id).unwrap();
    assert_eq!((report.applied, report.used_up), (3, true));
}

#[tokio::test]
async fn changes_wait_for_approval() {
    let rig = Rig::with(|builder| builder.fault(Fault::approval())).await;
    let waiting = rig.post(POLICIES, psk("p")).await;
    assert_eq!(waiting.status, 202);
    assert_eq!(waiting.header("location"), "/api/security/multi-admin-verify/requests/1");
    assert_eq!(waiting.body["_links"]["self"]["href"], waiting.header("location"));
    assert!(waiting.body["job"].is_null());
    assert_eq!(rig.post(POLICIES, psk("p")).await.header("location"), waiting.header("location"), "the same call");
    assert_eq!(rig.names("").await, [""; 0], "nothing is done, and a read needs no approval");

    let shown = rig.get(waiting.header("location")).await;
    assert_eq!(shown.body, json!({"index": 1, "operation": format!("POST {POLICIES}"), "state": "pending"}));
    let elsewhere = rig.request(Method::POST, POLICIES).header("x-dot-svm-name", "svm1").json(&psk("p"));
    assert_ne!(Reply::of(elsewhere).await.header("location"), waiting.header("location"), "another tunnel");

    let asked = rig.simulator.approvals();
    assert_eq!((asked.len(), asked[0].method.as_str(), asked[0].path.as_str()), (2, "POST", POLICIES));
    assert!(!rig.simulator.approve(9) && rig.simulator.approve(1) && !rig.simulator.veto(1), "decided once");
    assert_eq!(rig.post(POLICIES, psk("p")).await.status, 201);
    assert_eq!(rig.names("").await, ["p"]);

    let path = format!("{POLICIES}/{}", rig.simulator.policy("p").unwrap()["uuid"].as_str().unwrap());
    assert_eq!(rig.delete(&path).await.header("location"), "/api/security/multi-admin-verify/requests/3");
    assert!(rig.simulator.veto(3));
    rig.delete(&path).await.is_error(403, "6", None);
    assert_eq!(rig.delete(&path).await.header("location"), "/api/security/multi-admin-verify/requests/4");
}

#[tokio::test]
async fn an_administrator_can_decide_over_http() {
    let rig = Rig::with(|builder| builder.fault(Fault::approval().path("/api/security/*"))).await;
    let request = rig.post(POLICIES, psk("p")).await.header("location").to_owned();
    rig.patch(&request, json!({"state": "maybe"})).await.is_error(400, "262197", Some("state"));
    rig.patch(&request.replace('1', "9"), json!({"state": "approved"})).await.is_error(404, "4", Some("index"));
    let page = rig.request(Method::GET, "/").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("waiting") && page.contains("approval"), "{page}");
    assert_eq!(rig.patch(&request, json!({"state": "approved"})).await.status, 200);
    assert_eq!(rig.post(POLICIES, psk("p")).await.status, 201);
}

#[tokio::test]
async fn a_fault_can_remove_the_ipspace() {
    let rig = Rig::with(|builder| builder.policies(1)).await;
    rig.simulator.inject(Fault::without_field("ipspace").times(4)).unwrap();
    let reply = rig.get(&format!("{POLICIES}?fields=*")).await;
    assert!(reply.body["records"][0]["ipspace"].is_null() && reply.body["records"][0]["svm"]["name"] == "svm1");
    let path = format!("{POLICIES}/{}", reply.body["records"][0]["uuid"].as_str().unwrap());
    assert!(rig.get(&path).await.body["ipspace"].is_null());
    assert_eq!(rig.names("ipspace.name=Default").await, [""; 0]);
    assert_eq!(rig.names("ipspace.name=null").await, ["policy-0001"]);
    assert_eq!(rig.names("ipspace.name=Default").await, ["policy-0001"]);
    for (field, problem) in [
        ("colour", "field is \"colour\", which no record has"),
        ("uuid", "field is \"uuid\", which every record must have"),
    ] {
        let error = Fault::without_field(field).check().unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
}

#[tokio::test]
async fn policies_cannot_be_read_while_ipsec_is_off() {
    let state = ClusterState::from_toml("ipsec_disabled = true\nsvm = [{ name = \"svm1\" }]").unwrap();
    assert_eq!(state, ClusterState::default().ipsec_disabled().svm(Svm::data("svm1")));
    let rig = Rig::with(|builder| builder.cluster(state)).await;
    let path = rig.make(psk("p")).await;
    for path in [POLICIES, &path, &format!("{POLICIES}?return_records=false")] {
        rig.get(path).await.is_error(400, "2", None);
    }
    assert_eq!(rig.patch(&path, json!({"enabled": false})).await.status, 200);
    rig.simulator.change(|cluster| cluster.set_ipsec_enabled(true));
    assert_eq!(rig.get(&path).await.body["enabled"], false);
}

#[tokio::test]
async fn the_cluster_file_can_refuse_undocumented_cases() {
    let text = r#"
        refuse = ["policy_without_endpoints", "peers_without_identity", "pki_without_local_identity"]
        svm = [{ name = "svm1" }]
        certificate = [{ name = "cert" }]
    "#;
    let state = ClusterState::from_toml(text).unwrap();
    assert!(ClusterState::from_toml("refuse = [\"all\"]").unwrap_err().to_string().contains("line 1"));
    let questions = [
        UndocumentedCase::PolicyWithoutEndpoints,
        UndocumentedCase::PeersWithoutIdentity,
        UndocumentedCase::PkiWithoutLocalIdentity,
    ];
    let coded = ClusterState::default().svm(Svm::data("svm1")).certificate(Certificate::new("cert"));
    assert_eq!(state, questions.into_iter().fold(coded, ClusterState::refuse));
    let strict = Rig::with(|builder| builder.cluster(state)).await;
    let lenient = Rig::start().await;
    let host = |address: &str, netmask: &str| json!({"address": address, "netmask": netmask});
    let both = |remote: serde_json::Value| json!({"local_endpoint": host("10.0.0.1", "32"), "remote_endpoint": remote});
    let pki = json!({"name": "pki", "svm": {"name": "svm1"}, "certificate": {"name": "cert"}, "remote_identity": "b"});
    for (body, code, target, repair) in [
        (psk("a"), "66257143", "local_endpoint.address", both(host("10.0.0.2", "32"))),
        (
            with(psk("b"), both(host("10.1.0.0", "16"))),
            "66257138",
            "remote_identity",
            json!({"remote_identity": "ANYTHING"}),
        ),
        (with(pki, both(host("10.0.0.2", "32"))), "2", "local_identity", json!({"local_identity": "a"})),
    ] {
        assert_eq!(lenient.post(POLICIES, body.clone()).await.status, 201, "{body}");
        strict.post(POLICIES, body.clone()).await.is_error(400, code, Some(target));
        strict.make(with(body, repair)).await;
    }
    let path = format!("{POLICIES}/{}", strict.simulator.policy("pki").unwrap()["uuid"].as_str().unwrap());
    strict.patch(&path, json!({"local_identity": null})).await.is_error(400, "2", Some("local_identity"));
}

#[tokio::test]
async fn certificates_can_be_those_of_real_clusters() {
    for (name, fault) in [("common_name_only", CertificateFault::CommonNameOnly), ("ca_true", CertificateFault::CaTrue)]
    {
        let file = ClusterState::from_toml(&format!("certificate_fault = \"{name}\"")).unwrap();
        let simulator = Simulator::builder().cluster(file).start().await.unwrap();
        let (_, pem) = x509_parser::pem::parse_x509_pem(simulator.ca_pem().unwrap().as_bytes()).unwrap();
        let (_, certificate) = X509Certificate::from_der(&pem.contents).unwrap();
        assert_eq!(certificate.issuer(), certificate.subject(), "{fault:?} is self-signed");
        assert_eq!(certificate.is_ca(), fault == CertificateFault::CaTrue);
        let names = certificate.subject_alternative_name().unwrap();
        assert_eq!(names.is_none(), fault == CertificateFault::CommonNameOnly);
    }
}

#[tokio::test]
async fn responses_have_the_headers_of_clusters() {
    let rig = Rig::start().await;
    let reply = rig.get(POLICIES).await;
    for name in ["vary", "content-security-policy", "cache-control", "x-content-type-options", "server"] {
        assert!(!reply.header(name).is_empty(), "{name}");
    }
    assert_eq!(reply.header("content-type"), "application/json");
}

/// The pages of these releases list other codes.
#[tokio::test]
async fn older_releases_have_their_own_codes() {
    for (release, unprotected, missing) in [("9.11.1", "66257111", "66257116"), ("9.15.1", "66257144", "4")] {
        let state = ClusterState::default().release(release.parse().unwrap()).svm(Svm::data("svm1"));
        let rig = Rig::with(|builder| builder.cluster(state)).await;
        let bare = json!({"name": "p", "svm": {"name": "svm1"}});
        rig.post(POLICIES, bare).await.is_error(400, unprotected, Some("authentication_method"));
        let path = format!("{POLICIES}/{NOBODY}");
        rig.patch(&path, json!({"enabled": false})).await.is_error(404, missing, Some("uuid"));
        rig.delete(&path).await.is_error(404, "4", Some("uuid"));
    }
}
