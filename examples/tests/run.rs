//! Runs each example against a simulator, as a user does.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests may stop the world")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ontap_ipsec_simulator::{
    Certificate, CertificateFault, CertificateKind, ClusterState, Fault, Simulator, Svm, Token,
};

const PASSWORD: &str = "only for the simulator";

/// A simulator, and a directory for files.
struct Cluster {
    simulator: Simulator,
    directory: PathBuf,
}

impl Cluster {
    async fn start(name: &str, state: ClusterState, fault: Option<CertificateFault>) -> Self {
        let mut builder = Simulator::builder().user("admin", PASSWORD).cluster(state.svm(Svm::data("svm1")));
        if let Some(fault) = fault {
            builder = builder.certificate_fault(fault);
        }
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&directory).unwrap();
        let cluster = Self { simulator: builder.start().await.unwrap(), directory };
        cluster.file("ca.pem", cluster.simulator.ca_pem().unwrap());
        cluster
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Runs an example, and returns its exit code with what it printed.
    async fn run(&self, example: &str, arguments: &[&str], variables: &[(&str, PathBuf)]) -> (i32, String) {
        // Beside the folder of this test.
        let target = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned();
        let mut command = Command::new(target.join("examples").join(example));
        command
            .args(arguments)
            .env("ONTAP_URL", self.simulator.url())
            .env("ONTAP_CA_FILE", self.directory.join("ca.pem"));
        command.env("ONTAP_USER", "admin").env("ONTAP_PASSWORD", PASSWORD).envs(variables.iter().cloned());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), text)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_policy_is_applied_and_listed() {
    let cluster = Cluster::start("apply", ClusterState::default(), None).await;
    let key = [("PSK_FILE", cluster.file("psk", "an example, not a secret\n"))];
    let (code, text) = cluster.run("apply", &[], &key).await;
    assert!(code == 0 && text.starts_with("created "), "{text}");
    let (code, text) = cluster.run("apply", &[], &key).await;
    assert!(code == 0 && text.contains(" is as described\nONTAP returns no key"), "{text}");
    assert_eq!(cluster.run("list", &[], &[]).await, (0, String::new()), "the policy is disabled");
    assert_eq!(cluster.run("blocking", &[], &[]).await, (0, "nfs-to-hosts\n".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_planned_and_then_applied() {
    let cluster = Cluster::start("toml", ClusterState::default(), None).await;
    let file = cluster.file(
        "policies.toml",
        "[[policies]]\nname = \"no-telnet\"\nsvm = \"svm1\"\naction = \"discard\"\nremote_endpoint = { port = 23 }\n\
         [[policies]]\nname = \"no-ftp\"\nsvm = \"svm1\"\naction = \"discard\"\nremote_endpoint = { port = 21 }\n",
    );
    let file = file.to_str().unwrap();
    let planned = "no-telnet: Ok(Create)\nno-ftp: Ok(Create)\n".to_owned();
    assert_eq!(cluster.run("apply_from_toml", &[file], &[]).await, (0, planned));
    assert!(cluster.simulator.policies().is_empty());
    let (code, text) = cluster.run("apply_from_toml", &[file, "--apply"], &[]).await;
    assert!(code == 0 && text.matches("change: Created").count() == 2, "{text}");
    assert_eq!(cluster.run("list", &[], &[]).await, (0, "svm1: no-ftp\nsvm1: no-telnet\n".to_owned()));

    let one = cluster.file("one.toml", "[[policies]]\nname = \"no-ftp\"\nsvm = \"svm1\"\naction = \"bypass\"\n");
    let (code, text) = cluster.run("apply_from_toml", &[one.to_str().unwrap()], &[]).await;
    assert!(
        code == 1 && text.contains("no-ftp: Ok(Cannot") && text.ends_with("no-telnet: not in the file\n"),
        "{text}"
    );
    let key = cluster.file("key.toml", "policies = [{ secret_key = \"a key that nobody may see\", secretkey = 1 }]");
    let (code, text) = cluster.run("apply_from_toml", &[key.to_str().unwrap()], &[]).await;
    assert!(code == 1 && text.contains("secretkey") && !text.contains("nobody may see"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_has_a_remedy_and_an_exit_code() {
    let cluster = Cluster::start("errors", ClusterState::default(), None).await;
    assert_eq!(cluster.run("errors", &[], &[]).await, (0, String::new()));
    let (code, text) = cluster.run("errors", &[], &[]).await;
    assert!(code == 3 && text.contains("66257104") && text.contains("\nwhat to do: "), "{text}");
    cluster.simulator.inject(Fault::unavailable(503).always()).unwrap();
    assert_eq!(cluster.run("errors", &[], &[]).await.0, 75);
    cluster.simulator.clear_faults();
    let wrong = [("ONTAP_PASSWORD", PathBuf::from("wrong"))];
    assert_eq!(cluster.run("errors", &[], &wrong).await.0, 77);
    assert_eq!(cluster.run("errors", &[], &[("ONTAP_URL", PathBuf::from("http://cluster"))]).await.0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_ontap_made_is_pinned() {
    let cluster = Cluster::start("pinned", ClusterState::default(), Some(CertificateFault::CaTrue)).await;
    let certificate = [("CLUSTER_CERTIFICATE", cluster.directory.join("ca.pem"))];
    assert_eq!(cluster.run("pinned", &[], &certificate).await, (0, "0 policies\n".to_owned()));
    let (code, text) = cluster.run("list", &[], &[]).await;
    assert!(code == 1 && text.contains("pin it"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_comes_from_a_file() {
    let cluster = Cluster::start("token", ClusterState::default(), None).await;
    cluster.simulator.issue_token(Token::new("the-token")).unwrap();
    let file = [("TOKEN_FILE", cluster.file("token", "the-token\n"))];
    assert_eq!(cluster.run("token", &[], &file).await, (0, "0 policies\n".to_owned()));
    cluster.simulator.revoke_token("the-token");
    assert_eq!(cluster.run("token", &[], &file).await.0, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_comes_up() {
    let state = ClusterState::default()
        .certificate(Certificate::new("storage").of_svm("svm1").of_kind(CertificateKind::Server))
        .negotiation_time(Duration::from_millis(100));
    let cluster = Cluster::start("established", state, None).await;
    let policy = "[[policies]]\nname = \"tunnel\"\nsvm = \"svm1\"\naction = \"esp_transport\"\nenabled = false\n\
                  authentication_method = \"psk\"\nsecret_key = \"an example, not a secret\"\n\
                  local_endpoint = { address = \"192.0.2.10\", netmask = \"32\" }\n\
                  remote_endpoint = { address = \"198.51.100.7\", netmask = \"32\" }\n";
    let file = cluster.file("policies.toml", policy);
    let (code, text) = cluster.run("apply_from_toml", &[file.to_str().unwrap(), "--apply"], &[]).await;
    assert_eq!(code, 0, "{text}");
    assert_eq!(cluster.run("established", &["tunnel"], &[]).await, (0, "protected with 198.51.100.7\n".to_owned()));
}
