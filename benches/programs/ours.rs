//! Counts the policies of a cluster, with the client.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = ontap_ipsec::Client::from_env()?;
        let mut policies = client.policies().list().stream();
        let mut count = 0;
        while policies.try_next().await?.is_some() {
            count += 1;
        }
        println!("{count}");
        Ok(())
    })
}
