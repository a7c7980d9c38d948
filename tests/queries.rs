//! Filters, fields and orders, as they reach the wire and as a cluster takes them.

// Only the spec itself is wanted of it.
use std::collections::BTreeSet;

use crate::support::{Wire, json};
use ontap_ipsec::operations::IpsecPolicyCollectionGet as List;
use ontap_ipsec::values::IpsecAction;
use ontap_ipsec::{Client, ErrorKind, Field, Filter, Operation, Protocol};
use ontap_ipsec_simulator::{ClusterState, Release, Simulator, Svm};

/// The query of the request that `query` makes, percent-encoding undone.
async fn sent(query: impl FnOnce(List) -> List) -> String {
    let wire = Wire::answering([json("200 OK", r#"{"records":[],"num_records":0}"#)]).await;
    query(wire.client().policies().list()).page().await.unwrap();
    let request = wire.request();
    let (_, rest) = request.split_once('?').unwrap();
    let query = rest.split_once(" HTTP/1.1").unwrap().0;
    let pairs = reqwest::Url::parse(&format!("http://x/?{query}")).unwrap();
    pairs.query_pairs().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" & ")
}

#[tokio::test]
async fn filters_reach_the_wire_with_their_operators() {
    assert_eq!(
        sent(|all| all.name(Filter::literal("a*")).svm_name(Filter::any_of(["svm1", "svm2"]))).await,
        "fields=* & name=\"a*\" & svm.name=svm1|svm2"
    );
    assert_eq!(
        sent(|all| all
            .action(Filter::any_of([IpsecAction::EspTransport, IpsecAction::EspUdp]))
            .certificate_name(Filter::set())
            .local_endpoint_address(Filter::unset())
            .local_endpoint_netmask(Filter::range(24, 32))
            .name(Filter::pattern("nfs*"))
            .protocol(Filter::not("tcp"))
            .remote_endpoint_netmask(Filter::at_least(16))
            .remote_identity(Filter::raw("*.example.com|!a")))
        .await,
        "action=esp_transport|esp_udp & certificate.name=!null & fields=* & local_endpoint.address=null & \
         local_endpoint.netmask=24..32 & name=nfs* & protocol=!tcp & remote_endpoint.netmask=>=16 & \
         remote_identity=*.example.com|!a"
    );
}

#[tokio::test]
async fn values_that_would_lengthen_an_operator_are_quoted() {
    assert_eq!(
        sent(|all| all
            .local_identity(Filter::less_than("=5"))
            .name(Filter::range("a.", "b"))
            .protocol(Filter::range("a", ".b"))
            .remote_identity(Filter::more_than("=")))
        .await,
        "fields=* & local_identity=<\"=5\" & name=\"a.\"..b & protocol=a..\".b\" & remote_identity=>\"=\""
    );
}

/// Names with everything that means something in a query, in the order of the alphabet.
const NAMES: [&str; 14] = ["!a", "\"q\"", "*", "+", "..b", "1..5", "<5", "=5", "a b", "a,b", "a.", "a|b", "null", "{}"];

/// A cluster with a policy for each of the names.
async fn oddly_named() -> (Simulator, Client) {
    let names = NAMES
        .map(|name| serde_json::json!({"name": name, "secret_key": "a key of 18 or more", "svm": {"name": "svm1"}}));
    let state = ClusterState::default().svm(Svm::data("svm1"));
    crate::support::cluster::start(names.into_iter().fold(state, |state, policy| state.policy(policy))).await
}

#[tokio::test]
async fn every_value_finds_itself_whatever_is_in_it() {
    let (_simulator, client) = oddly_named().await;
    let found = async |filter: Filter| -> Vec<String> {
        let page = client.policies().list().name(filter).order_by([Field::Name]).page().await.unwrap();
        page.records.into_iter().filter_map(|policy| policy.name).collect()
    };
    for (index, name) in NAMES.into_iter().enumerate() {
        assert_eq!(found(Filter::literal(name)).await, [name]);
        assert_eq!(found(Filter::less_than(name)).await, NAMES[..index], "{name}");
        assert_eq!(found(Filter::at_most(name)).await, NAMES[..=index], "{name}");
        assert_eq!(found(Filter::at_least(name)).await, NAMES[index..], "{name}");
        assert_eq!(found(Filter::range(name, name)).await, [name]);
        assert_eq!(found(Filter::range(NAMES[0], name)).await, NAMES[..=index], "{name}");
        assert_eq!(found(Filter::any_of([name, "nobody"])).await, [name]);
        assert_eq!(found(Filter::not(name)).await.len(), NAMES.len() - 1);
        let found = client.policies().find("svm1", name).await.unwrap().unwrap();
        assert_eq!(found.name.as_deref(), Some(name));
    }
    assert_eq!(found(Filter::pattern("a*")).await, ["a b", "a,b", "a.", "a|b"]);
    assert_eq!(found(Filter::unset()).await, Vec::<String>::new());
    assert_eq!(found(Filter::set()).await, NAMES);
}

#[tokio::test]
async fn the_bytes_of_operators_are_percent_encoded() {
    let wire = Wire::answering([json("200 OK", r#"{"records":[]}"#)]).await;
    wire.client()
        .policies()
        .list()
        .name(Filter::literal("a&b|\"=c\" %"))
        .scope(Filter::less_than("t"))
        .page()
        .await
        .unwrap();
    let request = wire.request();
    let head = "GET /api/security/ipsec/policies?fields=*&name=%7Ba%26b%7C%22%3Dc%22+%25%7D&scope=%3Ct HTTP/1.1\r\n";
    assert!(request.starts_with(head), "{request}");
}

#[tokio::test]
async fn a_filter_that_cannot_be_written_sends_nothing() {
    let wire = Wire::answering([json("200 OK", r#"{"records":[]}"#)]).await;
    let client = wire.client();
    for filter in [Filter::literal("\"{"), Filter::pattern("a*|b"), Filter::not(Filter::any_of(["a", "b"]))] {
        let error = client.policies().list().name(filter).page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let words = format!("ipsec_policy_collection_get on {}: the filter `name` cannot be sent: ", wire.host());
        assert!(error.to_string().starts_with(&words) && error.to_string().ends_with("; nothing was sent"), "{error}");
    }
    assert_eq!(wire.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_that_cannot_be_a_filter_is_found_among_all() {
    let name = r#"\"{"#;
    let record = format!(r#"{{"name":"{name}","uuid":"{}","svm":{{"name":"svm1"}}}}"#, crate::support::UUID);
    let answer = format!(r#"{{"records":[{{"name":"a","svm":{{"name":"svm1"}}}},{record}]}}"#);
    let wire = Wire::answering([json("200 OK", &answer)]).await;
    let found = wire.client().policies().find("svm1", "\"{").await.unwrap().unwrap();
    assert_eq!(found.id(), Some(crate::support::UUID));
    assert!(wire.request().contains("?fields=*&svm.name=svm1 HTTP"), "{}", wire.request());
}

#[tokio::test]
async fn fields_and_orders_reach_the_wire_by_their_dotted_names() {
    assert_eq!(
        sent(|all| all
            .fields([Field::Name, Field::SvmName, Field::LocalEndpoint])
            .order_by([Field::SvmName.ascending(), Field::Name.descending()]))
        .await,
        "fields=name,svm.name,local_endpoint & order_by=svm.name,name desc"
    );
    assert_eq!(
        sent(|all| all.fields([Field::Other("ppk.identity".into())]).order_by([Field::Name])).await,
        "fields=ppk.identity & order_by=name"
    );
    assert_eq!(
        sent(|all| all.fields(["name", "uuid"]).order_by(["name desc"])).await,
        "fields=name,uuid & order_by=name desc"
    );
    assert_eq!(Field::from("local_endpoint.address"), Field::LocalEndpointAddress);
    assert_eq!(Field::from("nonsense"), Field::Other("nonsense".into()));
}

/// Every dotted name of a record's schema, written down by another way than the generator's.
fn names(spec: &serde_json::Value, schema: &serde_json::Value, prefix: &str, found: &mut BTreeSet<String>) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if name == "_links" || name == "secret_key" {
            continue;
        }
        found.insert(format!("{prefix}{name}"));
        if let Some(part) = property["allOf"].get(0) {
            names(spec, crate::schema::resolve(spec, part), &format!("{prefix}{name}."), found);
        }
    }
}

#[test]
fn the_fields_are_those_of_the_spec_and_the_filters_are_fields() {
    let spec = crate::schema::spec();
    let options = ["fields", "max_records", "return_records", "return_timeout", "order_by"];
    let mut all = BTreeSet::new();
    for (operation, record, number) in [
        (Operation::IpsecGet, "ipsec", 3),
        (Operation::IpsecCaCertificateCollectionGet, "ipsec_ca_certificate", 6),
        (Operation::IpsecPolicyCollectionGet, "ipsec_policy", 31),
        (Operation::SecurityAssociationCollectionGet, "security_association", 36),
    ] {
        let mut expected = BTreeSet::new();
        names(&spec, &spec["components"]["schemas"][record], "", &mut expected);
        let known: BTreeSet<String> = Field::of(operation).iter().map(ToString::to_string).collect();
        assert_eq!(known, expected);
        assert_eq!((known.len(), Field::of(operation).len()), (number, number), "{operation}");
        assert!(!known.iter().any(|name| name.contains("secret") || name.contains("shared")), "a key cannot be read");
        let parameters = spec["paths"][operation.path()]["get"]["parameters"].as_array().unwrap();
        let parameters = parameters.iter().map(|parameter| crate::schema::resolve(&spec, parameter));
        let filters = parameters.filter_map(|parameter| parameter["name"].as_str());
        for filter in filters.filter(|name| !options.contains(name)) {
            assert!(known.contains(filter), "{filter}");
        }
        all.extend(known);
    }
    assert_eq!(all, Field::KNOWN.iter().map(|&name| name.to_owned()).collect());
    assert_eq!(all.len(), Field::KNOWN.len());
    for &name in Field::KNOWN {
        let field = Field::from(name);
        assert!(!matches!(field, Field::Other(_)), "{name}");
        assert_eq!(field.as_str(), name);
    }
}

#[tokio::test]
async fn a_cluster_knows_every_field() {
    let (_simulator, client) =
        crate::support::cluster::start(ClusterState::default().release(Release::LATEST).made_up_policies(6)).await;
    for field in Field::of(Operation::IpsecPolicyCollectionGet) {
        let page = client.policies().list().fields([field]).page().await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(page.records.len(), 6, "{field}");
    }
    let policies =
        client.policies().list().fields([Field::Name]).order_by([Field::Name.descending()]).page().await.unwrap();
    let mut names: Vec<_> = policies.records.iter().map(|policy| policy.name.clone().unwrap()).collect();
    assert_eq!(names.len(), 6);
    names.reverse();
    assert!(names.is_sorted());
}

#[tokio::test]
async fn what_users_have_at_hand_is_a_filter() {
    let (name, svm) = ("a|b".to_owned(), "svm1".to_owned());
    assert_eq!(
        sent(|all| all
            .action(IpsecAction::Discard)
            .local_endpoint_port(2049)
            .name(&name)
            .protocol(Protocol::Tcp)
            .remote_endpoint_address(std::net::Ipv4Addr::LOCALHOST)
            .svm_name(&svm)
            .uuid(crate::support::UUID))
        .await,
        format!(
            "action=discard & fields=* & local_endpoint.port=2049 & name=\"a|b\" & protocol=tcp & \
             remote_endpoint.address=127.0.0.1 & svm.name=svm1 & uuid={}",
            crate::support::UUID
        )
    );
}

#[tokio::test]
async fn a_filter_that_is_set_again_replaces_the_first() {
    assert_eq!(sent(|all| all.name("a").name("b").max_records(3)).await, "fields=* & max_records=3 & name=b");
}

#[tokio::test]
async fn a_query_that_http_cannot_carry_is_refused_in_words() {
    let wire = Wire::answering([json("200 OK", r#"{"records":[]}"#)]).await;
    let names: Vec<_> = (0..5000).map(|number| format!("a-policy-of-a-long-name-{number}")).collect();
    let list = wire.client().policies().list().name(Filter::any_of(names));
    let error = list.page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("and HTTP takes 65534; nothing was sent"), "{error}");
    assert_eq!(wire.requests(), Vec::<String>::new());
}
