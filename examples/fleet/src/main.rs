//! One policy on many clusters at once: created, changed or left alone on each, and a table of what came of it.
//!
//! ```sh
//! cargo run -p fleet                                 # a demonstration against 50 simulators
//! cargo run -p fleet -- --simulators 1000            # the same against 1,000 of them
//! cargo run -p fleet -- https://c1 https://c2        # against these clusters
//! cargo run -p fleet -- --file clusters.txt          # against those in the file, one URL in a line
//! ```
//!
//! The demonstration prints, shortened:
//!
//! ```text
//! cluster     outcome    policy                                    time  remarks
//! cluster-00  unchanged  10719a2e-f98c-475a-a97f-c8a13f3a2ee5    0.03 s
//! cluster-01  modified   a156fc76-0063-4c9d-b732-cb63cdeef25b    0.08 s  changed remote_endpoint.address, ...
//! cluster-02  created    97576986-f83d-42aa-96af-adac199c4169    0.12 s
//! cluster-17  failed     -                                       0.10 s  ipsec_policy_collection_get on 127.0.0.1:38355: ...
//! 50 clusters: 28 created, 10 modified, 10 unchanged, 2 failed
//! ```
//!
//! Credentials and CA certificates come from the variables that `ClientBuilder::from_env` lists, the same for all
//! clusters. `ONTAP_SVM` (default: `svm1`) names the SVM, and `FLEET_PSK_FILE` a file with the policy's pre-shared key.
//! The policy is disabled, so that no traffic changes.
//!
//! The exit code is 0 if all clusters have the policy, 1 if one of them failed, and 2 if nothing was tried. Two clusters
//! of the demonstration fail on purpose.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is there to show something")]

mod clusters;
mod demonstration;
mod rollout;
mod table;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicyCreate};
use ontap_ipsec::{Authentication, PolicyScope, Protocol};

use crate::clusters::Given;
use crate::demonstration::Demonstration;
use crate::rollout::Report;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(reports) => {
            print!("{}", table::of(&reports));
            if reports.iter().all(Report::succeeded) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("fleet: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<Vec<Report>, Box<dyn Error>> {
    let urls = match clusters::given(env::args().skip(1))? {
        Given::Urls(urls) => urls,
        Given::Simulators(number) => {
            eprintln!("fleet: a demonstration against {number} simulators; of these, 17 and 33 fail on purpose");
            let policy = policy("svm1", "an example, not a secret")?;
            let mut demonstration = Demonstration::start(number, &policy).await?;
            return Ok(rollout::apply(&policy, demonstration.take_clusters()).await);
        }
    };
    let file = env::var_os("FLEET_PSK_FILE").ok_or("`FLEET_PSK_FILE` has to name the file with the pre-shared key")?;
    let key = std::fs::read_to_string(file).map_err(|error| format!("the file of `FLEET_PSK_FILE`: {error}"))?;
    let svm = env::var("ONTAP_SVM").unwrap_or("svm1".into());
    let policy = policy(&svm, key.trim_end())?;
    Ok(rollout::apply(&policy, clusters::from_environment(urls)?).await)
}

fn policy(svm: &str, key: &str) -> Result<IpsecPolicyCreate, ontap_ipsec::Error> {
    let policy = IpsecPolicyCreate::esp_transport("fleet-nfs", PolicyScope::svm(svm), Authentication::psk(key))
        .with_local_endpoint(IpsecEndpoint::any().with_port(2049))
        .with_remote("198.51.100.0/24")?
        .with_protocol(Protocol::Tcp)
        // On a real cluster, the example changes no traffic.
        .with_enabled(false);
    Ok(policy)
}
