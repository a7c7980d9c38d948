//! The simulator accepts, returns and refuses what `spec/documented/` says, in each release.
//!
//! The words of enums and the length of a key are checked against `spec/ontap-ipsec.yaml`, because the facts lack them.
//! Error messages list the additional names of the simulator. The default of `return_timeout` has no effect, so no test
//! checks it.

use std::collections::BTreeSet;

use ontap_ipsec_simulator::{Certificate, CertificateKind, ClusterState, CodeEntry, ERROR_CODES, Fault, Svm};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    differences::{Comparison, Entries, RELEASES},
    facts::{CHANGE, CREATE, Facts, LIST, Operation, Parameter, READ, Schema},
    resources::RESOURCES,
    rig::{AUTHORITIES, CERT, KEY, POLICIES, Reply, Rig, SVM1, psk, with},
};

#[tokio::test]
async fn the_simulator_agrees_with_the_documents() {
    let mut comparison = Comparison::default();
    for release in RELEASES {
        let facts = Facts::of(release);
        let rig = rig(release).await;
        let names = fields(&mut comparison, &rig, release, &facts).await;
        for (name, operation) in facts.operations.iter().filter(|(_, operation)| operation.is_known(release)) {
            parameters(&mut comparison, &rig, release, (name, operation), &names).await;
            success(&mut comparison, &rig, release, (name, operation)).await;
        }
        codes(&mut comparison, release, &facts);
    }
    let curated: Value = serde_saphyr::from_str(include_str!("../../spec/ontap-ipsec.yaml")).unwrap();
    let schemas = &curated["components"]["schemas"];
    lengths_of_fields(&mut comparison, schemas).await;
    words(&mut comparison, schemas).await;
    comparison.finish();
}

const CA: &str = "11111111-86d1-11e0-ae1c-123478563412";

async fn rig(release: &str) -> Rig {
    let state = ClusterState::default()
        .release(release.parse().unwrap())
        .svm(Svm::data("svm1").with_uuid(SVM1.parse().unwrap()))
        .certificate(Certificate::new("cert").with_uuid(CERT.parse().unwrap()))
        .certificate(Certificate::new("ca").with_uuid(CA.parse().unwrap()).of_kind(CertificateKind::RootCa));
    Rig::with(|builder| builder.cluster(state)).await
}

fn new_name() -> String {
    Uuid::new_v4().to_string()
}

/// Sends a request to the documented path. A path of a record gets an existing record; a path of a policy gets a new
/// policy.
async fn send(rig: &Rig, operation: &str, query: &str, body: Option<Value>) -> Reply {
    let (method, path) = operation.split_once(' ').unwrap();
    let collection = format!("/api{}", path.split("/{").next().unwrap());
    // Does not check the responses, which other tests check.
    let mut found = String::new();
    match collection.as_str() {
        AUTHORITIES if method == "POST" => drop(rig.delete(&format!("{AUTHORITIES}/{CA}")).await),
        AUTHORITIES => drop(rig.post(AUTHORITIES, authority()).await),
        POLICIES if path.contains('{') => {
            let name = new_name();
            rig.post(POLICIES, psk(&name)).await;
            found = format!("?name={name}");
        }
        _ => {}
    }
    let mut path = format!("/api{path}?{query}").replace("{certificate.uuid}", CA);
    if path.contains("{uuid}") {
        let found = rig.get(&format!("{collection}{found}")).await.body;
        path = path.replace("{uuid}", found["records"][0]["uuid"].as_str().unwrap());
    }
    let request = rig.request(method.parse().unwrap(), &path);
    Reply::of(body.into_iter().fold(request, |request, body| request.json(&body))).await
}

fn authority() -> Value {
    json!({"certificate": {"uuid": CA}})
}

/// Returns a body that the operation accepts.
fn body(operation: &str) -> Option<Value> {
    match operation {
        CREATE => Some(psk(&new_name())),
        CHANGE => Some(json!({"enabled": false})),
        "PATCH /security/ipsec" => Some(json!({"replay_window": 64})),
        "POST /security/ipsec/ca-certificates" => Some(authority()),
        _ => None,
    }
}

fn outcome(reply: &Reply) -> String {
    match reply.status.as_u16() {
        200..300 => "accepted".to_owned(),
        400 => "refused".to_owned(),
        other => format!("status {other}"),
    }
}

/// Compares the fields of responses and bodies. Returns all names.
async fn fields(comparison: &mut Comparison, rig: &Rig, release: &str, facts: &Facts) -> BTreeSet<String> {
    let end = |address: &str| json!({"address": address, "netmask": "32", "port": "1"});
    let full = json!({
        "local_endpoint": end("10.0.0.1"), "remote_endpoint": end("10.0.0.2"), "local_identity": "a",
        "remote_identity": "b",
    });
    rig.post(POLICIES, with(psk("key"), full)).await;
    // Releases without post-quantum keys refuse this field.
    let ppk = json!({"ppk": {"identity": "site-a", "shared_key": KEY}});
    rig.post(POLICIES, with(psk("post-quantum"), ppk)).await;
    let pki = json!({"secret_key": null, "certificate": {"name": "cert"}, "remote_identity": "b"});
    // Releases without certificates refuse this field.
    rig.post(POLICIES, with(psk("certificate"), pki)).await;

    let mut names = BTreeSet::new();
    let list = send(rig, LIST, "fields=*", None).await.body;
    let (mut in_lists, mut alone) = (Entries::new(), Entries::new());
    for record in list["records"].as_array().into_iter().flatten() {
        leaves("", record, &mut in_lists);
        let uuid = record["uuid"].as_str().unwrap();
        leaves("", &rig.get(&format!("{POLICIES}/{uuid}")).await.body, &mut alone);
    }
    for (operation, simulated) in [(LIST, in_lists), (READ, alone)] {
        let documented = facts.operations[operation].response(release);
        comparison.compare(release, &format!("response of {operation}"), &documented, &simulated);
        names.extend(documented.into_keys().chain(simulated.into_keys()));
    }
    let bodies = [CREATE, CHANGE].map(|operation| (operation, facts.operations[operation].request(release)));
    names.extend(bodies.iter().flat_map(|(_, documented)| documented.keys().cloned()));
    for (operation, documented) in bodies {
        let documented = documented.into_keys().map(|name| (name, "accepted".to_owned())).collect();
        let mut simulated = Entries::new();
        for name in &names {
            let mut body = match operation {
                CREATE => json!({"name": new_name(), "secret_key": KEY}),
                _ => json!({}),
            };
            body[name] = Value::Null;
            let reply = send(rig, operation, "", Some(body)).await;
            let code = reply.body["error"]["code"].as_str();
            // An accepted field can still break a rule, which has its own code, or need another field (2).
            if code.is_none_or(|code| code == "2" || code.starts_with("66257")) {
                simulated.insert(name.clone(), "accepted".to_owned());
            }
        }
        comparison.compare(release, &format!("body of {operation}"), &documented, &simulated);
    }
    names
}

/// Returns the dotted names of a record's fields, and their types.
pub(crate) fn leaves(prefix: &str, record: &Value, into: &mut Entries) {
    for (name, value) in record.as_object().unwrap() {
        let name = format!("{prefix}{name}");
        match value {
            Value::Object(_) => leaves(&format!("{name}."), value, into),
            Value::String(_) => drop(into.insert(name, "string".to_owned())),
            Value::Bool(_) => drop(into.insert(name, "boolean".to_owned())),
            Value::Number(_) => drop(into.insert(name, "integer".to_owned())),
            other => drop(into.insert(name, other.to_string())),
        }
    }
}

/// Compares the accepted parameters, their values, and the empty value.
async fn parameters(
    comparison: &mut Comparison,
    rig: &Rig,
    release: &str,
    (name, operation): (&str, &Operation),
    fields: &BTreeSet<String>,
) {
    let known: Vec<_> =
        operation.parameters.iter().filter(|one| one.is_known(release) && one.place == "query").collect();
    let readable = if name == "GET /security/ipsec" { "enabled" } else { "scope" };
    let mut probes: Vec<_> = known.iter().flat_map(|parameter| probes(parameter, readable)).collect();
    let is_known = |field: &String| known.iter().any(|parameter| parameter.name == *field);
    let others = fields.iter().filter(|field| !is_known(field));
    probes.extend(others.map(|field| (field.clone(), format!("{field}=!null"), false)));

    let (mut documented, mut simulated) = (Entries::new(), Entries::new());
    for (label, query, is_accepted) in probes {
        simulated.insert(label.clone(), outcome(&send(rig, name, &query, body(name)).await));
        documented.insert(label, if is_accepted { "accepted" } else { "refused" }.to_owned());
    }
    for parameter in known.iter().filter(|parameter| parameter.schema.kind == "boolean") {
        let Some(default) = &parameter.schema.default else { continue };
        let members = async |query: &str| {
            let reply = send(rig, name, query, body(name)).await.body;
            reply.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
        };
        let without = members("").await;
        let label = format!("default of {}", parameter.name);
        documented.insert(label.clone(), default.to_string());
        for value in [true, false] {
            if members(&format!("{}={value}", parameter.name)).await == without {
                let same = simulated.entry(label.clone()).or_default();
                *same = format!("{same} {value}").trim().to_owned();
            }
        }
    }
    comparison.compare(release, &format!("parameters of {name}"), &documented, &simulated);
}

/// Lists the cases: a label, the query, and whether the simulator must accept it. A case for `fields` has a readable
/// field.
fn probes(parameter: &Parameter, readable: &str) -> Vec<(String, String, bool)> {
    let Parameter { name, schema, .. } = parameter;
    let probe = |value: &str, is_accepted| (format!("{name}={value}"), format!("{name}={value}"), is_accepted);
    match schema.kind.as_str() {
        "boolean" => vec![probe("true", true), probe("false", true), probe("x", false)],
        "integer" => {
            let mut probes = vec![probe(&schema.minimum.unwrap_or(1).to_string(), true), probe("x", false)];
            probes.extend(schema.minimum.map(|least| probe(&(least - 1).to_string(), false)));
            if let Some(most) = schema.maximum {
                probes.extend([probe(&most.to_string(), true), probe(&(most + 1).to_string(), false)]);
            }
            probes
        }
        "string" => {
            let long =
                |(length, is_accepted)| (sized(name, length), format!("{name}={}", "a".repeat(length)), is_accepted);
            let mut probes = vec![(name.clone(), format!("{name}=!null"), true)];
            probes.extend(lengths(schema).into_iter().map(long));
            probes
        }
        "array" => vec![probe(readable, true)],
        other => panic!("{name} is of the type {other}"),
    }
}

fn sized(name: &str, length: usize) -> String {
    format!("{name} of {length} characters")
}

/// Returns the lengths on both sides of each limit, and whether they are accepted.
fn lengths(schema: &Schema) -> Vec<(usize, bool)> {
    let least = schema.min_length.into_iter().flat_map(|least| [(least - 1, false), (least, true)]);
    least.chain(schema.max_length.into_iter().flat_map(|most| [(most, true), (most + 1, false)])).collect()
}

/// Compares status and headers of 2xx responses.
async fn success(comparison: &mut Comparison, rig: &Rig, release: &str, (name, operation): (&str, &Operation)) {
    let reply = send(rig, name, "", body(name)).await;
    let mut documented = Entries::from([("status".to_owned(), operation.status.to_string())]);
    let mut simulated = Entries::from([("status".to_owned(), reply.status.as_u16().to_string())]);
    for header in &operation.headers {
        documented.insert(header.clone(), "there".to_owned());
        simulated.extend(reply.headers.get(header).map(|_| (header.clone(), "there".to_owned())));
    }
    comparison.compare(release, &format!("success of {name}"), &documented, &simulated);
}

/// Compares the table of codes with the newest page. An older page can lack codes of the table.
fn codes(comparison: &mut Comparison, release: &str, facts: &Facts) {
    for (name, operation) in &facts.operations {
        let (method, path) = name.split_once(' ').unwrap();
        let path = path.split("/{").next().unwrap();
        let entry = |code: u32| (code.to_string(), "listed".to_owned());
        let documented: Entries = operation.codes().map(entry).collect();
        let is_listed = |entry: &&CodeEntry| entry.path == path && entry.operations.split(' ').any(|one| one == method);
        let listed = ERROR_CODES.iter().filter(is_listed);
        let mut simulated: Entries = listed.map(|listed| entry(listed.code)).collect();
        if release != "9.17.1" {
            simulated.retain(|code, _| documented.contains_key(code));
        }
        comparison.compare(release, &format!("codes of {name}"), &documented, &simulated);
    }
}

/// Compares the length of a name with the facts, and that of a key with the curated document.
async fn lengths_of_fields(comparison: &mut Comparison, curated: &Value) {
    let rig = rig("9.15.1").await;
    let facts = Facts::of("9.15.1");
    let name = facts.operations[LIST].parameters.iter().find(|parameter| parameter.name == "name").unwrap();
    let key: Schema = serde_json::from_value(json!({
        "type": "string",
        "minLength": curated["secret_key"]["minLength"], "maxLength": curated["secret_key"]["maxLength"],
    }))
    .unwrap();
    let (mut documented, mut simulated) = (Entries::new(), Entries::new());
    for (field, lengths) in [("name", lengths(&name.schema)), ("secret_key", lengths(&key))] {
        assert_eq!(lengths.len(), 4, "{field}");
        for (length, is_accepted) in lengths {
            let policy = with(psk(&new_name()), json!({field: "a".repeat(length)}));
            simulated.insert(sized(field, length), outcome(&send(&rig, CREATE, "", Some(policy)).await));
            documented.insert(sized(field, length), if is_accepted { "accepted" } else { "refused" }.to_owned());
        }
    }
    comparison.compare("9.15.1", "body of POST", &documented, &simulated);
}

/// Compares the words in all kinds of policies with those of the curated document.
async fn words(comparison: &mut Comparison, curated: &Value) {
    let rig = rig("9.15.1").await;
    let words = |schema: &str| {
        let words = curated[schema]["enum"].as_array().unwrap().iter();
        words.map(|word| word.as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let end = json!({"address": "10.0.0.1", "netmask": "32"});
    let mut policies = vec![json!({
        "name": "of the cluster", "certificate": {"name": "cert"}, "remote_identity": "b",
        "local_endpoint": {"address": "2001:db8::1", "netmask": "64"},
    })];
    policies.extend(
        words("ipsec_action")
            .iter()
            .map(|action| with(psk(action), json!({"action": action, "local_endpoint": end, "remote_endpoint": end}))),
    );
    for policy in policies {
        send(&rig, CREATE, "", Some(policy)).await;
    }
    let list = send(&rig, LIST, "fields=*", None).await.body;
    let (mut documented, mut simulated) = (Entries::new(), Entries::new());
    for (field, schema) in [
        ("/action", "ipsec_action"),
        ("/authentication_method", "ipsec_authentication_method"),
        ("/local_endpoint/family", "ip_address_family"),
        ("/scope", "network_scope"),
    ] {
        let records = list["records"].as_array().into_iter().flatten();
        let seen: BTreeSet<_> =
            records.filter_map(|record| Some(record.pointer(field)?.as_str()?.to_owned())).collect();
        documented.insert(field.to_owned(), format!("{:?}", words(schema)));
        simulated.insert(field.to_owned(), format!("{seen:?}"));
    }
    comparison.compare("9.15.1", "words", &documented, &simulated);
}

/// Returns the items of the list at the end of a message.
fn listed<'a>(message: &'a str, start: &str) -> BTreeSet<&'a str> {
    let (_, list) = message.split_once(start).unwrap_or_else(|| panic!("{message}"));
    list.split(", ").collect()
}

#[tokio::test]
async fn all_fields_and_words_are_documented() {
    let facts = Facts::of("9.17.1");
    let mut documented = facts.operations[LIST].response("9.17.1");
    // Responses do not have the keys, and `certificate_modify_keepsa` came with 9.18.
    let others = ["secret_key", "ppk.shared_key", "certificate_modify_keepsa"];
    documented.extend(others.map(|name| (name.to_owned(), String::new())));
    let error = Fault::without_field("colour").check().unwrap_err().to_string();
    let others = RESOURCES.iter().flat_map(|resource| resource.fields).map(|field| field.name);
    assert_eq!(listed(&error, "; use one of "), documented.keys().map(String::as_str).chain(others).collect());

    let rig = rig("9.15.1").await;
    let curated: Value = serde_saphyr::from_str(include_str!("../../spec/ontap-ipsec.yaml")).unwrap();
    for (field, schema) in [("action", "ipsec_action"), ("authentication_method", "ipsec_authentication_method")] {
        let reply = rig.post(POLICIES, with(psk("p"), json!({field: "shred"}))).await;
        let words = curated["components"]["schemas"][schema]["enum"].as_array().unwrap();
        let message = reply.body["error"]["message"].as_str().unwrap();
        assert_eq!(
            listed(message, "the value must be one of "),
            words.iter().map(|word| word.as_str().unwrap()).collect()
        );
    }
}
