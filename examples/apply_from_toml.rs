//! Brings the policies of a TOML file to a cluster: `apply_from_toml FILE` prints the plan, `apply_from_toml FILE --apply`
//! carries it out. The exit code is 1 if a policy cannot be as the file says, or if the cluster has more of them.

#![expect(clippy::print_stdout, reason = "an example shows what it did")]

use std::error::Error;
use std::fmt::Debug;
use std::process::ExitCode;

use ontap_ipsec::types::{IpsecPolicy, IpsecPolicyCreate};
use ontap_ipsec::{Client, Error as ClientError};

#[derive(serde::Deserialize)]
struct File {
    policies: Vec<IpsecPolicyCreate>,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: apply_from_toml FILE [--apply]")?;
    // The error itself quotes the line, and with it a key.
    let file: File = toml::from_str(&std::fs::read_to_string(path)?).map_err(|error| error.message().to_owned())?;
    let client = Client::from_env()?;
    let all_good = if std::env::args().any(|argument| argument == "--apply") {
        let applied = client.policies().apply_all(&file.policies).await?;
        report(&file.policies, &applied.outcomes, &applied.undeclared)
    } else {
        let planned = client.policies().plan_all(&file.policies).await?;
        report(&file.policies, &planned.plans, &planned.undeclared)
    };
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn report(policies: &[IpsecPolicyCreate], outcomes: &[Result<impl Debug, ClientError>], more: &[IpsecPolicy]) -> bool {
    for (policy, outcome) in policies.iter().zip(outcomes) {
        println!("{}: {outcome:?}", policy.name.as_deref().unwrap_or("?"));
    }
    more.iter().for_each(|policy| println!("{}: not in the file", policy.name.as_deref().unwrap_or("?")));
    outcomes.iter().all(Result::is_ok) && more.is_empty()
}
