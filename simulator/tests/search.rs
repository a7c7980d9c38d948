//! The search for words in several fields.

use crate::rig::{POLICIES, Rig, escaped, varied};

#[tokio::test]
async fn words_are_found_anywhere_in_the_fields() {
    let rig = varied().await;
    let everything = &["web", "dns", "a*", "all"][..];
    for (fields, words, expected) in [
        ("name", "e", &["web"][..]),
        ("name", "web", &["web"]),
        ("name", "a", &["a*", "all"]),
        ("name", "A", &[]),
        ("name", "a*l", &["all"]),
        ("name", "*", everything),
        ("svm.name", "*", &["web", "dns", "a*"]),
        ("name", "\"*\"", &["a*"]),
        ("name", "b w", &["web"]),
        ("name", "b d", &[]),
        ("name", "b|d", &["web", "dns"]),
        ("name", " b  w | d ", &["web", "dns"]),
        ("local_identity", "\"a, b\"", &["web"]),
        ("local_identity", "\"b, a\"", &[]),
        ("local_identity", "a\", \"b", &["web"]),
        ("local_identity", "b a", &["web"]),
        ("name", "\"d|w\"", &[]),
        // Each word in another field.
        ("name,svm.name", "svm1 w", &["web"]),
        ("name,svm", "svm2|all", &["dns", "all"]),
        ("name,protocol", "udp|tcp all", &["dns"]),
        ("*", "peer", &["a*"]),
        ("**", "svm1 psk", &["web"]),
        ("*,!scope", "cluster", &[]),
        ("!scope", "cluster", &[]),
        ("scope", "cluster", &["all"]),
        ("enabled", "false", &["web"]),
        ("local_endpoint.{port,netmask}", "443", &["web"]),
        ("local_endpoint", "10.0.0", &["web", "dns"]),
    ] {
        let search = format!("query_fields={}&query={}", escaped(fields), escaped(words));
        assert_eq!(rig.names(&search).await, expected, "{fields}: {words}");
    }
}

#[tokio::test]
async fn a_search_goes_along_with_filters() {
    let rig = varied().await;
    assert_eq!(rig.names("query=a&query_fields=name&svm.name=null").await, ["all"]);
    assert_eq!(rig.names("query=a&query_fields=name,weather&ignore_unknown_fields=true").await, ["a*", "all"]);
}

#[tokio::test]
async fn senseless_searches_are_refused() {
    let rig = Rig::start().await;
    for (search, code, target) in [
        ("query=a", "262273", "query_fields"),
        ("query_fields=name", "262273", "query"),
        ("query=%22a&query_fields=name", "262272", "query"),
        ("query=a%22b%22%22&query_fields=name", "262272", "query"),
        ("query=&query_fields=name", "262274", "query"),
        ("query=+&query_fields=name", "262274", "query"),
        ("query=%22%22&query_fields=name", "262274", "query"),
        ("query=a%7C&query_fields=name", "262274", "query"),
        ("query=%7Ca&query_fields=name", "262274", "query"),
        ("query=a&query_fields=", "262275", "query_fields"),
        ("query=a&query_fields=*,!*", "262275", "query_fields"),
        ("query=a&query_fields=weather&ignore_unknown_fields=true", "262275", "query_fields"),
        ("query=a&query_fields=name,name", "262276", "query_fields"),
        ("query=a&query_fields=weather", "262197", "query_fields"),
        ("query=a&query_fields=name,", "262197", "query_fields"),
        ("query=a&query_fields=svm.%7Bname", "262286", "query_fields"),
        ("query=a&query_fields=secret_key", "262250", "secret_key"),
        ("query=a&query_fields=*,!secret_key", "262250", "secret_key"),
    ] {
        rig.get(&format!("{POLICIES}?{search}")).await.is_error(400, code, Some(target));
    }
}
