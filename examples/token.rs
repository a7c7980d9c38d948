//! Signs in with a bearer token that another program renews in a file. The file is read again when the token is refused.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use ontap_ipsec::{Client, Credentials};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let variable = |name: &str| std::env::var(name).map_err(|_| format!("`{name}` has to be set"));
    let file = variable("TOKEN_FILE")?;
    // The function can just as well ask an identity provider.
    let token = move || std::future::ready(std::fs::read_to_string(&file).map(|token| token.trim_end().to_owned()));
    let client = Client::builder(variable("ONTAP_URL")?)
        .ca_certificate(std::fs::read(variable("ONTAP_CA_FILE")?)?)
        .credentials(Credentials::bearer_from(token))
        .build()?;
    println!("{} policies", client.policies().list().count().await?);
    Ok(())
}
