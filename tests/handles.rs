//! Handles, lists and plans as programs hold them: across tasks, with a deadline of their own, and read from files.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::time::clock;
use crate::support::{Act, KEY, UUID, Wire, answer, changed, json, policy};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ontap_ipsec::operations::IpsecPolicyCollectionGet;
use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicy, IpsecPolicyCreate, IpsecPolicyModify};
use ontap_ipsec::values::IpsecAction;
use ontap_ipsec::{
    Authentication, Change, Client, Credentials, ErrorKind, Field, Plan, PolicyScope, PolicyStream, RetryPolicy,
    TestClock,
};
use ontap_ipsec_simulator::{ClusterState, Fault, Svm};

const SECOND: Duration = Duration::from_secs(1);

fn psk(name: &str) -> IpsecPolicyCreate {
    IpsecPolicyCreate::esp_transport(name, PolicyScope::svm("svm1"), Authentication::psk(KEY))
}

async fn cluster() -> (ontap_ipsec_simulator::Simulator, Client) {
    crate::support::cluster::start(ClusterState::default().svm(Svm::data("svm1"))).await
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
    // The crate sends ONTAP's form, and reads it, null included.
    let sent = serde_json::to_value(&read).unwrap();
    assert_eq!((&sent["svm"]["name"], &sent["local_endpoint"]["port"]), (&"svm1".into(), &"2049".into()));
    assert_eq!(serde_json::from_value::<IpsecPolicyCreate>(sent).unwrap(), read);
    let nulls = r#"{"certificate":null,"protocol":null,"local_endpoint":{"port":null}}"#;
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

/// Without the mistyped member, the policy would cover any address.
#[test]
fn a_member_that_is_mistyped_in_a_file_is_an_error_that_names_the_nearest() {
    for (text, nearest) in [
        ("remote_endpont = { address = \"192.0.2.1\" }", "remote_endpoint"),
        ("remote_endpoint = { adress = \"192.0.2.1\" }", "address"),
        ("svm = { nmae = \"svm1\" }", "name"),
        ("secretkey = \"k\"", "secret_key"),
        ("enabeld = true", "enabled"),
    ] {
        let error = toml::from_str::<IpsecPolicyCreate>(text).unwrap_err();
        assert!(error.message().ends_with(&format!("the nearest known one is `{nearest}`")), "{error}");
    }
    // So it is where a program has the endpoint alone, and an empty key of YAML is no endpoint of any address.
    let error = toml::from_str::<IpsecEndpoint>("adress = \"192.0.2.1\"").unwrap_err();
    assert!(error.message().ends_with("the nearest known one is `address`"), "{error}");
    let error = serde_json::from_str::<IpsecPolicyCreate>(r#"{"remote_endpoint":null}"#).unwrap_err();
    assert!(error.to_string().contains("an endpoint of any address is written `{}`"), "{error}");
    let error = serde_json::from_str::<IpsecPolicyModify>(r#"{"action":"bypass"}"#).unwrap_err();
    assert!(error.to_string().contains("unknown member `action`"), "{error}");
    let error = serde_json::from_str::<IpsecPolicyModify>(r#"{"enabled":true,"enabled":false}"#).unwrap_err();
    assert!(error.to_string().contains("duplicate field `enabled`"), "{error}");
    let long = format!(r#"{{"{}":1}}"#, "x".repeat(100_000));
    assert!(serde_json::from_str::<IpsecPolicyModify>(&long).unwrap_err().to_string().len() < 1000);
    // Types of responses take unknown members.
    let newer = r#"{"newer":1,"svm":{"newer":2},"local_endpoint":{"newer":3}}"#;
    assert!(serde_json::from_str::<IpsecPolicy>(newer).is_ok());
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
    // The POST is refused for 4 s and then lost, and the look is refused for 4 s. Less than 4 s are left.
    let wire = Wire::doing([busy("4"), Act::Reset, busy("4"), found()]).await;
    let clock = clock();
    let client = timed(&wire, &clock, 8 * SECOND);
    let error = client.policies().create(&policy()).await.unwrap_err();
    assert!(error.to_string().contains("it is unknown whether"), "{error}");
    let pauses = clock.pauses();
    assert_eq!((wire.requests().len(), pauses[0]), (3, 4 * SECOND));
    assert!(pauses.iter().sum::<Duration>() < 8 * SECOND, "{pauses:?}");

    // With more time, a policy is found.
    let wire = Wire::doing([busy("4"), Act::Reset, busy("4"), found()]).await;
    let clock = self::clock();
    let error = timed(&wire, &clock, 60 * SECOND).policies().create(&policy()).await.unwrap_err();
    assert!(error.message().contains(&format!("there is a policy of that name, {UUID}")), "{error}");
    assert_eq!((clock.pauses()[0], clock.pauses()[2]), (4 * SECOND, 4 * SECOND));
}

#[tokio::test]
async fn a_create_heeds_retry_after_before_it_looks() {
    let gateway = || Act::Answer(answer("504 Gateway Timeout", &[("Retry-After", "4")], "<html>"));
    let wire = Wire::doing([gateway(), found()]).await;
    let clock = clock();
    let error = timed(&wire, &clock, 60 * SECOND).policies().create(&policy()).await.unwrap_err();
    assert!(error.message().contains("there is a policy of that name"), "{error}");
    assert_eq!((clock.pauses(), wire.requests().len()), (vec![4 * SECOND], 2));
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
        error.to_string().contains("a whole response before the deadline of the call did not come within 3 s"),
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

/// Polls a future once, and leaves it.
async fn begin<F: Future + Unpin>(future: &mut F) {
    let poll = std::future::poll_fn(|context| std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context)));
    assert!(poll.await.is_pending());
}

fn record() -> Vec<u8> {
    json("200 OK", &format!(r#"{{"uuid":"{UUID}"}}"#))
}

#[tokio::test]
async fn calls_that_nobody_polls_stop_no_other() {
    let (simulator, client) = cluster().await;
    let uuid = client.policies().create(&psk("n")).await.unwrap();
    for slots in [1, 2, 4] {
        let client = Client::builder(simulator.url())
            .credentials(Credentials::basic("admin", crate::support::PASSWORD))
            .ca_certificate(simulator.ca_pem().unwrap())
            .max_concurrent_requests(slots)
            .build()
            .unwrap();
        // More than there are slots: some of them wait for one.
        let mut kept: Vec<_> = (0..slots + 2).map(|_| Box::pin(client.policies().get(uuid))).collect();
        for call in &mut kept {
            begin(call).await;
        }
        tokio::time::timeout(5 * SECOND, client.policies().get(uuid)).await.expect("it hangs").unwrap();
        for call in kept {
            call.await.unwrap();
        }
        // The body of the loop needs a slot, while the calls beside it are not polled.
        let mut calls = stream::iter(0..20).map(|_| client.policies().get(uuid)).buffer_unordered(slots + 2);
        while let Some(outcome) = tokio::time::timeout(5 * SECOND, calls.next()).await.expect("it hangs") {
            outcome.unwrap();
            tokio::time::timeout(5 * SECOND, client.policies().get(uuid)).await.expect("it hangs").unwrap();
        }
    }
}

/// The call that asks the token source is not polled.
#[tokio::test]
async fn a_call_for_a_token_that_nobody_polls_stops_no_other() {
    let wire = Wire::answering([record()]).await;
    let credentials = Credentials::bearer_from(async || {
        tokio::time::sleep(SECOND / 10).await;
        Ok::<_, std::io::Error>(crate::support::TOKEN)
    });
    let client = wire.builder().credentials(credentials).build().unwrap();
    let mut kept: Vec<_> = (0..3).map(|_| Box::pin(client.policies().get(UUID))).collect();
    for call in &mut kept {
        begin(call).await;
    }
    tokio::time::timeout(5 * SECOND, client.policies().get(UUID)).await.expect("it hangs").unwrap();
}

/// The `return_timeout` of a look-up does not come on top.
#[tokio::test]
async fn the_deadline_holds_on_a_silent_server() {
    let wire = Wire::doing([Act::Stall(Vec::new(), Box::new(|| {}))]).await;
    let client = wire.builder().timeout(SECOND / 5).read_timeout(SECOND / 5).connect_timeout(SECOND / 5);
    let client = client.retry(RetryPolicy::default().deadline(SECOND)).build().unwrap();
    let started = std::time::Instant::now();
    for call in [
        client.policies().create(&policy()).await.map(drop),
        client.policies().find("svm1", "n").await.map(drop),
        client.policies().apply(&policy()).await.map(drop),
    ] {
        assert!(call.unwrap_err().is_retryable());
    }
    assert!(started.elapsed() < 5 * SECOND, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_change_to_any_address_is_refused() {
    let wire = Wire::answering([json("200 OK", "{}")]).await;
    let client = wire.client();
    for changes in [
        IpsecPolicyModify::default().with_enabled(true).with_remote_endpoint(IpsecEndpoint::any()),
        IpsecPolicyModify::default().with_local_endpoint(IpsecEndpoint::any()),
    ] {
        let error = client.policies().modify(UUID, &changes).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.message().contains("a change cannot widen it to any address"), "{error}");
    }
    assert!(wire.requests().is_empty());
    let port = IpsecPolicyModify::default().with_local_endpoint(IpsecEndpoint::any().with_port(53));
    client.policies().modify(UUID, &port).await.unwrap();
}

#[tokio::test]
async fn a_list_that_nobody_polls_stops_no_other() {
    let body = format!(r#"{{"records":[{{"uuid":"{UUID}"}}],"num_records":1,"uuid":"{UUID}"}}"#);
    let wire = Wire::doing([Act::Stall(Vec::new(), Box::new(|| {})), Act::Answer(json("200 OK", &body))]).await;
    let client = wire.builder().max_concurrent_requests(1).read_timeout(SECOND / 2).connect_timeout(SECOND / 2);
    let client = client.retry(RetryPolicy::off()).build().unwrap();
    let mut list = client.policies().list().return_timeout(0).stream();
    tokio::time::timeout(SECOND / 20, list.try_next()).await.unwrap_err();
    tokio::time::timeout(5 * SECOND, client.policies().get(UUID)).await.expect("it hangs").unwrap();
    list.try_next().await.unwrap_err();
}

/// 200 tasks whose calls are given up at any time. A slot that is lost would be missing in the end.
#[tokio::test]
async fn calls_that_are_given_up_lose_no_slot() {
    const SLOTS: usize = 4;
    let wire = Wire::answering([record()]).await;
    let client = wire.builder().max_concurrent_requests(SLOTS).build().unwrap();
    let given_up = Arc::new(AtomicUsize::new(0));
    let tasks = (0..200_u64).map(|task| {
        let (client, given_up) = (client.clone(), Arc::clone(&given_up));
        tokio::spawn(async move {
            for round in 0..20 {
                let patience = Duration::from_micros((task * 37 + round * 101) % 1500);
                if tokio::time::timeout(patience, client.policies().get(UUID)).await.is_err() {
                    given_up.fetch_add(1, Ordering::Relaxed);
                }
            }
        })
    });
    futures_util::future::try_join_all(tasks).await.unwrap();
    assert!(given_up.load(Ordering::Relaxed) > 1000, "{given_up:?}");
    // All slots wait for the server at the same time.
    let calls = (0..SLOTS).map(|_| client.policies().get(UUID));
    let all = tokio::time::timeout(20 * SECOND, futures_util::future::join_all(calls)).await.expect("a slot is lost");
    assert!(all.into_iter().all(|outcome| outcome.is_ok()));
}

#[test]
fn outside_a_runtime_calls_are_an_error() {
    use futures_util::FutureExt as _;

    let client = Client::builder("http://127.0.0.1:9").allow_plain_http().build().unwrap();
    let mut list = client.policies().list().stream();
    for error in [
        client.policies().get(UUID).now_or_never().unwrap().unwrap_err(),
        client.policies().create(&policy()).now_or_never().unwrap().unwrap_err(),
        client.policies().apply(&policy()).now_or_never().unwrap().unwrap_err(),
        list.try_next().now_or_never().unwrap().unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Configuration, false), "{error}");
        assert!(error.message().contains("outside a Tokio runtime"), "{error}");
    }
}

/// The loop of `PolicyStream::resume` has to go on.
#[test]
fn a_list_goes_on_in_another_runtime() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let servers = runtime();
    let page = json("200 OK", &format!(r#"{{"records":[{{"uuid":"{UUID}"}}],"num_records":1}}"#));
    let acts = [Act::Stall(Vec::new(), Box::new(|| {})), Act::Answer(page)];
    let wire = servers.block_on(Wire::doing(acts));
    let mut list = wire.client().policies().list().stream();
    runtime().block_on(async { tokio::time::timeout(SECOND / 20, list.try_next()).await.unwrap_err() });
    // The first runtime is gone, and its task with it.
    let policy = runtime().block_on(async {
        loop {
            match list.try_next().await {
                Ok(policy) => break policy,
                Err(error) if error.is_retryable() => list.resume(),
                Err(error) => panic!("{error}"),
            }
        }
    });
    assert_eq!(policy.unwrap().id(), Some(UUID));
}

/// A cluster whose `return_timeout` ran out, as the simulator has it.
#[tokio::test]
async fn a_busy_cluster_that_looks_empty_is_asked_again() {
    let (simulator, client) = cluster().await;
    client.policies().create(&psk("n")).await.unwrap();
    simulator.inject(Fault::delay(SECOND).on("GET")).unwrap();
    simulator.inject(Fault::busy().without_link()).unwrap();
    let list = client.policies().list().return_timeout(1);
    assert_eq!(list.clone().count().await.unwrap(), 1);
    assert_eq!(simulator.requests().iter().filter(|request| request.method == "GET").count(), 2);
    // A page that comes at once is whole.
    simulator.inject(Fault::busy().without_link()).unwrap();
    assert_eq!(list.count().await.unwrap(), 0);
}
