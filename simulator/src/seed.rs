//! Made-up policies for a cluster that is not to start empty; the same ones every time.

use uuid::Uuid;

use crate::{
    cluster::{Cluster, Record},
    fields::{self, EndpointNames},
    refusal::Refusal,
    rules::limits,
    state::SvmKind,
};

/// Adds this many policies, handed out to the data SVMs in turn.
///
/// # Errors
/// 66257121 and 66257130 where the limits of the cluster allow fewer.
pub(crate) fn plant(cluster: &mut Cluster, count: u32) -> Result<(), Refusal> {
    let svms: Vec<_> = cluster.svms.iter().filter(|svm| svm.kind == SvmKind::Data).cloned().collect();
    for (number, svm) in (1..=count).zip(svms.iter().cycle()) {
        limits::check(cluster, Some(svm))?;
        let name = format!("policy-{number:04}");
        let uuid = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
        let [_, a, b, c] = number.to_be_bytes();
        let mut record = Record::default();
        record.set(fields::UUID, uuid.to_string());
        record.set(fields::NAME, name);
        record.set(fields::ACTION, "esp_transport");
        record.set(fields::AUTHENTICATION_METHOD, "psk");
        record.set(fields::ENABLED, "true");
        let ipspace = &cluster.ipspaces[svm.ipspace];
        record.set(fields::IPSPACE_NAME, ipspace.name.as_str());
        record.set(fields::IPSPACE_UUID, ipspace.uuid.to_string());
        record.set(fields::PROTOCOL, "tcp");
        record.set(fields::SCOPE, "svm");
        record.set(fields::SVM_NAME, svm.name.as_str());
        record.set(fields::SVM_UUID, svm.uuid.to_string());
        endpoint(&mut record, &fields::LOCAL, "192.0.2.10".to_owned(), "2049-2049");
        endpoint(&mut record, &fields::REMOTE, format!("10.{a}.{b}.{c}"), "0-0");
        cluster.policies.add(uuid, record);
    }
    Ok(())
}

fn endpoint(record: &mut Record, names: &EndpointNames, address: String, port: &str) {
    record.set(names.address, address);
    record.set(names.family, "ipv4");
    record.set(names.netmask, "32");
    record.set(names.port, port);
}
