//! This crate, as its users have it.

use std::net::Ipv4Addr;

use ontap_ipsec::types::{IpsecEndpoint, IpsecPolicyCreate, IpsecPolicyModify};
use ontap_ipsec::{Authentication, Client, Credentials, PolicyScope, Protocol};
use uuid::Uuid;

use super::{Changer, Failure, Tally};
use crate::canned::KEY;
use crate::work::{Done, Meter, Work};

/// The default number of requests at a time, or more where more are wanted.
fn client(work: &Work, at_once: u32) -> Result<Client, Failure> {
    let builder = Client::builder(&work.url)
        .credentials(Credentials::basic(&work.user, &work.password))
        .max_concurrent_requests(at_once.max(6).try_into()?);
    Ok(match &work.certificate {
        Some(certificate) => builder.only_ca_certificate(certificate.as_str()),
        None => builder.allow_plain_http(),
    }
    .build()?)
}

pub(super) async fn list(work: &Work, page: u32) -> Result<Done, Failure> {
    let client = client(work, 6)?;
    let mut tally = Tally::default();
    let meter = Meter::start();
    let mut policies = client.policies().list().max_records(page.into()).stream();
    while let Some(policy) = policies.try_next().await? {
        let address = policy.local_endpoint.as_ref().and_then(|endpoint| endpoint.address.as_deref());
        tally.add(policy.name.as_deref(), policy.uuid.as_deref(), address);
    }
    Ok(meter.stop(tally.done(), Vec::new()))
}

pub(super) struct Ours(Client);

pub(super) fn changer(work: &Work, at_once: u32) -> Result<Ours, Failure> {
    Ok(Ours(client(work, at_once)?))
}

impl Changer for Ours {
    async fn create(&self, number: u32) -> Result<Uuid, Failure> {
        let policy = IpsecPolicyCreate::esp_transport(
            format!("policy-{number:07}"),
            PolicyScope::svm("svm1"),
            Authentication::psk(KEY),
        )
        .with_local_endpoint(IpsecEndpoint::host(Ipv4Addr::new(192, 0, 2, 10)).with_port(2049))
        .with_remote("198.51.100.0/24")?
        .with_protocol(Protocol::Tcp)
        .with_enabled(true);
        Ok(self.0.policies().create(&policy).await?)
    }

    async fn modify(&self, uuid: Uuid) -> Result<(), Failure> {
        Ok(self.0.policies().modify(uuid, &IpsecPolicyModify::default().with_enabled(false)).await?)
    }

    async fn delete(&self, uuid: Uuid) -> Result<(), Failure> {
        Ok(self.0.policies().delete(uuid).await?)
    }
}
