//! The resources other than policies have the fields, filters, methods and codes of NetApp's pages, in each release.
//! The tables are those of the pages of 9.15.1 and 9.17.1, with the marks of the API document of 9.15.1.

use std::collections::{BTreeMap, BTreeSet};

use ontap_ipsec_simulator::{Certificate, CertificateKind, ClusterState, ERROR_CODES, Release, Svm};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    documented::leaves,
    rig::{ASSOCIATIONS, AUTHORITIES, CONFIG, KEY, POLICIES, Reply, Rig, SVM1},
};

pub(crate) struct Field {
    pub(crate) name: &'static str,
    kind: &'static str,
    since: &'static str,
}

pub(crate) struct Resource {
    path: &'static str,
    since: &'static str,
    /// The methods that OPTIONS returns: the documented ones, HEAD and OPTIONS.
    methods: &'static str,
    keys: &'static [&'static str],
    pub(crate) fields: &'static [Field],
    /// The method that sets fields, and these fields.
    writes: Option<(&'static str, &'static [&'static str])>,
    /// The operations and their codes.
    codes: &'static [(&'static str, &'static [u32])],
}

const fn field(name: &'static str, kind: &'static str, since: &'static str) -> Field {
    Field { name, kind, since }
}

pub(crate) const RESOURCES: [Resource; 3] = [
    Resource {
        path: CONFIG,
        since: "9.8",
        methods: "GET, HEAD, OPTIONS, PATCH",
        keys: &[],
        fields: &[
            field("enabled", "boolean", "9.8"),
            field("offload_enabled", "boolean", "9.16"),
            field("replay_window", "integer", "9.8"),
        ],
        writes: Some(("PATCH", &["enabled", "offload_enabled", "replay_window"])),
        codes: &[("PATCH", &[66256898, 66256899, 66256913, 66256915, 66257007, 66257199, 66257496])],
    },
    Resource {
        path: AUTHORITIES,
        since: "9.10",
        methods: "GET, HEAD, OPTIONS, POST",
        keys: &["certificate.uuid"],
        fields: &[
            field("certificate.uuid", "string", "9.10"),
            field("scope", "string", "9.10"),
            field("svm.name", "string", "9.10"),
            field("svm.uuid", "string", "9.10"),
        ],
        writes: Some(("POST", &["certificate.uuid", "svm.name", "svm.uuid"])),
        codes: &[("POST", &[66257304]), ("DELETE", &[66257298, 66257303])],
    },
    Resource {
        path: ASSOCIATIONS,
        since: "9.8",
        methods: "GET, HEAD, OPTIONS",
        keys: &["uuid"],
        fields: &[
            field("cipher_suite", "string", "9.8"),
            field("ike.authentication", "string", "9.8"),
            field("ike.initiator_security_parameter_index", "string", "9.8"),
            field("ike.is_initiator", "boolean", "9.8"),
            field("ike.responder_security_parameter_index", "string", "9.8"),
            field("ike.state", "string", "9.8"),
            field("ike.version", "integer", "9.8"),
            field("ipsec.action", "string", "9.8"),
            field("ipsec.inbound.bytes", "integer", "9.8"),
            field("ipsec.inbound.offload_bytes", "integer", "9.16"),
            field("ipsec.inbound.offload_packets", "integer", "9.16"),
            field("ipsec.inbound.packets", "integer", "9.8"),
            field("ipsec.inbound.security_parameter_index", "string", "9.8"),
            field("ipsec.outbound.bytes", "integer", "9.8"),
            field("ipsec.outbound.offload_bytes", "integer", "9.16"),
            field("ipsec.outbound.offload_packets", "integer", "9.16"),
            field("ipsec.outbound.packets", "integer", "9.8"),
            field("ipsec.outbound.security_parameter_index", "string", "9.8"),
            field("ipsec.state", "string", "9.8"),
            field("lifetime", "integer", "9.8"),
            field("local_address", "string", "9.8"),
            field("node.name", "string", "9.8"),
            field("node.uuid", "string", "9.8"),
            field("policy_name", "string", "9.8"),
            field("remote_address", "string", "9.8"),
            field("scope", "string", "9.8"),
            field("svm.name", "string", "9.8"),
            field("svm.uuid", "string", "9.8"),
            field("type", "string", "9.8"),
            field("uuid", "string", "9.8"),
        ],
        writes: None,
        codes: &[],
    },
];

const RELEASES: [&str; 9] = ["9.8", "9.9.1", "9.10.1", "9.11.1", "9.14.1", "9.15.1", "9.16.1", "9.17.1", "9.19.1"];

fn is_there(since: &str, release: &str) -> bool {
    since.parse::<Release>().unwrap() <= release.parse().unwrap()
}

/// Returns a cluster with a complete record of each resource.
async fn rig(release: &str) -> Rig {
    let state = ClusterState::default()
        .release(release.parse().unwrap())
        .svm(Svm::data("svm1").with_uuid(SVM1.parse().unwrap()))
        .certificate(Certificate::new("ca").of_svm("svm1").of_kind(CertificateKind::ServerCa).added_to_ipsec());
    let rig = Rig::with(|builder| builder.cluster(state)).await;
    let end = |address: &str| json!({"address": address, "netmask": "32"});
    rig.make(json!({
        "name": "p", "svm": {"name": "svm1"}, "secret_key": KEY, "local_endpoint": end("10.0.0.1"),
        "remote_endpoint": end("10.0.0.2"),
    }))
    .await;
    rig
}

/// Returns the fields of the records, and their types.
fn shown(reply: &Reply) -> BTreeMap<String, String> {
    assert_eq!(reply.status, 200, "{}", reply.text);
    let mut shown = BTreeMap::new();
    match reply.body["records"].as_array() {
        Some(records) => records.iter().for_each(|record| leaves("", record, &mut shown)),
        None => leaves("", &reply.body, &mut shown),
    }
    shown
}

#[tokio::test]
async fn each_release_has_what_it_documents() {
    for release in RELEASES {
        let rig = rig(release).await;
        for resource in &RESOURCES {
            let Resource { path, keys, .. } = resource;
            if !is_there(resource.since, release) {
                rig.get(path).await.is_error(404, "3", None);
                rig.get(&format!("{path}/{SVM1}")).await.is_error(404, "3", None);
                continue;
            }
            let options = Reply::of(rig.request(Method::OPTIONS, path)).await;
            assert_eq!(options.header("allow"), resource.methods, "{release} {path}");
            let known = resource.fields.iter().filter(|field| is_there(field.since, release));
            let known: BTreeMap<_, _> = known.map(|field| (field.name.to_owned(), field.kind.to_owned())).collect();
            let all = rig.get(&format!("{path}?fields=*")).await;
            assert_eq!(shown(&all), known, "{release} {path}");
            for Field { name, kind, .. } in resource.fields {
                let context = format!("{release} {path} {name}");
                let (fields, filter) = (format!("{path}?fields={name}"), format!("{path}?{name}=!null"));
                let order = format!("{path}?order_by={name}");
                if !known.contains_key(*name) {
                    rig.get(&fields).await.is_error(400, "262197", Some("fields"));
                    rig.get(&filter).await.is_error(400, "262179", Some(name));
                    if !keys.is_empty() {
                        rig.get(&order).await.is_error(400, "262268", Some("order_by"));
                    }
                    continue;
                }
                let expected: BTreeSet<_> = keys.iter().chain([name]).map(|name| (*name).to_owned()).collect();
                assert_eq!(shown(&rig.get(&fields).await).into_keys().collect::<BTreeSet<_>>(), expected, "{context}");
                if keys.is_empty() {
                    // The resource has no list to filter.
                    rig.get(&filter).await.is_error(400, "262179", Some(name));
                    continue;
                }
                let found = rig.get(&filter).await;
                assert_eq!(shown(&found).into_keys().collect::<BTreeSet<_>>(), expected, "{context}");
                assert_eq!(rig.get(&format!("{path}?{name}=null")).await.status, 200, "{context}");
                if *kind != "string" {
                    rig.get(&format!("{path}?{name}=x")).await.is_error(400, "262197", Some(name));
                }
                assert_eq!(rig.get(&order).await.body["num_records"], all.body["num_records"], "{context}");
            }
        }
    }
}

#[tokio::test]
async fn bodies_accept_only_the_documented_fields() {
    for release in RELEASES {
        let rig = rig(release).await;
        for resource in RESOURCES.iter().filter(|resource| is_there(resource.since, release)) {
            let Some((method, written)) = resource.writes else { continue };
            for Field { name, since, .. } in resource.fields {
                let request = rig.request(method.parse().unwrap(), resource.path).json(&json!({*name: Value::Null}));
                let code = Reply::of(request).await.body["error"]["code"].as_str().map(ToOwned::to_owned);
                let expected = match (is_there(since, release), written.contains(name), method) {
                    (false, ..) => Some("262179"),
                    (true, false, _) => Some("262196"),
                    // The body still lacks the UUID.
                    (true, true, "POST") => Some("2"),
                    (true, true, _) => None,
                };
                assert_eq!(code.as_deref(), expected, "{release} {method} {} {name}", resource.path);
            }
        }
    }
}

#[test]
fn the_table_of_codes_has_the_documented_ones() {
    for resource in &RESOURCES {
        let path = resource.path.strip_prefix("/api").unwrap();
        let of = |operation: &str| -> Vec<u32> {
            let entries = ERROR_CODES.iter().filter(|entry| entry.path == path && entry.operations == operation);
            entries.map(|entry| entry.code).collect()
        };
        for (operation, codes) in resource.codes {
            assert_eq!(of(operation), *codes, "{operation} {path}");
        }
        let listed = ERROR_CODES.iter().filter(|entry| entry.path == path).count();
        assert_eq!(listed, resource.codes.iter().map(|(_, codes)| codes.len()).sum::<usize>(), "{path}");
    }
    let paths: BTreeSet<_> = ERROR_CODES.iter().map(|entry| entry.path).collect();
    let known: BTreeSet<_> = RESOURCES.iter().filter(|of| !of.codes.is_empty()).map(|of| &of.path[4..]).collect();
    assert_eq!(paths, known.into_iter().chain([&POLICIES[4..]]).collect());
}

/// The parameters of all collections.
#[tokio::test]
async fn lists_accept_the_parameters_of_lists() {
    let rig = rig("9.15.1").await;
    for path in [AUTHORITIES, ASSOCIATIONS] {
        let all = rig.get(path).await;
        let count = all.body["num_records"].as_u64().unwrap();
        assert!(all.body.get("_links").is_none(), "plain JSON has no link but the one to the next page");
        let counted = rig.get(&format!("{path}?return_records=false")).await;
        assert_eq!(counted.body, json!({"num_records": count}));
        for (query, code, target) in [
            ("return_timeout=121", "262197", "return_timeout"),
            ("return_records=x", "262197", "return_records"),
            ("max_records=0", "262197", "max_records"),
            ("order_by=colour", "262268", "order_by"),
            ("fields=colour", "262197", "fields"),
            ("colour=red", "262179", "colour"),
            ("scope=svm&scope=svm", "262188", "scope"),
            ("scope=", "262194", "scope"),
            ("scope=!", "262194", "scope"),
            ("fields=svm.{name", "262286", "fields"),
            ("start.scope=svm", "262197", "start.index"),
            ("job_results_uuid=1", "262179", "job_results_uuid"),
        ] {
            rig.get(&format!("{path}?{query}")).await.is_error(400, code, Some(target));
        }
        assert_eq!(rig.get(&format!("{path}?colour=red&ignore_unknown_fields=true")).await.body["num_records"], count);
        assert_eq!(rig.get(&format!("{path}?return_timeout=120&offset=1")).await.body["num_records"], count - 1);
        let hal = rig.get_hal(&format!("{path}?fields=*")).await;
        assert_eq!(hal.body["_links"]["self"]["href"], format!("{path}?fields=*"));
        assert_eq!(hal.body["records"][0]["svm"]["_links"]["self"]["href"], format!("/api/svm/svms/{SVM1}"));
        rig.get(&format!("{path}/{SVM1}/x")).await.is_error(404, "262179", None);
        rig.get(&format!("{path}/x")).await.is_error(400, "2", Some("uuid"));
        rig.get(&format!("{path}/{SVM1}")).await.is_error(404, "4", Some("uuid"));
        let with_body = rig.request(Method::GET, path).body("{\"a\": 1}").header("content-type", "application/json");
        Reply::of(with_body).await.is_error(400, "262198", None);
    }
    rig.get(&format!("{CONFIG}/x")).await.is_error(404, "3", None);
}

#[tokio::test]
async fn a_link_leads_to_the_next_page_of_the_same_resource() {
    let rig = rig("9.15.1").await;
    for order in ["", "&order_by=type%20desc", "&order_by=lifetime,uuid", "&type=ike|ipsec"] {
        let (mut types, mut next) = (Vec::new(), format!("{ASSOCIATIONS}?max_records=1&fields=type{order}"));
        loop {
            let page = rig.get(&next).await;
            assert_eq!(page.body["num_records"], 1, "{}", page.text);
            types.push(page.body["records"][0]["type"].as_str().unwrap().to_owned());
            let Some(link) = page.body["_links"]["next"]["href"].as_str() else { break };
            assert!(link.starts_with(&format!("{ASSOCIATIONS}?")) && page.header("link").contains(link));
            link.clone_into(&mut next);
        }
        let is_reversed = order.contains("desc") || order.contains("lifetime");
        assert_eq!(types, if is_reversed { ["ipsec", "ike"] } else { ["ike", "ipsec"] }, "{order}");
    }
}
