//! Checks the post-quantum key and its identity.
//!
//! The simulator does not keep the key. A policy has both or neither, so the identity shows whether the policy has a
//! key.

use crate::{
    body::Given,
    cluster::{Item, Record},
    fields,
    refusal::Refusal,
    rules::authentication,
};

/// Checks the post-quantum key of a new policy. A policy that does not encrypt ignores the key.
///
/// # Errors
/// Returns the codes of [`check_pair`] and [`authentication::key`].
pub(super) fn of_a_new_policy(record: &mut Record, given: &Given) -> Result<(), Refusal> {
    if ignores_ppk(record) {
        record.put(fields::PPK_IDENTITY, None);
        return Ok(());
    }
    let key = given.secret(fields::PPK_SHARED_KEY);
    check_pair(record, key.is_some())?;
    key.map_or(Ok(()), |key| authentication::key(fields::PPK_SHARED_KEY, key))
}

/// Checks the identity after a change of a policy. The key cannot change.
///
/// # Errors
/// Returns the codes of [`check_pair`].
pub(super) fn of_a_changed_policy(policy: &Item, record: &mut Record) -> Result<(), Refusal> {
    if ignores_ppk(record) {
        record.put(fields::PPK_IDENTITY, None);
        return Ok(());
    }
    check_pair(record, policy.record.text(fields::PPK_IDENTITY).is_some())
}

fn ignores_ppk(record: &Record) -> bool {
    record.text(fields::AUTHENTICATION_METHOD) == Some("none")
}

/// # Errors
/// Returns 66257153 for an identity without a key, and 66257154 for a key without an identity.
fn check_pair(record: &Record, has_key: bool) -> Result<(), Refusal> {
    let refuse = |code, given, missing| Err(Refusal::rule(code, format!("{given} needs {missing}")).at(missing));
    match (record.text(fields::PPK_IDENTITY).is_some(), has_key) {
        (true, false) => refuse(66_257_153, fields::PPK_IDENTITY, fields::PPK_SHARED_KEY),
        (false, true) => refuse(66_257_154, fields::PPK_SHARED_KEY, fields::PPK_IDENTITY),
        _ => Ok(()),
    }
}
