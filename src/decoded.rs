//! Lists, decoded before it is known that they are ones.
//!
//! Whether an answer of success is one, or holds an error, or is not ONTAP's, takes reading all of it, and so does
//! decoding it. A page of a list is too large for both: what was decoded to find out goes along with the answer.

use http::Extensions;
use progenitor_client::ResponseValue;
use reqwest::Response;
use serde::de::DeserializeOwned;

use crate::bindings::{self, types};
use crate::error_code::Operation;
use crate::pages;

/// What an answer to `operation` says, if it is a list, and there is no error in it. Nothing of anything else, which may
/// all the same be an answer of success.
pub(crate) fn of(operation: Operation, body: &[u8]) -> Option<Extensions> {
    // An array would do for a structure otherwise.
    if operation != pages::OPERATION || body.trim_ascii_start().first() != Some(&b'{') {
        return None;
    }
    // Looked at as a whole, text is found to be UTF-8 sooner than piece by piece.
    let list: types::IpsecPolicyResponse = serde_json::from_str(str::from_utf8(body).ok()?).ok()?;
    if list.error.is_some() {
        return None;
    }
    let mut decoded = Extensions::new();
    decoded.insert(list);
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
