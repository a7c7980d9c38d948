//! Order: in which sequence a list holds its records.

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
        // Without an SVM first, then by creation.
        ("svm.name", &["all", "web", "a*", "dns"]),
        ("svm.name%20desc,name", &["dns", "a*", "web", "all"]),
        // Not as text: 9 is before 10, and 53 before 443.
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
async fn wrong_orders_are_refused() {
    let rig = Rig::start().await;
    for (order, code) in [
        ("weather", "262268"),
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
async fn the_other_name_of_the_parameter_will_do() {
    let rig = varied().await;
    assert_eq!(rig.names("%24orderBy=name%20desc").await, ["web", "dns", "all", "a*"]);
    let both = rig.get(&format!("{POLICIES}?order_by=name&$orderBy=name")).await;
    both.is_error(400, "262188", Some("order_by"));
}

#[tokio::test]
async fn a_field_counts_where_it_is_named_first() {
    let rig = varied().await;
    assert_eq!(rig.names("order_by=scope%20desc,name,scope,name%20desc").await, ["a*", "dns", "web", "all"]);
    let many = "name,svm.name%20desc,".repeat(2500);
    assert_eq!(rig.names(&format!("order_by={many}uuid")).await, ["a*", "all", "dns", "web"]);
}

#[tokio::test]
async fn unknown_fields_are_refused_even_where_they_are_ignored_elsewhere() {
    let rig = Rig::start().await;
    let reply = rig.get(&format!("{POLICIES}?order_by=weather&ignore_unknown_fields=true")).await;
    reply.is_error(400, "262268", Some("order_by"));
}

/// The simulator drops, while it reads, the policies that come too late in the order.
#[tokio::test]
async fn the_first_of_very_many_are_found() {
    let rig = Rig::with(|builder| builder.policies(100_100)).await;
    let query = "order_by=remote_endpoint.address%20desc&max_records=2&offset=1";
    assert_eq!(rig.names(query).await, ["policy-100099", "policy-100098"]);
    assert_eq!(rig.names("order_by=remote_endpoint.address&max_records=2").await, ["policy-0001", "policy-0002"]);
}
