//! Creates one policy, changes it, or leaves it as it is. To run the example again changes nothing.

#![expect(clippy::print_stdout, reason = "an example shows what it did")]

use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicyCreate};
use ontap_ipsec::{Authentication, Change, Client, Protocol};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let key = std::fs::read_to_string(std::env::var("PSK_FILE")?)?;
    let policy = IpsecPolicyCreate::esp_transport("nfs-to-hosts", "svm1", Authentication::psk(key.trim_end()))
        .with_local_endpoint("192.0.2.10".parse::<IpsecEndpoint>()?.with_port(2049))
        .with_remote("198.51.100.0/24")?
        .with_protocol(Protocol::Tcp)
        .with_enabled(false);
    let applied = client.policies().apply(&policy).await?;
    match applied.change {
        Change::Created => println!("created {}", applied.uuid),
        Change::Modified(fields) => println!("changed {fields:?} of {}", applied.uuid),
        _ => println!("{} is as described", applied.uuid),
    }
    if applied.key_not_compared {
        println!("ONTAP returns no key: the policy may have another one");
    }
    Ok(())
}
