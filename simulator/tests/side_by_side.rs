//! Several simulators on one machine, and how they stop.

use std::{collections::HashSet, net::TcpListener, time::Duration};

use ontap_ipsec_simulator::Simulator;
use reqwest::{Certificate, Client};
use tokio::task::JoinSet;

use crate::rig::POLICIES;

fn client(simulator: &Simulator) -> Client {
    let builder = Client::builder().no_proxy();
    match simulator.ca_pem() {
        None => builder,
        Some(pem) => builder.tls_certs_only([Certificate::from_pem(pem.as_bytes()).unwrap()]),
    }
    .build()
    .unwrap()
}

async fn count(client: &Client, simulator: &Simulator) -> u64 {
    let request = client.get(format!("{}{POLICIES}?return_records=false", simulator.url()));
    let response = request.basic_auth("admin", Some("netapp1!")).send().await.unwrap();
    response.json::<serde_json::Value>().await.unwrap()["num_records"].as_u64().unwrap()
}

fn port(simulator: &Simulator) -> u16 {
    simulator.url().rsplit_once(':').unwrap().1.parse().unwrap()
}

#[tokio::test]
async fn a_command_line_starts_a_simulator() {
    let simulator = Simulator::builder().start().await.unwrap();
    assert_eq!(count(&client(&simulator), &simulator).await, 0);
}

#[tokio::test]
async fn fifty_simulators_run_independently() {
    let mut starting = JoinSet::new();
    for number in 0..50 {
        starting.spawn(async move {
            let simulator = Simulator::builder().policies(number).start().await.unwrap();
            let client = client(&simulator);
            assert_eq!(count(&client, &simulator).await, u64::from(number));
            simulator
        });
    }
    let simulators = starting.join_all().await;
    assert_eq!(simulators.iter().map(port).collect::<HashSet<_>>().len(), 50);
    assert!(simulators.iter().all(|simulator| simulator.requests().len() == 1));
    let ports: Vec<_> = simulators.iter().map(port).collect();
    for simulator in simulators {
        simulator.shutdown().await;
    }
    for port in ports {
        TcpListener::bind(("127.0.0.1", port)).unwrap_or_else(|error| panic!("{port} is not free: {error}"));
    }
}

#[tokio::test]
async fn a_dropped_simulator_stops() {
    let simulator = Simulator::builder().plain_http().start().await.unwrap();
    let (client, url, port) = (client(&simulator), simulator.url().to_owned(), port(&simulator));
    assert_eq!(count(&client, &simulator).await, 0);
    drop(simulator);
    // The runtime ends the tasks later.
    for _ in 0..200 {
        if client.get(&url).send().await.is_err() && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it goes on");
}
