//! How the peers prove who they are: with a key, or with certificates.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use crate::{
    body::Given,
    cluster::{Certificate, Cluster, Record, Svm},
    fields,
    refusal::{Refusal, shorten},
    rules::owner::is_printable,
    secret::Secret,
    state::Release,
    values,
};

/// Base64 with or without the equals signs at its end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Settles the method of a new policy, and checks what it needs.
///
/// # Errors
/// Returns the codes of [`key`], [`certificate`] and [`identity`]. 66257133 and 66257134 mean that the method's key or
/// certificate is missing; 66257136 and 66257137, that the other method's is there; 66257144, that there is neither.
pub(super) fn of_a_new_policy(
    cluster: &Cluster,
    svm: Option<&Svm>,
    record: &mut Record,
    given: &Given,
) -> Result<(), Refusal> {
    let action = record.text(fields::ACTION).unwrap_or_default();
    if !protects(action) {
        record.set(fields::AUTHENTICATION_METHOD, "none");
        record.put(fields::CERTIFICATE_NAME, None);
        record.put(fields::CERTIFICATE_UUID, None);
        return Ok(());
    }
    let (key, certified) = (given.secret(fields::SECRET_KEY), has_certificate(record));
    let method = match record.text(fields::AUTHENTICATION_METHOD) {
        Some(method) => method,
        None if key.is_some() => "psk",
        None if certified => "pki",
        None => "none",
    };
    match (method, key) {
        ("psk", None) => {
            return Err(Refusal::rule(66_257_133, "psk cannot work without a secret_key").at(fields::SECRET_KEY));
        }
        ("psk", Some(_)) if certified => return Err(certificate_not_needed()),
        ("psk", Some(key)) => {
            self::key(fields::SECRET_KEY, key)?;
            record.set(fields::AUTHENTICATION_METHOD, "psk");
        }
        ("pki", _) if !certified => return Err(no_certificate()),
        ("pki", Some(_)) => {
            return Err(Refusal::rule(66_257_137, "pki has no use for a secret_key").at(fields::SECRET_KEY));
        }
        ("pki", None) => {
            certificate(cluster, svm, record)?;
            identity(record)?;
            record.set(fields::AUTHENTICATION_METHOD, "pki");
        }
        _ => {
            let message = format!("{action} protects packets, so give a secret_key or a certificate");
            // The pages of 9.9.1 to 9.11.1 have another number for it.
            let code = if cluster.release < Release::new(9, 12, 0) { 66_257_111 } else { 66_257_144 };
            return Err(Refusal::rule(code, message).at(fields::AUTHENTICATION_METHOD).showing("value", action));
        }
    }
    Ok(())
}

/// Checks what the method of a policy needs after a change. The method itself is fixed.
///
/// # Errors
/// See [`certificate`] and [`identity`]; 66257136 for a certificate where a key is used, 66257134 where the certificate
/// was taken away.
pub(super) fn of_a_changed_policy(
    cluster: &Cluster,
    svm: Option<&Svm>,
    record: &mut Record,
    given: &Given,
) -> Result<(), Refusal> {
    let (name, uuid) = (fields::CERTIFICATE_NAME, fields::CERTIFICATE_UUID);
    match record.text(fields::AUTHENTICATION_METHOD) {
        Some("psk") if has_certificate(record) => return Err(certificate_not_needed()),
        Some("pki") => {}
        _ => {
            record.put(name, None);
            record.put(uuid, None);
            return Ok(());
        }
    }
    if given.values.contains_key(name) || given.values.contains_key(uuid) {
        match (given.text(name).is_some(), given.text(uuid).is_some()) {
            // The other half named the certificate of before.
            (true, false) => record.put(uuid, None),
            (false, true) => record.put(name, None),
            (true, true) => {}
            (false, false) => return Err(no_certificate()),
        }
        certificate(cluster, svm, record)?;
    }
    identity(record)
}

/// Whether policies with this action encrypt; the others let traffic pass or drop it.
fn protects(action: &str) -> bool {
    !matches!(action, "bypass" | "discard")
}

fn has_certificate(record: &Record) -> bool {
    record.text(fields::CERTIFICATE_NAME).or_else(|| record.text(fields::CERTIFICATE_UUID)).is_some()
}

fn no_certificate() -> Refusal {
    Refusal::rule(66_257_134, "pki cannot work without a certificate").at(fields::CERTIFICATE_UUID)
}

fn certificate_not_needed() -> Refusal {
    Refusal::rule(66_257_136, "psk has no use for a certificate").at("certificate")
}

/// Checks the key that was given for this field.
///
/// # Errors
/// Returns 66257107 for a key that starts with `0x` and is not hexadecimal. 66257109 means that a key starts with `0s`
/// and is not Base64; 66257200, a wrong length. The prefix counts for the length.
pub(super) fn key(field: &str, key: &Secret) -> Result<(), Refusal> {
    let text = key.expose();
    let refuse = |code, message: String| Err(Refusal::rule(code, message).at(field));
    if let Some(digits) = text.strip_prefix("0x") {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return refuse(66_257_107, format!("after 0x, a {field} goes on in hexadecimal digits"));
        }
    } else if let Some(digits) = text.strip_prefix("0s")
        && (digits.is_empty() || BASE64.decode(digits).is_err())
    {
        return refuse(66_257_109, format!("after 0s, a {field} goes on in Base64"));
    }
    if !(18..=128).contains(&text.len()) || !is_printable(text) {
        return refuse(66_257_200, format!("a {field} has 18 to 128 printable characters of ASCII"));
    }
    Ok(())
}

/// Finds the certificate that the record names, and completes the reference.
///
/// # Errors
/// Returns 66257139 for an unknown UUID, and 66257305 if UUID and name are of two certificates. 66257135 means that the
/// SVM does not have the certificate; 66257140, that IPsec cannot use its type.
fn certificate(cluster: &Cluster, svm: Option<&Svm>, record: &mut Record) -> Result<(), Refusal> {
    let (name, uuid) = (record.text(fields::CERTIFICATE_NAME), record.text(fields::CERTIFICATE_UUID));
    let usable = |certificate: &&Certificate| match certificate.svm {
        None => true,
        Some(owner) => svm.is_some_and(|svm| svm.uuid == owner),
    };
    let not_here = |shown: &str, field| {
        let message = format!("there is no certificate {} that the policy's SVM can use", shorten(shown));
        Refusal::rule(66_257_135, message).at(field).showing("value", shown)
    };
    let found = match (uuid, name) {
        (Some(uuid), name) => {
            let wanted = values::uuid(uuid);
            let found = cluster.certificates.iter().find(|certificate| Some(certificate.uuid) == wanted);
            let found = found.ok_or_else(|| {
                Refusal::rule(66_257_139, format!("no certificate has the UUID {}", shorten(uuid)))
                    .at(fields::CERTIFICATE_UUID)
                    .showing("value", uuid)
            })?;
            if name.is_some_and(|name| name != found.name) {
                let message = "certificate.name and certificate.uuid are of two certificates";
                return Err(Refusal::rule(66_257_305, message).at("certificate"));
            }
            Some(found).filter(usable).ok_or_else(|| not_here(uuid, fields::CERTIFICATE_UUID))?
        }
        (None, name) => {
            let name = name.unwrap_or_default();
            // The SVM's own comes before one of the cluster.
            let mut candidates: Vec<_> = cluster.certificates.iter().filter(usable).collect();
            candidates.sort_by_key(|certificate| certificate.svm.is_none());
            let found = candidates.into_iter().find(|certificate| certificate.name == name);
            found.ok_or_else(|| not_here(name, fields::CERTIFICATE_NAME))?
        }
    };
    if found.kind.is_authority() {
        let message = format!("the certificate {} is of a type that IPsec has no use for", found.name);
        return Err(Refusal::rule(66_257_140, message).at("certificate"));
    }
    record.set(fields::CERTIFICATE_NAME, found.name.as_str());
    record.set(fields::CERTIFICATE_UUID, found.uuid.to_string());
    Ok(())
}

/// # Errors
/// 66257138 where nobody is named whom the peer's certificate has to be of.
fn identity(record: &Record) -> Result<(), Refusal> {
    match record.text(fields::REMOTE_IDENTITY) {
        Some(identity) if !identity.is_empty() => Ok(()),
        _ => Err(Refusal::rule(66_257_138, "pki needs to know the identity of the peer").at(fields::REMOTE_IDENTITY)),
    }
}
