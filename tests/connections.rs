//! The number of connections that calls need.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{PASSWORD, watch};
use futures_util::future::try_join_all;
use ontap_ipsec::{Client, ClientBuilder, Credentials};
use ontap_ipsec_simulator::Simulator;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// Starts a simulator behind a port that counts connections, and gives a builder of its client.
async fn counted() -> (Simulator, ClientBuilder, Arc<AtomicUsize>) {
    watch::over_traces();
    let simulator = Simulator::builder().user("admin", PASSWORD).start().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let builder = Client::builder(url)
        .credentials(Credentials::basic("admin", PASSWORD))
        .ca_certificate(simulator.ca_pem().unwrap());
    let address = simulator.url().trim_start_matches("https://").to_owned();
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            seen.fetch_add(1, Ordering::SeqCst);
            let mut to = TcpStream::connect(&address).await.unwrap();
            tokio::spawn(async move { copy_bidirectional(&mut from, &mut to).await });
        }
    });
    (simulator, builder, count)
}

#[tokio::test]
async fn calls_one_after_the_other_share_one_connection() {
    let (_simulator, builder, count) = counted().await;
    let client = builder.build().unwrap();
    for _ in 0..20 {
        client.policies().list().page().await.unwrap();
        client.clone().config().get().await.unwrap();
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn calls_at_once_open_no_more_connections_than_there_are_slots() {
    let (_simulator, builder, count) = counted().await;
    let client = builder.max_concurrent_requests(4).build().unwrap();
    let call = |_| async { client.policies().list().page().await };
    try_join_all((0..100).map(call)).await.unwrap();
    let opened = count.load(Ordering::SeqCst);
    assert!((1..=4).contains(&opened), "{opened} connections");
}
