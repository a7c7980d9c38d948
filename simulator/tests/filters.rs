//! Filters of lists.

use crate::rig::{CERT, POLICIES, Rig, SVM2, escaped, psk, varied};

#[tokio::test]
async fn every_field_can_be_filtered_by() {
    let rig = varied().await;
    let dns = rig.get(&format!("{POLICIES}?name=dns")).await.body["records"][0]["uuid"].clone();
    let uuid = format!("uuid={}", dns.as_str().unwrap());
    for (filter, expected) in [
        ("action=esp_udp", &["a*"][..]),
        ("authentication_method=pki", &["a*"]),
        ("certificate.name=cert", &["a*"]),
        (&format!("certificate.uuid={CERT}"), &["a*"]),
        ("enabled=false", &["web"]),
        ("enabled=False", &["web"]),
        ("enabled=true", &["dns", "a*", "all"]),
        ("enabled=True", &["dns", "a*", "all"]),
        ("ipspace.name=Default", &["web", "dns", "a*", "all"]),
        ("ipspace.uuid=3f8a1d04-86d1-11e0-ae1c-123478563412", &["web", "dns", "a*", "all"]),
        ("local_endpoint.address=10.0.0.9", &["dns"]),
        ("local_endpoint.family=ipv4", &["web", "dns"]),
        ("local_endpoint.netmask=8", &["dns"]),
        ("local_endpoint.netmask=255.255.255.0", &["web"]),
        ("local_endpoint.port=443-443", &["web"]),
        ("local_endpoint.port=443", &["web"]),
        ("local_identity=%22a%2C%20b%22", &["web"]),
        ("name=web", &["web"]),
        ("protocol=udp", &["dns"]),
        ("protocol=17", &["dns"]),
        ("remote_endpoint.address=fe80:0:0:0:0:0:0:1", &["dns"]),
        ("remote_endpoint.family=ipv6", &["dns"]),
        ("remote_endpoint.netmask=32", &["a*"]),
        ("remote_endpoint.port=9", &["a*"]),
        ("remote_identity=peer", &["a*"]),
        ("scope=cluster", &["all"]),
        ("svm.name=svm1", &["web", "a*"]),
        (&format!("svm.uuid={}", SVM2.to_uppercase()), &["dns"]),
        (&uuid, &["dns"]),
        ("svm.name=svm1&protocol=any", &["a*"]),
        ("svm.name=svm1&protocol=udp", &[]),
        ("name=WEB", &[]),
        ("name=we", &[]),
        ("action=shred", &[]),
        ("local_endpoint.port=many", &[]),
        ("name=%22web%22", &["web"]),
        ("name=%22a*%22", &["a*"]),
        ("name=%7Ba*%7D", &["a*"]),
    ] {
        assert_eq!(rig.names(filter).await, expected, "{filter}");
    }
}

/// Recorded on clusters, at other resources.
#[tokio::test]
async fn a_comma_means_or() {
    let rig = varied().await;
    for (filter, expected) in [
        ("name=web,dns", &["web", "dns"][..]),
        ("name=web,dns|all", &["web", "dns", "all"]),
        ("protocol=17,tcp,nothing", &["web", "dns"]),
        ("local_identity=%22a%2C%20b%22,nobody", &["web"]),
    ] {
        assert_eq!(rig.names(filter).await, expected, "{filter}");
    }
}

/// Recorded on two clusters, at other resources.
#[tokio::test]
async fn without_fields_the_filtered_fields_are_returned() {
    let rig = varied().await;
    let record = async |query: &str| {
        let body = rig.get(&format!("{POLICIES}?{query}")).await.body;
        let mut names: Vec<_> = body["records"][0].as_object().unwrap().keys().cloned().collect();
        names.retain(|name| name != "_links");
        names
    };
    assert_eq!(record("name=web").await, ["name", "uuid"]);
    assert_eq!(record("protocol=udp&enabled=true").await, ["enabled", "name", "protocol", "uuid"]);
    assert_eq!(record("local_endpoint.port=443").await, ["local_endpoint", "name", "uuid"]);
    assert_eq!(record("protocol=udp&fields=enabled").await, ["enabled", "name", "uuid"]);
    assert_eq!(record("protocol=udp&fields=!enabled").await, ["name", "protocol", "uuid"]);
}

/// Each operator, with the policies `web`, `dns`, `a*` and `all`.
#[tokio::test]
async fn operators_select_values() {
    let rig = varied().await;
    let everything = &["web", "dns", "a*", "all"][..];
    for (field, expression, expected) in [
        // A value, with and without quotes.
        ("name", "web", &["web"][..]),
        ("name", "\"a*\"", &["a*"]),
        ("name", "{a*}", &["a*"]),
        ("name", "{\"a*\"}", &[]),
        ("name", "{{web}}", &[]),
        ("name", "w\"e\"b", &["web"]),
        ("local_identity", "\"a, b\"", &["web"]),
        ("local_identity", "{a, b}", &["web"]),
        ("local_identity", "a\",\" b", &["web"]),
        // Wildcards.
        ("name", "*", everything),
        ("name", "a*", &["a*", "all"]),
        ("name", "*b", &["web"]),
        ("name", "*e*", &["web"]),
        ("name", "a*l", &["all"]),
        ("name", "a*l*l*l", &[]),
        ("name", "*\"*\"", &["a*"]),
        ("name", "a**", &["a*", "all"]),
        ("svm.name", "*", &["web", "dns", "a*"]),
        ("enabled", "f*", &["web"]),
        ("local_endpoint.port", "44*", &["web"]),
        ("local_endpoint.port", "*-53", &["dns"]),
        ("remote_endpoint.address", "fe80::*", &["dns"]),
        ("uuid", "*-*-4*", everything),
        // Alternatives.
        ("name", "web|dns", &["web", "dns"]),
        ("name", "\"web\"|{dns}|a*", everything),
        ("name", "\"web|dns\"", &[]),
        ("protocol", "6|17", &["web", "dns"]),
        ("enabled", "true|false", everything),
        ("enabled", "TRUE", &["dns", "a*", "all"]),
        // Negation of one alternative.
        ("name", "!web", &["dns", "a*", "all"]),
        ("name", "!a*", &["web", "dns"]),
        ("name", "!\"a*\"", &["web", "dns", "all"]),
        ("name", "!{a*}", &["web", "dns", "all"]),
        ("name", "!web|web", everything),
        ("name", "!web|!dns", everything),
        ("protocol", "!6", &["dns", "a*", "all"]),
        ("enabled", "!true", &["web"]),
        ("local_endpoint.port", "!<100", &["web"]),
        ("svm.name", "!svm1", &["dns"]),
        ("svm.uuid", &format!("!{}", SVM2.to_uppercase()), &["web", "a*"]),
        // Comparison.
        ("local_endpoint.port", "<53", &["a*", "all"]),
        ("local_endpoint.port", "<=53", &["dns", "a*", "all"]),
        ("local_endpoint.port", ">53", &["web"]),
        ("local_endpoint.port", ">=53-53", &["web", "dns"]),
        ("local_endpoint.address", "<10.0.0.10", &["dns"]),
        ("local_endpoint.netmask", ">=255.255.255.0", &["web"]),
        ("protocol", ">=6", &["web", "dns"]),
        ("protocol", "<udp", &["web", "a*", "all"]),
        ("name", ">b", &["web", "dns"]),
        ("name", ">\"a*\"", &["web", "dns", "all"]),
        ("action", "<c", &["dns"]),
        ("enabled", "<true", &["web"]),
        // Ranges.
        ("local_endpoint.port", "1..443", &["web", "dns"]),
        ("local_endpoint.port", "443..1", &[]),
        ("local_endpoint.port", "!1..443", &["a*", "all"]),
        ("local_endpoint.address", "10.0.0.9..10.0.0.10", &["web", "dns"]),
        ("name", "al..e", &["dns", "all"]),
        ("name", "\"al\"..{e}", &["dns", "all"]),
        ("name", "!al..e", &["web", "a*"]),
        // A missing value, and any value.
        ("svm.name", "null", &["all"]),
        ("svm.name", "!null", &["web", "dns", "a*"]),
        ("svm.name", "\"null\"", &[]),
        ("svm.name", "!\"null\"", &["web", "dns", "a*"]),
        ("svm.name", "svm2|null", &["dns", "all"]),
        ("remote_endpoint.netmask", "<20|null", &["web", "dns", "all"]),
        ("name", "null", &[]),
        ("name", "nul*", &[]),
        // Combinations.
        ("local_endpoint.port", "0|44*|50..60", everything),
    ] {
        let filter = format!("{field}={}", escaped(expression));
        assert_eq!(rig.names(&filter).await, expected, "{field}={expression}");
    }
}

#[tokio::test]
async fn a_record_must_match_all_filters() {
    let rig = varied().await;
    assert_eq!(rig.names("svm.name=svm1%7Cnull&enabled=true&name=!all").await, ["a*"]);
}

#[tokio::test]
async fn malformed_expressions_are_refused() {
    let rig = Rig::start().await;
    for (field, expressions, code) in [
        (
            "name",
            &[
                "|", "a|", "|a", "a||b", ",", "a,", ",a", "a,,b", "!", "a|!", "<", ">=", "!<", "..", "a..", "..b",
                "!a..",
            ][..],
            "262194",
        ),
        (
            "name",
            &[
                "\"", "{", "}", "{{}", "a!", "a*..b", "!a!b", "\"a", "a\"", "\"a\"b\"", "{a", "a}", "{{a}", "{a}}",
                "}{", "a!b", "!!a", "a<b", "a>", "<<a", "<!a", "<a*", "<a|*..b", "a..b..c", "a....b", "a..<b", "*!",
                "<null", "null..a", "a..null",
            ],
            "262197",
        ),
        ("enabled", &["yes", "1", "true|yes", "!yes", "<yes", "\"\""], "262197"),
        ("local_endpoint.port", &["<many", "1..many", ">65536", "<20-10", "<1-2-3", "<+1", "<"], "262197"),
        ("local_endpoint.address", &["<10", "10.0.0.1..host", "<10.0.0.1/24"], "262197"),
        ("local_endpoint.netmask", &["<129", "<255.0.255.0", "<+8"], "262197"),
        ("protocol", &["<icmp", "<256", "<+6"], "262197"),
    ] {
        for expression in expressions {
            let code = if *expression == "<" { "262194" } else { code };
            let reply = rig.get(&format!("{POLICIES}?{field}={}", escaped(expression))).await;
            reply.is_error(400, code, Some(field));
        }
    }
}

#[tokio::test]
async fn parts_with_operators_have_a_limit() {
    let rig = varied().await;
    let parts = |count| vec!["*e*"; count].join("%7C");
    assert_eq!(rig.names(&format!("name={}&svm.name={}", parts(200), parts(56))).await, ["web"; 0]);
    let refused = rig.get(&format!("{POLICIES}?name={}&svm.name={}", parts(200), parts(57))).await;
    refused.is_error(400, "262197", Some("svm.name"));
}

#[tokio::test]
async fn a_filter_can_have_thousands_of_alternatives() {
    let rig = varied().await;
    let names: Vec<_> = (0..4000).map(|number| format!("policy-{number}")).collect();
    assert_eq!(rig.names(&format!("name={}%7Cdns", names.join("%7C"))).await, ["dns"]);
    assert_eq!(rig.names(&format!("name=a{}", "*l".repeat(20_000))).await, Vec::<String>::new());
    let alike = rig.make_and_read(psk(&"a".repeat(64))).await["name"].clone();
    assert_eq!(rig.names(&format!("name={}", "a*".repeat(40))).await, [alike.as_str().unwrap()]);
    assert_eq!(rig.names(&format!("name={}b", "a*".repeat(40))).await, Vec::<String>::new());
    let deep = format!("{}{}", "%7B".repeat(9000), "%7D".repeat(9000));
    assert_eq!(rig.names(&format!("name={deep}")).await, Vec::<String>::new());
}

#[tokio::test]
async fn invalid_filters_are_refused() {
    let rig = Rig::start().await;
    for (query, code, target) in [
        ("enabled=yes", "262197", "enabled"),
        ("enabled=1", "262197", "enabled"),
        ("name=", "262194", "name"),
        ("name", "262194", "name"),
        ("svm=svm1", "262179", "svm"),
        ("colour=red", "262179", "colour"),
        ("name=a&name=b", "262188", "name"),
        ("fields=name&fields=uuid", "262188", "fields"),
        ("secret_key=abc", "262250", "secret_key"),
    ] {
        rig.get(&format!("{POLICIES}?{query}")).await.is_error(400, code, Some(target));
    }
}
