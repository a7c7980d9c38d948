//! Answers, decoded before it is known that they are ones.
//!
//! Whether an answer of success is what it should be, or holds an error, or is not ONTAP's, takes reading all of it, and so
//! does decoding it. A page of a list is too large for both: what was decoded to find out goes along with the answer.

use http::Extensions;
use progenitor_client::ResponseValue;
use reqwest::Response;
use serde::de::DeserializeOwned;

use crate::bindings::{self, types};
use crate::error_code::Operation;

/// What an answer to `operation` says, if that has a place for an error, as those of lists and of creating have, and there
/// is none in it. Nothing of anything else, which may all the same be an answer of success.
pub(crate) fn of(operation: Operation, body: &[u8]) -> Option<Extensions> {
    // An array would do for a structure otherwise.
    let has_place = matches!(operation, Operation::IpsecPolicyCollectionGet | Operation::IpsecPolicyCreate);
    if !has_place || body.trim_ascii_start().first() != Some(&b'{') {
        return None;
    }
    // Looked at as a whole, text is found to be UTF-8 sooner than piece by piece.
    let answer: types::IpsecPolicyResponse = serde_json::from_str(str::from_utf8(body).ok()?).ok()?;
    if answer.error.is_some() {
        return None;
    }
    let mut decoded = Extensions::new();
    decoded.insert(answer);
    Some(decoded)
}

/// The value of an answer, for the bindings: the one that goes along with it, or what its body says.
pub(crate) async fn value<T, E>(mut response: Response) -> Result<ResponseValue<T>, bindings::Error<E>>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    match response.extensions_mut().remove() {
        Some(decoded) => Ok(ResponseValue::new(decoded, response.status(), std::mem::take(response.headers_mut()))),
        None => ResponseValue::from_response(response).await,
    }
}

/// The same for the answer of an operation that has none to give.
pub(crate) fn nothing(mut response: Response) -> ResponseValue<()> {
    ResponseValue::new((), response.status(), std::mem::take(response.headers_mut()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_holds_no_error_is_decoded() {
        let list = br#" {"records":[{"name":"a","action":"new"}],"num_records":1,"error":null}"#;
        let decoded = of(Operation::IpsecPolicyCollectionGet, list)
            .and_then(|mut decoded| decoded.remove::<types::IpsecPolicyResponse>());
        assert_eq!(decoded.unwrap().records.unwrap()[0].name.as_deref(), Some("a"));
        let foreign: [&[u8]; 8] = [
            b"",
            b"[]",
            br#"{"records":[]"#,
            br#"{"records":[]} and more"#,
            b"{\"records\":[{\"name\":\"\xff\"}]}",
            br#"{"records":[],"error":{}}"#,
            br#"{"records":[],"\u0065rror":{"code":"4"}}"#,
            br#"{"records":[],"error":{"code":4}}"#,
        ];
        for body in foreign {
            assert!(of(Operation::IpsecPolicyCollectionGet, body).is_none(), "{}", String::from_utf8_lossy(body));
        }
        assert!(of(Operation::IpsecPolicyGet, b"{}").is_none());
    }
}
