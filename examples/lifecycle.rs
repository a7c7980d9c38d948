//! The life of an IPsec policy: created, listed, found, changed, refused a second time, deleted; and that of a tunnel.
//!
//! `ONTAP_URL` names the cluster, and `ONTAP_SVM` the SVM (default: `svm1`). `ClientBuilder::from_env` lists the
//! variables for credentials. Without `ONTAP_URL`, the example starts a simulator. The tunnel is for the simulator only,
//! since the example switches IPsec on for it.

#![expect(clippy::print_stdout, reason = "it is there to show something")]

use std::env;
use std::error::Error;
use std::time::Duration;

use ontap_ipsec::types::{IpsecCaCertificateCreate, IpsecEndpoint, IpsecPolicy, IpsecPolicyCreate, IpsecPolicyModify};
use ontap_ipsec::uuid::{Uuid, uuid};
use ontap_ipsec::values::{IpsecAction, IpsecAuthenticationMethod};
use ontap_ipsec::{Authentication, Client, Credentials, PolicyScope, Protocol};
use ontap_ipsec_simulator::{Certificate, CertificateKind, ClusterState, Simulator, Svm};

/// The certificate of the authority that signs those of the peers.
const AUTHORITY: Uuid = uuid!("1cd8a442-86d1-11e0-ae1c-123478563412");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match env::var_os("ONTAP_URL") {
        Some(_) => {
            let svm = env::var("ONTAP_SVM").unwrap_or("svm1".into());
            lifecycle(&Client::from_env()?, &svm).await
        }
        None => {
            let authority = Certificate::new("authority").with_uuid(AUTHORITY).of_kind(CertificateKind::RootCa);
            let cluster = ClusterState::default()
                .svm(Svm::data("svm1"))
                .certificate(authority.of_svm("svm1"))
                .certificate(Certificate::new("storage").of_svm("svm1"))
                .negotiation_time(Duration::from_millis(500));
            let simulator = Simulator::builder()
                .user("admin", "only for the simulator")
                .cluster(cluster)
                .policies(3)
                .start()
                .await?;
            println!("ONTAP_URL is not set: using a simulator at {}\n", simulator.url());
            let client = Client::builder(simulator.url())
                .credentials(Credentials::basic("admin", "only for the simulator"))
                .ca_certificate(simulator.ca_pem().unwrap_or_default())
                .build()?;
            lifecycle(&client, "svm1").await?;
            tunnel(&client, "svm1").await?;
            simulator.shutdown().await;
            Ok(())
        }
    }
}

async fn lifecycle(client: &Client, svm: &str) -> Result<(), Box<dyn Error>> {
    // A name of this run, so that a policy of somebody else is never touched.
    let name = format!("lifecycle-{}", std::process::id());
    let key = Authentication::psk("an example, not a secret");
    let policy = IpsecPolicyCreate::esp_transport(&name, PolicyScope::svm(svm), key)
        .with_local_endpoint("192.0.2.10".parse::<IpsecEndpoint>()?.with_port(2049))
        .with_remote("198.51.100.0/24")?
        .with_protocol(Protocol::Tcp)
        // Not in force: on a real cluster, the example changes no traffic.
        .with_enabled(false);

    let uuid = client.policies().create(&policy).await?;
    println!("created   {name} as {uuid}");

    // From here on there is something to clean up, whatever fails.
    let outcome = changes(client, svm, &policy, uuid).await;
    client.policies().delete(uuid).await?;
    println!("deleted   {name}");
    outcome?;

    match client.policies().get(uuid).await {
        Err(error) if error.is_not_found() => println!("gone      {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => return Err("the policy is still there after it was deleted".into()),
    }
    Ok(())
}

async fn changes(client: &Client, svm: &str, policy: &IpsecPolicyCreate, uuid: Uuid) -> Result<(), Box<dyn Error>> {
    let name = policy.name.as_deref().unwrap_or_default();

    let mut policies = client.policies().list().svm_name(svm).order_by(["name"]).stream();
    while let Some(policy) = policies.try_next().await? {
        println!("listed    {}", line(&policy));
    }

    let found = client.policies().find(svm, name).await?.ok_or("the new policy cannot be found")?;
    println!("found     {}", line(&found));

    let narrower = IpsecPolicyModify::default().with_remote_endpoint("203.0.113.0/26".parse::<IpsecEndpoint>()?);
    client.policies().modify(uuid, &narrower).await?;
    println!("modified  {}", line(&client.policies().get(uuid).await?));

    match client.policies().create(policy).await {
        Ok(_) => return Err("a second policy of the same name was taken".into()),
        Err(error) => {
            println!("refused   {error}");
            if let Some(code) = error.code() {
                println!("          code {code}: {}", code.summary().unwrap_or("not one that the spec names"));
                if let Some(remedy) = code.remedy() {
                    println!("          what to do: {remedy}");
                }
            }
        }
    }
    Ok(())
}

/// Switches IPsec on, and waits for the tunnel of a policy.
async fn tunnel(client: &Client, svm: &str) -> Result<(), Box<dyn Error>> {
    client.config().disable().await?;
    println!("\nIPsec is  {}", switch(client).await?);
    client.config().enable().await?;
    println!("IPsec is  {}", switch(client).await?);

    client.ca_certificates().install(&IpsecCaCertificateCreate::for_svm(svm, AUTHORITY)).await?;
    println!("trusted   {} CA certificate", client.ca_certificates().list().svm_name(svm).count().await?);

    let proof = Authentication::pki("storage", "host.example.com");
    let policy = IpsecPolicyCreate::esp_transport("tunnel", PolicyScope::svm(svm), proof)
        .with_local_identity("storage.example.com")
        .with_local_endpoint("192.0.2.10".parse::<IpsecEndpoint>()?)
        .with_remote("198.51.100.7")?;
    let uuid = client.policies().create(&policy).await?;
    let association = client.policies().established(uuid, Duration::from_secs(30)).await?;
    let end = |address: Option<String>| address.unwrap_or("?".to_owned());
    println!("up        {} -> {}", end(association.local_address), end(association.remote_address));

    client.policies().delete(uuid).await?;
    println!(
        "down      {} associations left",
        client.security_associations().list().policy_name("tunnel").count().await?
    );
    client.ca_certificates().remove(AUTHORITY).await?;
    client.config().disable().await?;
    println!("IPsec is  {}", switch(client).await?);
    Ok(())
}

async fn switch(client: &Client) -> Result<&'static str, ontap_ipsec::Error> {
    Ok(if client.config().get().await?.enabled == Some(true) { "on" } else { "off" })
}

fn line(policy: &IpsecPolicy) -> String {
    let end = |endpoint: &Option<IpsecEndpoint>| match endpoint {
        Some(IpsecEndpoint { address: Some(address), netmask, port, .. }) => {
            format!("{address}/{} port {}", netmask.as_deref().unwrap_or("?"), port.as_deref().unwrap_or("?"))
        }
        _ => "any".to_owned(),
    };
    format!(
        "{:<16} {:<13} {:<4} {:<3} {} -> {}",
        policy.name.as_deref().unwrap_or("?"),
        policy.action.as_ref().map_or("?", IpsecAction::as_str),
        policy.authentication_method.as_ref().map_or("?", IpsecAuthenticationMethod::as_str),
        if policy.enabled == Some(true) { "on" } else { "off" },
        end(&policy.local_endpoint),
        end(&policy.remote_endpoint),
    )
}
