//! Switches IPsec on, enables a policy, and waits until a peer has an association with the cluster.

#![expect(clippy::print_stdout, reason = "an example shows what it did")]

use std::time::Duration;

use ontap_ipsec::Client;
use ontap_ipsec::types::IpsecPolicyModify;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let name = std::env::args().nth(1).ok_or("usage: established POLICY")?;
    let policy = client.policies().find("svm1", &name).await?.ok_or("there is no such policy in svm1")?;
    let uuid = policy.id().ok_or("the policy has no UUID")?;

    client.config().enable().await?;
    client.policies().modify(uuid, &IpsecPolicyModify::default().with_enabled(true)).await?;
    // The error says why there is no association: IPsec is off, the peer is silent, no authority is trusted, ...
    let association = client.policies().established(uuid, Duration::from_secs(60)).await?;
    println!("protected with {}", association.remote_address.unwrap_or_default());
    Ok(())
}
