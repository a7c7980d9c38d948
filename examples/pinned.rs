//! Connects to a cluster that has the certificate which ONTAP made for itself: no authority signed it, so it is pinned.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use ontap_ipsec::{Client, Credentials};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let variable = |name: &str| std::env::var(name).map_err(|_| format!("`{name}` has to be set"));
    // On the cluster: security certificate show -instance -vserver NAME -type server
    let certificate = std::fs::read(variable("CLUSTER_CERTIFICATE")?)?;
    let client = Client::builder(variable("ONTAP_URL")?)
        .pinned_certificate(certificate)
        .credentials(Credentials::basic(variable("ONTAP_USER")?, variable("ONTAP_PASSWORD")?))
        .build()?;
    println!("{} policies", client.policies().list().count().await?);
    Ok(())
}
