//! The order of records in a list.

use crate::rig::{POLICIES, Rig, varied};

#[tokio::test]
async fn order_by_sorts() {
    let rig = varied().await;
    for (order, expected) in [
        ("name", &["a*", "all", "dns", "web"][..]),
        ("name%20asc", &["a*", "all", "dns", "web"]),
        ("name%20DESC", &["web", "dns", "all", "a*"]),
        ("%20name%20Asc%20", &["a*", "all", "dns", "web"]),
        ("name+desc", &["web", "dns", "all", "a*"]),
        // Records without an SVM come first, then the order of creation decides.
        ("svm.name", &["all", "web", "a*", "dns"]),
        ("svm.name%20desc,name", &["dns", "a*", "web", "all"]),
        // Numbers are not compared as text: 9 is before 10, and 53 before 443.
        ("local_endpoint.address%20desc", &["web", "dns", "a*", "all"]),
        ("local_endpoint.port,name", &["a*", "all", "dns", "web"]),
        ("local_endpoint.netmask%20desc", &["web", "dns", "a*", "all"]),
        ("enabled,name", &["web", "a*", "all", "dns"]),
        ("enabled%20desc", &["dns", "a*", "all", "web"]),
    ] {
        assert_eq!(rig.names(&format!("order_by={order}")).await, expected, "{order}");
    }
}

#[tokio::test]
async fn invalid_orders_are_refused() {
    let rig = Rig::start().await;
    for (order, code) in [
        ("no_such_field", "262268"),
        ("secret_key", "262268"),
        ("svm", "262268"),
        ("name,", "262268"),
        ("name%20down", "262197"),
        ("name%20asc%20desc", "262197"),
    ] {
        rig.get(&format!("{POLICIES}?order_by={order}")).await.is_error(400, code, Some("order_by"));
    }
}

#[tokio::test]
async fn the_alias_of_order_by_works() {
    let rig = varied().await;
    assert_eq!(rig.names("%24orderBy=name%20desc").await, ["web", "dns", "all", "a*"]);
    let both = rig.get(&format!("{POLICIES}?order_by=name&$orderBy=name")).await;
    both.is_error(400, "262188", Some("order_by"));
}

#[tokio::test]
async fn a_repeated_field_in_order_by_counts_once() {
    let rig = varied().await;
    assert_eq!(rig.names("order_by=scope%20desc,name,scope,name%20desc").await, ["a*", "dns", "web", "all"]);
    let many = "name,svm.name%20desc,".repeat(2500);
    assert_eq!(rig.names(&format!("order_by={many}uuid")).await, ["a*", "all", "dns", "web"]);
}

#[tokio::test]
async fn order_by_refuses_unknown_fields_with_ignore_unknown_fields() {
    let rig = Rig::start().await;
    let reply = rig.get(&format!("{POLICIES}?order_by=no_such_field&ignore_unknown_fields=true")).await;
    reply.is_error(400, "262268", Some("order_by"));
}

/// The simulator drops policies after the page while it reads the list.
#[tokio::test]
async fn the_first_of_many_policies_are_sorted() {
    let rig = Rig::with(|builder| builder.policies(100_100)).await;
    let query = "order_by=remote_endpoint.address%20desc&max_records=2&offset=1";
    assert_eq!(rig.names(query).await, ["policy-100099", "policy-100098"]);
    assert_eq!(rig.names("order_by=remote_endpoint.address&max_records=2").await, ["policy-0001", "policy-0002"]);
}
