//! Handles the errors of a call: what happened, what to do, and an exit code for a scheduler.

#![expect(clippy::print_stderr, reason = "an example shows its errors")]

use std::process::ExitCode;

use ontap_ipsec::types::IpsecPolicyCreate;
use ontap_ipsec::{Client, Error, ErrorCode, ErrorKind};

#[tokio::main]
async fn main() -> ExitCode {
    match create().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The operation, the cluster's host, the HTTP status, the code, and the number of attempts.
            eprintln!("{error}");
            if let Some(remedy) = error.code().and_then(ErrorCode::remedy) {
                eprintln!("what to do: {remedy}");
            }
            ExitCode::from(match error.kind() {
                ErrorKind::Configuration | ErrorKind::InvalidRequest => 2,
                // The client has retried already; a later run can succeed.
                _ if error.is_retryable() => 75,
                _ if error.is_auth() => 77,
                _ if error.is_conflict() => 3,
                _ => 1,
            })
        }
    }
}

async fn create() -> Result<(), Error> {
    let client = Client::from_env()?;
    client.policies().create(&IpsecPolicyCreate::discard("no-telnet", "svm1")).await.map(drop)
}
