//! Refuses what the cluster's release does not have, and names the release that brought a refused field.

use super::query::Query;
use crate::error::{Error, Result};
use crate::error_code::{ErrorCode, Operation};
use crate::model::body::Body;
use crate::model::fields::Field;
use crate::release::Release;

/// Checks that a request has nothing that came after `release`.
///
/// # Errors
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) with the first part that is too new.
pub(super) fn check(release: Release, operation: Operation, query: &Query, body: Option<&impl Body>) -> Result<()> {
    let refuse = |name: &str, since: Release| {
        let cause = format!("came with ONTAP {since}, and the cluster runs {release} (see `ClientBuilder::release`)");
        Err(Error::refused(name, None, cause))
    };
    if operation.introduced() > release {
        return refuse(operation.id(), operation.introduced());
    }
    for (name, since) in operation.later() {
        let is_given = query.get(name).is_some() || body.is_some_and(|body| body.has(name));
        if *since > release && is_given {
            return refuse(name, *since);
        }
    }
    let asked_for = ["fields", "order_by"].into_iter().filter_map(|list| query.get(list));
    // A field to sort by can be followed by its direction.
    let names = asked_for.flat_map(|list| list.split(',')).filter_map(|item| item.split_whitespace().next());
    let own = Field::since(operation);
    for name in names {
        match own.iter().find(|(known, _)| *known == name) {
            Some((_, since)) if *since > release => return refuse(name, *since),
            _ => {}
        }
    }
    Ok(())
}

/// Adds to the refusal of an unknown name the release that brought it.
pub(super) fn explain(operation: Operation, error: Error) -> Error {
    let is_about_names = match error.code().map(ErrorCode::as_str) {
        Some("262179") => true,
        // The code for any invalid value.
        Some("262197") => error.target() == Some("fields"),
        _ => false,
    };
    if !is_about_names {
        return error;
    }
    let mut later = operation.later().iter().chain(Field::since(operation));
    match later.find(|(name, since)| *since > operation.introduced() && names(&error, name)) {
        Some((name, since)) => error.noting(&format!("`{name}` came with ONTAP {since}")),
        None => error,
    }
}

/// Whether the error is about the field or parameter of this name.
fn names(error: &Error, name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    error.target() == Some(name)
        || error.arguments().iter().any(|argument| argument.message.as_deref() == Some(name))
        || error.message().split(|c| !is_part(c)).any(|word| word.trim_end_matches('.') == name)
}
