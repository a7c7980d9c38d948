//! Removes secrets from requests.
//!
//! A misspelled name can still have a secret as its value, so names are compared loosely. A value is hidden if its name
//! contains a word such as key, secret, password or token. The rule applies to the query, to headers, and to all levels
//! of a JSON body. Credentials in headers, and a `ppk` that is no object, are hidden, too. A body that is no JSON
//! object or array is hidden completely, because its content is unknown.

use serde_json::Value;

use crate::json::Json;

/// The text that replaces a secret.
pub(crate) const HIDDEN: &str = "(not shown)";

/// Tells whether values with this name are secrets.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "secret", "pass", "psk", "token"].iter().any(|part| name.contains(part)) || is_ppk(&name)
}

/// Tells whether the name is that of the object with a post-quantum key. Clients can confuse the object with the key.
fn is_ppk(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("ppk"))
}

/// Redacts the value of a header. The scheme of credentials stays.
pub(crate) fn header(name: &str, value: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "authorization" | "proxy-authorization" => match value.split_once(' ') {
            Some((scheme, _)) if ["basic", "bearer"].contains(&scheme.to_ascii_lowercase().as_str()) => {
                format!("{scheme} {HIDDEN}")
            }
            _ => HIDDEN.to_owned(),
        },
        "cookie" => HIDDEN.to_owned(),
        name if is_secret(name) => HIDDEN.to_owned(),
        _ => value.to_owned(),
    }
}

/// Redacts the query of a path.
pub(crate) fn target(original: &str) -> String {
    let Some((path, query)) = original.split_once('?') else { return original.to_owned() };
    let mut shown = format!("{path}?");
    for (index, pair) in query.split('&').enumerate() {
        let separator = if index == 0 { "" } else { "&" };
        let secret = form_urlencoded::parse(pair.as_bytes()).any(|(name, _)| is_secret(&name));
        match pair.split_once('=') {
            Some((name, _)) if secret => {
                let hidden: String = form_urlencoded::byte_serialize(HIDDEN.as_bytes()).collect();
                shown.push_str(&format!("{separator}{name}={hidden}"));
                // A client may not encode an `&` in a secret, so everything after this point can belong to the secret.
                break;
            }
            _ => shown.push_str(&format!("{separator}{pair}")),
        }
    }
    shown
}

/// Redacts a body. A body without secrets does not change.
pub(crate) fn body(original: &[u8]) -> Vec<u8> {
    let text = original.trim_ascii();
    if text.is_empty() {
        return original.to_vec();
    }
    if !text.starts_with(b"{") && !text.starts_with(b"[") {
        return HIDDEN.into();
    }
    if serde_json::from_slice(text).is_ok_and(|json| !names_a_secret(&json)) {
        return original.to_vec();
    }
    match serde_json::from_slice(text) {
        Ok(mut value) => {
            hide(&mut value);
            value.to_string().into_bytes()
        }
        Err(_) => HIDDEN.into(),
    }
}

fn hide(json: &mut Value) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    // `null` is no secret, and tests need to see it.
                    Value::Null => {}
                    Value::Object(_) if is_ppk(name) => hide(value),
                    value if is_secret(name) => *value = HIDDEN.into(),
                    value => hide(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

/// Tells whether a name in the JSON is that of a secret. Repeated names count, too.
fn names_a_secret(json: &Json) -> bool {
    match json {
        Json::Object(members) => members.iter().any(|(name, value)| {
            let is_object = matches!(value, Json::Object(_)) && is_ppk(name);
            is_secret(name) && !is_object || names_a_secret(value)
        }),
        Json::Array(items) => items.iter().any(names_a_secret),
        _ => false,
    }
}
