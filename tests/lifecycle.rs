//! The client and the simulator, which share no code: what one sends the other understands.

use crate::support::{KEY, PASSWORD, UUID, changed};
use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicyCreate, IpsecPolicyModify, SvmReference};
use ontap_ipsec::values::{IpAddressFamily, IpsecAction, IpsecAuthenticationMethod, NetworkScope};
use ontap_ipsec::{Client, Credentials, Error, ErrorCode, ErrorKind};
use ontap_ipsec_simulator::Simulator;

async fn simulator(policies: u32) -> (Simulator, Client) {
    crate::support::watch::over_traces();
    let simulator = Simulator::builder()
        .user("admin", PASSWORD)
        .svm("svm1", uuid::uuid!("02c9e252-41be-11e9-81d5-00a0986138f7"))
        .svm("svm2", uuid::uuid!("02c9e252-41be-11e9-81d5-00a0986138f8"))
        .policies(policies)
        .start()
        .await
        .unwrap();
    let client = connect(&simulator, PASSWORD);
    (simulator, client)
}

fn connect(simulator: &Simulator, password: &str) -> Client {
    Client::builder(simulator.url())
        .credentials(Credentials::basic("admin", password))
        .ca_certificate(simulator.ca_pem().unwrap())
        .build()
        .unwrap()
}

fn psk(name: &str, svm: &str) -> IpsecPolicyCreate {
    IpsecPolicyCreate::default()
        .with_name(name)
        .with_svm(changed(SvmReference::default(), |it| {
            it.name = Some(svm.into());
        }))
        .with_action(IpsecAction::EspTransport)
        .with_authentication_method(IpsecAuthenticationMethod::Psk)
        .with_secret_key(KEY)
}

fn endpoint(address: &str, netmask: &str, port: &str) -> Option<IpsecEndpoint> {
    Some(changed(IpsecEndpoint::default(), |it| {
        it.address = Some(address.into());
        it.netmask = Some(netmask.into());
        it.port = Some(port.into());
    }))
}

#[tokio::test]
async fn a_policy_from_its_creation_to_its_end() {
    let (_simulator, client) = simulator(0).await;
    let policy = changed(psk("nfs", "svm1"), |it| {
        it.protocol = Some("6".into());
        it.local_endpoint = endpoint("192.0.2.10", "255.255.255.255", "2049");
        it.remote_endpoint = endpoint("2001:db8:0::1", "64", "0");
    });
    let uuid = client.policies().create(&policy).await.unwrap();

    let read = client.policies().get(uuid).await.unwrap();
    assert_eq!(read.id(), Some(uuid));
    assert_eq!(read.name.as_deref(), Some("nfs"));
    assert_eq!(read.action, Some(IpsecAction::EspTransport));
    assert_eq!(read.authentication_method, Some(IpsecAuthenticationMethod::Psk));
    assert_eq!(read.enabled, Some(true));
    assert_eq!(read.scope, Some(NetworkScope::Svm));
    assert_eq!(read.protocol.as_deref(), Some("tcp"));
    let local = read.local_endpoint.unwrap();
    assert_eq!((local.netmask.as_deref(), local.port.as_deref()), (Some("32"), Some("2049-2049")));
    assert_eq!(local.family, Some(IpAddressFamily::Ipv4));
    assert_eq!(read.remote_endpoint.unwrap().address.as_deref(), Some("2001:db8::1"));

    assert_eq!(client.policies().find("svm1", "nfs").await.unwrap().unwrap().id(), Some(uuid));
    assert_eq!(client.policies().find("svm2", "nfs").await.unwrap(), None);
    assert_eq!(client.policies().find("svm1", "nf").await.unwrap(), None);

    // Taken from what was read, family and all: what only ONTAP sets is left out by the client.
    let changes = IpsecPolicyModify::default().with_enabled(false).with_local_endpoint(local);
    client.policies().modify(uuid, &changes).await.unwrap();
    let moved = IpsecPolicyModify::default().with_remote_endpoint(changed(IpsecEndpoint::default(), |it| {
        it.port = Some("500".into());
    }));
    client.policies().modify(uuid, &moved).await.unwrap();
    let read = client.policies().get(uuid).await.unwrap();
    let remote = read.remote_endpoint.unwrap();
    assert_eq!((remote.address.as_deref(), remote.port.as_deref()), (Some("2001:db8::1"), Some("500-500")));
    assert_eq!(read.enabled, Some(false));

    client.policies().delete(uuid).await.unwrap();
    for outcome in [
        client.policies().get(uuid).await.map(drop),
        client.policies().delete(uuid).await,
        client.policies().modify(uuid, &changes).await,
    ] {
        let error = outcome.unwrap_err();
        assert!(error.is_not_found(), "{error}");
    }
}

#[tokio::test]
async fn documented_refusals_have_their_codes() {
    let (_simulator, client) = simulator(0).await;
    client.policies().create(&psk("taken", "svm1")).await.unwrap();
    client.policies().create(&psk("taken", "svm2")).await.unwrap();
    let cases = [
        (psk("taken", "svm1"), ErrorCode::DuplicatePolicyName),
        (
            changed(psk("a", "svm1"), |it| {
                it.secret_key = None;
            }),
            ErrorCode::PreSharedKeyMissing,
        ),
        (
            changed(psk("a", "svm1"), |it| {
                it.secret_key = None;
                it.authentication_method = Some(IpsecAuthenticationMethod::Pki);
            }),
            ErrorCode::CertificateMissing,
        ),
        (
            psk("a", "svm1").with_local_endpoint(changed(IpsecEndpoint::default(), |it| {
                it.address = Some("192.0.2.1".into());
            })),
            ErrorCode::LocalAddressWithoutNetmask,
        ),
        (
            psk("a", "svm1").with_remote_endpoint(changed(IpsecEndpoint::default(), |it| {
                it.netmask = Some("24".into());
            })),
            ErrorCode::RemoteAddressWithoutNetmask,
        ),
        (
            changed(psk("a", "svm1"), |it| {
                it.local_endpoint = endpoint("192.0.2.1", "32", "65536");
            }),
            ErrorCode::PortOutOfRange,
        ),
        (psk("a", "svm3"), ErrorCode::InvalidSvmName),
        (
            psk("a", "svm1").with_svm(changed(SvmReference::default(), |it| {
                it.uuid = Some(UUID.to_string());
            })),
            ErrorCode::InvalidSvmUuid,
        ),
    ];
    for (policy, code) in cases {
        let error = client.policies().create(&policy).await.unwrap_err();
        assert_eq!(error.code(), Some(&code), "{error}");
        assert!(code.operations().contains(&error.operation().unwrap()));
        assert!(!format!("{error} {error:?}").contains(KEY));
    }
}

#[tokio::test]
async fn a_list_is_whole_and_in_order_whatever_the_size_of_its_pages() {
    let (simulator, client) = simulator(25).await;
    let mut counts = Vec::new();
    for size in [1, 7, 25, 100] {
        let mut names = Vec::new();
        let before = simulator.requests().len();
        let mut policies = client.policies().list().max_records(size).order_by(["name"]).stream();
        while let Some(policy) = policies.try_next().await.unwrap() {
            assert!(policy.svm.is_some(), "all fields are listed");
            names.push(policy.name.unwrap());
        }
        assert_eq!(names.len(), 25);
        assert!(names.is_sorted());
        counts.push(simulator.requests().len() - before);
    }
    // A cluster may name a next page after the last record.
    assert!(counts[0] >= 25 && (4..=5).contains(&counts[1]) && counts[3] == 1, "{counts:?}");
}

#[tokio::test]
async fn filters_narrow_a_list() {
    let (_simulator, client) = simulator(6).await;
    client.policies().create(&psk("off", "svm2").with_enabled(false)).await.unwrap();
    let page =
        client.policies().list().enabled(false).svm_name("svm2").fields(["name", "enabled"]).page().await.unwrap();
    let [policy] = &page.records[..] else { panic!("{page:?}") };
    assert_eq!((policy.name.as_deref(), policy.enabled), (Some("off"), Some(false)));
    assert!(policy.id().is_some() && policy.action.is_none());
    let count = client.policies().list().return_records(false).page().await.unwrap();
    assert_eq!((count.num_records, count.records.len()), (Some(7), 0));
    let none = client.policies().list().name("nobody").page().await.unwrap();
    assert_eq!((none.num_records, none.records.len(), none.is_last()), (Some(0), 0, true));
}

#[tokio::test]
async fn a_name_full_of_operators_is_found_and_only_it() {
    let (_simulator, client) = simulator(0).await;
    client.policies().create(&psk("a", "svm1")).await.unwrap();
    for name in ["*", "a|b", "!a", "a,b", "1..5", "null", "x > y & z = %"] {
        let uuid = client.policies().create(&psk(name, "svm1")).await;
        let uuid = uuid.unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = client.policies().find("svm1", name).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(found.and_then(|policy| policy.id()), Some(uuid), "{name}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_an_error_of_ontap() {
    let (simulator, _) = simulator(0).await;
    let error: Error = connect(&simulator, "wrong").policies().get(UUID).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 401));
    assert!(error.code().is_some());
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (simulator, _) = simulator(0).await;
    let stranger = Client::builder(simulator.url()).credentials(Credentials::basic("admin", PASSWORD)).build().unwrap();
    let error = stranger.policies().get(UUID).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("comes from an authority that is not trusted here"), "{error}");
    assert_eq!((error.attempts(), error.is_retryable()), (1, false), "it is no better the next time");
    assert_eq!(simulator.requests().len(), 0);
}
