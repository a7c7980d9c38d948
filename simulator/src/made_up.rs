//! Generates policies for the start of a cluster. All simulators generate the same policies.

use uuid::Uuid;

use crate::{
    cluster::{Cluster, Record},
    fields,
    refusal::Refusal,
    resources::POLICY,
    rules::{endpoints, limits, owner},
    state::SvmKind,
};

/// Adds this many policies. The data SVMs get them in turn.
///
/// # Errors
/// Returns 66257121 or 66257130 if the limits allow fewer policies.
pub(crate) fn add_policies(cluster: &mut Cluster, count: u32) -> Result<(), Refusal> {
    let svms: Vec<_> = cluster.svms.iter().filter(|svm| svm.kind == SvmKind::Data).cloned().collect();
    for (number, svm) in (1..=count).zip(svms.iter().cycle()) {
        limits::check(cluster, Some(svm))?;
        let name = format!("policy-{number:04}");
        owner::name_is_free(cluster, Some(svm), &name)?;
        let uuid = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
        let [_, a, b, c] = number.to_be_bytes();
        let ipspace = &cluster.ipspaces[svm.ipspace];
        let mut record = Record::new(&POLICY);
        for (field, value) in [
            (fields::UUID, uuid.to_string()),
            (fields::NAME, name),
            (fields::ACTION, "esp_transport".to_owned()),
            (fields::AUTHENTICATION_METHOD, "psk".to_owned()),
            (fields::ENABLED, "true".to_owned()),
            (fields::IPSPACE_NAME, ipspace.name.clone()),
            (fields::IPSPACE_UUID, ipspace.uuid.to_string()),
            (fields::PROTOCOL, "tcp".to_owned()),
            (fields::SCOPE, "svm".to_owned()),
            (fields::SVM_NAME, svm.name.clone()),
            (fields::SVM_UUID, svm.uuid.to_string()),
            (fields::LOCAL.address, "192.0.2.10".to_owned()),
            (fields::LOCAL.port, "2049-2049".to_owned()),
            (fields::LOCAL.netmask, "32".to_owned()),
            (fields::REMOTE.address, format!("10.{a}.{b}.{c}")),
            (fields::REMOTE.netmask, "32".to_owned()),
        ] {
            record.set(field, value);
        }
        // The rules add the remaining values.
        endpoints::check(&mut record)?;
        cluster.policies.add(uuid, record);
    }
    Ok(())
}
