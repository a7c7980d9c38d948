//! Checks how the peers authenticate: with a key, or with certificates.

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

/// Base64 with optional padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Sets the authentication method of a new policy, and checks its key or certificate.
///
/// # Errors
/// Returns the codes of [`key`], [`certificate`] and [`identity`]. A missing key is 66257133, and a missing certificate
/// 66257134. A certificate with `psk` is 66257136, and a key with `pki` 66257137. A policy with neither is 66257144.
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
            return Err(Refusal::rule(66_257_133, "authentication by psk needs a secret_key").at(fields::SECRET_KEY));
        }
        ("psk", Some(_)) if certified => return Err(certificate_not_needed()),
        ("psk", Some(key)) => {
            self::key(fields::SECRET_KEY, key)?;
            record.set(fields::AUTHENTICATION_METHOD, "psk");
        }
        ("pki", _) if !certified => return Err(no_certificate()),
        ("pki", Some(_)) => {
            return Err(Refusal::rule(66_257_137, "authentication by pki excludes secret_key").at(fields::SECRET_KEY));
        }
        ("pki", None) => {
            certificate(cluster, svm, record)?;
            identity(record)?;
            record.set(fields::AUTHENTICATION_METHOD, "pki");
        }
        _ => {
            let message = format!("the action {action} needs a secret_key or a certificate");
            // The pages of 9.9.1 to 9.11.1 list another code for this error.
            let code = if cluster.release < Release::new(9, 12, 0) { 66_257_111 } else { 66_257_144 };
            return Err(Refusal::rule(code, message).at(fields::AUTHENTICATION_METHOD).showing("value", action));
        }
    }
    Ok(())
}

/// Checks the key or certificate after a change of a policy. The method cannot change.
///
/// # Errors
/// Returns the codes of [`certificate`] and [`identity`]. A certificate with `psk` is 66257136. The removal of the
/// certificate is 66257134.
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
            // The other field still has the value of the old certificate.
            (true, false) => record.put(uuid, None),
            (false, true) => record.put(name, None),
            (true, true) => {}
            (false, false) => return Err(no_certificate()),
        }
        certificate(cluster, svm, record)?;
    }
    identity(record)
}

/// Tells whether policies with this action encrypt. The other actions, `bypass` and `discard`, do not.
fn protects(action: &str) -> bool {
    !matches!(action, "bypass" | "discard")
}

fn has_certificate(record: &Record) -> bool {
    record.text(fields::CERTIFICATE_NAME).or_else(|| record.text(fields::CERTIFICATE_UUID)).is_some()
}

fn no_certificate() -> Refusal {
    Refusal::rule(66_257_134, "authentication by pki needs a certificate").at(fields::CERTIFICATE_UUID)
}

fn certificate_not_needed() -> Refusal {
    Refusal::rule(66_257_136, "authentication by psk excludes a certificate").at("certificate")
}

/// Checks the key in this field.
///
/// # Errors
/// Returns 66257107 for a key that starts with `0x` and is not hexadecimal. A key that starts with `0s` and is not
/// Base64 is 66257109. A key without 18 to 128 characters is 66257200; the prefix counts.
pub(super) fn key(field: &str, key: &Secret) -> Result<(), Refusal> {
    let text = key.expose();
    let refuse = |code, message: String| Err(Refusal::rule(code, message).at(field));
    if let Some(digits) = text.strip_prefix("0x") {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return refuse(66_257_107, format!("{field} starts with 0x; only hexadecimal digits can follow"));
        }
    } else if let Some(digits) = text.strip_prefix("0s")
        && (digits.is_empty() || BASE64.decode(digits).is_err())
    {
        return refuse(66_257_109, format!("{field} starts with 0s; only Base64 can follow"));
    }
    if !(18..=128).contains(&text.len()) || !is_printable(text) {
        return refuse(66_257_200, format!("{field} must have 18 to 128 printable ASCII characters"));
    }
    Ok(())
}

/// Finds the certificate of the record. Sets both its name and its UUID.
///
/// # Errors
/// Returns 66257139 for an unknown UUID, and 66257305 if UUID and name belong to different certificates. A certificate
/// that the SVM does not have is 66257135. A CA certificate is 66257140.
fn certificate(cluster: &Cluster, svm: Option<&Svm>, record: &mut Record) -> Result<(), Refusal> {
    let (name, uuid) = (record.text(fields::CERTIFICATE_NAME), record.text(fields::CERTIFICATE_UUID));
    let usable = |certificate: &&Certificate| match certificate.svm {
        None => true,
        Some(owner) => svm.is_some_and(|svm| svm.uuid == owner),
    };
    let not_here = |shown: &str, field| {
        let message = format!(
            "the SVM of the policy cannot use a certificate {}; add one to the SVM or the cluster",
            shorten(shown)
        );
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
                let message = "certificate.name and certificate.uuid belong to different certificates";
                return Err(Refusal::rule(66_257_305, message).at("certificate"));
            }
            Some(found).filter(usable).ok_or_else(|| not_here(uuid, fields::CERTIFICATE_UUID))?
        }
        (None, name) => {
            let name = name.unwrap_or_default();
            // The SVM's own certificates take precedence over those of the cluster.
            let mut candidates: Vec<_> = cluster.certificates.iter().filter(usable).collect();
            candidates.sort_by_key(|certificate| certificate.svm.is_none());
            let found = candidates.into_iter().find(|certificate| certificate.name == name);
            found.ok_or_else(|| not_here(name, fields::CERTIFICATE_NAME))?
        }
    };
    if found.kind.is_authority() {
        let message = format!("the certificate {} is of a CA; use one of the type client or server", found.name);
        return Err(Refusal::rule(66_257_140, message).at("certificate"));
    }
    record.set(fields::CERTIFICATE_NAME, found.name.as_str());
    record.set(fields::CERTIFICATE_UUID, found.uuid.to_string());
    Ok(())
}

/// # Errors
/// Returns 66257138 if the identity of the peer is missing.
fn identity(record: &Record) -> Result<(), Refusal> {
    match record.text(fields::REMOTE_IDENTITY) {
        Some(identity) if !identity.is_empty() => Ok(()),
        _ => {
            Err(Refusal::rule(66_257_138, "authentication by pki needs a remote_identity").at(fields::REMOTE_IDENTITY))
        }
    }
}
