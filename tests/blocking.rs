//! The client without an async runtime.

use std::collections::HashSet;
use std::sync::{Barrier, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use crate::support::{Act, KEY, PASSWORD, UUID, Wire, json};
use ontap_ipsec::blocking::Client;
use ontap_ipsec::types::{IpsecCaCertificateCreate, IpsecModify, IpsecPolicyCreate, IpsecPolicyModify};
use ontap_ipsec::{Authentication, Change, Credentials, ErrorCode, ErrorKind, Field, Plan, PolicyScope, RetryPolicy};
use ontap_ipsec_simulator::Simulator;
use tokio::runtime::{Builder, Runtime};

/// Makes the servers' runtime, on threads of its own.
fn elsewhere() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

fn simulator(runtime: &Runtime, policies: u32) -> (Simulator, Client) {
    let start = Simulator::builder().user("admin", PASSWORD).policies(policies).start();
    let simulator = runtime.block_on(start).unwrap();
    let client = Client::builder(simulator.url())
        .credentials(Credentials::basic("admin", PASSWORD))
        .ca_certificate(simulator.ca_pem().unwrap())
        .build_blocking()
        .unwrap();
    (simulator, client)
}

fn wire(runtime: &Runtime, answers: impl IntoIterator<Item = Vec<u8>>) -> (Wire, Client) {
    let wire = runtime.block_on(Wire::answering(answers));
    let client = blocking(&wire);
    (wire, client)
}

/// A client that tries once.
fn blocking(wire: &Wire) -> Client {
    wire.builder().retry(RetryPolicy::off()).build_blocking().unwrap()
}

fn page(name: &str, next: Option<&str>) -> Vec<u8> {
    let links = next
        .map(|key| format!(r#","_links":{{"next":{{"href":"/api/security/ipsec/policies?start.uuid={key}"}}}}"#))
        .unwrap_or_default();
    json("200 OK", &format!(r#"{{"records":[{{"name":"{name}"}}],"num_records":1{links}}}"#))
}

fn described(name: &str) -> IpsecPolicyCreate {
    IpsecPolicyCreate::esp_transport(name, PolicyScope::svm("svm1"), Authentication::psk(KEY))
}

#[test]
fn a_policy_from_its_creation_to_its_end() {
    let runtime = elsewhere();
    let (_simulator, client) = simulator(&runtime, 0);
    let uuid = client.policies().create(&described("nfs")).unwrap();
    assert_eq!(client.policies().create(&described("nfs")).unwrap_err().code(), Some(&ErrorCode::DuplicatePolicyName));
    assert_eq!(client.policies().get(uuid).unwrap().name.as_deref(), Some("nfs"));
    assert_eq!(client.policies().find("svm1", "nfs").unwrap().unwrap().id(), Some(uuid));
    assert_eq!(client.policies().find("svm1", "nf").unwrap(), None);

    client.policies().modify(uuid, &IpsecPolicyModify::default().with_enabled(false)).unwrap();
    assert_eq!(client.policies().list().enabled(false).count().unwrap(), 1);

    let moved = described("nfs").with_remote("198.51.100.0/24").unwrap();
    assert!(matches!(client.policies().plan(&moved).unwrap(), Plan::Modify { .. }));
    let applied = client.policies().apply(&moved).unwrap();
    assert_eq!(applied.uuid, uuid);
    let Change::Modified(fields) = applied.change else { panic!("it was there") };
    assert!(fields.contains(&Field::RemoteEndpointAddress), "{fields:?}");
    let again = client.policies().apply(&moved).unwrap();
    assert_eq!((again.uuid, again.change, again.key_not_compared), (uuid, Change::Unchanged, true));
    let planned = client.policies().plan_all(std::slice::from_ref(&moved)).unwrap();
    assert_eq!(planned.plans[0].as_ref().unwrap(), &Plan::Unchanged { uuid });
    let applied = client.policies().apply_all(&[moved, described("cifs")]).unwrap();
    let [_, Ok(cifs)] = applied.outcomes.as_slice() else { panic!("{applied:?}") };
    assert_eq!(cifs.change, Change::Created);
    client.policies().delete(cifs.uuid).unwrap();

    client.policies().delete(uuid).unwrap();
    assert!(client.policies().get(uuid).unwrap_err().is_not_found());
    assert_eq!(client.policies().list().count().unwrap(), 0);
}

#[test]
fn a_list_is_whole_and_in_order_over_its_pages() {
    let runtime = elsewhere();
    let (simulator, client) = simulator(&runtime, 25);
    let policies = client.policies().list().max_records(7).order_by(["name"]).iter();
    let names: Vec<_> =
        policies.map(|policy| policy.map(|policy| policy.name.unwrap())).collect::<Result<_, _>>().unwrap();
    assert_eq!(names.len(), 25);
    assert!(names.is_sorted());
    // A cluster may name a next page after the last record.
    assert!((4..=5).contains(&simulator.requests().len()), "{:?}", simulator.requests());
    assert_eq!(client.policies().list().iter().limit(9).filter_map(Result::ok).count(), 9);
    assert_eq!(client.policies().list().iter().limit(0).count(), 0);
}

#[test]
fn pages_can_be_turned_by_hand() {
    let runtime = elsewhere();
    let (wire, client) = wire(&runtime, [page("a", Some("a")), page("b", None)]);
    let first = client.policies().list().max_records(1).page().unwrap();
    let second = client.policies().next_page(&first).unwrap().unwrap();
    assert_eq!(second.records[0].name.as_deref(), Some("b"));
    assert!(client.policies().next_page(&second).unwrap().is_none());
    assert_eq!(wire.requests().len(), 2);
}

#[test]
fn a_list_goes_on_after_an_error_where_it_was() {
    let busy = || json("429 Too Many Requests", r#"{"error":{"code":"262160","message":"busy"}}"#);
    let runtime = elsewhere();
    let (_wire, client) = wire(&runtime, [busy(), page("a", Some("a")), busy(), busy(), page("b", None)]);
    let mut policies = client.policies().list().iter();
    let (mut names, mut errors) = (Vec::new(), 0);
    while let Some(policy) = policies.next() {
        match policy {
            Ok(policy) => names.push(policy.name.unwrap()),
            Err(error) => {
                assert!(error.is_retryable(), "{error}");
                assert!(policies.next().is_none(), "it has ended until it is resumed");
                errors += 1;
                policies.resume();
            }
        }
    }
    assert_eq!((names, errors), (vec!["a".to_owned(), "b".to_owned()], 3));
}

#[test]
fn the_next_page_comes_while_the_program_does_something_else() {
    let runtime = elsewhere();
    let (tell, told) = mpsc::channel();
    let second = Act::Stall(page("b", None), Box::new(move || tell.send(()).unwrap()));
    let wire = runtime.block_on(Wire::doing([Act::Answer(page("a", Some("a"))), second]));
    let client = blocking(&wire);
    let mut policies = client.policies().list().iter();
    assert_eq!(policies.next().unwrap().unwrap().name.as_deref(), Some("a"));
    // Nothing is called meanwhile, and the second request is there all the same.
    told.recv().unwrap();
    assert_eq!(policies.next().unwrap().unwrap().name.as_deref(), Some("b"));
    assert!(policies.next().is_none());
}

#[test]
fn many_threads_use_one_client_at_once() {
    const THREADS: usize = 16;
    let runtime = elsewhere();
    let (_simulator, client) = simulator(&runtime, 0);
    let together = Barrier::new(THREADS);
    let uuids: HashSet<_> = thread::scope(|scope| {
        let of_thread = |number: usize| {
            let (client, together) = (client.clone(), &together);
            scope.spawn(move || {
                together.wait();
                let uuid = client.policies().create(&described(&format!("policy-{number}"))).unwrap();
                let found = client
                    .policies()
                    .list()
                    .max_records(3)
                    .iter()
                    .find(|policy| policy.as_ref().unwrap().id() == Some(uuid));
                found.unwrap().unwrap().id().unwrap()
            })
        };
        let threads: Vec<_> = (0..THREADS).map(of_thread).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(uuids.len(), THREADS);
    assert_eq!(client.policies().list().count().unwrap(), THREADS as u64);
}

#[test]
fn it_works_where_a_runtime_lets_threads_block() {
    let runtime = elsewhere();
    let (_simulator, client) = simulator(&runtime, 3);
    for inside in [elsewhere(), Builder::new_current_thread().build().unwrap()] {
        let client = client.clone();
        let count = inside.block_on(async {
            let blocking = tokio::task::spawn_blocking(move || {
                let names = client.policies().list().max_records(2).iter().map(|policy| policy.unwrap().name);
                (names.count(), client.policies().list().count().unwrap())
            });
            blocking.await.unwrap()
        });
        assert_eq!(count, (3, 3));
    }
}

#[test]
fn a_call_that_would_wait_for_itself_is_an_error() {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let runtime = elsewhere();
    let wire = runtime.block_on(Wire::answering([page("a", None)]));
    let ask = || async { CLIENT.get().unwrap().policies().list().count().map(|_| String::new()) };
    let builder = Client::builder(wire.url()).allow_plain_http().credentials(Credentials::bearer_from(ask));
    let client = CLIENT.get_or_init(|| builder.build_blocking().unwrap());
    let error = client.policies().list().count().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().contains("would wait for itself; nothing was sent"), "{error}");
    assert_eq!(wire.requests().len(), 0);
}

#[test]
fn it_can_be_made_and_dropped_in_a_task() {
    let runtime = elsewhere();
    let (wire, client) = wire(&runtime, [page("a", Some("a")), page("b", None)]);
    // A page is on its way.
    let mut policies = client.policies().list().iter();
    policies.next().unwrap().unwrap();
    let inside = Builder::new_current_thread().build().unwrap();
    inside.block_on(async { drop(policies) });
    inside.block_on(async { drop(blocking(&wire)) });
    inside.block_on(async { drop(client) });
}

#[test]
fn no_secret_is_in_debug() {
    fn is_shared_by_threads<T: Clone + Send + Sync>(_: &T) {}
    let runtime = elsewhere();
    let (_wire, client) = wire(&runtime, [page("a", None)]);
    is_shared_by_threads(&client);
    let shown = format!("{client:?} {:?}", client.policies().list().name(KEY).iter());
    assert!(shown.starts_with("Client { url: \"http://127.0.0.1:"), "{shown}");
    for secret in [PASSWORD, KEY, crate::support::watch::ENCODED] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn the_other_resources_have_the_same_calls() {
    let runtime = elsewhere();
    let ok = |body: &str| json("200 OK", body);
    let certificate = format!(r#"{{"certificate":{{"uuid":"{UUID}"}}}}"#);
    let association = format!(r#"{{"uuid":"{UUID}","type":"ipsec","policy_name":"nfs"}}"#);
    let page = |record: &str| ok(&format!(r#"{{"records":[{record}],"num_records":1}}"#));
    let answers = [
        ok(r#"{"enabled":false}"#),
        ok("{}"),
        ok("{}"),
        ok("{}"),
        json("201 Created", "{}"),
        ok(&certificate),
        page(&certificate),
        ok("{}"),
        page(&association),
        ok(&association),
        page(&association),
        ok(&format!(r#"{{"uuid":"{UUID}","name":"nfs"}}"#)),
        page(&association),
    ];
    let (wire, client) = wire(&runtime, answers);
    let config = client.config();
    assert_eq!(config.get().unwrap().enabled, Some(false));
    config.enable().unwrap();
    config.modify(&IpsecModify::default().with_replay_window(0)).unwrap();
    config.disable().unwrap();
    let certificates = client.ca_certificates();
    assert_eq!(certificates.install(&IpsecCaCertificateCreate::for_cluster(UUID)).unwrap(), UUID);
    assert_eq!(certificates.get(UUID).unwrap().id(), Some(UUID));
    let page = certificates.list().page().unwrap();
    assert_eq!((page.records.len(), certificates.next_page(&page).unwrap().is_none()), (1, true));
    certificates.remove(UUID).unwrap();
    let associations = client.security_associations();
    let found: Vec<_> = associations.list().type_("ipsec").iter().map(|found| found.unwrap().id()).collect();
    assert_eq!(found, [Some(UUID)]);
    assert_eq!(associations.get(UUID).unwrap().policy_name.as_deref(), Some("nfs"));
    assert_eq!(associations.list().count().unwrap(), 1);
    assert_eq!(client.policies().established(UUID, Duration::ZERO).unwrap().id(), Some(UUID));
    assert_eq!(wire.requests().len(), 13);
    let shown = format!("{config:?} {certificates:?} {associations:?} {:?}", associations.list());
    assert!(shown.starts_with("Config {") && !shown.contains(PASSWORD), "{shown}");
}
