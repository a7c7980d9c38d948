//! The rules of policies: for each code, a policy that breaks the rule, and one that just keeps it.

use ontap_ipsec_simulator::{Certificate, CertificateKind, ClusterState, Ipspace, Release, Svm};
use serde_json::{Value, json};

use crate::rig::{CERT, KEY, SVM1, SVM2, psk, with};

const BLUE: &str = "0a1f6f62-8c43-4b3f-9d25-94d1ef4a1b54";

/// Returns a cluster that can break each rule.
pub(crate) fn state() -> ClusterState {
    ClusterState::default()
        .release(Release::LATEST)
        .ipspace(Ipspace::new("blue").with_uuid(BLUE.parse().unwrap()))
        .svm(Svm::data("svm1").with_uuid(SVM1.parse().unwrap()))
        .svm(Svm::data("svm2").with_uuid(SVM2.parse().unwrap()).in_ipspace("blue"))
        .svm(Svm::data("moving").migrating())
        .svm(Svm::admin("cluster1"))
        .svm(Svm::node("node1"))
        .certificate(Certificate::new("cert").with_uuid(CERT.parse().unwrap()))
        .certificate(Certificate::new("client").of_kind(CertificateKind::Client))
        .certificate(Certificate::new("ca").of_kind(CertificateKind::RootCa))
        .certificate(Certificate::new("of svm2").of_svm("svm2"))
}

pub(crate) fn pki(changes: Value) -> Value {
    let pki = json!({"secret_key": null, "certificate": {"name": "cert"}, "remote_identity": "CN=host"});
    with(with(psk("p"), pki), changes)
}

pub(crate) fn udp(local: Value, remote: Value) -> Value {
    with(psk("p"), json!({"action": "esp_udp", "local_endpoint": local, "remote_endpoint": remote}))
}

/// A rule: the code, the target of the error, a policy that breaks the rule and one that just keeps it.
pub(crate) type Rule = (u32, Option<&'static str>, Value, Value);

/// The rules that only a POST can break.
pub(crate) fn rules() -> Vec<Rule> {
    let p = |changes| with(psk("p"), changes);
    let end = |end: &str, value: Value| p(json!({end: value}));
    let subnet = |address: &str, netmask: &str| json!({"address": address, "netmask": netmask});
    let some_port = |address: &str, netmask: &str| json!({"address": address, "netmask": netmask, "port": "443"});
    let hex = |digits: &str| p(json!({"secret_key": format!("0x{}", digits.repeat(20))}));
    let base64 = |digits: &str| p(json!({"secret_key": format!("0s{}", digits.repeat(20))}));
    vec![
        (66257099, Some("protocol"), p(json!({"protocol": "6,17"})), p(json!({"protocol": "6"}))),
        (66257099, Some("protocol"), p(json!({"protocol": "6-17"})), p(json!({"protocol": "17"}))),
        (
            66257100,
            Some("local_endpoint.port"),
            end("local_endpoint", json!({"port": "80,443"})),
            end("local_endpoint", json!({"port": "80"})),
        ),
        (
            66257101,
            Some("remote_endpoint.port"),
            end("remote_endpoint", json!({"port": "80,443"})),
            end("remote_endpoint", json!({"port": "443"})),
        ),
        (
            66257104,
            Some("name"),
            p(json!({"name": "existing"})),
            p(json!({"name": "existing", "svm": {"name": "svm2"}})),
        ),
        (66257107, Some("secret_key"), hex("fg"), hex("fa")),
        (66257109, Some("secret_key"), base64("abc*"), base64("abc/")),
        (
            66257113,
            Some("local_endpoint.address"),
            end("local_endpoint", subnet("10.0.0.1,10.0.0.2", "32")),
            end("local_endpoint", subnet("10.0.0.1", "32")),
        ),
        (
            66257113,
            Some("local_endpoint.netmask"),
            end("local_endpoint", subnet("10.0.0.1", "24,32")),
            end("local_endpoint", subnet("10.0.0.1", "24")),
        ),
        (
            66257113,
            Some("local_endpoint.netmask"),
            end("local_endpoint", subnet("10.0.0.1", "24-32")),
            end("local_endpoint", subnet("10.0.0.1", "32")),
        ),
        (
            66257114,
            Some("remote_endpoint.address"),
            end("remote_endpoint", subnet("10.0.0.1-10.0.0.2", "32")),
            end("remote_endpoint", subnet("10.0.0.1", "32")),
        ),
        (
            66257114,
            Some("remote_endpoint.address"),
            end("remote_endpoint", subnet("10.0.0.0/24-10.0.1.0/24", "24")),
            end("remote_endpoint", subnet("10.0.0.0", "24")),
        ),
        (
            66257115,
            Some("local_endpoint.port"),
            end("local_endpoint", json!({"port": "80-81"})),
            end("local_endpoint", json!({"port": "80-80"})),
        ),
        (66257117, Some("svm"), p(json!({"svm": {"name": "node1"}})), p(json!({"svm": {"name": "svm1"}}))),
        (66257117, Some("svm"), p(json!({"svm": {"name": "cluster1"}})), p(json!({"svm": null}))),
        (
            66257120,
            Some("local_endpoint.netmask"),
            udp(subnet("10.0.0.1", "31"), subnet("10.0.0.2", "32")),
            udp(subnet("10.0.0.1", "32"), subnet("10.0.0.2", "32")),
        ),
        (
            66257120,
            Some("remote_endpoint.netmask"),
            udp(subnet("10.0.0.1", "32"), subnet("10.0.0.2", "8")),
            with(udp(subnet("10.0.0.1", "32"), subnet("10.0.0.2", "8")), json!({"action": "esp_transport"})),
        ),
        (
            66257125,
            Some("local_endpoint.netmask"),
            end("local_endpoint", json!({"address": "10.0.0.1"})),
            end("local_endpoint", json!({"address": "2001:db8::1"})),
        ),
        (
            66257126,
            Some("remote_endpoint.address"),
            end("remote_endpoint", json!({"netmask": "32"})),
            end("remote_endpoint", subnet("10.0.0.1", "32")),
        ),
        (
            66257127,
            Some("local_endpoint.address"),
            end("local_endpoint", subnet("0.0.0.0", "0")),
            end("local_endpoint", subnet("0.0.0.1", "1")),
        ),
        (
            66257128,
            Some("remote_endpoint.address"),
            end("remote_endpoint", some_port("0.0.0.0", "8")),
            end("remote_endpoint", some_port("0.0.0.0", "0")),
        ),
        (
            66257128,
            Some("remote_endpoint.address"),
            end("remote_endpoint", some_port("10.0.0.0", "0")),
            end("remote_endpoint", some_port("10.0.0.0", "1")),
        ),
        (
            66257129,
            Some("remote_endpoint.port"),
            end("remote_endpoint", subnet("0.0.0.0", "0")),
            with(end("remote_endpoint", subnet("0.0.0.0", "0")), json!({"local_endpoint": {"port": "443"}})),
        ),
        (
            66257129,
            Some("remote_endpoint.port"),
            end("remote_endpoint", subnet("::", "0")),
            end("remote_endpoint", some_port("::", "0")),
        ),
        (
            66257131,
            Some("remote_endpoint.address"),
            udp(Value::Null, subnet("2001:db8::1", "128")),
            with(udp(Value::Null, subnet("2001:db8::1", "128")), json!({"action": "esp_transport"})),
        ),
        (
            66257132,
            Some("remote_endpoint.port"),
            end("remote_endpoint", json!({"port": "65536"})),
            end("remote_endpoint", json!({"port": "65535"})),
        ),
        (
            66257133,
            Some("secret_key"),
            p(json!({"authentication_method": "psk", "secret_key": null})),
            p(json!({"authentication_method": "psk"})),
        ),
        (
            66257134,
            Some("certificate.uuid"),
            pki(json!({"authentication_method": "pki", "certificate": null})),
            pki(json!({"authentication_method": "pki"})),
        ),
        (
            66257135,
            Some("certificate.name"),
            pki(json!({"certificate": {"name": "of svm2"}})),
            pki(json!({"certificate": {"name": "of svm2"}, "svm": {"name": "svm2"}})),
        ),
        (
            66257136,
            Some("certificate"),
            p(json!({"authentication_method": "psk", "certificate": {"name": "cert"}})),
            p(json!({"authentication_method": "psk", "certificate": {}})),
        ),
        (
            66257137,
            Some("secret_key"),
            pki(json!({"authentication_method": "pki", "secret_key": KEY})),
            pki(json!({"authentication_method": "pki"})),
        ),
        (
            66257138,
            Some("remote_identity"),
            pki(json!({"remote_identity": null})),
            pki(json!({"remote_identity": "h"})),
        ),
        (
            66257139,
            Some("certificate.uuid"),
            pki(json!({"certificate": {"uuid": SVM1}})),
            pki(json!({"certificate": {"uuid": CERT}})),
        ),
        (
            66257140,
            Some("certificate"),
            pki(json!({"certificate": {"name": "ca"}})),
            pki(json!({"certificate": {"name": "client"}})),
        ),
        (66257142, Some("svm"), p(json!({"svm": {"name": "moving"}})), p(json!({"svm": {"name": "svm2"}}))),
        (
            66257143,
            Some("local_endpoint.address"),
            end("local_endpoint", json!({"address": ""})),
            end("local_endpoint", json!({})),
        ),
        (
            66257144,
            Some("authentication_method"),
            p(json!({"secret_key": null})),
            p(json!({"secret_key": null, "action": "bypass"})),
        ),
        (66257148, Some("name"), psk(&"n".repeat(65)), psk(&"n".repeat(64))),
        (66257148, Some("name"), psk("é"), psk("~ !")),
        (
            66257153,
            Some("ppk.shared_key"),
            p(json!({"ppk": {"identity": "site-a"}})),
            p(json!({"ppk": {"identity": "site-a", "shared_key": KEY}})),
        ),
        (66257154, Some("ppk.identity"), p(json!({"ppk": {"shared_key": KEY}})), p(json!({"ppk": {}}))),
        (
            66257200,
            Some("secret_key"),
            p(json!({"secret_key": "k".repeat(17)})),
            p(json!({"secret_key": "k".repeat(18)})),
        ),
        (
            66257200,
            Some("ppk.shared_key"),
            p(json!({"ppk": {"identity": "site-a", "shared_key": "k".repeat(129)}})),
            p(json!({"ppk": {"identity": "site-a", "shared_key": "k".repeat(128)}})),
        ),
        (66257202, Some("svm.name"), p(json!({"svm": {"name": "SVM1"}})), p(json!({"svm": {"name": "svm1"}}))),
        (66257203, Some("svm.uuid"), p(json!({"svm": {"uuid": CERT}})), p(json!({"svm": {"uuid": SVM2}}))),
        (
            66257204,
            Some("ipspace"),
            p(json!({"svm": {"name": "svm2"}, "ipspace": {"name": "Default", "uuid": BLUE}})),
            p(json!({"svm": {"name": "svm2"}, "ipspace": {"name": "blue", "uuid": BLUE}})),
        ),
        (
            66257205,
            Some("ipspace"),
            p(json!({"ipspace": {"name": "blue"}})),
            p(json!({"svm": {"name": "svm2"}, "ipspace": {"name": "blue"}})),
        ),
        (
            66257305,
            Some("certificate"),
            pki(json!({"certificate": {"name": "client", "uuid": CERT}})),
            pki(json!({"certificate": {"name": "cert", "uuid": CERT}})),
        ),
    ]
}
