//! Handles, lists and plans as programs hold them: across tasks, with a deadline of their own, and read from files.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ontap_ipsec::operations::IpsecPolicyCollectionGet;
use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicy, IpsecPolicyCreate, IpsecPolicyModify};
use ontap_ipsec::values::IpsecAction;
use ontap_ipsec::{
    Authentication, Change, Client, ErrorKind, Field, Plan, PolicyScope, PolicyStream, RetryPolicy, TestClock,
};
use ontap_ipsec_simulator::{ClusterState, Svm};
use support::time::clock;
use support::{Act, KEY, UUID, Wire, answer, changed, json, policy};

const SECOND: Duration = Duration::from_secs(1);

fn psk(name: &str) -> IpsecPolicyCreate {
    IpsecPolicyCreate::esp_transport(name, PolicyScope::svm("svm1"), Authentication::psk(KEY))
}

async fn cluster() -> (ontap_ipsec_simulator::Simulator, Client) {
    support::cluster::start(ClusterState::default().svm(Svm::data("svm1"))).await
}

#[tokio::test]
async fn many_policies_are_applied_in_a_task() {
    let (_simulator, client) = cluster().await;
    let policies: Vec<_> = (0..20).map(|number| psk(&format!("n{number}"))).collect();
    let task = tokio::spawn({
        let client = client.clone();
        async move {
            // Written into `map`, the closure would be for one lifetime only, which rustc refuses in a task.
            let apply = |policy: &IpsecPolicyCreate| client.policies().apply(policy);
            let applied = stream::iter(&policies).map(apply).buffer_unordered(4).try_collect::<Vec<_>>().await?;
            // Policies that are owned need no closure of their own.
            let again = stream::iter(policies).map(|policy| client.policies().apply(&policy)).buffer_unordered(4);
            assert!(again.all(async |applied| applied.unwrap().change == Change::Unchanged).await);
            Ok::<_, ontap_ipsec::Error>(applied)
        }
    });
    let applied = task.await.unwrap().unwrap();
    assert_eq!(applied.iter().filter(|applied| applied.change == Change::Created).count(), 20);
    let names: Vec<_> = client.policies().list().stream().map_ok(|policy| policy.name).try_collect().await.unwrap();
    assert_eq!(names.len(), 20);
    // So can a single call, and a list that was started elsewhere.
    let one = tokio::spawn(client.policies().apply(&psk("n0"))).await.unwrap().unwrap();
    assert_eq!((one.change, one.key_not_compared), (Change::Unchanged, true));
    let list = client.policies().list().name("n7");
    let (first, count) = (tokio::spawn(list.clone().first()), tokio::spawn(list.count()));
    assert_eq!(first.await.unwrap().unwrap().unwrap().name.as_deref(), Some("n7"));
    assert_eq!(count.await.unwrap().unwrap(), 1);
}

#[test]
fn lists_and_streams_are_their_own() {
    fn is_owned<T: Send + 'static>() {}
    fn is_cloned<T: Clone + Sync>() {}
    is_owned::<IpsecPolicyCollectionGet>();
    is_cloned::<IpsecPolicyCollectionGet>();
    is_owned::<PolicyStream>();
    is_owned::<ontap_ipsec::Policies>();
}

#[tokio::test]
async fn a_limit_asks_for_no_larger_page() {
    let page = || json("200 OK", r#"{"records":[],"num_records":0}"#);
    for (set, limit, asked) in [(None, 3, Some("3")), (Some(2), 3, Some("2")), (Some(9), 3, Some("3")), (None, 0, None)]
    {
        let wire = Wire::answering([page()]).await;
        let list = wire.client().policies().list();
        let list = if let Some(size) = set { list.max_records(size) } else { list };
        assert!(list.stream().limit(limit).try_next().await.unwrap().is_none());
        let requests = wire.requests();
        match asked {
            Some(size) => assert!(requests[0].contains(&format!("&max_records={size} HTTP")), "{requests:?}"),
            None => assert!(requests.is_empty(), "nothing is wanted"),
        }
    }
    // More than ONTAP puts into a page by itself is no reason to ask for larger ones.
    let wire = Wire::answering([page()]).await;
    wire.client().policies().list().stream().limit(20_000).try_next().await.unwrap();
    assert!(!wire.request().contains("max_records"), "{}", wire.request());
}

#[tokio::test]
async fn a_plan_says_what_would_be_done_and_does_nothing() {
    let (simulator, client) = cluster().await;
    let policy = psk("n").with_remote("198.51.100.7").unwrap();
    assert_eq!(client.policies().plan(&policy).await.unwrap(), Plan::Create);
    let uuid = client.policies().create(&policy).await.unwrap();
    assert_eq!(client.policies().plan(&policy).await.unwrap(), Plan::Unchanged { uuid });
    let moved = policy.clone().with_remote("198.51.100.8").unwrap().with_enabled(false);
    let fields = vec![Field::Enabled, Field::RemoteEndpointAddress];
    assert_eq!(client.policies().plan(&moved).await.unwrap(), Plan::Modify { uuid, fields });
    let other = moved.with_action(IpsecAction::EspUdp);
    let Plan::Cannot { uuid: same, fields } = client.policies().plan(&other).await.unwrap() else {
        unreachable!("the action is fixed")
    };
    assert_eq!((same, fields[0].code.as_deref(), fields.len()), (uuid, Some("action"), 1));
    let nameless = changed(policy, |it| it.name = None);
    assert_eq!(client.policies().plan(&nameless).await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(simulator.requests().iter().filter(|request| request.method != "GET").count(), 1);
}

#[test]
fn a_file_may_have_ports_as_numbers_and_references_by_name() {
    let text = r#"
        name = "nfs"
        svm = "svm1"
        ipspace = { uuid = "3f8a1d04-86d1-11e0-ae1c-123478563412" }
        certificate = "c"
        protocol = 6
        local_endpoint = { address = "192.0.2.10", netmask = 32, port = 2049 }
        remote_endpoint = { port = "0-0" }
    "#;
    let read: IpsecPolicyCreate = toml::from_str(text).unwrap();
    let expected = IpsecPolicyCreate::default()
        .with_name("nfs")
        .with_svm("svm1")
        .with_ipspace(ontap_ipsec::uuid::uuid!("3f8a1d04-86d1-11e0-ae1c-123478563412"))
        .with_certificate("c")
        .with_protocol(6)
        .with_local_endpoint("192.0.2.10".parse::<IpsecEndpoint>().unwrap().with_port(2049))
        .with_remote_endpoint(IpsecEndpoint::any().with_port("0-0"));
    assert_eq!(read, expected);
    // What is sent has ONTAP's form, and ONTAP's form is read, null and all.
    let sent = serde_json::to_value(&read).unwrap();
    assert_eq!((&sent["svm"]["name"], &sent["local_endpoint"]["port"]), (&"svm1".into(), &"2049".into()));
    assert_eq!(serde_json::from_value::<IpsecPolicyCreate>(sent).unwrap(), read);
    let nulls = r#"{"svm":null,"protocol":null,"local_endpoint":{"port":null}}"#;
    let read: IpsecPolicyModify = serde_json::from_str(nulls).unwrap();
    assert_eq!(
        read.with_local_endpoint(IpsecEndpoint::any()),
        IpsecPolicyModify::default().with_local_endpoint(IpsecEndpoint::any())
    );
    for wrong in ["port = 2049.5", "port = true", "port = [1]"] {
        assert!(toml::from_str::<IpsecEndpoint>(wrong).is_err(), "{wrong}");
    }
    assert!(toml::from_str::<IpsecPolicyCreate>("svm = 7").is_err());
}

#[test]
fn an_endpoint_from_a_text_that_is_none_is_an_error_that_quotes_it() {
    let error = psk("n").with_local("192.0.2").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("`192.0.2`"), "{error}");
    let text = String::from("192.0.2.10");
    assert_eq!(
        psk("n").with_local(&text).unwrap(),
        psk("n").with_local(std::net::Ipv4Addr::new(192, 0, 2, 10)).unwrap()
    );
}

fn busy(retry_after: &str) -> Act {
    let body = r#"{"error":{"code":"262160","message":"too many"}}"#;
    Act::Answer(answer("429 Too Many Requests", &[("Retry-After", retry_after)], body))
}

fn found() -> Act {
    Act::Answer(json(
        "200 OK",
        &format!(r#"{{"records":[{{"uuid":"{UUID}","name":"nfs-to-hosts","svm":{{"name":"svm1"}}}}]}}"#),
    ))
}

fn timed(wire: &Wire, clock: &TestClock, deadline: Duration) -> Client {
    wire.timed(clock).retry(RetryPolicy::default().deadline(deadline)).build().unwrap()
}

#[tokio::test]
async fn one_deadline_holds_for_all_requests_of_a_call() {
    // The POST is refused for 4 s and then lost, the look is refused for 4 s: another 4 s are more than what is left.
    let wire = Wire::doing([busy("4"), Act::Reset, busy("4"), found()]).await;
    let clock = clock();
    let client = timed(&wire, &clock, 8 * SECOND);
    let error = client.policies().create(&policy()).await.unwrap_err();
    assert!(error.to_string().contains("could not be found out"), "{error}");
    let pauses = clock.pauses();
    assert_eq!((wire.requests().len(), pauses[0]), (3, 4 * SECOND));
    assert!(pauses.iter().sum::<Duration>() < 8 * SECOND, "{pauses:?}");

    // With more time, it is found.
    let wire = Wire::doing([busy("4"), Act::Reset, busy("4"), found()]).await;
    let clock = self::clock();
    let made = timed(&wire, &clock, 60 * SECOND).policies().create(&policy()).await.unwrap();
    assert_eq!((made, clock.pauses()[0], clock.pauses()[2]), (UUID, 4 * SECOND, 4 * SECOND));
}

#[tokio::test]
async fn a_create_heeds_retry_after_before_it_looks() {
    let gateway = || Act::Answer(answer("504 Gateway Timeout", &[("Retry-After", "4")], "<html>"));
    let wire = Wire::doing([gateway(), found()]).await;
    let clock = clock();
    assert_eq!(timed(&wire, &clock, 60 * SECOND).policies().create(&policy()).await.unwrap(), UUID);
    assert_eq!(clock.pauses(), [4 * SECOND]);
}

#[tokio::test]
async fn the_last_attempt_gets_what_is_left_of_the_deadline() {
    let clock = clock();
    let late = clock.clone();
    let stalled = Act::Stall(Vec::new(), Box::new(move || late.expire(3 * SECOND)));
    let wire = Wire::doing([busy("7"), stalled]).await;
    let error = timed(&wire, &clock, 10 * SECOND).policies().get(UUID).await.unwrap_err();
    assert_eq!((error.is_timeout(), error.attempts()), (true, 2));
    assert!(
        error.to_string().contains("a whole answer before the deadline of the call did not come within 3 s"),
        "{error}"
    );

    // A deadline of the call's own counts in place of that of the client.
    let wire = Wire::doing([busy("7")]).await;
    let client = timed(&wire, &self::clock(), 100 * SECOND).with_deadline(5 * SECOND);
    let error = client.policies().get(UUID).await.unwrap_err();
    assert_eq!((error.attempts(), wire.requests().len()), (1, 1));
    let error = client.with_deadline(Duration::ZERO).policies().get(UUID).await.unwrap_err();
    assert!(
        error.is_timeout()
            && error.is_retryable()
            && error.to_string().contains("its deadline (0 s; see `RetryPolicy::deadline`)"),
        "{error}"
    );
    assert_eq!(wire.requests().len(), 1, "nothing starts after the deadline");
}

#[tokio::test]
async fn waiting_for_other_requests_counts() {
    let clock = clock();
    let (told, wait) = tokio::sync::oneshot::channel();
    let told = std::sync::Mutex::new(Some(told));
    let stalled = Box::new(move || {
        if let Some(told) = told.lock().unwrap().take() {
            let _ = told.send(());
        }
    });
    let wire = Wire::doing([Act::Stall(Vec::new(), stalled)]).await;
    let client = wire.timed(&clock).max_concurrent_requests(1).build().unwrap();
    let first = tokio::spawn(client.policies().get(UUID));
    wait.await.unwrap();
    clock.expire(6 * SECOND);
    let error = client.with_deadline(6 * SECOND).policies().get(UUID).await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error}");
    assert!(error.to_string().contains("`max_concurrent_requests` is 1"), "{error}");
    assert_eq!(wire.requests().len(), 1);
    first.abort();
}

#[test]
fn an_answer_can_be_made_up_by_default_and_with() {
    let policy = IpsecPolicy::default().with_name("n").with_enabled(true).with_uuid(UUID);
    assert_eq!((policy.id(), policy.enabled), (Some(UUID), Some(true)));
}
