//! Policies as described, whatever was there before.

use std::net::Ipv4Addr;

use crate::support::time::clock;
use crate::support::{KEY, UUID, Wire, answer, changed, json};
use futures_util::future::join_all;
use ontap_ipsec::types::{CertificateReference, IpsecEndpoint, IpsecPolicyCreate, SvmReference};
use ontap_ipsec::values::{IpsecAction, IpsecAuthenticationMethod};
use ontap_ipsec::{Applied, Authentication, Change, Client, ErrorCode, ErrorKind, Field, Plan, PolicyScope, Protocol};
use ontap_ipsec_simulator::{Certificate, ClusterState, Simulator, Svm};

const SVM: uuid::Uuid = uuid::uuid!("02c9e252-41be-11e9-81d5-00a0986138f7");

async fn simulator() -> (Simulator, Client) {
    let state = ClusterState::default()
        .svm(Svm::data("svm1").with_uuid(SVM))
        .svm(Svm::data("svm2"))
        .certificate(Certificate::new("c"))
        .certificate(Certificate::new("d"))
        .certificate(Certificate::new("e").with_uuid(UUID));
    crate::support::cluster::start(state).await
}

fn psk(name: &str) -> IpsecPolicyCreate {
    IpsecPolicyCreate::esp_transport(name, PolicyScope::svm("svm1"), Authentication::psk(KEY))
}

fn pki(name: &str, certificate: impl Into<CertificateReference>) -> IpsecPolicyCreate {
    IpsecPolicyCreate::esp_transport(name, PolicyScope::svm("svm1"), Authentication::pki(certificate, "CN=peer"))
}

fn endpoint(address: &str, netmask: &str, port: &str) -> Option<IpsecEndpoint> {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(changed(IpsecEndpoint::default(), |it| {
        it.address = given(address);
        it.netmask = given(netmask);
        it.port = given(port);
    }))
}

/// The UUID of a policy that was created.
#[track_caller]
fn created(applied: Applied) -> uuid::Uuid {
    assert_eq!((&applied.change, applied.key_not_compared), (&Change::Created, false));
    applied.uuid
}

/// The UUID of a policy that was left alone.
#[track_caller]
fn unchanged(applied: Applied) -> uuid::Uuid {
    assert_eq!(applied.change, Change::Unchanged);
    applied.uuid
}

/// How many requests of each method the simulator had that could change something.
fn writes(simulator: &Simulator) -> usize {
    simulator.requests().iter().filter(|request| request.method != "GET").count()
}

#[tokio::test]
async fn a_policy_is_made_changed_and_then_left_alone() {
    let (simulator, client) = simulator().await;
    let policy = psk("nfs").with_local_endpoint(IpsecEndpoint::host(Ipv4Addr::new(192, 0, 2, 10)).with_port(2049));
    let uuid = created(client.policies().apply(&policy).await.unwrap());
    assert_eq!(client.policies().find("svm1", "nfs").await.unwrap().unwrap().id(), Some(uuid));
    assert_eq!(unchanged(client.policies().apply(&policy).await.unwrap()), uuid);
    assert_eq!(writes(&simulator), 1);

    let other = policy
        .clone()
        .with_protocol(Protocol::Tcp)
        .with_enabled(false)
        .with_local_identity("a")
        .with_remote_identity("b")
        .with_local_endpoint(IpsecEndpoint::host(Ipv4Addr::new(192, 0, 2, 11)).with_port(2049));
    let applied = client.policies().apply(&other).await.unwrap();
    let fields =
        vec![Field::Enabled, Field::LocalEndpointAddress, Field::LocalIdentity, Field::Protocol, Field::RemoteIdentity];
    assert_eq!((applied.uuid, applied.change), (uuid, Change::Modified(fields)));
    let read = client.policies().get(uuid).await.unwrap();
    assert_eq!((read.enabled, read.protocol.as_deref()), (Some(false), Some("tcp")));
    assert_eq!(read.local_endpoint.unwrap().address.as_deref(), Some("192.0.2.11"));
    assert_eq!(read.local_identity.as_deref(), Some("a"));
    assert_eq!(unchanged(client.policies().apply(&other).await.unwrap()), uuid);
    assert_eq!(writes(&simulator), 2);

    // Fields that the description lacks stay as they are.
    assert_eq!(unchanged(client.policies().apply(&psk("nfs")).await.unwrap()), uuid);
    assert_eq!(client.policies().get(uuid).await.unwrap().enabled, Some(false));
    // So does the key, since nobody can tell.
    let rekeyed = psk("nfs").with_secret_key("another key of no use at all");
    assert_eq!(unchanged(client.policies().apply(&rekeyed).await.unwrap()), uuid);
    let keyless = changed(psk("nfs"), |it| {
        it.secret_key = None;
    });
    assert_eq!(unchanged(client.policies().apply(&keyless).await.unwrap()), uuid);
    assert_eq!(writes(&simulator), 2);
}

#[tokio::test]
async fn the_policy_is_found_by_svm_or_cluster_and_name() {
    let (_simulator, client) = simulator().await;
    let in_svm = |svm: SvmReference| psk("n").with_svm(svm);
    let cluster = changed(psk("n"), |it| {
        it.svm = None;
    });
    let first = created(client.policies().apply(&in_svm("svm1".into())).await.unwrap());
    let second = created(client.policies().apply(&in_svm("svm2".into())).await.unwrap());
    let of_cluster = created(client.policies().apply(&cluster).await.unwrap());
    assert_eq!(unchanged(client.policies().apply(&in_svm(SVM.into())).await.unwrap()), first);
    assert_eq!(unchanged(client.policies().apply(&in_svm("svm2".into())).await.unwrap()), second);
    assert_eq!(unchanged(client.policies().apply(&cluster).await.unwrap()), of_cluster);
    assert_eq!(unchanged(client.policies().apply(&in_svm(SvmReference::default())).await.unwrap()), of_cluster);
    let both = changed(SvmReference::default(), |it| {
        it.name = Some("svm1".into());
        it.uuid = Some(SVM.to_string());
    });
    assert_eq!(unchanged(client.policies().apply(&in_svm(both)).await.unwrap()), first);
    let contradiction = changed(SvmReference::default(), |it| {
        it.name = Some("svm2".into());
        it.uuid = Some(SVM.to_string());
    });
    let error = client.policies().apply(&in_svm(contradiction)).await.unwrap_err();
    assert_eq!(error.arguments()[0].code.as_deref(), Some("svm.uuid"));
    // Another name with an operator in it is another policy.
    assert!(matches!(client.policies().apply(&psk("*")).await.unwrap().change, Change::Created));
    assert!(matches!(client.policies().apply(&psk("*")).await.unwrap().change, Change::Unchanged));
}

#[tokio::test]
async fn what_is_fixed_at_create_is_reported_and_nothing_is_changed() {
    let (simulator, client) = simulator().await;
    client.policies().apply(&psk("n")).await.unwrap();
    let before = client.policies().find("svm1", "n").await.unwrap();
    let other = psk("n")
        .with_action(IpsecAction::EspUdp)
        .with_authentication_method(IpsecAuthenticationMethod::Pki)
        .with_certificate("c")
        .with_enabled(false);
    let error = client.policies().apply(&other).await.unwrap_err();
    assert_eq!((error.kind(), error.code(), error.status()), (ErrorKind::FixedAtCreate, None, None));
    let fields: Vec<_> = error
        .arguments()
        .iter()
        .map(|argument| (argument.code.as_deref().unwrap(), argument.message.as_deref()))
        .collect();
    let expected =
        [("action", Some("esp_transport")), ("authentication_method", Some("psk")), ("certificate.name", None)];
    assert_eq!(fields, expected);
    assert_eq!(
        error.message(),
        "the policy `n` of the SVM `svm1` differs in fields that cannot be changed: `action` is esp_transport, \
         `authentication_method` is psk, `certificate.name` is unset; nothing was changed; to have the policy as \
         described, delete it and create it again"
    );
    assert!(!format!("{error} {error:?}").contains(KEY));
    assert_eq!(writes(&simulator), 1);
    assert_eq!(client.policies().find("svm1", "n").await.unwrap(), before);
}

/// Descriptions that differ from each other in what can be changed only, in the forms that ONTAP rewrites.
fn descriptions(base: &IpsecPolicyCreate) -> Vec<IpsecPolicyCreate> {
    let mut all = vec![base.clone()];
    // ESP in UDP goes between hosts.
    let masks =
        if base.action == Some(IpsecAction::EspUdp) { ["32", "255.255.255.255"] } else { ["24", "255.255.255.0"] };
    let endpoints = [
        endpoint("192.0.2.9", masks[0], "201"),
        endpoint("192.0.2.9", masks[1], "201-201"),
        endpoint("2001:DB8:0:0:0::1", "64", ""),
        endpoint("2001:db8::2", "", "0"),
        endpoint("", "", "65535"),
        endpoint("0.0.0.0", "0.0.0.0", "1"),
        endpoint("", "", ""),
    ];
    for end in endpoints {
        let family = end.as_ref().and_then(|end| end.address.clone()).is_some_and(|address| address.contains(':'));
        if !family || base.action != Some(IpsecAction::EspUdp) {
            all.push(changed(base.clone(), |it| {
                it.remote_endpoint = end.clone();
            }));
        }
    }
    for protocol in ["0", "6", "17", "any", "tcp", "udp", "132", "255"] {
        all.push(base.clone().with_protocol(protocol));
    }
    all.push(base.clone().with_enabled(false).with_local_identity("me").with_remote_identity("x"));
    all.push(base.clone().with_enabled(true).with_local_identity("y").with_remote_identity("CN=peer"));
    all
}

#[tokio::test]
async fn whatever_is_applied_a_second_time_changes_nothing() {
    let (simulator, client) = simulator().await;
    let bases = [
        psk("psk"),
        IpsecPolicyCreate::esp_udp("udp", PolicyScope::svm(SVM), Authentication::psk(KEY)),
        pki("pki", "c"),
        pki("pki-by-uuid", UUID),
        IpsecPolicyCreate::bypass("bypass", PolicyScope::cluster()),
        // ONTAP does not keep the fields that bypass ignores.
        pki("discard", "c").with_action(IpsecAction::Discard),
    ];
    let (mut made, mut modified, mut same, mut fixed) = (0, 0, 0, 0);
    for base in &bases {
        for description in descriptions(base) {
            let applied = match client.policies().apply(&description).await {
                // An address cannot be taken away.
                Err(error) if error.kind() == ErrorKind::FixedAtCreate => {
                    let ends = [&description.local_endpoint, &description.remote_endpoint];
                    assert!(ends.into_iter().flatten().any(|end| end.address.is_none()), "{error}: {description:?}");
                    fixed += 1;
                    let Plan::Cannot { uuid, .. } = client.policies().plan(&description).await.unwrap() else {
                        panic!("{error}: {description:?}")
                    };
                    client.policies().delete(uuid).await.unwrap();
                    client.policies().apply(&description).await.unwrap()
                }
                outcome => outcome.unwrap_or_else(|error| panic!("{error}: {description:?}")),
            };
            match &applied.change {
                Change::Created => made += 1,
                Change::Modified(fields) => {
                    assert!(!fields.is_empty());
                    modified += 1;
                }
                _ => same += 1,
            }
            let before = writes(&simulator);
            let again = client.policies().apply(&description).await.unwrap();
            assert_eq!(unchanged(again), applied.uuid, "{description:?}");
            assert_eq!(writes(&simulator), before);
        }
        // And as the very first word on a policy.
        for (index, description) in descriptions(base).into_iter().enumerate() {
            let fresh = description.with_name(format!("fresh-{index}"));
            let applied = client.policies().apply(&fresh).await.unwrap_or_else(|error| panic!("{error}: {fresh:?}"));
            assert!(matches!(applied.change, Change::Created));
            assert_eq!(unchanged(client.policies().apply(&fresh).await.unwrap()), applied.uuid, "{fresh:?}");
            client.policies().delete(applied.uuid).await.unwrap();
        }
    }
    assert_eq!(made, bases.len() + fixed);
    assert!(fixed >= bases.len(), "{fixed}");
    // For each base, at least one variant is the same in another form, and one differs.
    assert!(modified >= bases.len() && same >= bases.len(), "{modified} {same}");
}

#[tokio::test]
async fn a_certificate_is_exchanged_by_name_or_by_uuid() {
    let (_simulator, client) = simulator().await;
    let uuid = client.policies().apply(&pki("n", "c")).await.unwrap().uuid;
    for (certificate, field) in [
        (CertificateReference::from("d"), Field::CertificateName),
        (CertificateReference::from(UUID), Field::CertificateUuid),
    ] {
        let applied = client.policies().apply(&pki("n", certificate.clone())).await.unwrap();
        assert_eq!((applied.uuid, applied.change), (uuid, Change::Modified(vec![field])));
        assert_eq!(unchanged(client.policies().apply(&pki("n", certificate)).await.unwrap()), uuid);
    }
}

#[tokio::test]
async fn many_at_once_make_one_policy() {
    let (_simulator, client) = simulator().await;
    for round in 0..3 {
        let policy = psk(&format!("n{round}"));
        let applied = join_all((0..100).map(|_| client.policies().apply(&policy))).await;
        let applied: Vec<_> = applied.into_iter().map(Result::unwrap).collect();
        assert_eq!(applied.iter().filter(|applied| matches!(applied.change, Change::Created)).count(), 1);
        assert!(applied.iter().all(|one| one.uuid == applied[0].uuid), "{applied:?}");
        let other = policy.with_enabled(false);
        let applied = join_all((0..100).map(|_| client.policies().apply(&other))).await;
        assert!(applied.into_iter().all(|applied| !matches!(applied.unwrap().change, Change::Created)));
        assert_eq!(client.policies().list().page().await.unwrap().records.len(), round + 1);
    }
}

/// A list of one record, or of none.
fn listed(record: &str) -> Vec<u8> {
    let number = u8::from(!record.is_empty());
    json("200 OK", &format!(r#"{{"records":[{record}],"num_records":{number}}}"#))
}

fn record() -> String {
    format!(r#"{{"uuid":"{UUID}","name":"n","svm":{{"name":"svm1"}},"action":"bypass","enabled":true}}"#)
}

fn refused(status: &str, code: &str) -> Vec<u8> {
    json(status, &format!(r#"{{"error":{{"code":"{code}","message":"no"}}}}"#))
}

fn bypass() -> IpsecPolicyCreate {
    IpsecPolicyCreate::bypass("n", PolicyScope::svm("svm1"))
}

/// The methods of the requests that came.
fn methods(wire: &Wire) -> Vec<String> {
    wire.requests().iter().map(|request| request.split(' ').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_policy_that_somebody_else_makes_meanwhile_is_looked_at_again() {
    let duplicate = || refused("409 Conflict", "66257104");
    let wire = Wire::answering([listed(""), duplicate(), listed(&record())]).await;
    assert_eq!(unchanged(wire.client().policies().apply(&bypass()).await.unwrap()), UUID);
    assert_eq!(methods(&wire), ["GET", "POST", "GET"]);

    let wire = Wire::answering([listed(""), duplicate(), listed(&record()), json("200 OK", "{}")]).await;
    let applied = wire.client().policies().apply(&bypass().with_enabled(false)).await.unwrap();
    assert_eq!((applied.uuid, applied.change), (UUID, Change::Modified(vec![Field::Enabled])));
    assert!(wire.requests()[3].ends_with("\r\n\r\n{\"enabled\":false}"), "{}", wire.requests()[3]);
}

#[tokio::test]
async fn a_policy_that_somebody_else_deletes_meanwhile_is_made_again() {
    let created = json("201 Created", &format!(r#"{{"records":[{{"uuid":"{UUID}"}}]}}"#));
    let wire = Wire::answering([listed(&record()), refused("404 Not Found", "4"), listed(""), created]).await;
    let applied = wire.client().policies().apply(&bypass().with_enabled(false)).await.unwrap();
    assert_eq!((applied.uuid, applied.change), (UUID, Change::Created));
    assert_eq!(methods(&wire), ["GET", "PATCH", "GET", "POST"]);
}

/// A change that may have been carried out says nothing of the create that follows.
#[tokio::test]
async fn a_policy_of_somebody_else_is_not_taken_for_created() {
    let described = bypass().with_enabled(false);
    let wire = Wire::answering([
        listed(&record()),
        answer("503 Service Unavailable", &[], ""),
        refused("404 Not Found", "4"),
        listed(""),
        refused("409 Conflict", "66257104"),
        listed(&record()),
        json("200 OK", "{}"),
    ])
    .await;
    let applied = wire.timed(&clock()).build().unwrap().policies().apply(&described).await.unwrap();
    assert_eq!(applied.change, Change::Modified(vec![Field::Enabled]));
    assert_eq!(methods(&wire), ["GET", "PATCH", "PATCH", "GET", "POST", "GET", "PATCH"]);
}

#[tokio::test]
async fn a_policy_that_is_taken_and_never_there_is_an_error_in_the_end() {
    let duplicate = || refused("409 Conflict", "66257104");
    let rounds = [listed(""), duplicate(), listed(""), duplicate(), listed(""), duplicate()];
    let wire = Wire::answering(rounds).await;
    let error = wire.client().policies().apply(&bypass()).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::DuplicatePolicyName));
    assert_eq!(methods(&wire), ["GET", "POST", "GET", "POST", "GET", "POST"]);
}

#[tokio::test]
async fn other_errors_are_passed_on_at_once() {
    let wire = Wire::answering([listed(""), refused("400 Bad Request", "66257202")]).await;
    let error = wire.client().policies().apply(&bypass()).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::InvalidSvmName));
    assert_eq!(methods(&wire), ["GET", "POST"]);

    let wire = Wire::answering([listed(""), listed("")]).await;
    let nameless = changed(bypass(), |it| {
        it.name = None;
    });
    assert_eq!(wire.client().policies().apply(&nameless).await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(methods(&wire), Vec::<String>::new());
    // The rules are those of a create and of a modify.
    let range = bypass().with_local_endpoint(endpoint("", "", "1-2").unwrap());
    let error = wire.client().policies().apply(&range).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidRequest, Some(&ErrorCode::PortRangeUnsupported)));
    // An address without a netmask would become one of the netmask that the policy has.
    let half = bypass().with_local_endpoint(endpoint("192.0.2.1", "", "").unwrap());
    let error = wire.client().policies().apply(&half).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::LocalAddressWithoutNetmask));
    assert_eq!(methods(&wire), Vec::<String>::new());
    // A plan is that of `apply`.
    let keyless = changed(psk("n"), |it| it.secret_key = None);
    let error = wire.client().policies().plan(&keyless).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::PreSharedKeyMissing));
}
