//! The client against Prism, a mock server by others, which knows the spec alone. Prism accepts each request of the
//! client, and the client reads each example that Prism sends.

// clippy.toml lets tests panic, but not what they call.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

mod front;
mod judge;
// Only the spec itself and its schemas are wanted of it.
#[path = "../support/schema.rs"]
mod schema;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use front::{Front, Wanted};
use judge::Judge;
use ontap_ipsec::operations::{
    IpsecCaCertificateCollectionGet as Authorities, IpsecPolicyCollectionGet as List,
    SecurityAssociationCollectionGet as Associations,
};
use ontap_ipsec::types::{
    CaCertificateReference, CertificateReference, IpsecCaCertificateCreate, IpsecEndpoint, IpsecModify,
    IpsecPolicyCreate, IpsecPolicyModify, IpspaceReference, Ppk, PpkCreate, SvmReference,
};
use ontap_ipsec::values::{IpsecAction, IpsecAuthenticationMethod};
use ontap_ipsec::{
    Authentication, Change, Client, Credentials, Error, ErrorCode, Field, Filter, Operation, PolicyScope,
};
use reqwest::Method;
use schema::{resolve, spec};
use serde_json::{Value, json};
use support::{KEY, PASSWORD, TOKEN, UUID, changed};

const CONFIG: &str = "/api/security/ipsec";
const AUTHORITIES: &str = "/api/security/ipsec/ca-certificates";
const ASSOCIATIONS: &str = "/api/security/ipsec/security-associations";
const POLICIES: &str = "/api/security/ipsec/policies";

type Set<L> = fn(L, Filter) -> L;

macro_rules! setters {
    ($list:ty: $($name:ident)*) => { [$((|all, filter| all.$name(filter)) as Set<$list>),*] };
}

/// All filters but `enabled`, which takes no operator.
const FILTERS: [Set<List>; 23] = setters! { List:
    action authentication_method certificate_name certificate_uuid ipspace_name ipspace_uuid local_endpoint_address
    local_endpoint_family local_endpoint_netmask local_endpoint_port local_identity name ppk_identity protocol
    remote_endpoint_address remote_endpoint_family remote_endpoint_netmask remote_endpoint_port remote_identity scope
    svm_name svm_uuid uuid
};

const OF_AUTHORITIES: [Set<Authorities>; 4] = setters! { Authorities: certificate_uuid scope svm_name svm_uuid };

/// Filters by text. `ike_is_initiator` takes no operator.
const OF_ASSOCIATIONS: [Set<Associations>; 19] = setters! { Associations:
    cipher_suite ike_authentication ike_initiator_security_parameter_index ike_responder_security_parameter_index
    ike_state ipsec_action ipsec_inbound_security_parameter_index ipsec_outbound_security_parameter_index ipsec_state
    local_address node_name node_uuid policy_name remote_address scope svm_name svm_uuid type_ uuid
};

/// Filters by number. The spec, like the reference, has no operators for them, though ONTAP takes some.
const OF_NUMBERS: [Set<Associations>; 10] = setters! { Associations:
    ike_version ipsec_inbound_bytes ipsec_inbound_offload_bytes ipsec_inbound_offload_packets ipsec_inbound_packets
    ipsec_outbound_bytes ipsec_outbound_offload_bytes ipsec_outbound_offload_packets ipsec_outbound_packets lifetime
};

/// A filter by each operator, and values that have to be quoted.
fn operators() -> [Filter; 16] {
    [
        Filter::literal("nfs"),
        Filter::literal("a*|b,!c"),
        Filter::literal("say \"hi\" & <go>"),
        Filter::literal(""),
        Filter::pattern("nfs*"),
        Filter::any_of(["a", "b|c"]),
        Filter::not("nfs"),
        Filter::not(Filter::pattern("nfs*")),
        Filter::less_than(10),
        Filter::at_most(10),
        Filter::more_than(10),
        Filter::at_least(10),
        Filter::range(10, 20),
        Filter::unset(),
        Filter::set(),
        Filter::raw("*nfs*|ä+%20"),
    ]
}

/// Returns a name of the greatest length.
fn longest() -> String {
    "n".repeat(64)
}

async fn lists(client: &Client) -> Result<(), Error> {
    for set in FILTERS {
        for filter in operators() {
            set(client.policies().list(), filter).page().await?;
        }
    }
    for filter in [
        Filter::literal(longest()),
        Filter::literal(format!("*{}", &longest()[1..])),
        Filter::not(longest()),
        Filter::any_of([longest(), longest()]),
    ] {
        client.policies().list().name(filter).page().await?;
    }
    client.policies().list().enabled(true).page().await?;
    client.policies().list().enabled(false).name("a").svm_name("b").return_records(true).page().await?;
    for seconds in [0, 15, 120] {
        client.policies().list().return_timeout(seconds).max_records(1).page().await?;
    }
    let fields = || Field::of(Operation::IpsecPolicyCollectionGet).iter().cloned();
    for field in fields() {
        client.policies().list().fields([field.clone()]).order_by([field.clone()]).page().await?;
        client.policies().list().order_by([field.ascending(), Field::Uuid.descending()]).page().await?;
    }
    client.policies().list().fields(fields()).order_by(fields()).page().await?;
    client.policies().list().fields(["*"]).page().await?;

    let first = client.policies().list().max_records(1).page().await?;
    let second = client.policies().next_page(&first).await?.expect("the example of a page has a next one");
    assert!(second.is_last());
    let mut policies = client.policies().list().max_records(1).stream();
    let policy = policies.try_next().await?.expect("a policy in the example of a page");
    assert_eq!(policies.try_next().await?, None);
    let found = client.policies().find("svm1", policy.name.as_deref().unwrap()).await?;
    assert_eq!(found, Some(policy));
    assert_eq!(client.policies().find(PolicyScope::cluster(), longest()).await?, None);
    assert_eq!(client.policies().find("svm1", format!("*{}", &longest()[1..])).await?, None);
    assert_eq!(client.policies().list().enabled(true).count().await?, 42);
    Ok(())
}

async fn lists_of_others(client: &Client) -> Result<(), Error> {
    let (authorities, associations) = (client.ca_certificates(), client.security_associations());
    for filter in operators() {
        for set in OF_AUTHORITIES {
            set(authorities.list(), filter.clone()).page().await?;
        }
        for set in OF_ASSOCIATIONS {
            set(associations.list(), filter.clone()).page().await?;
        }
    }
    for set in OF_NUMBERS {
        for number in [0, u32::MAX] {
            set(associations.list(), Filter::literal(number.to_string())).page().await?;
        }
    }
    associations.list().ike_is_initiator(true).page().await?;
    authorities.list().return_timeout(0).max_records(1).return_records(true).page().await?;
    associations.list().return_timeout(120).max_records(1).return_records(true).page().await?;
    for field in Field::of(Operation::IpsecCaCertificateCollectionGet) {
        authorities.list().fields([field.clone()]).order_by([field.clone().descending()]).page().await?;
    }
    for field in Field::of(Operation::SecurityAssociationCollectionGet) {
        associations.list().fields([field.clone()]).order_by([field.clone().descending()]).page().await?;
    }
    let page = authorities.list().page().await?;
    assert_eq!((page.records.len(), page.is_last()), (1, true));
    let page = associations.list().page().await?;
    assert!(!page.records.is_empty() && page.is_last());
    Ok(())
}

async fn configures(client: &Client, spec: &Value) -> Result<(), Error> {
    assert_eq!(client.config().get().await?.enabled, Some(true));
    for field in Field::of(Operation::IpsecGet) {
        client.operations().ipsec_get().fields([field]).send().await?;
    }
    client.config().enable().await?;
    client.config().disable().await?;
    client.config().modify(&IpsecModify::default().with_offload_enabled(true).with_replay_window(0)).await?;
    for window in [0, 64, 128, 256, 512, 1024] {
        client.config().modify(&IpsecModify::default().with_replay_window(window)).await?;
    }
    for value in examples(&operation(spec, Operation::IpsecModify)["requestBody"]) {
        client.config().modify(&serde_json::from_value(value).unwrap()).await?;
    }
    Ok(())
}

async fn trusts(client: &Client, spec: &Value) -> Result<(), Error> {
    let certificates = client.ca_certificates();
    for svm in [SvmReference::from("svm1"), SvmReference::from(UUID), SvmReference::from("svm1").with_uuid(UUID)] {
        certificates.install(&IpsecCaCertificateCreate::for_svm(svm, UUID)).await?;
    }
    certificates.install(&IpsecCaCertificateCreate::for_cluster(UUID)).await?;
    for value in examples(&operation(spec, Operation::IpsecCaCertificateCreate)["requestBody"]) {
        certificates.install(&serde_json::from_value(value).unwrap()).await?;
    }
    let operations = client.operations();
    operations.ipsec_ca_certificate_create(authority()).return_records(true).send().await?;
    // The client looks whether the response is about what it asked for.
    let example = |name: &str| spec["components"]["parameters"][name]["example"].as_str().unwrap().parse().unwrap();
    certificates.get(example("certificate.uuid")).await?;
    for field in Field::of(Operation::IpsecCaCertificateGet) {
        operations.ipsec_ca_certificate_get(UUID).fields([field]).send().await?;
    }
    client.security_associations().get(example("association_uuid")).await?;
    for field in Field::of(Operation::SecurityAssociationGet) {
        operations.security_association_get(UUID).fields([field]).send().await?;
    }
    certificates.remove(UUID).await
}

fn authority() -> IpsecCaCertificateCreate {
    IpsecCaCertificateCreate::default().with_certificate(CaCertificateReference::from(UUID))
}

/// A policy with every member that can be given at create together with a key.
fn whole(name: &str) -> IpsecPolicyCreate {
    IpsecPolicyCreate::default()
        .with_action(IpsecAction::EspTransport)
        .with_authentication_method(IpsecAuthenticationMethod::Psk)
        .with_certificate_modify_keepsa(true)
        .with_enabled(false)
        .with_ipspace(IpspaceReference::from("Default").with_uuid(UUID))
        .with_local_endpoint(endpoint("192.0.2.10", "32"))
        .with_local_identity("storage.example.com")
        .with_name(name)
        .with_ppk(PpkCreate::default().with_identity("site-a-to-b").with_shared_key(KEY))
        .with_protocol("tcp")
        .with_remote_endpoint(endpoint("198.51.100.0", "255.255.255.0"))
        .with_remote_identity("host.example.com")
        .with_secret_key(KEY)
        .with_svm(SvmReference::from("svm1").with_uuid(UUID))
}

/// With the family, as it was read; the client leaves it out.
fn endpoint(address: &str, netmask: &str) -> IpsecEndpoint {
    IpsecEndpoint::default().with_address(address).with_netmask(netmask).with_port(2049).with_family("ipv4")
}

fn certificate() -> CertificateReference {
    CertificateReference::from("svm1-ipsec").with_uuid(UUID)
}

/// A member that is new in the spec has to be added to `whole`.
#[test]
fn no_member_is_left_out() {
    let spec = spec();
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let policy = serde_json::to_value(whole("a").with_certificate(certificate())).unwrap();
    assert_eq!(members(&policy), members(&spec["components"]["schemas"]["ipsec_policy_create"]["properties"]));
}

async fn creates(client: &Client, spec: &Value) -> Result<(), Error> {
    let scopes = [
        PolicyScope::svm("svm1"),
        PolicyScope::svm(UUID),
        PolicyScope::cluster(),
        PolicyScope::cluster().in_ipspace("Default"),
        PolicyScope::svm("svm1").in_ipspace(UUID),
    ];
    let authentications = [
        Authentication::psk(KEY),
        Authentication::psk("k".repeat(18)),
        Authentication::psk("k".repeat(128)),
        Authentication::pki("svm1-ipsec", "host.example.com"),
        Authentication::pki(UUID, "host.example.com"),
    ];
    for scope in scopes {
        for authentication in &authentications {
            let (scope, with) = (|| scope.clone(), || authentication.clone());
            client.policies().create(&IpsecPolicyCreate::esp_transport("a", scope(), with())).await?;
            client
                .policies()
                .create(&IpsecPolicyCreate::esp_udp(longest(), scope(), with()).with_enabled(true))
                .await?;
        }
        client.policies().create(&IpsecPolicyCreate::discard("a", scope.clone())).await?;
        let bypass = IpsecPolicyCreate::bypass("a", scope);
        client.policies().create(&bypass.with_authentication_method(IpsecAuthenticationMethod::None)).await?;
    }
    let with_key = whole("a");
    client.policies().create(&with_key).await?;
    let with_certificate = changed(whole("a").with_certificate(certificate()), |it| {
        it.authentication_method = Some(IpsecAuthenticationMethod::Pki);
        it.secret_key = None;
        it.ppk = None;
    });
    client.policies().create(&with_certificate).await?;
    for value in examples(&operation(spec, Operation::IpsecPolicyCreate)["requestBody"]) {
        client.policies().create(&serde_json::from_value(value).unwrap()).await?;
    }
    let made = client.operations().ipsec_policy_create(support::policy()).return_records(true).send().await?;
    assert_eq!(made.body().records.as_ref().map(Vec::len), Some(1));
    Ok(())
}

async fn changes(client: &Client, spec: &Value) -> Result<(), Error> {
    let all = IpsecPolicyModify::default()
        .with_certificate(certificate())
        .with_certificate_modify_keepsa(true)
        .with_enabled(true)
        .with_local_endpoint(endpoint("192.0.2.10", "32"))
        .with_local_identity("storage.example.com")
        .with_ppk(Ppk::default().with_identity("site-a-to-b"))
        .with_protocol("17")
        .with_remote_endpoint(endpoint("198.51.100.0", "24"))
        .with_remote_identity(String::new());
    client.policies().modify(UUID, &all).await?;
    for (name, value) in serde_json::to_value(&all).unwrap().as_object().unwrap() {
        client.policies().modify(UUID, &serde_json::from_value(json!({ name: value })).unwrap()).await?;
    }
    for value in examples(&operation(spec, Operation::IpsecPolicyModify)["requestBody"]) {
        client.policies().modify(UUID, &serde_json::from_value(value).unwrap()).await?;
    }
    Ok(())
}

/// With the policy of the example as the one that is there.
async fn applies(client: &Client) -> Result<(), Error> {
    let policy = IpsecPolicyCreate::esp_transport("nfs-to-hosts", PolicyScope::svm("svm1"), Authentication::psk(KEY));
    assert_eq!(client.policies().apply(&policy).await?.change, Change::Unchanged);
    let changed = client.policies().apply(&policy.clone().with_enabled(false)).await?;
    assert_eq!(changed.change, Change::Modified(vec![Field::Enabled]));
    assert_eq!(client.policies().apply(&policy.with_name("b")).await?.change, Change::Created);
    Ok(())
}

async fn reads_and_deletes(client: &Client) -> Result<(), Error> {
    client.policies().get(UUID).await?;
    for field in Field::of(Operation::IpsecPolicyGet) {
        client.operations().ipsec_policy_get(UUID).fields([field]).send().await?;
    }
    client.policies().delete(UUID).await
}

#[tokio::test]
async fn every_request_of_the_client_is_one_of_the_spec() {
    let (front, judge, spec) = (Front::start().await, Judge::new(), spec());
    let client = front.client();
    let outcomes = [
        ("lists", lists(&client).await),
        ("creates", creates(&client, &spec).await),
        ("changes", changes(&client, &spec).await),
        ("applies", applies(&client).await),
        ("reads and deletes", reads_and_deletes(&client).await),
        ("lists of others", lists_of_others(&client).await),
        ("configures", configures(&client, &spec).await),
        ("trusts", trusts(&client, &spec).await),
        (
            "a token",
            front.builder().credentials(Credentials::bearer(TOKEN)).build().unwrap().policies().delete(UUID).await,
        ),
        ("no header", front.builder().build().unwrap().policies().delete(UUID).await),
    ];
    let exchanges = front.take();
    let faults = judge.faults(&exchanges);
    assert!(faults.is_empty(), "{faults:#?}");
    for (what, outcome) in outcomes {
        outcome.unwrap_or_else(|error| panic!("{what}: {error}"));
    }
    let (sendable, sent) = (judge.sendable(), judge.sent(&exchanges));
    let missing: Vec<_> = sendable.difference(&sent).collect();
    assert!(missing.is_empty(), "the spec has what no request above holds: {missing:#?}");
}

#[tokio::test]
async fn a_request_that_breaks_the_spec_is_found() {
    let (front, judge) = (Front::start().await, Judge::new());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let one = format!("{POLICIES}/{UUID}");
    let all = |query: &str| format!("{POLICIES}?{query}");
    let cases = [
        (Method::GET, "/security/ipsec/policies".to_owned(), None, "Prism: https://stoplight.io/prism/errors#NO_PATH"),
        (
            Method::GET,
            "/api/security/ipsec/policy".to_owned(),
            None,
            "Prism: https://stoplight.io/prism/errors#NO_PATH",
        ),
        (Method::PUT, one.clone(), None, "Prism: https://stoplight.io/prism/errors#NO_METHOD"),
        (Method::GET, format!("{POLICIES}/1"), None, r#"Prism: ["request","path","uuid"]"#),
        (Method::GET, all("enabled=maybe"), None, r#"Prism: ["request","query","enabled"]"#),
        (Method::GET, all("max_records=1.5"), None, r#"Prism: ["request","query","max_records"]"#),
        (Method::GET, all("return_timeout=121"), None, r#"Prism: ["request","query","return_timeout"]"#),
        (Method::GET, all("name=a&name=b"), None, r#"Prism: ["request","query","name"]"#),
        (Method::GET, all("fields=name&fields=uuid"), None, "the spec: has fields once"),
        (Method::GET, all("nane=a"), None, "the spec: has no parameter nane"),
        (Method::GET, all("start.uuid=1"), None, "the spec: has no parameter start.uuid"),
        (Method::GET, all("name="), None, "the spec: has no use for an empty name"),
        (Method::GET, format!("{one}?max_records=1"), None, "the spec: has no parameter max_records"),
        (Method::POST, POLICIES.to_owned(), None, r#"Prism: ["request"]: "Body parameter is required""#),
        (Method::POST, POLICIES.to_owned(), Some("{"), "Prism: invalid JSON"),
        (Method::POST, POLICIES.to_owned(), Some("[]"), r#"Prism: ["request","body"]"#),
        (Method::POST, POLICIES.to_owned(), Some(r#"{"name":""}"#), r#"Prism: ["request","body","name"]"#),
        (
            Method::POST,
            POLICIES.to_owned(),
            Some(r#"{"secret_key":"short"}"#),
            r#"Prism: ["request","body","secret_key"]"#,
        ),
        (
            Method::POST,
            POLICIES.to_owned(),
            Some(r#"{"action":"esp_tunnel"}"#),
            r#"Prism: ["request","body","action"]"#,
        ),
        (Method::POST, POLICIES.to_owned(), Some(r#"{"local_endpoint":{"port":1}}"#), r#""local_endpoint","port"]"#),
        (Method::POST, POLICIES.to_owned(), Some(r#"{"nane":"a"}"#), "the spec: : Additional properties"),
        (Method::POST, POLICIES.to_owned(), Some(r#"{"scope":"svm"}"#), "the spec: : Additional properties"),
        (
            Method::POST,
            POLICIES.to_owned(),
            Some(r#"{"local_endpoint":{"family":"ipv4"}}"#),
            "the spec: /local_endpoint: Additional properties",
        ),
        (Method::PATCH, one.clone(), Some("{}"), r#"Prism: ["request","body"]"#),
        (Method::PATCH, one.clone(), Some(r#"{"name":"a"}"#), "the spec: : Additional properties"),
        (
            Method::PATCH,
            CONFIG.to_owned(),
            Some(r#"{"replay_window":100}"#),
            r#"Prism: ["request","body","replay_window"]"#,
        ),
        (Method::PATCH, CONFIG.to_owned(), Some("{}"), r#"Prism: ["request","body"]"#),
        (Method::DELETE, CONFIG.to_owned(), None, "Prism: https://stoplight.io/prism/errors#NO_METHOD"),
        (Method::GET, format!("{AUTHORITIES}/1"), None, r#"Prism: ["request","path","certificate_uuid"]"#),
        (Method::POST, AUTHORITIES.to_owned(), Some(r#"{"scope":"svm"}"#), "the spec: : Additional properties"),
        (Method::GET, format!("{ASSOCIATIONS}?ike.version=>1"), None, r#"Prism: ["request","query","ike.version"]"#),
        (
            Method::DELETE,
            one.clone(),
            Some(r#"{"enabled":true}"#),
            r#"Prism: ["request"]: "No supported content types"#,
        ),
    ];
    for (method, target, body, words) in cases {
        let what = format!("{method} {target} {body:?}");
        let mut request = http.request(method, format!("{}{target}", front.url())).basic_auth("admin", Some(PASSWORD));
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body);
        }
        request.send().await.unwrap();
        let faults = judge.faults(&front.take());
        assert!(faults.iter().any(|fault| fault.contains(words)), "{what}: {faults:?}");
    }
    for (name, value, words) in [
        ("Authorization", "Digest username=admin", r#"Prism: ["request"]: "Invalid security scheme used""#),
        ("Accept", "text/html", "Prism: https://stoplight.io/prism/errors#NOT_ACCEPTABLE"),
    ] {
        http.get(format!("{}{POLICIES}", front.url())).header(name, value).send().await.unwrap();
        let faults = judge.faults(&front.take());
        assert!(faults.iter().any(|fault| fault.contains(words)), "{name}: {faults:?}");
    }
    let text = http.post(format!("{}{POLICIES}", front.url())).header("Content-Type", "text/plain").body("{}");
    text.send().await.unwrap();
    let faults = judge.faults(&front.take());
    assert!(faults.iter().any(|fault| fault.contains("Supported content types: application/json")), "{faults:?}");
}

/// The operation as the spec has it.
fn operation(spec: &Value, operation: Operation) -> &Value {
    &spec["paths"][operation.path()][operation.method().to_lowercase()]
}

/// The values of the examples of a body.
fn examples(body: &Value) -> Vec<Value> {
    let content = body["content"].as_object().into_iter().flatten();
    content.flat_map(|(_, it)| it["examples"].as_object().unwrap().values()).map(|it| it["value"].clone()).collect()
}

/// Lists the responses of the spec: the status, and the example to ask Prism for. A response without a body has no
/// example.
fn responses(spec: &Value, operation: &Value) -> Vec<(String, Wanted, Value)> {
    let mut found = Vec::new();
    for (status, response) in operation["responses"].as_object().unwrap() {
        let response = resolve(spec, response);
        let codes = if status == "default" { vec![404, 500] } else { vec![status.parse().unwrap()] };
        for code in codes {
            let wanted = |media_type: &str, example| Wanted { status: code, media_type: media_type.into(), example };
            for (media_type, content) in response["content"].as_object().into_iter().flatten() {
                for (name, example) in content["examples"].as_object().unwrap() {
                    found.push((status.clone(), wanted(media_type, Some(name.clone())), example["value"].clone()));
                }
            }
            if response.get("content").is_none() {
                found.push((status.clone(), wanted("application/json", None), Value::Null));
            }
        }
    }
    found
}

/// Returns the client's result for this operation, as JSON again.
async fn answered(client: &Client, operation: Operation) -> Result<Value, Error> {
    let json = |read: Result<Value, serde_json::Error>| read.unwrap();
    let operations = client.operations();
    Ok(match operation {
        Operation::IpsecGet => json(serde_json::to_value(operations.ipsec_get().send().await?.into_body())),
        Operation::IpsecModify => {
            let changes = IpsecModify::default().with_enabled(false);
            client.config().modify(&changes).await.map(|()| Value::Null)?
        }
        Operation::IpsecCaCertificateCollectionGet => {
            json(serde_json::to_value(operations.ipsec_ca_certificate_collection_get().send().await?.into_body()))
        }
        Operation::IpsecCaCertificateCreate => {
            json(serde_json::to_value(operations.ipsec_ca_certificate_create(authority()).send().await?.into_body()))
        }
        Operation::IpsecCaCertificateGet => {
            json(serde_json::to_value(operations.ipsec_ca_certificate_get(UUID).send().await?.into_body()))
        }
        Operation::IpsecCaCertificateDelete => client.ca_certificates().remove(UUID).await.map(|()| Value::Null)?,
        Operation::SecurityAssociationCollectionGet => {
            json(serde_json::to_value(operations.security_association_collection_get().send().await?.into_body()))
        }
        Operation::SecurityAssociationGet => {
            json(serde_json::to_value(operations.security_association_get(UUID).send().await?.into_body()))
        }
        Operation::IpsecPolicyCollectionGet => {
            json(serde_json::to_value(operations.ipsec_policy_collection_get().send().await?.into_body()))
        }
        Operation::IpsecPolicyCreate => {
            let body = support::policy();
            json(serde_json::to_value(operations.ipsec_policy_create(body).send().await?.into_body()))
        }
        Operation::IpsecPolicyGet => {
            json(serde_json::to_value(operations.ipsec_policy_get(UUID).send().await?.into_body()))
        }
        Operation::IpsecPolicyModify => {
            let changes = IpsecPolicyModify::default().with_enabled(false);
            client.policies().modify(UUID, &changes).await.map(|()| Value::Null)?
        }
        Operation::IpsecPolicyDelete => client.policies().delete(UUID).await.map(|()| Value::Null)?,
        other => panic!("this test does not know what to call for {other}"),
    })
}

/// The body of a failure, as far as the error tells it.
fn failure(error: &Error) -> Value {
    let mut body = json!({ "message": error.message() });
    if let Some(code) = error.code() {
        body["code"] = code.as_str().into();
    }
    if let Some(target) = error.target() {
        body["target"] = target.into();
    }
    if !error.arguments().is_empty() {
        let arguments = error.arguments().iter();
        body["arguments"] = arguments.map(|it| json!({ "code": it.code, "message": it.message })).collect();
    }
    json!({ "error": body })
}

#[tokio::test]
async fn every_example_is_read_as_it_stands() {
    let (front, judge, spec) = (Front::start().await, Judge::new(), spec());
    let client = front.client();
    let (mut successes, mut failures) = (0, 0);
    for operation in Operation::ALL {
        for (status, wanted, example) in responses(&spec, self::operation(&spec, *operation)) {
            let what = format!("{operation} {status} {} {:?}", wanted.media_type, wanted.example);
            front.want(wanted.clone());
            let outcome = answered(&client, *operation).await;
            let exchanges = front.take();
            assert_eq!(judge.faults(&exchanges), Vec::<String>::new(), "{what}");
            let [exchange] = &exchanges[..] else { panic!("{what}: {} requests", exchanges.len()) };
            // Prism gave what was asked for, so that it is not another example that the client read.
            assert_eq!(exchange.status.as_u16(), wanted.status, "{what}");
            let sent: Value = serde_json::from_str(&exchange.answer).unwrap_or_default();
            assert_eq!(sent, example, "{what}");
            if wanted.example.is_some() {
                assert_eq!(exchange.headers["content-type"], wanted.media_type, "{what}");
            }
            if status == "default" {
                let error = outcome.expect_err(&what);
                assert_eq!(failure(&error), example, "{what}");
                assert_eq!(error.status().map(|it| it.as_u16()), Some(wanted.status), "{what}");
                let mut documented = ErrorCode::DOCUMENTED.iter();
                match documented.find(|code| Some(code.as_str()) == example["error"]["code"].as_str()) {
                    Some(code) => assert_eq!(error.code(), Some(code), "{what}"),
                    // One of ONTAP's general ones, which the spec does not list.
                    None => assert!(error.code().is_some_and(|code| code.name().is_none()), "{what}: {error:?}"),
                }
                failures += 1;
            } else {
                assert_eq!(outcome.unwrap_or_else(|error| panic!("{what}: {error}")), example, "{what}");
                successes += 1;
            }
        }
    }
    assert!(successes > Operation::ALL.len() && failures > Operation::ALL.len(), "{successes}, {failures}");
}

#[tokio::test]
async fn the_example_of_the_location_names_the_policy() {
    let (front, spec) = (Front::start().await, spec());
    let location = spec["components"]["headers"]["Location"]["example"].as_str().unwrap();
    let uuid = front.client().policies().create(&support::policy()).await.unwrap();
    assert_eq!(location, format!("{POLICIES}/{uuid}"));
}
