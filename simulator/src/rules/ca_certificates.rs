//! Checks changes of the CA certificates that IPsec trusts. A certificate has to be installed on the cluster first.

use uuid::Uuid;

use crate::{
    body::Given,
    cluster::{Cluster, Item, Record},
    fields,
    refusal::{Refusal, shorten},
    tunnel::Tunnel,
    values,
};

/// Checks whether a CA certificate can be added. Returns its UUID and its record.
///
/// # Errors
/// Returns 2 without a UUID, 2621462 for an unknown SVM, and 2621706 if name and UUID belong to different SVMs. A
/// certificate that is not installed there, or not of a CA, is 66257304. A certificate that is already added is 1.
pub(crate) fn add(cluster: &Cluster, given: &Given) -> Result<(Uuid, Record), Refusal> {
    let name = fields::CERTIFICATE_UUID;
    let wanted = given.text(name).ok_or_else(|| Refusal::missing(name))?;
    let unknown = |field| move |svm: &str| Refusal::unknown_svm(field, svm);
    let (by_name, by_uuid) = (unknown(fields::SVM_NAME), unknown(fields::SVM_UUID));
    let svm = (given.text(fields::SVM_NAME), given.text(fields::SVM_UUID));
    let svm = cluster.find_svm(svm.0, svm.1, [&by_name, &by_uuid])?.map(|svm| svm.uuid);
    let found = cluster.certificates.iter().find(|certificate| Some(certificate.uuid) == values::uuid(wanted));
    let found = found.filter(|certificate| certificate.svm == svm && certificate.kind.is_authority());
    let found = found.ok_or_else(|| {
        let owner = if svm.is_some() { "the SVM" } else { "the cluster" };
        Refusal::rule(
            66_257_304,
            format!("{owner} has no CA certificate {}; install the certificate first", shorten(wanted)),
        )
        .at(name)
        .showing("value", wanted)
    })?;
    if cluster.ca_certificates.get(found.uuid).is_some() {
        return Err(Refusal::exists("IPsec already has the CA certificate").at(name));
    }
    Ok((found.uuid, cluster.ca_record(found)))
}

/// Returns the CA certificate to remove.
///
/// # Errors
/// Returns 66257303 if the cluster lacks the certificate, and 66257298 if the cluster has the certificate and IPsec
/// does not.
pub(crate) fn find<'a>(cluster: &'a Cluster, uuid: Uuid, tunnel: &Tunnel) -> Result<&'a Item, Refusal> {
    let found = cluster.ca_certificates.get(uuid).filter(|item| tunnel.reaches(&item.record));
    found.ok_or_else(|| {
        let is_installed = cluster.certificates.iter().any(|certificate| certificate.uuid == uuid);
        let (code, what) = if is_installed { (66_257_298, "IPsec") } else { (66_257_303, "the cluster") };
        Refusal::rule(code, format!("{what} has no CA certificate {uuid}")).at("uuid")
    })
}
