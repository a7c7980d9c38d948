//! GET of one policy.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    rig::{CERT, NOBODY, POLICIES, Reply, Rig, SVM1, psk, with},
    wire::{Raw, SIGNED_IN, header},
};

fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn an_unknown_uuid_is_not_found() {
    let rig = Rig::start().await;
    rig.get(&format!("{POLICIES}/{NOBODY}")).await.is_error(404, "4", Some("uuid"));
}

#[tokio::test]
async fn a_path_without_a_uuid_is_refused() {
    let rig = Rig::start().await;
    let undashed = NOBODY.replace('-', "");
    for path in ["policy", "1", &undashed, "%C3%A9", "*"] {
        rig.get(&format!("{POLICIES}/{path}")).await.is_error(400, "2", Some("uuid"));
    }
}

#[tokio::test]
async fn a_filter_by_uuid_ignores_case() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    let (base, uuid) = path.rsplit_once('/').unwrap();
    assert_eq!(rig.get(&format!("{base}/{}", uuid.to_uppercase())).await.status, 200);
}

#[tokio::test]
async fn fields_selects_the_returned_fields() {
    let rig = Rig::start().await;
    let endpoint = json!({"local_endpoint": {"address": "10.0.0.1", "netmask": "24"}, "local_identity": "me"});
    let path = rig.make(with(psk("p"), endpoint)).await;
    for (fields, expected) in [
        ("enabled", vec!["enabled", "name", "uuid"]),
        ("uuid", vec!["name", "uuid"]),
        ("svm", vec!["name", "svm", "uuid"]),
        ("svm.*", vec!["name", "svm", "uuid"]),
        ("scope,protocol", vec!["name", "protocol", "scope", "uuid"]),
        ("%7Bsvm,scope%7D,enabled", vec!["enabled", "name", "scope", "svm", "uuid"]),
        ("svm,!svm.%7Bname%7D", vec!["name", "svm", "uuid"]),
        ("svm,!svm.%7Bname,uuid%7D", vec!["name", "uuid"]),
        ("local_identity,remote_identity", vec!["local_identity", "name", "uuid"]),
        (
            "!svm",
            vec![
                "action",
                "authentication_method",
                "enabled",
                "ipspace",
                "local_endpoint",
                "local_identity",
                "name",
                "protocol",
                "remote_endpoint",
                "scope",
                "uuid",
            ],
        ),
        (
            "*,!uuid,!local_endpoint,!remote_endpoint,!ipspace",
            vec![
                "action",
                "authentication_method",
                "enabled",
                "local_identity",
                "name",
                "protocol",
                "scope",
                "svm",
                "uuid",
            ],
        ),
    ] {
        let reply = rig.get(&format!("{path}?fields={fields}")).await;
        assert_eq!(members(&reply.body), expected, "{fields}");
    }
    let endpoint =
        async |fields: &str| rig.get(&format!("{path}?fields={fields}")).await.body["local_endpoint"].clone();
    assert_eq!(endpoint("local_endpoint.address").await, json!({"address": "10.0.0.1"}));
    assert_eq!(endpoint("local_endpoint.%7Baddress,port%7D").await, json!({"address": "10.0.0.1", "port": "0-0"}));
    assert_eq!(
        endpoint("local_endpoint,!local_endpoint.%7Baddress,port%7D").await,
        json!({"family": "ipv4", "netmask": "24"})
    );
    assert_eq!(rig.get(&format!("{path}?fields=*")).await.body, rig.get(&path).await.body);
}

#[tokio::test]
async fn invalid_fields_are_refused() {
    let rig = Rig::with(|builder| builder.policies(1)).await;
    let listed = rig.get(POLICIES).await;
    let one = format!("{POLICIES}/{}", listed.body["records"][0]["uuid"].as_str().unwrap());
    for path in [POLICIES, &one] {
        for (fields, code, target) in [
            ("no_such_field", "262197", "fields"),
            ("name,svm.no_such_field", "262197", "fields"),
            ("!no_such_field", "262197", "fields"),
            ("name,,uuid", "262197", "fields"),
            ("secret_key", "262249", "secret_key"),
            ("*,secret_key", "262249", "secret_key"),
            ("svm.%7Bname", "262286", "fields"),
            ("svm.name%7D", "262286", "fields"),
            ("%7Bsvm.%7Bname,uuid%7D%7D", "262286", "fields"),
            ("svm.%7Bname%7D%7D", "262286", "fields"),
            ("%7D%7B", "262286", "fields"),
            ("svm.%7Bname%7Dx", "262286", "fields"),
        ] {
            rig.get(&format!("{path}?fields={fields}")).await.is_error(400, code, Some(target));
        }
        // The deepest nesting that fits into a request line.
        let deep = format!("{}{}", "%7B".repeat(9000), "%7D".repeat(9000));
        rig.get(&format!("{path}?fields={deep}")).await.is_error(400, "262286", Some("fields"));
        // A value longer than any name is an error once, not for each member.
        for (length, refused) in [(32, "b is invalid for fields"), (33, "b is invalid for fields")] {
            let long = "a".repeat(length);
            let reply = rig.get(&format!("{path}?fields={long}%7Bb,c%7D")).await;
            reply.is_error(400, "262197", Some("fields"));
            let message = reply.body["error"]["message"].as_str().unwrap();
            assert!(message.starts_with(&format!("{:.32}{refused}", long)), "{message}");
        }
    }
}

#[tokio::test]
async fn an_empty_fields_is_ignored() {
    let rig = Rig::with(|builder| builder.policies(3)).await;
    // Ansible's module na_ontap_rest_info sends this query if no fields are given.
    let listed = rig.get(&format!("{POLICIES}?max_records=2&fields=")).await;
    assert_eq!(listed.body["records"], rig.get(&format!("{POLICIES}?max_records=2")).await.body["records"]);
    let next = rig.get(listed.body["_links"]["next"]["href"].as_str().unwrap()).await;
    assert_eq!(next.body["num_records"], 1);
    let one = format!("{POLICIES}/{}", listed.body["records"][0]["uuid"].as_str().unwrap());
    assert_eq!(members(&rig.get(&format!("{one}?fields=")).await.body), members(&rig.get(&one).await.body));
    assert_eq!(rig.get("/api/cluster?fields=").await.body, rig.get("/api/cluster").await.body);
    rig.get(&format!("{POLICIES}?fields=&fields=name")).await.is_error(400, "262188", Some("fields"));
}

#[tokio::test]
async fn get_of_one_policy_refuses_list_parameters() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    for (parameter, name) in
        [("max_records=1", "max_records"), ("order_by=name", "order_by"), ("name=p", "name"), ("x=1", "x")]
    {
        rig.get(&format!("{path}?{parameter}")).await.is_error(400, "262179", Some(name));
    }
    rig.get(&format!("{path}?fields=name&fields=uuid")).await.is_error(400, "262188", Some("fields"));
}

#[tokio::test]
async fn hal_has_links() {
    let rig = Rig::start().await;
    let path = rig
        .make(with(psk("p"), json!({"secret_key": null, "certificate": {"uuid": CERT}, "remote_identity": "CN=host"})))
        .await;

    let hal = rig.get_hal(&path).await;
    assert_eq!(hal.header("content-type"), "application/hal+json");
    let link = |object: &str| hal.body[object]["_links"]["self"]["href"].clone();
    assert_eq!(link("svm"), format!("/api/svm/svms/{SVM1}"));
    assert_eq!(link("ipspace"), "/api/network/ipspaces/3f8a1d04-86d1-11e0-ae1c-123478563412");
    assert_eq!(link("certificate"), format!("/api/security/certificates/{CERT}"));
    assert!(hal.body.get("_links").is_none());

    let plain = rig.get(&path).await;
    assert_eq!(plain.header("content-type"), "application/json");
    assert!(!plain.text.contains("_links"));

    // The link exists even if `fields` does not name the UUID in it.
    let name = rig.get_hal(&format!("{path}?fields=svm.name")).await;
    let links = json!({"self": {"href": format!("/api/svm/svms/{SVM1}")}});
    assert_eq!(name.body["svm"], json!({"_links": links, "name": "svm1"}));
}

#[tokio::test]
async fn only_plain_json_has_no_links() {
    let rig = Rig::with(|builder| builder.policies(1)).await;
    for (accept, hal) in [
        ("", true),
        ("accept: */*\r\n", true),
        ("accept: text/html\r\n", true),
        ("accept: application/hal+json\r\n", true),
        ("accept: application/json\r\n", false),
        ("accept: Application/JSON\r\n", false),
        ("accept: application/json, */*\r\n", false),
        ("accept: application/json, application/hal+json\r\n", true),
        ("accept: application/json;q=0.5, application/hal+json\r\n", true),
        ("accept: application/json, application/hal+json;q=0.5\r\n", true),
    ] {
        let mut raw = Raw::connect(&rig.simulator).await;
        raw.say(&format!("GET {POLICIES} HTTP/1.1\r\nhost: x\r\n{SIGNED_IN}\r\n{accept}\r\n")).await;
        let (head, body) = raw.read_response().await;
        let content_type = if hal { "application/hal+json" } else { "application/json" };
        assert_eq!(header(&head, "content-type"), Some(content_type), "{accept}");
        assert_eq!(String::from_utf8(body).unwrap().contains("_links"), hal, "{accept}");
    }
}

#[tokio::test]
async fn members_are_in_their_objects_and_in_order() {
    let rig = Rig::start().await;
    let end = |address: &str| json!({"address": address, "netmask": "32", "port": "1"});
    let policy =
        json!({"local_endpoint": end("10.0.0.1"), "remote_endpoint": end("10.0.0.2"), "local_identity": "a\"b"});
    let path = rig.make(with(psk("p"), policy)).await;
    let list = format!("{POLICIES}?fields=*");
    for reply in [rig.get(&path).await, rig.get(&list).await, rig.get_hal(&list).await] {
        // Checks for repeated objects, which a JSON parser would hide.
        assert_eq!(reply.text, serde_json::to_string_pretty(&reply.body).unwrap());
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    for path in [&path, POLICIES] {
        let head = Reply::of(rig.request(Method::HEAD, path)).await;
        let get = rig.get(path).await;
        assert_eq!((head.status, head.text.as_str()), (get.status, ""));
        assert_eq!(head.header("content-type"), get.header("content-type"));
        assert_eq!(head.header("content-length"), get.text.len().to_string());
    }
    assert_eq!(Reply::of(rig.request(Method::HEAD, &format!("{POLICIES}/{NOBODY}"))).await.status, 404);
}

#[tokio::test]
async fn a_timeout_is_accepted() {
    let rig = Rig::start().await;
    let path = rig.make(psk("p")).await;
    assert_eq!(rig.get(&format!("{path}?return_timeout=15")).await.status, 200);
}
