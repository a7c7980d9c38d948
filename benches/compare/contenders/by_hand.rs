//! The limit for the two libraries: code by hand, with reqwest and serde, and without anything else.
//!
//! reqwest is built and set up as in this crate, and the requests are the same. The structs have the same fields. Texts
//! and UUIDs are owned strings, as in this crate; enums are plain ones without unknown values. A page is checked for
//! UTF-8 as a whole, which is quicker than string by string, as `Response::json` does it. A loop that calls `json` takes
//! part, too. There are no retries, limits, traces or redaction.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderName, HeaderValue, LOCATION};
use reqwest::{Certificate, Client, RequestBuilder, Response, redirect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Changer, Failure, Tally};
use crate::canned::{KEY, POLICIES};
use crate::work::{Done, Meter, Work};

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "_links")]
    links: Option<Links>,
    #[allow(dead_code, reason = "read, as by this crate")]
    num_records: Option<i64>,
    records: Option<Vec<Policy>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read, as by this crate")]
struct Links {
    next: Option<Link>,
    #[serde(rename = "self")]
    this: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    href: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read, as by this crate")]
struct Policy {
    action: Option<Action>,
    authentication_method: Option<Method>,
    certificate: Option<Reference>,
    enabled: Option<bool>,
    ipspace: Option<Reference>,
    local_endpoint: Option<Endpoint>,
    local_identity: Option<String>,
    name: Option<String>,
    protocol: Option<String>,
    remote_endpoint: Option<Endpoint>,
    remote_identity: Option<String>,
    scope: Option<Scope>,
    svm: Option<Reference>,
    uuid: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read, as by this crate")]
struct Reference {
    #[serde(rename = "_links")]
    links: Option<Links>,
    name: Option<String>,
    uuid: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read, as by this crate")]
struct Endpoint {
    address: Option<String>,
    family: Option<Family>,
    netmask: Option<String>,
    port: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Bypass,
    Discard,
    EspTransport,
    EspUdp,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Method {
    None,
    Psk,
    Pki,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Family {
    Ipv4,
    Ipv6,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Scope {
    Svm,
    Cluster,
    #[serde(other)]
    Other,
}

/// A client, where it sends to, and as whom.
#[derive(Clone)]
pub(super) struct ByHand {
    http: Client,
    url: String,
    user: String,
    password: String,
}

impl ByHand {
    fn new(work: &Work) -> Result<Self, Failure> {
        let headers = [("x-dot-error-arguments", "true"), ("x-dot-client-app", "by-hand/1.0")];
        let headers = headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut http = Client::builder()
            .default_headers(headers.into_iter().collect())
            .user_agent("by-hand/1.0")
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(45))
            .timeout(Duration::from_secs(75));
        #[cfg(feature = "rustls")]
        {
            http = http.tls_backend_rustls();
        }
        if let Some(certificate) = &work.certificate {
            http = http.tls_certs_only([Certificate::from_pem(certificate.as_bytes())?]);
        }
        let Work { url, user, password, .. } = work.clone();
        Ok(Self { http: http.build()?, url, user, password })
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let request = request.header(ACCEPT, "application/json").basic_auth(&self.user, Some(&self.password));
        Ok(request.send().await?.error_for_status()?)
    }

    fn first(&self, page: u32) -> String {
        format!("{}{POLICIES}?fields=%2A&max_records={page}", self.url)
    }

    async fn page(&self, url: String, decoding: Decoding) -> Result<(Page, Option<String>), Failure> {
        let answer = self.send(self.http.get(url)).await?;
        let mut page: Page = match decoding {
            Decoding::Quick => serde_json::from_str(str::from_utf8(&answer.bytes().await?)?)?,
            Decoding::Usual => answer.json().await?,
        };
        let next = page.links.take().and_then(|links| links.next).and_then(|next| next.href);
        Ok((page, next.map(|path| self.url.clone() + &path)))
    }
}

/// How a page is decoded.
#[derive(Clone, Copy)]
pub(super) enum Decoding {
    /// From a text that is UTF-8.
    Quick,
    /// By `Response::json`.
    Usual,
}

fn add(page: Page, tally: &mut Tally) {
    for policy in page.records.unwrap_or_default() {
        let address = policy.local_endpoint.as_ref().and_then(|endpoint| endpoint.address.as_deref());
        tally.add(policy.name.as_deref(), policy.uuid.as_deref(), address);
    }
}

pub(super) async fn list(work: &Work, page: u32, decoding: Decoding) -> Result<Done, Failure> {
    let client = ByHand::new(work)?;
    let mut tally = Tally::default();
    let meter = Meter::start();
    let mut next = Some(client.first(page));
    while let Some(url) = next {
        let (page, after) = client.page(url, decoding).await?;
        add(page, &mut tally);
        next = after;
    }
    Ok(meter.stop(tally.done(), Vec::new()))
}

pub(super) async fn list_ahead(work: &Work, page: u32) -> Result<Done, Failure> {
    let client = ByHand::new(work)?;
    let mut tally = Tally::default();
    let meter = Meter::start();
    let (mut page, mut next) = client.page(client.first(page), Decoding::Quick).await?;
    while let Some(url) = next {
        let client = client.clone();
        let ahead = tokio::spawn(async move { client.page(url, Decoding::Quick).await });
        add(page, &mut tally);
        (page, next) = ahead.await??;
    }
    add(page, &mut tally);
    Ok(meter.stop(tally.done(), Vec::new()))
}

pub(super) fn changer(work: &Work) -> Result<ByHand, Failure> {
    ByHand::new(work)
}

#[derive(Serialize)]
struct Create<'a> {
    action: &'a str,
    authentication_method: &'a str,
    enabled: bool,
    local_endpoint: End<'a>,
    name: String,
    protocol: &'a str,
    remote_endpoint: End<'a>,
    secret_key: &'a str,
    svm: Svm<'a>,
}

#[derive(Serialize)]
struct End<'a> {
    address: &'a str,
    netmask: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<&'a str>,
}

#[derive(Serialize)]
struct Svm<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Modify {
    enabled: bool,
}

/// The body of a response that says no more than that something was done.
#[derive(Deserialize)]
struct Nothing {}

impl Changer for ByHand {
    async fn create(&self, number: u32) -> Result<Uuid, Failure> {
        let policy = Create {
            action: "esp_transport",
            authentication_method: "psk",
            enabled: true,
            local_endpoint: End { address: "192.0.2.10", netmask: "32", port: Some("2049") },
            name: format!("policy-{number:07}"),
            protocol: "tcp",
            remote_endpoint: End { address: "198.51.100.0", netmask: "24", port: None },
            secret_key: KEY,
            svm: Svm { name: "svm1" },
        };
        let answer = self.send(self.http.post(format!("{}{POLICIES}", self.url)).json(&policy)).await?;
        let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let uuid = location.and_then(|location| location.rsplit('/').next()).ok_or("no location")?.parse()?;
        let Nothing {} = answer.json().await?;
        Ok(uuid)
    }

    async fn modify(&self, uuid: Uuid) -> Result<(), Failure> {
        let url = format!("{}{POLICIES}/{uuid}", self.url);
        let Nothing {} = self.send(self.http.patch(url).json(&Modify { enabled: false })).await?.json().await?;
        Ok(())
    }

    async fn delete(&self, uuid: Uuid) -> Result<(), Failure> {
        let Nothing {} = self.send(self.http.delete(format!("{}{POLICIES}/{uuid}", self.url))).await?.json().await?;
        Ok(())
    }
}
