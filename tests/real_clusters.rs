//! The client against what public evidence of real clusters says. The simulator plays the cluster.

use crate::support::KEY;
use futures_util::TryStreamExt as _;
use ontap_ipsec::types::IpsecPolicyCreate;
use ontap_ipsec::{Authentication, Change, Client, Error, ErrorKind, PolicyScope};
use ontap_ipsec_simulator::{ClusterState, Fault, Svm, UndocumentedCase};

fn psk(name: &str) -> IpsecPolicyCreate {
    IpsecPolicyCreate::esp_transport(name, PolicyScope::svm("svm1"), Authentication::psk(KEY))
}

fn state() -> ClusterState {
    ClusterState::default().svm(Svm::data("svm1"))
}

async fn names(client: &Client) -> Vec<Option<String>> {
    client.policies().list().stream().map_ok(|policy| policy.name).try_collect().await.unwrap()
}

#[tokio::test]
async fn short_and_empty_pages_with_links_are_followed() {
    let (simulator, client) = crate::support::cluster::start(state().made_up_policies(5)).await;
    simulator.inject(Fault::busy()).unwrap();
    simulator.inject(Fault::busy().records(2).times(2)).unwrap();
    assert_eq!(names(&client).await.len(), 5);
    simulator.inject(Fault::busy()).unwrap();
    let found = client.policies().find(PolicyScope::svm("svm1"), "policy-0001").await.unwrap();
    assert_eq!(found.unwrap().name.as_deref(), Some("policy-0001"));
    simulator.inject(Fault::busy().times(2)).unwrap();
    assert_eq!(client.policies().list().count().await.unwrap(), 5);
}

/// The list looks empty, as if there were no policy of the name. The cluster refuses the second one.
#[tokio::test]
async fn apply_finds_the_policy_that_a_busy_cluster_did_not_list() {
    let (simulator, client) = crate::support::cluster::start(state()).await;
    client.policies().apply(&psk("n")).await.unwrap();
    simulator.inject(Fault::busy().without_link()).unwrap();
    let applied = client.policies().apply(&psk("n")).await.unwrap();
    assert_eq!(applied.change, Change::Unchanged);
    let posts = simulator.requests().into_iter().filter(|request| request.method == "POST");
    assert_eq!(posts.map(|request| request.status).collect::<Vec<_>>(), [Some(201), Some(409)]);
}

#[tokio::test]
async fn a_change_waits_for_an_administrator() {
    let (simulator, client) = crate::support::cluster::start(state().fault(Fault::approval())).await;
    let index = |error: &Error| {
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::ApprovalRequired, false), "{error}");
        let argument = error.arguments().iter().find(|argument| argument.code.as_deref() == Some("index"));
        argument.unwrap().message.as_deref().unwrap().parse::<u64>().unwrap()
    };
    let asked = index(&client.policies().create(&psk("n")).await.unwrap_err());
    assert_eq!(simulator.approvals()[0].index, asked);
    assert_eq!(index(&client.policies().apply(&psk("n")).await.unwrap_err()), asked, "the same request");
    assert!(simulator.approve(asked));
    assert_eq!(client.policies().apply(&psk("n")).await.unwrap().change, Change::Created);

    let uuid =
        client.policies().find(PolicyScope::svm("svm1"), "n").await.unwrap().unwrap().uuid.unwrap().parse().unwrap();
    let asked = index(&client.policies().delete(uuid).await.unwrap_err());
    assert!(simulator.veto(asked));
    let error = client.policies().delete(uuid).await.unwrap_err();
    assert_eq!((error.kind(), error.status().map(|status| status.as_u16())), (ErrorKind::Api, Some(403)), "{error}");
    assert_eq!(names(&client).await.len(), 1);
}

#[tokio::test]
async fn policies_without_their_ipspace_are_as_described() {
    let (simulator, client) = crate::support::cluster::start(state()).await;
    let described = psk("n").with_ipspace("Default");
    client.policies().apply(&described).await.unwrap();
    simulator.inject(Fault::without_field("ipspace").always()).unwrap();
    assert_eq!(client.policies().apply(&described).await.unwrap().change, Change::Unchanged);
    assert_eq!(client.policies().list().first().await.unwrap().unwrap().ipspace, None);
}

#[tokio::test]
async fn while_ipsec_is_off_the_error_says_so() {
    let (simulator, client) = crate::support::cluster::start(state().ipsec_disabled()).await;
    client.policies().create(&psk("n")).await.unwrap();
    let error = client.policies().list().first().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert!(error.to_string().contains("IPsec is off for the cluster"), "{error}");
    simulator.change(|cluster| cluster.set_ipsec_enabled(true));
    assert_eq!(names(&client).await.len(), 1);
}

#[tokio::test]
async fn what_a_strict_cluster_refuses_keeps_its_code_and_field() {
    let strict = state().refuse(UndocumentedCase::PolicyWithoutEndpoints);
    let (_simulator, client) = crate::support::cluster::start(strict).await;
    let error = client.policies().create(&psk("n")).await.unwrap_err();
    assert_eq!(error.code().map(ToString::to_string).as_deref(), Some("66257143 subnet-empty"), "{error}");
    assert_eq!(error.target(), Some("local_endpoint.address"));
}

/// TLS trusts neither; the errors say what to do. A pinned certificate is taken as it is.
#[cfg(feature = "__rustls")]
#[tokio::test]
async fn certificates_that_clusters_sign_for_themselves_are_refused_with_a_reason() {
    use crate::support::PASSWORD;
    use ontap_ipsec::Credentials;
    use ontap_ipsec_simulator::{CertificateFault, Simulator};

    for (fault, reason) in [
        (CertificateFault::CommonNameOnly, "holds no host name"),
        (CertificateFault::CaTrue, "that of an authority (CA:TRUE)"),
    ] {
        let simulator = Simulator::builder().certificate_fault(fault).start().await.unwrap();
        let client = Client::builder(simulator.url())
            .credentials(Credentials::basic("admin", PASSWORD))
            .ca_certificate(simulator.ca_pem().unwrap())
            .build()
            .unwrap();
        let error = client.policies().list().first().await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Transport, false), "{error}");
        assert!(error.to_string().contains(reason), "{fault:?}: {error}");
        assert!(simulator.requests().is_empty(), "no password was sent");
        let client = Client::builder(simulator.url())
            .credentials(Credentials::basic("admin", "netapp1!"))
            .pinned_certificate(simulator.ca_pem().unwrap())
            .build()
            .unwrap();
        assert_eq!(client.policies().list().count().await.unwrap(), 0, "{fault:?}");
    }
}
