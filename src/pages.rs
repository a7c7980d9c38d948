//! One page of a collection.

use progenitor_client::{ClientHooks as _, ClientInfo as _, OperationInfo};
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Url};

use crate::bindings::{self, ResponseValue, builder, types};
use crate::decoded;
use crate::error::{Error, ErrorKind, Result, attempts};
use crate::error_code::Operation;

/// One page of policies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// The policies; there may be none although there are more pages.
    pub records: Vec<types::IpsecPolicy>,
    /// How many records the page holds. With `return_records(false)`, how many match, as far as ONTAP got: as long as
    /// there are more pages, their numbers are to be added.
    pub num_records: Option<u64>,
    pub(crate) next: Option<String>,
    /// How many it took to get the page.
    pub(crate) attempts: u32,
}

impl Page {
    /// Whether ONTAP named no further page.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.next.is_none()
    }
}

pub(crate) const OPERATION: Operation = Operation::IpsecPolicyCollectionGet;

/// The page that the builder asks for.
pub(crate) async fn page(builder: builder::IpsecPolicyCollectionGet<'_>) -> Result<Page> {
    read(builder.send().await)
}

/// The page after `page`, or nothing if that was the last.
pub(crate) async fn after(client: &bindings::Client, page: &Page) -> Result<Option<Page>> {
    match &page.next {
        Some(path) => next_page(client, path).await.map(Some),
        None => Ok(None),
    }
}

/// The page at the path that ONTAP gave as the next one. Its query is opaque, so it is sent as it came.
pub(crate) async fn next_page(client: &bindings::Client, path: &str) -> Result<Page> {
    let url = resolve(client.baseurl(), path).map_err(|error| error.during(OPERATION))?;
    let info = OperationInfo { operation_id: OPERATION.id() };
    let mut request = reqwest::Request::new(Method::GET, url);
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    let answer = async {
        client.pre(&mut request, &info).await?;
        let response = client.exec(request, &info).await?;
        let status = response.status();
        if status.is_success() {
            decoded::value(response).await
        } else if status.is_client_error() || status.is_server_error() {
            Err(bindings::Error::ErrorResponse(ResponseValue::from_response(response).await?))
        } else {
            Err(bindings::Error::UnexpectedResponse(response))
        }
    };
    read(answer.await)
}

/// The credentials go to the page that a link names, so that it has to be the same cluster's API.
fn resolve(base: &str, path: &str) -> Result<Url> {
    let foreign =
        || Error::new(ErrorKind::UnexpectedAnswer, "the link to the next page does not lead to this cluster's API");
    let base = Url::parse(base).map_err(|_| foreign())?;
    let url = base.join(path).map_err(|_| foreign())?;
    let user_info = !url.username().is_empty() || url.password().is_some();
    if url.origin() == base.origin() && url.path().starts_with("/api/") && !user_info {
        Ok(url)
    } else {
        Err(foreign())
    }
}

fn read(
    answer: std::result::Result<ResponseValue<types::IpsecPolicyResponse>, bindings::Error<types::ErrorResponse>>,
) -> Result<Page> {
    let answer = answer.map_err(|error| Error::from(error).during(OPERATION))?;
    let next = answer.links.as_ref().and_then(|links| links.next.as_ref()).and_then(|next| next.href.clone());
    // ONTAP says that there are none; an answer without a word of records is somebody else's.
    if answer.records.is_none() && answer.num_records.is_none() && next.is_none() {
        let message = "the answer holds neither policies nor their number";
        return Err(Error::new(ErrorKind::UnexpectedAnswer, message).during(OPERATION).of_success(&answer));
    }
    let attempts = attempts(answer.headers());
    let response = answer.into_inner();
    Ok(Page {
        records: response.records.unwrap_or_default(),
        num_records: response.num_records.and_then(|number| number.try_into().ok()),
        next,
        attempts,
    })
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn only_links_into_the_same_api_are_followed() {
        let base = "https://cluster.example.com/api";
        let next = "/api/security/ipsec/policies?start.uuid=a%7Cb&max_records=1";
        assert_eq!(resolve(base, next).unwrap().as_str(), format!("https://cluster.example.com{next}"));
        for path in [
            "https://elsewhere.example.com/api/security/ipsec/policies",
            "//elsewhere.example.com/api/x",
            "http://cluster.example.com/api/x",
            "https://cluster.example.com:8443/api/x",
            "https://user:word@cluster.example.com/api/x",
            "/spi/x",
            "/api/../spi/x",
            "https://[",
        ] {
            assert!(resolve(base, path).is_err(), "{path}");
        }
    }
}
