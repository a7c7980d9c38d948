//! The same work by hand, and no more: serde into plain structs, and reqwest.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderName, HeaderValue, LOCATION};
use reqwest::{RequestBuilder, Url, redirect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::canned::{PASSWORD, USER};

/// One page of the list.
#[derive(Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    pub(crate) records: Vec<Policy>,
    #[serde(rename = "num_records")]
    pub(crate) _num_records: Option<u64>,
    #[serde(rename = "_links")]
    pub(crate) links: Option<Links>,
}

#[derive(Deserialize)]
pub(crate) struct Links {
    pub(crate) next: Option<Link>,
}

#[derive(Deserialize)]
pub(crate) struct Link {
    pub(crate) href: String,
}

/// A policy, with all the fields that the client knows, texts of every kind as `String`.
#[derive(Serialize, Deserialize)]
#[allow(dead_code, reason = "what is decoded need not be looked at")]
#[serde(default)]
#[derive(Default)]
pub(crate) struct Policy {
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ipspace: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    local_endpoint: Option<Endpoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    local_identity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_endpoint: Option<Endpoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_identity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    svm: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uuid: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Reference {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uuid: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Endpoint {
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    netmask: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<String>,
}

/// Sends the client's requests, byte for byte, without the client's other work.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        let name = HeaderValue::from_static(concat!("ontap-ipsec/", env!("CARGO_PKG_VERSION")));
        let headers = [("x-dot-error-arguments", HeaderValue::from_static("true")), ("x-dot-client-app", name)];
        let headers = headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value));
        let http = reqwest::Client::builder()
            .default_headers(headers.collect())
            .user_agent(concat!("ontap-ipsec/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(60))
            .build();
        Self { http: http.expect("a client"), base: format!("{url}/api/security/ipsec/policies") }
    }

    pub(crate) async fn bytes(&self, url: &str) -> Vec<u8> {
        let answer = self.sent(self.http.get(url)).await.bytes().await;
        answer.expect("a body").into()
    }

    pub(crate) fn first_page(&self, policies: usize) -> String {
        format!("{}?fields=*&max_records={policies}", self.base)
    }

    pub(crate) async fn list(&self, page: usize) -> usize {
        let mut url = Url::parse(&self.first_page(page)).expect("a URL");
        let mut policies = 0;
        loop {
            let body = self.sent(self.http.get(url.clone())).await.bytes().await.expect("a body");
            let answer: Answer = serde_json::from_slice(&body).expect("a page");
            policies += answer.records.len();
            match answer.links.and_then(|links| links.next) {
                Some(next) => url = url.join(&next.href).expect("a URL"),
                None => return policies,
            }
        }
    }

    pub(crate) async fn create(&self, policy: &Policy) -> Uuid {
        let created = self.sent(self.http.post(&self.base).json(policy)).await;
        let location = created.headers().get(LOCATION).and_then(|location| location.to_str().ok()).expect("an address");
        let uuid = location.rsplit('/').next().expect("a part").parse().expect("a UUID");
        created.bytes().await.expect("a body");
        uuid
    }

    pub(crate) async fn get(&self, uuid: Uuid) -> Policy {
        let answer = self.sent(self.http.get(format!("{}/{uuid}", self.base))).await;
        answer.json().await.expect("a policy")
    }

    pub(crate) async fn modify(&self, uuid: Uuid, changes: &Policy) {
        let answer = self.sent(self.http.patch(format!("{}/{uuid}", self.base)).json(changes)).await;
        answer.bytes().await.expect("a body");
    }

    pub(crate) async fn delete(&self, uuid: Uuid) {
        let answer = self.sent(self.http.delete(format!("{}/{uuid}", self.base))).await;
        answer.bytes().await.expect("a body");
    }

    async fn sent(&self, request: RequestBuilder) -> reqwest::Response {
        let request = request.header(ACCEPT, "application/json").basic_auth(USER, Some(PASSWORD));
        request.send().await.and_then(reqwest::Response::error_for_status).expect("a response of success")
    }
}
