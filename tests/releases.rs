//! Clients of older clusters: nothing is sent that came with a later release.

// Only the spec itself is wanted of it.
use crate::support::{KEY, PASSWORD};
use ontap_ipsec::operations::IpsecPolicyCollectionGet as List;
use ontap_ipsec::types::{IpsecPolicyCreate, IpsecPolicyModify};
use ontap_ipsec::{
    Authentication, Change, Client, Credentials, Error, ErrorKind, Field, Filter, InvalidRelease, Operation, Page,
    PolicyScope, Release,
};
use ontap_ipsec_simulator::{ClusterState, Simulator, Svm};

/// The releases whose fields, filters or codes differ, and the newest one.
const RELEASES: [&str; 9] = ["9.8", "9.9.1", "9.10.1", "9.11.1", "9.12.1", "9.14.1", "9.15.1", "9.17.1", "9.19.1"];

/// A cluster of this release, with a client that was told so and one that was not.
async fn start(release: &str) -> (Simulator, Client, Client) {
    let state = ClusterState::default().release(release.parse().unwrap()).svm(Svm::data("svm1"));
    let (simulator, untold) = crate::support::cluster::start(state).await;
    let told = Client::builder(simulator.url())
        .credentials(Credentials::basic("admin", PASSWORD))
        .ca_certificate(simulator.ca_pem().unwrap())
        .release(release)
        .build()
        .unwrap();
    (simulator, told, untold)
}

/// A filter by name, and the setter for it.
type Setter = (&'static str, fn(List) -> List);

/// Every filter of the list.
const FILTERS: [Setter; 24] = [
    ("action", |list| list.action(Filter::set())),
    ("authentication_method", |list| list.authentication_method(Filter::set())),
    ("certificate.name", |list| list.certificate_name(Filter::set())),
    ("certificate.uuid", |list| list.certificate_uuid(Filter::set())),
    ("enabled", |list| list.enabled(true)),
    ("ipspace.name", |list| list.ipspace_name(Filter::set())),
    ("ipspace.uuid", |list| list.ipspace_uuid(Filter::set())),
    ("local_endpoint.address", |list| list.local_endpoint_address(Filter::set())),
    ("local_endpoint.family", |list| list.local_endpoint_family(Filter::set())),
    ("local_endpoint.netmask", |list| list.local_endpoint_netmask(Filter::set())),
    ("local_endpoint.port", |list| list.local_endpoint_port(Filter::set())),
    ("local_identity", |list| list.local_identity(Filter::set())),
    ("name", |list| list.name(Filter::set())),
    ("ppk.identity", |list| list.ppk_identity(Filter::set())),
    ("protocol", |list| list.protocol(Filter::set())),
    ("remote_endpoint.address", |list| list.remote_endpoint_address(Filter::set())),
    ("remote_endpoint.family", |list| list.remote_endpoint_family(Filter::set())),
    ("remote_endpoint.netmask", |list| list.remote_endpoint_netmask(Filter::set())),
    ("remote_endpoint.port", |list| list.remote_endpoint_port(Filter::set())),
    ("remote_identity", |list| list.remote_identity(Filter::set())),
    ("scope", |list| list.scope(Filter::set())),
    ("svm.name", |list| list.svm_name(Filter::set())),
    ("svm.uuid", |list| list.svm_uuid(Filter::set())),
    ("uuid", |list| list.uuid(Filter::set())),
];

#[test]
fn every_filter_of_the_spec_is_tried() {
    let spec = crate::schema::spec();
    let parameters = spec["paths"]["/security/ipsec/policies"]["get"]["parameters"].as_array().unwrap();
    let options = ["max_records", "return_records", "return_timeout", "order_by"];
    let mut filters: Vec<_> = parameters.iter().filter_map(|parameter| parameter["name"].as_str()).collect();
    filters.retain(|name| !options.contains(name));
    filters.sort_unstable();
    assert_eq!(filters, FILTERS.map(|(name, _)| name));
}

/// Holds what a client that was told the release makes of a list against what the cluster makes of it.
async fn compare(what: &str, release: &str, told: List, untold: List, simulator: &Simulator) -> bool {
    let before = simulator.requests().len();
    let (told, sent): (Result<Page, Error>, _) = (told.page().await, simulator.requests().len() - before);
    match (told, untold.page().await) {
        (Ok(_), Ok(_)) => {
            assert_eq!(sent, 1, "{what} in {release}");
            false
        }
        (Err(here), Err(there)) => {
            assert_eq!((here.kind(), here.target(), sent), (ErrorKind::InvalidRequest, Some(what), 0), "{here}");
            assert_eq!(there.kind(), ErrorKind::Api, "{there}");
            true
        }
        (told, untold) => panic!("{what} in {release}: {told:?} where the cluster says {untold:?}"),
    }
}

#[tokio::test]
async fn no_name_that_is_unknown_to_the_release_reaches_the_cluster() {
    let mut refused = Vec::new();
    for release in RELEASES {
        let (simulator, told, untold) = start(release).await;
        let (told, untold) = (told.operations(), untold.operations());
        let lists = || (told.ipsec_policy_collection_get(), untold.ipsec_policy_collection_get());
        let mut count = 0;
        for name in Field::of(Operation::IpsecPolicyGet).iter().map(Field::as_str) {
            let (told, untold) = lists();
            count += usize::from(compare(name, release, told.fields([name]), untold.fields([name]), &simulator).await);
            // Objects are no values to sort by, and the simulator sorts by what is a filter.
            if FILTERS.iter().any(|(filter, _)| *filter == name) {
                let (told, untold) = lists();
                let order = Field::from(name).descending();
                let (told, untold) = (told.order_by([order.clone()]), untold.order_by([order]));
                count += usize::from(compare(name, release, told, untold, &simulator).await);
            }
        }
        for (name, set) in FILTERS {
            let (told, untold) = lists();
            count += usize::from(compare(name, release, set(told), set(untold), &simulator).await);
        }
        refused.push((release, count));
    }
    // `certificate` and its two members, `authentication_method`; `action`. An object is not sorted or filtered by.
    let (pki, action) = (4 + 3 + 3, 3);
    // `ppk` and its identity, of 9.17.
    let ppk = 2 + 1 + 1;
    // `certificate_modify_keepsa`, of 9.18, which is no filter.
    let keepsa = 1;
    let before_9_17 = ppk + keepsa;
    let before_9_15 = action + before_9_17;
    let before_9_10 = pki + before_9_15;
    let expected =
        [before_9_10, before_9_10, before_9_15, before_9_15, before_9_15, before_9_15, before_9_17, keepsa, 0];
    assert_eq!(refused, RELEASES.into_iter().zip(expected).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_body_with_a_later_field_is_not_sent() {
    let (simulator, told, untold) = start("9.9.1").await;
    let policy = IpsecPolicyCreate::esp_transport("p", PolicyScope::svm("svm1"), Authentication::pki("c", "CN=peer"));
    let error = told.policies().create(&policy).await.unwrap_err();
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("authentication_method")), "{error}");
    let words = "`authentication_method` came with ONTAP 9.10, and the cluster runs 9.9.1 (see `ClientBuilder::release`); nothing was sent";
    assert!(error.to_string().contains(words), "{error}");
    let changes = IpsecPolicyModify::default().with_certificate("c");
    let error = told.policies().modify(crate::support::UUID, &changes).await.unwrap_err();
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("certificate")), "{error}");
    assert_eq!(simulator.requests().len(), 0);

    // The cluster's own refusal, of a client that knows no release.
    let error = untold.policies().create(&policy).await.unwrap_err();
    assert_eq!((error.kind(), error.code().unwrap().as_str()), (ErrorKind::Api, "262179"), "{error}");
    assert!(error.to_string().contains("; `authentication_method` came with ONTAP 9.10"), "{error}");
    let error = untold.policies().list().certificate_name("c").page().await.unwrap_err();
    assert!(error.to_string().contains("; `certificate.name` came with ONTAP 9.10"), "{error}");
    let error = untold.policies().list().fields(["certificate"]).page().await.unwrap_err();
    assert_eq!(error.code().unwrap().as_str(), "262197", "{error}");
    assert!(error.to_string().contains("; `certificate` came with ONTAP 9.10"), "{error}");
    // A name that no release has gets no note.
    let error = untold.policies().list().fields(["nonsense"]).page().await.unwrap_err();
    assert!(!error.to_string().contains("came with"), "{error}");
}

#[tokio::test]
async fn a_policy_can_be_applied_again_where_its_action_is_not_returned() {
    let (_simulator, told, _) = start("9.14.1").await;
    let policy = IpsecPolicyCreate::esp_transport("p", PolicyScope::svm("svm1"), Authentication::psk(KEY));
    assert_eq!(told.policies().apply(&policy).await.unwrap().change, Change::Created);
    assert_eq!(told.policies().find("svm1", "p").await.unwrap().unwrap().action, None);
    assert_eq!(told.policies().apply(&policy).await.unwrap().change, Change::Unchanged);
}

#[test]
fn releases_compare_by_age_and_are_read_strictly() {
    let release = |text: &str| text.parse::<Release>();
    assert!(release("9.9.1").unwrap() < release("9.10").unwrap());
    assert_eq!(release("9.15.1P3"), release("9.15.1"));
    for text in ["9.8", "9.15.1", "10.0.2"] {
        assert_eq!(release(text).unwrap().to_string(), text);
    }
    for text in ["", "9", "9.", "9.8.1.2", "v9.8", "9.x", "+9.8", "9.8 ", "9.999", "9.15.1p3", "9.15.1P 3"] {
        let error: InvalidRelease = release(text).unwrap_err();
        assert_eq!(error.to_string(), format!("{text:?} is no release of ONTAP; a release looks like `9.15.1`"));
    }
    let error = Client::builder("https://cluster.example.com").release("newest").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("\"newest\" is no release of ONTAP"), "{error}");
}

#[test]
fn everything_says_since_when_it_is_there() {
    let first: Release = "9.8".parse().unwrap();
    let of_certificates: Release = "9.10".parse().unwrap();
    for operation in Operation::ALL {
        let since = if operation.path().contains("ca-certificates") { of_certificates } else { first };
        assert_eq!(operation.introduced(), since, "{operation}");
    }
    assert_eq!(Field::CertificateName.introduced(), "9.10".parse().ok());
    assert_eq!(Field::Action.introduced(), "9.15".parse().ok());
    assert_eq!(Field::Name.introduced(), Some(first));
    assert_eq!(Field::Other("nonsense".into()).introduced(), None);
}
