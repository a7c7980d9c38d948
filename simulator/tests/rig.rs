//! A running simulator and a signed-in client.

use std::collections::BTreeMap;

use ontap_ipsec_simulator::{Builder, Certificate, ClusterState, Simulator, Svm};
use reqwest::{Client, Method, RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

pub(crate) const POLICIES: &str = "/api/security/ipsec/policies";
pub(crate) const CONFIG: &str = "/api/security/ipsec";
pub(crate) const AUTHORITIES: &str = "/api/security/ipsec/ca-certificates";
pub(crate) const ASSOCIATIONS: &str = "/api/security/ipsec/security-associations";
pub(crate) const SVM1: &str = "02c9e252-41be-11e9-81d5-00a0986138f7";
pub(crate) const SVM2: &str = "5f0a2f3c-41be-11e9-81d5-00a0986138f7";
pub(crate) const CERT: &str = "9d5b0a52-86d1-11e0-ae1c-123478563412";
pub(crate) const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
pub(crate) const KEY: &str = "a-key-of-enough-characters";

/// A simulator with two SVMs and four certificates, over plain HTTP.
pub(crate) struct Rig {
    pub(crate) simulator: Simulator,
    client: Client,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// `Null` where the body is empty.
    pub(crate) body: Value,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    pub(crate) async fn with(set: impl FnOnce(Builder) -> Builder) -> Self {
        let state = ["old", "new", "c"]
            .into_iter()
            .fold(ClusterState::default(), |state, name| state.certificate(Certificate::new(name)))
            .certificate(Certificate::new("cert").with_uuid(CERT.parse().unwrap()))
            .svm(Svm::data("svm1").with_uuid(SVM1.parse().unwrap()))
            .svm(Svm::data("svm2").with_uuid(SVM2.parse().unwrap()));
        let builder = Simulator::builder().plain_http().cluster(state);
        Self { simulator: set(builder).start().await.unwrap(), client: Client::builder().no_proxy().build().unwrap() }
    }

    /// Makes a signed-in request for plain JSON.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).basic_auth("admin", Some("netapp1!")).header("accept", "application/json")
    }

    /// Makes a request without credentials and `Accept`.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.simulator.url()))
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }

    /// Sends a GET without `Accept`, so that the response has links.
    pub(crate) async fn get_hal(&self, path: &str) -> Reply {
        Reply::of(self.bare(Method::GET, path).basic_auth("admin", Some("netapp1!"))).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        Reply::of(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        Reply::of(self.request(Method::PATCH, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::DELETE, path)).await
    }

    /// Creates the policy and returns its path.
    pub(crate) async fn make(&self, policy: Value) -> String {
        let reply = self.post(POLICIES, policy).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.header("location").to_owned()
    }

    /// Creates the policy and returns the record of a GET.
    pub(crate) async fn make_and_read(&self, policy: Value) -> Value {
        let path = self.make(policy).await;
        self.get(&path).await.body
    }

    /// Returns the names in a list, in its order.
    pub(crate) async fn names(&self, query: &str) -> Vec<String> {
        let reply = self.get(&format!("{POLICIES}?{query}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.names()
    }
}

impl Reply {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        Self { status, headers, text, body }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header {name}")).to_str().unwrap()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let records = self.body["records"].as_array().unwrap();
        records.iter().map(|record| record["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Asserts that the response is an error in ONTAP's form with this status, code and target.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16, code: &str, target: Option<&str>) {
        assert_eq!(self.status, status, "{}", self.text);
        let error = &self.body["error"];
        assert_eq!(error["code"], code, "{}", self.text);
        assert_eq!(error.get("target").and_then(Value::as_str), target, "{}", self.text);
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert_eq!(self.body.as_object().unwrap().len(), 1);
        let members: Vec<_> = error.as_object().unwrap().keys().collect();
        assert!(members.iter().all(|name| ["arguments", "code", "message", "target"].contains(&name.as_str())));
    }
}

/// Returns a valid policy with a pre-shared key.
pub(crate) fn psk(name: &str) -> Value {
    json!({"name": name, "svm": {"name": "svm1"}, "secret_key": KEY})
}

/// Returns four policies that differ in every field that filters accept.
pub(crate) async fn varied() -> Rig {
    let rig = Rig::start().await;
    rig.make(json!({
        "name": "web", "svm": {"name": "svm1"}, "secret_key": KEY, "protocol": "6",
        "local_endpoint": {"address": "10.0.0.10", "netmask": "24", "port": "443"},
        "local_identity": "a, b", "enabled": false,
    }))
    .await;
    rig.make(json!({
        "name": "dns", "svm": {"name": "svm2"}, "action": "bypass", "protocol": "17",
        "local_endpoint": {"address": "10.0.0.9", "netmask": "8", "port": "53"},
        "remote_endpoint": {"address": "fe80::1", "netmask": "10"},
    }))
    .await;
    rig.make(json!({
        "name": "a*", "svm": {"name": "svm1"}, "action": "esp_udp", "certificate": {"name": "cert", "uuid": CERT},
        "remote_endpoint": {"address": "192.0.2.1", "netmask": "32", "port": "9"}, "remote_identity": "peer",
    }))
    .await;
    rig.make(json!({"name": "all", "secret_key": KEY})).await;
    rig
}

/// Replaces members of the policy; `null` removes a member.
pub(crate) fn with(mut policy: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap().clone() {
        if value.is_null() {
            policy.as_object_mut().unwrap().remove(&name);
        } else {
            policy[name] = value;
        }
    }
    policy
}

/// Percent-encodes the text for a URL.
pub(crate) fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Returns the decoded query of a link.
pub(crate) fn query(link: &str) -> BTreeMap<String, String> {
    let (_, query) = link.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}
