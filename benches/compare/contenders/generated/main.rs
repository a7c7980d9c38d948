//! The client that openapi-generator makes, as a contender: see work.rs for what it is asked and what it says.
//!
//! The generated client cannot follow a link to the next page: this program follows it, and decodes the page as the
//! client does. The client shows no headers either, so that a create has to ask for the record with the UUID.

mod work;

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use generated::apis::configuration::Configuration;
use generated::apis::security_api::{
    IpsecPolicyCollectionGetParams, IpsecPolicyCreateParams, IpsecPolicyDeleteParams, IpsecPolicyModifyParams,
    ipsec_policy_collection_get, ipsec_policy_create, ipsec_policy_delete, ipsec_policy_modify,
};
use generated::models::{
    IpsecAction, IpsecAuthenticationMethod, IpsecEndpoint, IpsecPolicyCreate, IpsecPolicyModify, IpsecPolicyResponse,
    SvmReference,
};
use reqwest::header::ACCEPT;
use reqwest::{Certificate, Client};

use crate::work::{Done, Meter, Task, Work};

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let argument = std::env::args().nth(1).ok_or("no work")?;
    if argument == "--version" {
        println!("{}", include_str!("version.txt").trim());
        return Ok(());
    }
    let work: Work = serde_json::from_str(&argument)?;
    let done = match work.task {
        Task::List { page } => list(&work, page).await?,
        Task::Change { cycles, at_once } => change(&work, cycles, at_once).await?,
    };
    println!("{}", serde_json::to_string(&done)?);
    Ok(())
}

fn configuration(work: &Work) -> Result<Configuration, Failure> {
    let mut http = Client::builder().no_proxy();
    if let Some(certificate) = &work.certificate {
        http = http.tls_certs_only([Certificate::from_pem(certificate.as_bytes())?]);
    }
    Ok(Configuration {
        base_path: format!("{}/api", work.url),
        client: http.build()?,
        basic_auth: Some((work.user.clone(), Some(work.password.clone()))),
        ..Configuration::default()
    })
}

async fn list(work: &Work, page: u32) -> Result<Done, Failure> {
    let configuration = configuration(work)?;
    let mut done = Done::default();
    let meter = Meter::start();
    let mut answer = ipsec_policy_collection_get(&configuration, everything(page)?).await?;
    loop {
        let next = answer._links.and_then(|links| links.next).and_then(|next| next.href).flatten();
        for policy in answer.records.flatten().unwrap_or_default() {
            let address = policy.local_endpoint.and_then(|endpoint| endpoint.address).flatten();
            // A UUID has 36 characters as text.
            done.checksum += policy.uuid.flatten().map_or(0, |_| 36);
            done.checksum += [policy.name.flatten(), address].iter().flatten().map(|text| text.len() as u64).sum::<u64>();
            done.count += 1;
        }
        let Some(path) = next else { return Ok(meter.stop(done, Vec::new())) };
        let (user, password) = (&work.user, Some(&work.password));
        let request = configuration.client.get(work.url.clone() + &path).basic_auth(user, password);
        let text = request.header(ACCEPT, "application/json").send().await?.error_for_status()?.text().await?;
        answer = serde_json::from_str::<IpsecPolicyResponse>(&text)?;
    }
}

fn everything(page: u32) -> Result<IpsecPolicyCollectionGetParams, Failure> {
    Ok(IpsecPolicyCollectionGetParams {
        action: None,
        authentication_method: None,
        certificate_name: None,
        certificate_uuid: None,
        enabled: None,
        fields: Some(vec!["*".to_owned()]),
        ipspace_name: None,
        ipspace_uuid: None,
        local_endpoint_address: None,
        local_endpoint_family: None,
        local_endpoint_netmask: None,
        local_endpoint_port: None,
        local_identity: None,
        max_records: Some(page.try_into()?),
        name: None,
        order_by: None,
        ppk_identity: None,
        protocol: None,
        remote_endpoint_address: None,
        remote_endpoint_family: None,
        remote_endpoint_netmask: None,
        remote_endpoint_port: None,
        remote_identity: None,
        return_records: None,
        return_timeout: None,
        scope: None,
        svm_name: None,
        svm_uuid: None,
        uuid: None,
    })
}

async fn change(work: &Work, cycles: u32, at_once: u32) -> Result<Done, Failure> {
    let (configuration, next) = (Arc::new(configuration(work)?), Arc::new(AtomicU32::new(0)));
    let meter = Meter::start();
    let workers: Vec<_> = (0..at_once)
        .map(|_| {
            let (configuration, next) = (Arc::clone(&configuration), Arc::clone(&next));
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= cycles {
                        return Ok::<_, Failure>(latencies);
                    }
                    cycle(&configuration, number, &mut latencies).await?;
                }
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for worker in workers {
        latencies.extend(worker.await??);
    }
    Ok(meter.stop(Done { count: latencies.len() as u64, ..Done::default() }, latencies))
}

async fn cycle(configuration: &Configuration, number: u32, latencies: &mut Vec<Duration>) -> Result<(), Failure> {
    let end = |address: &str, netmask: &str, port: Option<&str>| {
        let text = |text: &str| Some(Some(text.to_owned()));
        let port = port.and_then(text);
        Some(Box::new(IpsecEndpoint { address: text(address), netmask: text(netmask), port, ..IpsecEndpoint::new() }))
    };
    let started = Instant::now();
    let policy = IpsecPolicyCreate {
        action: Some(IpsecAction::EspTransport),
        authentication_method: Some(IpsecAuthenticationMethod::Psk),
        enabled: Some(true),
        local_endpoint: end("192.0.2.10", "32", Some("2049")),
        name: Some(format!("policy-{number:07}")),
        protocol: Some("tcp".to_owned()),
        remote_endpoint: end("198.51.100.0", "24", None),
        secret_key: Some("pre-shared key of no use".to_owned()),
        svm: Some(Box::new(SvmReference { name: Some(Some("svm1".to_owned())), ..SvmReference::new() })),
        ..IpsecPolicyCreate::new()
    };
    let parameters = IpsecPolicyCreateParams { ipsec_policy_create: policy, return_records: Some(true) };
    let answer = ipsec_policy_create(configuration, parameters).await?;
    let record = answer.records.flatten().and_then(|records| records.into_iter().next());
    let uuid = record.and_then(|record| record.uuid).flatten().ok_or("no UUID")?.to_string();
    latencies.push(started.elapsed());

    let started = Instant::now();
    let changes = IpsecPolicyModify { enabled: Some(false), ..IpsecPolicyModify::new() };
    let parameters = IpsecPolicyModifyParams { uuid: uuid.clone(), ipsec_policy_modify: changes };
    ipsec_policy_modify(configuration, parameters).await?;
    latencies.push(started.elapsed());

    let started = Instant::now();
    ipsec_policy_delete(configuration, IpsecPolicyDeleteParams { uuid }).await?;
    latencies.push(started.elapsed());
    Ok(())
}
