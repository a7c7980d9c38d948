//! A body takes no more memory than a small multiple of the bytes that are allowed, and a client takes little.
//!
//! One test, since the kernel counts for the whole process.

#![cfg(target_os = "linux")]
// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::time::{Duration, Instant};

use ontap_ipsec::{Client, Credentials};
use support::{PASSWORD, UUID, Wire, json};

const MIB: usize = 1 << 20;

/// The most memory that the process has had since [`forget_peak`], in bytes.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").unwrap();
}

/// A body of so many bytes, with the item as often as it fits.
fn filled(before: &str, item: &str, after: &str, bytes: usize) -> String {
    let items = vec![item; bytes / (item.len() + 1)].join(",");
    format!("{before}{items}{after}")
}

#[tokio::test]
async fn what_bodies_and_clients_take() {
    clients();
    bodies().await;
}

/// Clients of many clusters share what they trust.
fn clients() {
    const CLIENTS: usize = 1000;
    let build = |number| {
        let builder = Client::builder(format!("https://cluster-{number}.example.com"));
        builder.credentials(Credentials::basic("admin", PASSWORD)).build().unwrap()
    };
    // The first one reads the certificates that the system trusts.
    let first = build(CLIENTS);
    forget_peak();
    let (before, started) = (peak(), Instant::now());
    let clients: Vec<Client> = (0..CLIENTS).map(build).collect();
    let (took, each) = (started.elapsed(), (peak() - before) / CLIENTS);
    // The system's library reads the certificates for each client.
    if cfg!(feature = "__rustls") {
        assert!(each < 50 << 10, "{each} bytes for each client");
        assert!(took < Duration::from_secs(2), "{took:?}");
    }
    drop((first, clients));
}

async fn bodies() {
    let arguments = |bytes| filled(r#"{"error":{"code":"4","message":"m","arguments":["#, "0", "]}}", bytes);
    let empty = |bytes| filled(r#"{"error":{"arguments":["#, "{}", "]}}", bytes);
    let message = |bytes| format!(r#"{{"error":{{"code":"4","message":"{}"}}}}"#, "x".repeat(bytes));
    let records = |bytes| filled(r#"{"num_records":1,"records":["#, "{}", "]}", bytes);
    // Memory that is used once, for all requests.
    let wire = Wire::answering([json("200 OK", "{}")]).await;
    wire.client().policies().delete(UUID).await.unwrap();
    let before = peak();
    for (what, status, bytes, body) in [
        ("a failure with many arguments", "400 Bad Request", MIB - 100, &arguments as &dyn Fn(usize) -> String),
        ("a failure with empty arguments", "400 Bad Request", MIB - 100, &empty),
        ("a failure with a long message", "400 Bad Request", MIB - 100, &message),
        ("a success with many arguments", "200 OK", 6 * MIB, &arguments),
        ("a success with empty arguments", "200 OK", 60 * MIB, &empty),
        ("a success with a long message", "200 OK", 60 * MIB, &message),
        ("a success with empty records", "200 OK", 60 * MIB, &records),
    ] {
        let allowed = if status == "200 OK" { 64 * MIB } else { MIB };
        let wire = Wire::answering([json(status, &body(bytes))]).await;
        forget_peak();
        let started = Instant::now();
        let error = wire.client().policies().list().page().await.unwrap_err();
        let (took, more) = (started.elapsed(), peak().saturating_sub(before));
        // The server has the body, too, and buffers of connections are on both sides.
        assert!(more < 3 * allowed + bytes + 16 * MIB, "{what}: {} MiB", more / MIB);
        assert!(took < Duration::from_secs(20), "{what}: {took:?}");
        let shown = format!("{error} {error:?}").len();
        assert!(shown < 10_000, "{what}: an error of {shown} bytes");
    }
}
