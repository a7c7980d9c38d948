//! Prints the names of the policies that are enabled.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use ontap_ipsec::{Client, Field};

#[tokio::main]
async fn main() -> Result<(), ontap_ipsec::Error> {
    let client = Client::from_env()?;
    let mut policies = client.policies().list().enabled(true).order_by([Field::Name]).stream();
    while let Some(policy) = policies.try_next().await? {
        let svm = policy.svm.and_then(|svm| svm.name).unwrap_or("the cluster".into());
        println!("{svm}: {}", policy.name.unwrap_or_default());
    }
    Ok(())
}
