//! HTTPS, start and stop.

use std::{
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use ontap_ipsec_simulator::{Simulator, StartError};
use reqwest::{Certificate, Client, StatusCode};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::rig::{POLICIES, SVM1, SVM2};

fn trusting(pem: &str) -> Client {
    Client::builder().no_proxy().tls_certs_only([Certificate::from_pem(pem.as_bytes()).unwrap()]).build().unwrap()
}

async fn status(client: &Client, url: &str) -> StatusCode {
    let request = client.get(format!("{url}{POLICIES}")).basic_auth("admin", Some("netapp1!"));
    request.send().await.unwrap().status()
}

fn port(simulator: &Simulator) -> u16 {
    simulator.url().rsplit_once(':').unwrap().1.parse().unwrap()
}

#[tokio::test]
async fn a_client_with_the_ca_trusts_the_server() {
    let simulator = Simulator::builder().start().await.unwrap();
    assert!(simulator.url().starts_with("https://127.0.0.1:"));
    let client = trusting(simulator.ca_pem().unwrap());
    assert_eq!(status(&client, simulator.url()).await, 200);
    let by_name = simulator.url().replace("127.0.0.1", "localhost");
    assert_eq!(status(&client, &by_name).await, 200);
}

#[tokio::test]
async fn a_client_without_the_ca_refuses_the_server() {
    let simulator = Simulator::builder().start().await.unwrap();
    let other = Simulator::builder().start().await.unwrap();
    let client = trusting(other.ca_pem().unwrap());
    assert!(client.get(simulator.url()).send().await.is_err());
    assert!(Client::builder().no_proxy().build().unwrap().get(simulator.url()).send().await.is_err());
    assert!(simulator.requests().is_empty());
}

// Other systems have only 127.0.0.1 by default.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn other_addresses_of_the_host_are_in_the_certificate() {
    let simulator = Simulator::builder().listen("127.0.0.2:0".parse().unwrap()).start().await.unwrap();
    assert!(simulator.url().starts_with("https://127.0.0.2:"));
    assert_eq!(status(&trusting(simulator.ca_pem().unwrap()), simulator.url()).await, 200);
}

#[tokio::test]
async fn ipv6_works_where_the_host_has_it() {
    let Ok(simulator) = Simulator::builder().listen("[::1]:0".parse().unwrap()).start().await else { return };
    assert!(simulator.url().starts_with("https://[::1]:"));
    assert_eq!(status(&trusting(simulator.ca_pem().unwrap()), simulator.url()).await, 200);
}

#[tokio::test]
async fn an_unspecified_address_has_a_usable_url() {
    let simulator = Simulator::builder().listen("0.0.0.0:0".parse().unwrap()).start().await.unwrap();
    assert!(simulator.url().starts_with("https://127.0.0.1:"));
    assert_eq!(status(&trusting(simulator.ca_pem().unwrap()), simulator.url()).await, 200);
}

#[tokio::test]
async fn plain_http_has_no_ca() {
    let simulator = Simulator::builder().plain_http().start().await.unwrap();
    assert!(simulator.url().starts_with("http://127.0.0.1:"));
    assert_eq!(simulator.ca_pem(), None);
    assert_eq!(status(&Client::builder().no_proxy().build().unwrap(), simulator.url()).await, 200);
}

#[tokio::test]
async fn no_default_provider_is_installed() {
    let simulator = Simulator::builder().start().await.unwrap();
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    drop(simulator);
}

#[tokio::test]
async fn idle_clients_block_neither_others_nor_the_shutdown() {
    let simulator = Simulator::builder().start().await.unwrap();
    let mut idle = TcpStream::connect(("127.0.0.1", port(&simulator))).await.unwrap();
    let client = trusting(simulator.ca_pem().unwrap());
    assert_eq!(status(&client, simulator.url()).await, 200);
    timeout(Duration::from_secs(10), simulator.shutdown()).await.unwrap();
    let mut byte = [0];
    assert!(matches!(idle.read(&mut byte).await, Ok(0) | Err(_)));
}

#[tokio::test]
async fn after_shutdown_the_port_is_free() {
    let simulator = Simulator::builder().plain_http().start().await.unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], port(&simulator)));
    let client = Client::builder().no_proxy().build().unwrap();
    let url = simulator.url().to_owned();
    assert_eq!(status(&client, &url).await, 200);
    simulator.shutdown().await;
    assert!(client.get(&url).send().await.is_err());
    let again = Simulator::builder().plain_http().listen(address).start().await.unwrap();
    assert_eq!(again.url(), url);
}

#[tokio::test]
async fn dropping_the_simulator_ends_connections() {
    let simulator = Simulator::builder().plain_http().start().await.unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port(&simulator))).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await.unwrap();
    drop(simulator);
    let mut rest = Vec::new();
    let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await.unwrap();
    assert!(rest.is_empty());
}

#[tokio::test]
async fn a_failed_start_has_a_reason() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let error = Simulator::builder().listen(address).start().await.unwrap_err();
    assert!(matches!(error, StartError::Listen { .. }));
    assert!(error.to_string().contains(&address.to_string()));

    let twice = Simulator::builder().svm("a", SVM1.parse().unwrap());
    for (name, uuid) in [("a", SVM2), ("b", SVM1)] {
        let error = twice.clone().svm(name, uuid.parse().unwrap()).start().await.unwrap_err();
        assert!(matches!(error, StartError::Cluster(_)), "{error}");
    }
}

#[tokio::test]
async fn the_default_svm_exists() {
    let simulator = Simulator::builder().plain_http().policies(1).start().await.unwrap();
    let url = format!("{}{POLICIES}?fields=svm", simulator.url());
    let response = Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(url)
        .basic_auth("admin", Some("netapp1!"))
        .send()
        .await
        .unwrap();
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["records"][0]["svm"]["name"], "svm1");
    assert_eq!(body["records"][0]["svm"]["uuid"], SVM1);
}
