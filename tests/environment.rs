//! A client that is set up by environment variables alone.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used)]

mod support;

use std::process::{Command, Output};

use ontap_ipsec::{ClientBuilder, RetryPolicy};
use ontap_ipsec_simulator::Simulator;
use support::{PASSWORD, UUID, Wire, answer, json, read};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

/// Variables that change the other process's client.
const PLAIN_HTTP: &str = "OTHER_PROCESS_PLAIN_HTTP";
const ENVIRONMENTS_PROXY: &str = "OTHER_PROCESS_ENVIRONMENTS_PROXY";

/// Runs the test of this program that is the other process, with these variables and none of the kind that this one has.
async fn with(variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "the_other_process", "--ignored", "--nocapture"]);
    for (name, _) in std::env::vars_os() {
        let upper = name.to_string_lossy().to_ascii_uppercase();
        if upper.starts_with("ONTAP_") || upper.ends_with("_PROXY") {
            command.env_remove(name);
        }
    }
    command.envs(variables.iter().copied());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// Not a test of its own: it looks for a policy, and says what came of it.
#[tokio::test]
#[allow(clippy::print_stdout)]
#[ignore = "the other tests run it in a process of its own"]
async fn the_other_process() {
    let asked_for = |what| std::env::var_os(what).is_some();
    let client = ClientBuilder::from_env().and_then(|mut builder| {
        if asked_for(PLAIN_HTTP) {
            builder = builder.allow_plain_http();
        }
        if asked_for(ENVIRONMENTS_PROXY) {
            builder = builder.proxy_from_environment();
        }
        builder.retry(RetryPolicy::off()).build()
    });
    let outcome = match client {
        Ok(client) => client.policies().get(UUID).await,
        Err(error) => Err(error),
    };
    println!("outcome: {}", outcome.map_or_else(|error| error.to_string(), |_| "a policy".into()));
}

fn outcome(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.split_once("outcome: "));
    assert!(line.is_some(), "{output:?}");
    line.unwrap().1.to_owned()
}

#[cfg(all(feature = "__rustls", target_os = "linux"))]
#[tokio::test]
async fn a_system_without_ca_certificates_is_named_with_the_way_out() {
    let variables = [
        ("ONTAP_URL", "https://cluster.example.com"),
        ("ONTAP_TOKEN", "token"),
        ("SSL_CERT_FILE", "/dev/null"),
        ("SSL_CERT_DIR", "/dev/null"),
    ];
    let text = outcome(&with(&variables).await);
    assert!(text.contains("the system's CA certificates cannot be used"), "{text}");
    assert!(text.contains("`ClientBuilder::ca_certificate`"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_lead_to_the_cluster_and_no_proxy_between() {
    let simulator = Simulator::builder().user("admin", PASSWORD).start().await.unwrap();
    let ca = std::env::temp_dir().join(format!("ontap-ipsec-ca-{}", std::process::id()));
    std::fs::write(&ca, simulator.ca_pem().unwrap()).unwrap();
    let variables = [
        ("ONTAP_URL", simulator.url()),
        ("ONTAP_USER", "admin"),
        ("ONTAP_PASSWORD", PASSWORD),
        ("ONTAP_CA_FILE", ca.to_str().unwrap()),
        // No proxy listens at this address.
        ("HTTPS_PROXY", "http://127.0.0.1:9"),
    ];
    let output = with(&variables).await;
    assert!(outcome(&output).contains("ONTAP error 4: "), "{output:?}");
    std::fs::remove_file(ca).unwrap();
    simulator.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_told() {
    let output = with(&[("ONTAP_URL", "https://cluster.example.com"), ("ONTAP_USER", "admin")]).await;
    let told = "`ONTAP_USER` is set, but `ONTAP_PASSWORD` or `ONTAP_PASSWORD_FILE` is not; set both";
    assert_eq!(outcome(&output), told);
}

#[tokio::test(flavor = "multi_thread")]
async fn proxies_lead_there_if_asked_for() {
    let cluster = [("ONTAP_URL", "https://cluster.example.com"), ("ONTAP_TOKEN", "token")];
    let refused = || answer("403 Forbidden", &[], "");

    let proxy = Wire::answering([refused()]).await;
    with(&[&cluster[..], &[("ONTAP_PROXY", proxy.url())]].concat()).await;
    assert!(proxy.request().starts_with("CONNECT cluster.example.com:443 "), "{}", proxy.request());

    let environment = [(ENVIRONMENTS_PROXY, "1"), ("NO_PROXY", "elsewhere.example.com")];
    let proxy = Wire::answering([refused()]).await;
    with(&[&cluster[..], &environment[..], &[("HTTPS_PROXY", proxy.url())]].concat()).await;
    assert!(proxy.request().starts_with("CONNECT cluster.example.com:443 "), "{}", proxy.request());

    let proxy = Wire::answering([refused()]).await;
    let excepted = [(ENVIRONMENTS_PROXY, "1"), ("NO_PROXY", ".example.com")];
    with(&[&cluster[..], &excepted[..], &[("HTTPS_PROXY", proxy.url())]].concat()).await;
    assert_eq!(proxy.requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_a_file_is_read_again_when_it_was_refused() {
    let file = std::env::temp_dir().join(format!("ontap-ipsec-token-{}", std::process::id()));
    std::fs::write(&file, "first\n").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let output = tokio::spawn({
        let file = file.clone();
        async move { with(&[("ONTAP_URL", &url), ("ONTAP_TOKEN_FILE", file.to_str().unwrap()), (PLAIN_HTTP, "1")]).await }
    });
    let (mut stream, _) = listener.accept().await.unwrap();
    assert!(read(&mut stream).await.contains("Bearer first\r\n"));
    std::fs::write(&file, "second\n").unwrap();
    stream.write_all(&answer("401 Unauthorized", &[], "")).await.unwrap();
    let (mut stream, _) = listener.accept().await.unwrap();
    assert!(read(&mut stream).await.contains("Bearer second\r\n"));
    let policy = json("200 OK", &format!(r#"{{"uuid":"{UUID}"}}"#));
    stream.write_all(&policy).await.unwrap();
    assert_eq!(outcome(&output.await.unwrap()), "a policy");
    std::fs::remove_file(file).unwrap();
}
