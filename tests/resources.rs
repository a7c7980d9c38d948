//! The configuration, CA certificates and security associations: what reaches the wire, and what comes back.

use crate::support::time::clock;
use crate::support::{Act, KEY, UUID, Wire, answer, policy};
use ontap_ipsec::types::{IpsecCaCertificateCreate, IpsecModify, IpsecPolicyCreate, Ppk};
use ontap_ipsec::values::SecurityAssociationType;
use ontap_ipsec::{Client, ErrorCode, ErrorKind, Field, Filter, Operation, Release};
use serde_json::json;

const CERTIFICATES: &str = "/api/security/ipsec/ca-certificates";

fn ok(body: &serde_json::Value) -> Act {
    Act::Answer(crate::support::json("200 OK", &body.to_string()))
}

fn refusal(status: &str, code: &str) -> Act {
    Act::Answer(crate::support::json(status, &json!({ "error": { "code": code, "message": "no" } }).to_string()))
}

fn created() -> Act {
    Act::Answer(answer("201 Created", &[("Location", &format!("{CERTIFICATES}/{UUID}"))], "{}"))
}

fn trusted() -> Act {
    ok(&json!({ "certificate": { "uuid": UUID }, "scope": "svm", "svm": { "name": "svm1" } }))
}

/// The first line and the body of each request.
fn sent(wire: &Wire) -> Vec<String> {
    let short = |request: &String| {
        let (line, body) = (request.split(" HTTP/1.1").next().unwrap(), request.split("\r\n\r\n").nth(1).unwrap());
        format!("{line} {body}").trim_end().to_owned()
    };
    wire.requests().iter().map(short).collect()
}

async fn timed(acts: impl IntoIterator<Item = Act>) -> (Wire, Client) {
    let wire = Wire::doing(acts).await;
    let client = wire.timed(&clock()).build().unwrap();
    (wire, client)
}

#[tokio::test]
async fn the_configuration_is_read_and_changed() {
    let read = json!({ "enabled": true, "replay_window": 64 });
    let (wire, client) = timed([ok(&read), ok(&json!({})), ok(&json!({})), ok(&json!({}))]).await;
    let config = client.config().get().await.unwrap();
    assert_eq!((config.enabled, config.replay_window, config.offload_enabled), (Some(true), Some(64), None));
    client.config().modify(&IpsecModify::default().with_replay_window(512)).await.unwrap();
    client.config().enable().await.unwrap();
    client.config().disable().await.unwrap();
    assert_eq!(
        sent(&wire),
        [
            "GET /api/security/ipsec",
            r#"PATCH /api/security/ipsec {"replay_window":512}"#,
            r#"PATCH /api/security/ipsec {"enabled":true}"#,
            r#"PATCH /api/security/ipsec {"enabled":false}"#,
        ]
    );
}

#[tokio::test]
async fn a_configuration_that_is_not_one() {
    let (_wire, client) = timed([ok(&json!({ "status": "maintenance" }))]).await;
    let error = client.config().get().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::UnexpectedResponse, Some(Operation::IpsecGet)));
    assert!(error.message().contains("does not hold the IPsec configuration asked for"), "{error}");
}

/// The number is compared with the list of the spec before it is sent.
#[tokio::test]
async fn a_change_that_breaks_a_rule_is_not_sent() {
    let (wire, client) = timed([ok(&json!({}))]).await;
    let window = IpsecModify::default().with_replay_window(100);
    let error = client.config().modify(&window).await.unwrap_err();
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("replay_window")));
    let words = "`replay_window` is 100, and ONTAP takes 0, 64, 128, 256, 512, 1024; nothing was sent";
    assert_eq!(error.message(), words);

    let both = IpsecModify::default().with_replay_window(64).with_offload_enabled(true);
    let error = client.config().modify(&both).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::OffloadWithReplayWindow), "{error}");
    let error = client.config().modify(&IpsecModify::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");

    let nameless = IpsecCaCertificateCreate::default().with_svm("svm1");
    let error = client.ca_certificates().install(&nameless).await.unwrap_err();
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("certificate.uuid")), "{error}");
    assert_eq!(wire.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_change_of_the_configuration_whose_answer_is_lost_is_looked_for() {
    let change = IpsecModify::default().with_enabled(true);
    for (now, is_done) in [(true, true), (false, false)] {
        let (wire, client) = timed([Act::Reset, ok(&json!({ "enabled": now, "replay_window": 0 }))]).await;
        let outcome = client.config().modify(&change).await;
        assert_eq!(sent(&wire), [r#"PATCH /api/security/ipsec {"enabled":true}"#, "GET /api/security/ipsec"]);
        assert_eq!(outcome.is_ok(), is_done);
        if let Err(error) = outcome {
            assert!(error.message().ends_with("; the configuration is not as described so far"), "{error}");
        }
    }
    let (wire, _) = timed([Act::Reset]).await;
    wire.client().config().enable().await.unwrap_err();
    assert_eq!(wire.requests().len(), 1, "a client that tries once does not look");
    let (wire, client) = timed([refusal("409 Conflict", "66256913")]).await;
    let error = client.config().modify(&IpsecModify::default().with_offload_enabled(true)).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::OffloadChangeWhileEnabled));
    assert_eq!(wire.requests().len(), 1, "a refusal is no lost response");
}

#[tokio::test]
async fn a_ca_certificate_from_its_installation_to_its_removal() {
    let page = json!({ "records": [{ "certificate": { "uuid": UUID } }], "num_records": 1 });
    let (wire, client) = timed([created(), trusted(), ok(&page), ok(&json!({}))]).await;
    let certificates = client.ca_certificates();
    let installed = certificates.install(&IpsecCaCertificateCreate::for_svm("svm1", UUID)).await.unwrap();
    assert_eq!(installed, UUID);
    let found = certificates.get(UUID).await.unwrap();
    assert_eq!((found.id(), found.svm.unwrap().name.as_deref()), (Some(UUID), Some("svm1")));
    let page = certificates.list().svm_name("svm1").page().await.unwrap();
    assert_eq!((page.records[0].id(), page.is_last()), (Some(UUID), true));
    assert!(certificates.next_page(&page).await.unwrap().is_none());
    certificates.remove(UUID).await.unwrap();
    assert_eq!(
        sent(&wire),
        [
            format!(r#"POST {CERTIFICATES} {{"certificate":{{"uuid":"{UUID}"}},"svm":{{"name":"svm1"}}}}"#),
            format!("GET {CERTIFICATES}/{UUID}"),
            format!("GET {CERTIFICATES}?fields=*&svm.name=svm1"),
            format!("DELETE {CERTIFICATES}/{UUID}"),
        ]
    );
}

#[tokio::test]
async fn an_installation_whose_answer_is_lost() {
    let certificate = IpsecCaCertificateCreate::for_cluster(UUID);
    let gone = || refusal("404 Not Found", "4");
    let gateway = || Act::Answer(answer("504 Gateway Timeout", &[("Content-Type", "text/html")], "<html>"));
    for (acts, methods, is_installed) in [
        (vec![Act::Reset, trusted()], "POST GET", true),
        (vec![gateway(), gone(), created()], "POST GET POST", true),
        // It arrives after the look.
        (vec![Act::Reset, gone(), refusal("409 Conflict", "1"), trusted()], "POST GET POST GET", true),
        (vec![ok(&json!({ "status": "maintenance" })), trusted()], "POST GET", true),
        (vec![ok(&json!({ "status": "maintenance" })), gone()], "POST GET", false),
        (vec![Act::Reset, refusal("403 Forbidden", "6")], "POST GET", false),
        // Nothing was lost: it was there before.
        (vec![refusal("409 Conflict", "1")], "POST", false),
    ] {
        let (wire, client) = timed(acts).await;
        let outcome = client.ca_certificates().install(&certificate).await;
        let requests = wire.requests();
        let sent: Vec<_> = requests.iter().map(|request| request.split(' ').next().unwrap()).collect();
        assert_eq!((sent.join(" ").as_str(), outcome.ok()), (methods, is_installed.then_some(UUID)));
    }
    let (_wire, client) = timed([refusal("400 Bad Request", "66257304")]).await;
    let error = client.ca_certificates().install(&certificate).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::CaCertificateNotInstalled));
}

#[tokio::test]
async fn a_removal_whose_answer_is_lost() {
    for code in ["4", "66257298", "66257303"] {
        let (_wire, client) = timed([Act::Reset, refusal("404 Not Found", code)]).await;
        client.ca_certificates().remove(UUID).await.unwrap();
        let (_wire, client) = timed([refusal("404 Not Found", code)]).await;
        let error = client.ca_certificates().remove(UUID).await.unwrap_err();
        assert!(error.is_not_found(), "it was not there: {error}");
    }
}

#[tokio::test]
async fn associations_are_listed_over_pages_and_read() {
    let page = |name: &str, next: Option<&str>| {
        let link = next.map(|next| json!({ "next": { "href": next } }));
        ok(&json!({ "records": [{ "uuid": UUID, "policy_name": name }], "num_records": 1, "_links": link }))
    };
    let next = "/api/security/ipsec/security-associations?start=2";
    let one = json!({ "uuid": UUID, "type": "ike", "ike": { "state": "rekeying", "version": 2 }, "new": true });
    let count = ok(&json!({ "num_records": 7 }));
    let (wire, client) = timed([page("a", Some(next)), page("b", None), ok(&one), count]).await;
    let associations = client.security_associations();
    let list = associations.list().type_(SecurityAssociationType::Ipsec).ipsec_inbound_bytes(Filter::at_least(1));
    let mut stream = list.clone().stream();
    let mut names = Vec::new();
    while let Some(association) = stream.try_next().await.unwrap() {
        names.push(association.policy_name.unwrap());
    }
    assert_eq!(names, ["a", "b"]);
    let one = associations.get(UUID).await.unwrap();
    assert_eq!(one.type_, Some(SecurityAssociationType::Ike));
    assert_eq!(one.ike.unwrap().state.unwrap().as_str(), "rekeying", "a state of a newer release is kept");
    assert_eq!(list.ike_version(2).count().await.unwrap(), 7);
    let path = "/api/security/ipsec/security-associations";
    assert_eq!(
        sent(&wire),
        [
            format!("GET {path}?fields=*&ipsec.inbound.bytes=%3E%3D1&type=ipsec"),
            format!("GET {next}"),
            format!("GET {path}/{UUID}"),
            format!("GET {path}?ike.version=2&ipsec.inbound.bytes=%3E%3D1&return_records=false&type=ipsec"),
        ]
    );
}

#[tokio::test]
async fn an_answer_about_something_else() {
    let other = json!({ "uuid": uuid::Uuid::nil(), "certificate": { "uuid": uuid::Uuid::nil() } });
    let (_wire, client) = timed([ok(&other)]).await;
    let error = client.security_associations().get(UUID).await.unwrap_err();
    assert_eq!(error.operation(), Some(Operation::SecurityAssociationGet));
    assert!(error.message().contains("the security association asked for"), "{error}");
    let error = client.ca_certificates().get(UUID).await.unwrap_err();
    assert!(error.message().contains("the CA certificate asked for"), "{error}");
}

#[tokio::test]
async fn what_a_role_has_to_allow() {
    let (_wire, client) = timed([refusal("403 Forbidden", "6")]).await;
    for (error, path) in [
        (client.config().enable().await.unwrap_err(), "/api/security/ipsec`"),
        (client.ca_certificates().remove(UUID).await.unwrap_err(), "/api/security/ipsec/ca-certificates`"),
        (client.security_associations().get(UUID).await.unwrap_err(), "/api/security/ipsec/security-associations`"),
        (client.policies().delete(UUID).await.unwrap_err(), "/api/security/ipsec/policies`"),
    ] {
        assert!(error.to_string().contains(&format!("its role needs access to `{path}")), "{error}");
    }
}

/// ONTAP takes neither an empty list nor an empty name.
#[tokio::test]
async fn an_empty_list_of_fields_is_not_sent() {
    let (wire, client) = timed([ok(&json!({ "records": [] }))]).await;
    client.policies().list().fields([""; 0]).order_by([""; 0]).page().await.unwrap();
    client.policies().list().fields(["", "name", " "]).order_by([""]).page().await.unwrap();
    let path = "GET /api/security/ipsec/policies";
    assert_eq!(sent(&wire), [path.to_owned(), format!("{path}?fields=name")]);
}

#[tokio::test]
async fn fields_are_judged_by_those_of_the_operation() {
    let fields = Field::of(Operation::IpsecGet);
    assert_eq!(fields, [Field::Enabled, Field::OffloadEnabled, Field::ReplayWindow]);
    assert_eq!(Field::of(Operation::IpsecGet).len(), 3);
    assert!(Field::of(Operation::SecurityAssociationGet).contains(&Field::IpsecInboundBytes));
    assert!(!Field::of(Operation::IpsecPolicyGet).contains(&Field::IpsecInboundBytes));
    assert_eq!(Field::of(Operation::IpsecPolicyDelete), []);
    assert_eq!(
        Field::of(Operation::IpsecPolicyGet),
        Field::of(Operation::IpsecPolicyCollectionGet),
        "a list has the same records"
    );

    let wire = Wire::doing([ok(&json!({ "enabled": true, "records": [] }))]).await;
    let old = wire.builder().release("9.15.1").build().unwrap();
    let error = old.operations().ipsec_get().fields([Field::OffloadEnabled]).send().await.unwrap_err();
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("offload_enabled")), "{error}");
    let list = || old.security_associations().list();
    let error = list().fields([Field::IpsecOutboundOffloadBytes]).page().await.unwrap_err();
    assert_eq!(error.target(), Some("ipsec.outbound.offload_bytes"), "{error}");
    let error = list().ipsec_outbound_offload_bytes(1).page().await.unwrap_err();
    assert_eq!(error.target(), Some("ipsec.outbound.offload_bytes"), "{error}");
    assert_eq!(wire.requests(), Vec::<String>::new());
    // It is no field of a policy: the cluster says so.
    old.policies().list().fields([Field::OffloadEnabled]).page().await.unwrap();

    let older = wire.builder().release("9.9.1").build().unwrap();
    let error = older.ca_certificates().list().page().await.unwrap_err();
    assert_eq!(error.target(), Some("ipsec_ca_certificate_collection_get"), "{error}");
}

#[test]
fn a_code_says_which_release_brought_it_where_the_spec_does() {
    let release = |text: &str| text.parse::<Release>().ok();
    assert_eq!(ErrorCode::PostQuantumKeyMissing.introduced(), release("9.17"));
    assert_eq!(ErrorCode::OffloadChangeWhileEnabled.introduced(), release("9.16"));
    assert_eq!(ErrorCode::DuplicatePolicyName.introduced(), None);
    assert_eq!(ErrorCode::from("262197").introduced(), None);
}

/// The post-quantum key is in an object of the body.
#[tokio::test]
async fn a_post_quantum_key_goes_with_its_identity() {
    let (wire, client) = timed([ok(&json!({}))]).await;
    let create = |ppk: &serde_json::Value| -> IpsecPolicyCreate {
        serde_json::from_value(json!({ "name": "p", "secret_key": KEY, "ppk": ppk })).unwrap()
    };
    for (ppk, field, code) in [
        (json!({ "identity": "site-a" }), "ppk.shared_key", Some(ErrorCode::PostQuantumKeyMissing)),
        (json!({ "shared_key": KEY }), "ppk.identity", Some(ErrorCode::PostQuantumIdentityMissing)),
        (json!({ "identity": "short", "shared_key": KEY }), "ppk.identity", None),
    ] {
        let mut policy = create(&ppk);
        policy.action = Some("esp_transport".into());
        let error = client.policies().create(&policy).await.unwrap_err();
        assert_eq!((error.target(), error.code()), (Some(field), code.as_ref()), "{error}");
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn apply_compares_the_identity_of_a_post_quantum_key_and_not_the_key() {
    let record = json!({
        "uuid": UUID, "name": "nfs-to-hosts", "svm": { "name": "svm1" }, "ppk": { "identity": "site-a" },
    });
    let (wire, client) = timed([ok(&json!({ "records": [record], "num_records": 1 })), ok(&json!({}))]).await;
    let mut description = policy();
    description.secret_key = None;
    description.ppk = serde_json::from_value(json!({ "identity": "site-b", "shared_key": KEY })).unwrap();
    let applied = client.policies().apply(&description).await.unwrap();
    assert_eq!(applied.change, ontap_ipsec::Change::Modified(vec![Field::PpkIdentity]));
    assert!(applied.key_not_compared);
    assert!(sent(&wire)[1].ends_with(r#"{"ppk":{"identity":"site-b"}}"#), "{:?}", sent(&wire));
    let read: Ppk = serde_json::from_value(json!({ "identity": "site-b" })).unwrap();
    assert_eq!(read.identity.as_deref(), Some("site-b"));
}

/// One deadline holds for all that a call does, a look for what was lost included.
#[tokio::test]
async fn the_deadline_holds_for_all_resources() {
    let (wire, client) = timed([Act::Reset]).await;
    let late = client.with_deadline(std::time::Duration::ZERO);
    for error in [
        late.config().get().await.unwrap_err(),
        late.config().enable().await.unwrap_err(),
        late.ca_certificates().install(&IpsecCaCertificateCreate::for_cluster(UUID)).await.unwrap_err(),
        late.ca_certificates().remove(UUID).await.unwrap_err(),
        late.security_associations().list().first().await.unwrap_err(),
        late.policies().established(UUID, std::time::Duration::ZERO).await.unwrap_err(),
    ] {
        assert!(error.is_timeout() && error.operation().is_some(), "{error}");
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
}
