//! Collections over several pages.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::time::clock;
use crate::support::{Act, PASSWORD, UUID, Wire, json};
use futures_util::TryStreamExt as _;
use ontap_ipsec::types::IpsecPolicyCreate;
use ontap_ipsec::{Client, Clock as _, Credentials, ErrorKind, Operation, Page, PolicyScope, RetryPolicy, TestClock};

fn page(names: &[&str], next: Option<&str>) -> Vec<u8> {
    let records: Vec<_> = names.iter().map(|name| serde_json::json!({ "name": name })).collect();
    let mut body = serde_json::json!({ "records": records, "num_records": names.len() });
    if let Some(next) = next {
        body["_links"] = serde_json::json!({ "next": { "href": next } });
    }
    json("200 OK", &body.to_string())
}

/// A link to the page that starts at `key`.
fn link(key: &str) -> String {
    format!("/api/security/ipsec/policies?start.uuid={key}%7C&fields=*&max_records=2")
}

#[tokio::test]
async fn all_pages_are_read_also_after_an_empty_one() {
    let wire = Wire::answering([
        page(&["a", "b"], Some(&link("b"))),
        page(&[], Some(&link("b"))),
        page(&["c"], Some(&link("c"))),
        page(&[], None),
    ])
    .await;
    let client = wire.client();
    let names: Vec<_> = client
        .policies()
        .list()
        .max_records(2)
        .stream()
        .map_ok(|policy| policy.name.unwrap())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(names, ["a", "b", "c"]);
    let requests = wire.requests();
    assert_eq!(requests.len(), 4);
    assert!(requests[0].starts_with("GET /api/security/ipsec/policies?fields=*&max_records=2 HTTP"), "{}", requests[0]);
    for (request, key) in requests[1..].iter().zip(["b", "b", "c"]) {
        assert!(request.starts_with(&format!("GET {} HTTP/1.1\r\n", link(key))), "{request}");
        assert!(request.contains("\r\nauthorization: Basic "), "{request}");
        assert!(request.contains("\r\naccept: application/json\r\n"), "{request}");
    }
}

/// Waits until the server has seen this many requests, and a while for it to see more.
async fn sees(wire: &Wire, requests: usize) {
    while wire.requests().len() < requests {
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(wire.requests().len(), requests);
}

#[tokio::test]
async fn one_page_is_fetched_while_another_is_read() {
    let wire =
        Wire::answering([page(&["a", "b"], Some(&link("b"))), page(&["c", "d"], Some(&link("d"))), page(&["e"], None)])
            .await;
    let client = wire.client();
    let mut policies = client.policies().list().stream();
    sees(&wire, 0).await;
    for (name, requests) in [("a", 2), ("b", 2), ("c", 3), ("d", 3), ("e", 3)] {
        assert_eq!(policies.try_next().await.unwrap().unwrap().name.as_deref(), Some(name));
        sees(&wire, requests).await;
    }
    assert!(policies.try_next().await.unwrap().is_none());
    assert!(policies.try_next().await.unwrap().is_none());
    sees(&wire, 3).await;
}

#[tokio::test]
async fn what_is_done_between_policies_does_not_wait_for_the_page_that_is_fetched() {
    let wire = Wire::answering([page(&["a", "b"], Some(&link("b"))), page(&["c"], None), json("200 OK", "{}")]).await;
    let client = wire.builder().max_concurrent_requests(1).build().unwrap();
    let mut policies = client.policies().list().stream();
    let mut names = Vec::new();
    while let Some(policy) = policies.try_next().await.unwrap() {
        names.push(policy.name.unwrap());
        if names.len() == 2 {
            sees(&wire, 2).await;
            client.policies().delete(UUID).await.unwrap();
        }
    }
    assert_eq!(names, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_limit_ends_the_list_and_nothing_is_fetched_beyond_it() {
    for (limit, requests) in [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2)] {
        let pages = [page(&["a", "b"], Some(&link("b"))), page(&["c", "d"], Some(&link("d"))), page(&["e"], None)];
        let wire = Wire::answering(pages).await;
        let client = wire.client();
        let names: Vec<_> = client
            .policies()
            .list()
            .stream()
            .limit(limit)
            .map_ok(|policy| policy.name.unwrap())
            .try_collect()
            .await
            .unwrap();
        assert_eq!(names, ["a", "b", "c", "d", "e"][..usize::try_from(limit).unwrap()]);
        sees(&wire, requests).await;
    }
}

#[tokio::test]
async fn links_that_lead_in_a_circle_are_an_error() {
    for (pages, given) in [
        (vec![page(&["a"], Some(&link("a")))], 1),
        (vec![page(&["a"], Some(&link("a"))), page(&["b"], Some(&link("b"))), page(&["c"], Some(&link("a")))], 2),
    ] {
        let wire = Wire::answering(pages).await;
        let client = wire.client();
        let mut policies = client.policies().list().stream();
        for _ in 0..given {
            policies.try_next().await.unwrap().unwrap();
        }
        let error = policies.try_next().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::UnexpectedResponse, Some(Operation::IpsecPolicyCollectionGet))
        );
        assert!(error.to_string().contains("leads back to one that was read already"), "{error}");
        assert!(policies.try_next().await.unwrap().is_none());
        let error = client.policies().list().count().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    }
}

#[tokio::test]
async fn a_busy_cluster_is_asked_again_but_not_for_ever() {
    let empty = || page(&[], Some(&link("a")));
    let busy = [page(&["a"], Some(&link("a")))].into_iter().chain((0..50).map(|_| empty())).chain([page(&["b"], None)]);
    let wire = Wire::answering(busy).await;
    let time = clock();
    let client = wire.timed(&time).build().unwrap();
    let names: Vec<_> =
        client.policies().list().stream().map_ok(|policy| policy.name.unwrap()).try_collect().await.unwrap();
    assert_eq!((names.len(), wire.requests().len(), time.pauses().len()), (2, 52, 50));
    // Each pause is a random part of one that doubles up to 20 s.
    let (early, late) = (time.pauses()[..3].iter().max().copied(), time.pauses()[6..].iter().max().copied());
    assert!(early <= Some(Duration::from_secs(2)) && late > Some(Duration::from_secs(2)), "{:?}", time.pauses());

    for other in [false, true] {
        let number = AtomicUsize::new(0);
        let next = move || if other { number.fetch_add(1, Ordering::SeqCst).to_string() } else { "a".to_owned() };
        let act = Act::By(Box::new(move |_| Act::Answer(page(&[], Some(&link(&next()))))));
        let wire = Wire::doing([Act::Answer(page(&["a"], Some(&link("x")))), act]).await;
        let client = wire.timed(&clock()).build().unwrap();
        let mut policies = client.policies().list().stream();
        policies.try_next().await.unwrap().unwrap();
        let error = policies.try_next().await.unwrap_err();
        assert!(error.to_string().contains("100 pages in a row were empty"), "{error}");
        assert_eq!((error.is_retryable(), wire.requests().len()), (true, 101));
        let error = client.policies().list().count().await.unwrap_err();
        assert!(error.to_string().contains("100 pages in a row were empty"), "{error}");
    }

    // The deadline of the call ends it, too.
    let wire = Wire::answering([empty()]).await;
    let time = clock();
    let retry = RetryPolicy::default().deadline(Duration::from_secs(30));
    let client = wire.timed(&time).retry(retry).build().unwrap();
    let error = client.policies().find("svm1", "a").await.unwrap_err();
    assert!(error.is_retryable() && time.pauses().iter().sum::<Duration>() < Duration::from_secs(30), "{error}");
}

/// A call has time for some of the empty pages; the next one goes on where the last one was.
#[tokio::test]
async fn resume_goes_on_after_the_empty_pages_that_were_read() {
    let pages = (0..40).map(|number| page(&[], Some(&link(&number.to_string())))).chain([page(&["a"], None)]);
    let wire = Wire::answering(pages).await;
    let retry = RetryPolicy::default().deadline(Duration::from_secs(60));
    let client = wire.timed(&clock()).retry(retry).build().unwrap();
    let mut policies = client.policies().list().stream();
    let mut resumed = 0;
    let policy = loop {
        match policies.try_next().await {
            Ok(policy) => break policy,
            Err(error) if error.is_retryable() && resumed < 40 => policies.resume(),
            Err(error) => panic!("{error}"),
        }
        resumed += 1;
    };
    assert_eq!(policy.unwrap().name.as_deref(), Some("a"));
    assert!(resumed > 2, "{resumed}");
    let asked: Vec<_> = wire.requests().iter().map(|request| request.lines().next().unwrap().to_owned()).collect();
    assert_eq!(asked.len(), 41, "{asked:#?}");
}

/// A caller that takes empty pages for absence creates a policy that exists.
#[tokio::test]
async fn records_that_cannot_be_told_from_others_are_an_error() {
    for body in [
        r#"{"records":[{}],"num_records":1}"#,
        r#"{"records":[{"name":"a"}],"num_records":1}"#,
        r#"{"records":[{"name":"a","svm":{}}],"num_records":1}"#,
        r#"{"num_records":-1}"#,
    ] {
        let wire = Wire::answering([json("200 OK", body)]).await;
        let error = wire.client().policies().find("svm1", "a").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}: {error}");
    }
    let wire = Wire::answering([json("200 OK", r#"{"records":[{"name":"b"}],"num_records":1}"#)]).await;
    assert!(wire.client().policies().find("svm1", "a").await.unwrap().is_none());
}

/// ONTAP says of an empty list that is cut short by `return_timeout` that it is whole. Only the time tells.
#[tokio::test]
async fn an_empty_list_that_took_all_its_time_is_no_proof() {
    let empty = || page(&[], None);
    let slow = |time: &TestClock, seconds: u64| {
        let time = time.clone();
        Act::By(Box::new(move |_| {
            // Nothing of it is awaited: the clock goes on by itself.
            drop(time.sleep(Duration::from_secs(seconds)));
            Act::Answer(page(&[], None))
        }))
    };
    let policy = IpsecPolicyCreate::discard("a", PolicyScope::cluster());
    let time = clock();
    let wire = Wire::doing([slow(&time, 15), Act::Answer(page(&["a"], None))]).await;
    let client = wire.timed(&time).build().unwrap();
    assert!(client.policies().find(PolicyScope::cluster(), "a").await.unwrap().is_some());
    assert_eq!(wire.requests().len(), 2);

    let time = clock();
    let wire = Wire::doing([slow(&time, 15)]).await;
    let client = wire.timed(&time).build().unwrap();
    for error in [
        client.policies().find(PolicyScope::cluster(), "a").await.unwrap_err(),
        client.policies().plan(&policy).await.unwrap_err(),
        client.policies().apply(&policy).await.unwrap_err(),
        client.policies().list().count().await.unwrap_err(),
        client.policies().list().first().await.unwrap_err(),
    ] {
        assert!(error.is_retryable() && error.message().contains("the cluster is busy"), "{error}");
        assert_eq!(error.attempts(), 4, "{error}");
    }
    assert!(wire.requests().iter().all(|request| request.starts_with("GET")));

    // Nor does a create send its policy again.
    let time = clock();
    let wire = Wire::doing([Act::Reset, slow(&time, 15)]).await;
    let error = wire.timed(&time).build().unwrap().policies().create(&policy).await.unwrap_err();
    assert!(error.message().contains("it is unknown whether"), "{error}");
    assert_eq!(wire.requests().iter().filter(|request| request.starts_with("POST")).count(), 1);

    // It costs an idle cluster nothing: one request, and no pause.
    let wire = Wire::answering([empty()]).await;
    let time = clock();
    let client = wire.timed(&time).build().unwrap();
    assert!(client.policies().find(PolicyScope::cluster(), "a").await.unwrap().is_none());
    assert_eq!((wire.requests().len(), time.pauses()), (1, Vec::new()));
    // And `return_timeout` is what counts, where it is set.
    let time = clock();
    let wire = Wire::doing([slow(&time, 15)]).await;
    let client = wire.timed(&time).build().unwrap();
    assert_eq!(client.policies().list().return_timeout(60).count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_list_goes_on_after_an_error_where_it_was() {
    let busy = || json("429 Too Many Requests", r#"{"error":{"code":"262160","message":"busy"}}"#);
    for first_fails in [false, true] {
        let mut answers = vec![page(&["a"], Some(&link("a"))), busy(), busy(), page(&["b"], None)];
        if first_fails {
            answers.insert(0, busy());
        }
        let wire = Wire::answering(answers).await;
        let client = wire.client();
        let mut policies = client.policies().list().max_records(1).stream();
        let (mut names, mut errors) = (Vec::new(), 0);
        loop {
            match policies.try_next().await {
                Ok(Some(policy)) => names.push(policy.name.unwrap()),
                Ok(None) => break,
                Err(error) => {
                    assert!(error.is_retryable(), "{error}");
                    assert!(policies.try_next().await.unwrap().is_none(), "it has ended until it is resumed");
                    errors += 1;
                    policies.resume();
                }
            }
        }
        assert_eq!((names, errors), (vec!["a".to_owned(), "b".to_owned()], 2 + usize::from(first_fails)));
    }
}

#[tokio::test]
async fn counting_adds_up_what_each_page_says() {
    let counted = |number: u64, next: Option<&str>| {
        let links = next.map(|next| format!(r#","_links":{{"next":{{"href":"{next}"}}}}"#)).unwrap_or_default();
        json("200 OK", &format!(r#"{{"num_records":{number}{links}}}"#))
    };
    let wire = Wire::answering([counted(40, Some(&link("a"))), counted(0, Some(&link("a"))), counted(2, None)]).await;
    assert_eq!(wire.client().policies().list().svm_name("svm1").count().await.unwrap(), 42);
    let requests = wire.requests();
    assert!(
        requests[0].starts_with("GET /api/security/ipsec/policies?return_records=false&svm.name=svm1 HTTP"),
        "{}",
        requests[0]
    );
    assert_eq!(requests.len(), 3);
    // Numbers that nobody can have are no reason to panic.
    let most = i64::MAX.unsigned_abs();
    let wire =
        Wire::answering([counted(most, Some(&link("a"))), counted(most, Some(&link("b"))), counted(most, None)]).await;
    assert_eq!(wire.client().policies().list().count().await.unwrap(), u64::MAX);
    let wire = Wire::answering([json("200 OK", r#"{"records":[]}"#)]).await;
    assert_eq!(wire.client().policies().list().count().await.unwrap_err().kind(), ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn pages_can_be_turned_by_hand() {
    let next = "/api/security/ipsec/policies?start.uuid=x";
    let wire = Wire::answering([page(&["a"], Some(next)), page(&["b"], None)]).await;
    let client = wire.client();
    let first = client.policies().list().max_records(1).page().await.unwrap();
    assert_eq!((first.records.len(), first.num_records, first.is_last()), (1, Some(1), false));
    let second = client.policies().next_page(&first).await.unwrap().unwrap();
    assert_eq!(second.records[0].name.as_deref(), Some("b"));
    assert!(second.is_last());
    assert!(client.policies().next_page(&second).await.unwrap().is_none());
    assert_eq!(wire.requests().len(), 2);
}

#[tokio::test]
async fn a_link_to_another_host_gets_no_credentials() {
    let elsewhere = Wire::answering([page(&["stolen"], None)]).await;
    let next = format!("{}/api/security/ipsec/policies", elsewhere.url());
    let wire = Wire::answering([page(&["a"], Some(&next))]).await;
    let client = wire.client();
    let mut policies = client.policies().list().stream();
    assert!(policies.try_next().await.unwrap().is_some());
    let error = policies.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert_eq!(error.operation(), Some(Operation::IpsecPolicyCollectionGet));
    assert_eq!(elsewhere.requests().len(), 0);
}

/// A first page with this link to the next one.
async fn leading_to(next: &str) -> Page {
    let wire = Wire::answering([page(&["a"], Some(next))]).await;
    wire.client().policies().list().page().await.unwrap()
}

#[tokio::test]
async fn only_links_into_the_same_api_are_followed() {
    let elsewhere = Wire::answering([page(&["stolen"], None)]).await;
    let wire = Wire::answering([page(&["b"], None)]).await;
    let (host, other_port) = (wire.host(), elsewhere.host());
    // Another name of the same host, so that a request would come to `wire`.
    let other_name = host.replace("127.0.0.1", "localhost");
    let plain = wire.client();
    let secure = Client::builder(format!("https://{host}")).credentials(Credentials::basic("admin", PASSWORD));
    let secure = secure.retry(RetryPolicy::off()).build().unwrap();
    for (client, next) in [
        (&plain, format!("http://{other_name}/api/security/ipsec/policies")),
        (&plain, format!("//{other_name}/api/x")),
        (&secure, format!("http://{host}/api/x")),
        (&plain, format!("https://{host}/api/x")),
        (&plain, format!("http://{other_port}/api/x")),
        (&plain, format!("http://user:word@{host}/api/x")),
        (&plain, "/spi/x".to_owned()),
        (&plain, "/api/../spi/x".to_owned()),
        (&plain, "https://[".to_owned()),
    ] {
        let error = client.policies().next_page(&leading_to(&next).await).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{next}");
        assert_eq!(error.message(), "the link to the next page does not lead to this cluster's API", "{next}");
        assert_eq!((wire.requests().len(), elsewhere.requests().len()), (0, 0), "{next}");
    }
    let next = "/api/security/ipsec/policies?start.uuid=a%7Cb&max_records=1";
    let second = plain.policies().next_page(&leading_to(next).await).await.unwrap().unwrap();
    assert_eq!(second.records[0].name.as_deref(), Some("b"));
    assert!(wire.request().starts_with(&format!("GET {next} HTTP/1.1\r\n")), "{}", wire.request());
}

#[tokio::test]
async fn an_error_on_a_later_page_is_given_after_the_policies_before_it() {
    let next = "/api/security/ipsec/policies?start.uuid=x";
    let busy = json("429 Too Many Requests", r#"{"error":{"code":"262160","message":"busy"}}"#);
    let wire = Wire::answering([page(&["a"], Some(next)), busy]).await;
    let client = wire.client();
    let mut policies = client.policies().list().stream();
    assert!(policies.try_next().await.unwrap().is_some());
    let error = policies.try_next().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.code().unwrap().as_str()), (429, "262160"));
    assert!(policies.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_page_that_holds_an_error_is_one() {
    let body = r#"{"records":[{"name":"a"}],"error":{"code":"262210","message":"too slow"}}"#;
    let wire = Wire::answering([json("200 OK", body)]).await;
    let error = wire.client().policies().list().page().await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Api, "too slow"));
}

#[tokio::test]
async fn counting_asks_for_no_records() {
    let wire = Wire::answering([json("200 OK", r#"{"num_records":42}"#)]).await;
    let page = wire.client().policies().list().return_records(false).page().await.unwrap();
    assert_eq!((page.num_records, page.records.len(), page.is_last()), (Some(42), 0, true));
    assert!(wire.request().contains("return_records=false"));
}

#[tokio::test]
async fn a_policy_of_the_cluster_is_found_without_an_svm() {
    let of_svm = r#"{"name":"n","uuid":"02c9e252-41be-11e9-81d5-00a0986138f7","svm":{"name":"svm1"}}"#;
    let of_cluster = format!(r#"{{"name":"n","uuid":"{UUID}","scope":"cluster"}}"#);
    let wire = Wire::answering([json("200 OK", &format!(r#"{{"records":[{of_svm},{of_cluster}]}}"#))]).await;
    assert_eq!(wire.client().policies().find(PolicyScope::cluster(), "n").await.unwrap().unwrap().id(), Some(UUID));
    assert!(wire.request().contains("&name=n&scope=cluster HTTP"), "{}", wire.request());
}
