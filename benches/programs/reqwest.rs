//! Counts the policies of a cluster, on its first page, by hand.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let url = std::env::var("ONTAP_URL")? + "/api/security/ipsec/policies";
        let answer = reqwest::Client::new().get(url).basic_auth("admin", Some("netapp1!")).send().await?;
        let page: serde_json::Value = serde_json::from_slice(&answer.error_for_status()?.bytes().await?)?;
        println!("{}", page["num_records"]);
        Ok(())
    })
}
