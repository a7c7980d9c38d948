//! The CA certificates that IPsec trusts.

use ontap_ipsec_simulator::{Certificate, CertificateKind, ClusterState, ERROR_CODES, Fault, StartError, Svm};
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{AUTHORITIES, NOBODY, Reply, Rig, SVM1, SVM2};

const CLUSTER_CA: &str = "11111111-86d1-11e0-ae1c-123478563412";
const SVM1_CA: &str = "22222222-86d1-11e0-ae1c-123478563412";
const SVM2_CA: &str = "33333333-86d1-11e0-ae1c-123478563412";
const SERVER: &str = "44444444-86d1-11e0-ae1c-123478563412";

fn state() -> ClusterState {
    let certificate = |name: &str, uuid: &str| Certificate::new(name).with_uuid(uuid.parse().unwrap());
    ClusterState::default()
        .svm(Svm::data("svm1").with_uuid(SVM1.parse().unwrap()))
        .svm(Svm::data("svm2").with_uuid(SVM2.parse().unwrap()))
        .certificate(certificate("cluster", CLUSTER_CA).of_kind(CertificateKind::RootCa))
        .certificate(certificate("one", SVM1_CA).of_kind(CertificateKind::ServerCa).of_svm("svm1"))
        .certificate(certificate("two", SVM2_CA).of_kind(CertificateKind::ClientCa).of_svm("svm2"))
        .certificate(certificate("server", SERVER))
}

async fn rig() -> Rig {
    Rig::with(|builder| builder.cluster(state())).await
}

fn body(uuid: &str, svm: Value) -> Value {
    let mut body = json!({"certificate": {"uuid": uuid}});
    if !svm.is_null() {
        body["svm"] = svm;
    }
    body
}

async fn uuids(rig: &Rig, query: &str) -> Vec<String> {
    let reply = rig.get(&format!("{AUTHORITIES}?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let uuid = |record: &Value| record["certificate"]["uuid"].as_str().unwrap().to_owned();
    reply.body["records"].as_array().unwrap().iter().map(uuid).collect()
}

async fn add_all(rig: &Rig) {
    for (uuid, svm) in [(CLUSTER_CA, Value::Null), (SVM1_CA, json!({"name": "svm1"})), (SVM2_CA, json!({"uuid": SVM2}))]
    {
        assert_eq!(rig.post(AUTHORITIES, body(uuid, svm)).await.status, 201);
    }
}

#[tokio::test]
async fn a_ca_certificate_can_be_added_read_and_deleted() {
    let rig = rig().await;
    let reply = rig.post(AUTHORITIES, body(SVM1_CA, json!({"name": "svm1"}))).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (201, &json!({})));
    let path = format!("{AUTHORITIES}/{SVM1_CA}");
    assert_eq!(reply.header("location"), path);
    let record = json!({"certificate": {"uuid": SVM1_CA}, "scope": "svm", "svm": {"name": "svm1", "uuid": SVM1}});
    assert_eq!(rig.get(&path).await.body, record);
    assert_eq!(
        rig.get(&format!("{path}?fields=scope")).await.body,
        json!({"certificate": {"uuid": SVM1_CA}, "scope": "svm"})
    );
    let hal = rig.get_hal(&path).await.body;
    assert_eq!(hal["certificate"]["_links"]["self"]["href"], format!("/api/security/certificates/{SVM1_CA}"));
    assert_eq!(hal["svm"]["_links"]["self"]["href"], format!("/api/svm/svms/{SVM1}"));

    let reply = rig.post(&format!("{AUTHORITIES}?return_records=true"), body(CLUSTER_CA, Value::Null)).await;
    let cluster = json!({"certificate": {"uuid": CLUSTER_CA}, "scope": "cluster"});
    assert_eq!(reply.body, json!({"num_records": 1, "records": [cluster]}));
    let reply = rig.delete(&path).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (200, &json!({})));
    rig.get(&path).await.is_error(404, "4", Some("uuid"));
    assert_eq!(uuids(&rig, "").await, [CLUSTER_CA]);
    // A certificate can be added and removed any number of times.
    assert_eq!(rig.post(AUTHORITIES, body(SVM1_CA, json!({"uuid": SVM1}))).await.status, 201);
    assert_eq!(uuids(&rig, "").await, [CLUSTER_CA, SVM1_CA]);
}

#[tokio::test]
async fn a_list_is_filtered_and_sorted() {
    let rig = rig().await;
    add_all(&rig).await;
    let by_svm1 = format!("svm.uuid={SVM1}");
    let by_uuid = format!("certificate.uuid={CLUSTER_CA}|{SVM2_CA}");
    for (query, expected) in [
        ("", &[CLUSTER_CA, SVM1_CA, SVM2_CA][..]),
        ("scope=svm", &[SVM1_CA, SVM2_CA]),
        ("svm.name=svm2", &[SVM2_CA]),
        ("svm.name=null", &[CLUSTER_CA]),
        (&by_svm1, &[SVM1_CA]),
        (&by_uuid, &[CLUSTER_CA, SVM2_CA]),
        ("order_by=certificate.uuid%20desc", &[SVM2_CA, SVM1_CA, CLUSTER_CA]),
        ("order_by=scope%20desc,svm.name%20desc", &[SVM2_CA, SVM1_CA, CLUSTER_CA]),
        ("offset=1&max_records=1", &[SVM1_CA]),
    ] {
        assert_eq!(uuids(&rig, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_a_rule_is_refused() {
    let rig = rig().await;
    add_all(&rig).await;
    let (uuid, both) = ("certificate.uuid", json!({"name": "svm1", "uuid": SVM2}));
    for (body, status, code, target) in [
        (json!({}), 400, "2", Some(uuid)),
        (json!({"svm": {"name": "svm1"}}), 400, "2", Some(uuid)),
        (body(NOBODY, Value::Null), 400, "66257304", Some(uuid)),
        (body(SVM1_CA, Value::Null), 400, "66257304", Some(uuid)),
        (body(SVM1_CA, json!({"name": "svm2"})), 400, "66257304", Some(uuid)),
        (body(CLUSTER_CA, json!({"name": "svm1"})), 400, "66257304", Some(uuid)),
        (body(SERVER, Value::Null), 400, "66257304", Some(uuid)),
        (body(CLUSTER_CA, Value::Null), 409, "1", Some(uuid)),
        (body(SVM1_CA, json!({"name": "nobody"})), 400, "2621462", Some("svm.name")),
        (body(SVM1_CA, json!({"uuid": NOBODY})), 400, "2621462", Some("svm.uuid")),
        (body(SVM1_CA, both), 400, "2621706", Some("svm")),
        (body("x", Value::Null), 400, "262197", Some(uuid)),
        (json!({"certificate": {"name": "cluster"}}), 400, "262179", None),
        (json!({"scope": "cluster"}), 400, "262196", Some("scope")),
        (json!({"records": [body(CLUSTER_CA, Value::Null)]}), 400, "262179", None),
    ] {
        rig.post(AUTHORITIES, body).await.is_error(status, code, target);
    }
    rig.post(&format!("{AUTHORITIES}?scope=svm"), json!({})).await.is_error(400, "262211", Some("scope"));
    assert_eq!(uuids(&rig, "").await.len(), 3);
    for method in [Method::PATCH, Method::DELETE] {
        Reply::of(rig.request(method, AUTHORITIES)).await.is_error(405, "3", None);
    }
}

#[tokio::test]
async fn only_an_added_ca_certificate_can_be_deleted() {
    let rig = rig().await;
    rig.delete(&format!("{AUTHORITIES}/{CLUSTER_CA}")).await.is_error(400, "66257298", Some("uuid"));
    rig.delete(&format!("{AUTHORITIES}/{NOBODY}")).await.is_error(400, "66257303", Some("uuid"));
    rig.delete(&format!("{AUTHORITIES}/x")).await.is_error(400, "2", Some("uuid"));
    rig.post(AUTHORITIES, body(CLUSTER_CA, Value::Null)).await;
    let with_body = rig.request(Method::DELETE, &format!("{AUTHORITIES}/{CLUSTER_CA}")).json(&json!({"a": 1}));
    Reply::of(with_body).await.is_error(400, "262198", None);
    assert_eq!(rig.delete(&format!("{AUTHORITIES}/{CLUSTER_CA}")).await.status, 200);
}

#[tokio::test]
async fn a_tunnel_shows_the_records_of_its_svm() {
    let rig = rig().await;
    add_all(&rig).await;
    let send =
        async |method: Method, path: &str| Reply::of(rig.request(method, path).header("x-dot-svm-name", "svm1")).await;
    assert_eq!(send(Method::GET, AUTHORITIES).await.body["num_records"], 1);
    assert_eq!(send(Method::GET, &format!("{AUTHORITIES}/{SVM1_CA}")).await.status, 200);
    send(Method::GET, &format!("{AUTHORITIES}/{SVM2_CA}")).await.is_error(404, "4", Some("uuid"));
    send(Method::DELETE, &format!("{AUTHORITIES}/{SVM2_CA}")).await.is_error(400, "66257298", Some("uuid"));
    assert_eq!(send(Method::DELETE, &format!("{AUTHORITIES}/{SVM1_CA}")).await.status, 200);
    let request =
        rig.request(Method::POST, AUTHORITIES).header("x-dot-svm-name", "svm1").json(&body(SVM1_CA, Value::Null));
    assert_eq!(Reply::of(request).await.status, 201);
    assert_eq!(rig.get(&format!("{AUTHORITIES}/{SVM1_CA}")).await.body["svm"]["name"], "svm1");
}

#[tokio::test]
async fn the_cluster_file_can_add_ca_certificates() {
    let text = "certificate = [{ name = \"ca\", type = \"root_ca\", added_to_ipsec = true }, { name = \"b\", type = \"root_ca\" }]";
    let rig = Rig::with(|builder| builder.cluster(ClusterState::from_toml(text).unwrap())).await;
    assert_eq!(uuids(&rig, "scope=cluster").await.len(), 1);
    let state = ClusterState::default().certificate(Certificate::new("leaf").added_to_ipsec());
    let error = ontap_ipsec_simulator::Simulator::builder().plain_http().cluster(state).start().await.unwrap_err();
    assert!(matches!(&error, StartError::Cluster(_)) && error.to_string().contains("certificate leaf"), "{error}");
}

#[tokio::test]
async fn the_fault_error_accepts_every_code() {
    let rig = rig().await;
    for entry in ERROR_CODES.iter().filter(|entry| entry.path == "/security/ipsec/ca-certificates") {
        let path = if entry.operations == "POST" { AUTHORITIES } else { &format!("{AUTHORITIES}/{CLUSTER_CA}") };
        rig.simulator.inject(Fault::error(entry.code).on(entry.operations)).unwrap();
        let request = rig.request(entry.operations.parse().unwrap(), path).json(&body(CLUSTER_CA, Value::Null));
        Reply::of(request).await.is_error(400, &entry.code.to_string(), None);
    }
    assert_eq!(uuids(&rig, "").await, [""; 0]);
}
