//! How long, how large and how many.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::time::{TIMEOUT, clock};
use crate::support::{Act, PASSWORD, UUID, Wire, answer, json};
use ontap_ipsec::{Client, ErrorKind, RetryPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// The time limit for the first piece of a response, connecting included, without `return_timeout`.
const FIRST: Duration = Duration::from_secs(10).saturating_add(TIMEOUT);

/// A server that sends this much and then nothing, and lets the time-out of this length come.
async fn stalled(sent: &str, clock: &ontap_ipsec::TestClock, timeout: Duration) -> Wire {
    let clock = clock.clone();
    Wire::doing([Act::Stall(sent.as_bytes().to_vec(), Box::new(move || clock.expire(timeout)))]).await
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_not_waited_for() {
    for (sent, timeout, words) in [
        ("", FIRST, "a response did not come within 1010 s"),
        ("HTTP/1.1 200 OK\r\nContent-Le", FIRST, "a response did not come within 1010 s"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", TIMEOUT, "more of the response did not come within 1000 s"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", TIMEOUT, "more of the response did not come within 1000 s"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", TIMEOUT * 2, "a whole response did not come within 2000 s"),
    ] {
        let clock = clock();
        let wire = stalled(sent, &clock, timeout).await;
        let client = wire.timed(&clock).retry(crate::support::patient().max_attempts(1)).build().unwrap();
        let error = client.policies().get(UUID).await.unwrap_err();
        assert_eq!((error.kind(), error.is_timeout(), error.is_retryable()), (ErrorKind::Transport, true, true));
        assert_eq!(error.to_string(), format!("ipsec_policy_get on {}: {words}", wire.host()));
    }
}

#[tokio::test]
async fn the_body_of_a_failure_is_not_waited_for_and_its_status_is_kept() {
    let clock = clock();
    let wire = stalled("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 99\r\n\r\n{", &clock, TIMEOUT).await;
    let client = wire.timed(&clock).retry(crate::support::patient().max_attempts(1)).build().unwrap();
    let error = client.policies().get(UUID).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 503);
    assert!(error.to_string().contains("a body that broke off"), "{error}");
}

#[tokio::test]
async fn return_timeout_comes_on_top() {
    let seconds = Duration::from_secs;
    for (asked, patience) in [(None, 15), (Some(0), 0), (Some(120), 120), (Some(100_000), 120)] {
        for (timeout, words) in [(FIRST, "a response"), (TIMEOUT * 2, "a whole response")] {
            let clock = clock();
            let timeout = timeout + seconds(patience);
            let wire = stalled("", &clock, timeout).await;
            let client = wire.timed(&clock).retry(crate::support::patient().max_attempts(1)).build().unwrap();
            let all = client.policies().list();
            let all = if let Some(asked) = asked { all.return_timeout(asked) } else { all };
            let message = all.page().await.unwrap_err().message().to_owned();
            assert_eq!(message, format!("{words} did not come within {} s", timeout.as_secs()));
        }
    }
}

#[tokio::test]
async fn the_longest_time_outs_are_no_trouble() {
    let wire = Wire::answering([json("200 OK", r#"{"records":[],"num_records":0}"#)]).await;
    let client = wire.builder().timeout(Duration::MAX).read_timeout(Duration::MAX).build().unwrap();
    client.policies().list().return_timeout(120).page().await.unwrap();
}

#[tokio::test]
async fn a_timed_out_read_is_tried_again() {
    let clock = clock();
    let late = clock.clone();
    let good = json("200 OK", &format!(r#"{{"uuid":"{UUID}"}}"#));
    let wire = Wire::doing([Act::Stall(Vec::new(), Box::new(move || late.expire(FIRST))), Act::Answer(good)]).await;
    wire.timed(&clock).build().unwrap().policies().get(UUID).await.unwrap();
    assert_eq!((wire.requests().len(), clock.pauses().len()), (2, 1));
}

#[tokio::test]
async fn an_answer_may_be_as_large_as_is_allowed_and_no_larger() {
    let body = format!(r#"{{"uuid":"{UUID}"}}"#);
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for sent in [json("200 OK", &body), chunked.into_bytes()] {
        let wire = Wire::answering([sent]).await;
        let client = |bytes| wire.builder().max_response_bytes(bytes).build().unwrap();
        client(body.len()).policies().get(UUID).await.unwrap();
        let error = client(body.len() - 1).policies().get(UUID).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::UnexpectedResponse, false));
        assert!(error.to_string().contains("larger than 46 bytes"), "{error}");
        assert_eq!(wire.requests().len(), 2);
    }
    let wire = Wire::answering([answer("400 Bad Request", &[("Content-Type", "text/plain")], "no such thing")]).await;
    let error = wire.builder().max_response_bytes(5).build().unwrap().policies().get(UUID).await.unwrap_err();
    assert!(error.to_string().contains("more than 5 bytes of text/plain (HTTP 400)"), "{error}");
}

#[tokio::test]
async fn what_says_that_it_is_too_large_is_not_read() {
    // Nothing follows the head, so that the body never comes.
    let clock = clock();
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n";
    let wire = Wire::doing([Act::Stall(head.into(), Box::new(|| {}))]).await;
    let error = wire.timed(&clock).build().unwrap().policies().get(UUID).await.unwrap_err();
    assert!(error.to_string().contains("larger than 67108864 bytes"), "{error}");
}

/// Answers each request when there have been `together` of them at a time, and tells the most that there were.
async fn crowd(together: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let barrier = Arc::new(tokio::sync::Barrier::new(together));
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (now, seen, barrier) = (Arc::clone(&now), Arc::clone(&seen), Arc::clone(&barrier));
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                    seen.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    barrier.wait().await;
                    now.fetch_sub(1, Ordering::SeqCst);
                    let body = format!(r#"{{"uuid":"{UUID}"}}"#);
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                    stream.write_all((head + &body).as_bytes()).await.unwrap();
                }
            });
        }
    });
    (url, most)
}

#[tokio::test]
async fn no_more_requests_are_on_their_way_than_allowed() {
    for (allowed, expected) in [(None, 6), (Some(3), 3), (Some(0), 1)] {
        let (url, most) = crowd(expected).await;
        let builder = Client::builder(url).allow_plain_http();
        let client = match allowed {
            Some(allowed) => builder.max_concurrent_requests(allowed),
            None => builder,
        };
        let client = client.build().unwrap();
        let all = (0..expected * 3).map(|_| {
            let clone = client.clone();
            tokio::spawn(async move { clone.policies().get(UUID).await })
        });
        for outcome in all.collect::<Vec<_>>() {
            outcome.await.unwrap().unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), expected);
    }
}

#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_given_up() {
    // A socket whose queue of connections is full lets further ones wait.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(stream) = tokio::time::timeout(Duration::from_millis(50), TcpStream::connect(address)).await {
        queue.push(stream.unwrap());
    }
    let client = Client::builder(format!("http://{address}"))
        .allow_plain_http()
        .credentials(ontap_ipsec::Credentials::basic("admin", PASSWORD))
        .connect_timeout(Duration::from_millis(50))
        .retry(RetryPolicy::off());
    let error = client.build().unwrap().policies().get(UUID).await.unwrap_err();
    assert_eq!((error.kind(), error.is_timeout(), error.is_retryable()), (ErrorKind::Transport, true, true));
    assert!(error.to_string().contains("no connection in time"), "{error}");
}
